"""Who may come in: the first administrator, logging in, and passwords.

Passwords are kept as argon2id. Tries are counted before a password is looked at, by name and by
address, so that asking often, or at the same time, gains nothing.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from threading import BoundedSemaphore
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from aggregator.access import ROLES
from aggregator.services import dating
from aggregator.services.house import House
from aggregator.services.places import Branch
from aggregator.storage import house as settings
from aggregator.storage import journal, places, users
from aggregator.storage.doors import Reader, Writer

SHORTEST, LONGEST = 10, 200
NAME_LENGTH = 60

#: So many tries of one name, or from one address, in so long a time.
WINDOW = timedelta(minutes=15)
TRIES_BY_NAME, TRIES_BY_ADDRESS = 10, 30

HASHER = PasswordHasher()
#: Verified when there is nobody of that name, so that the answer takes as long.
NOBODY = HASHER.hash(secrets.token_urlsafe())
#: Each check takes 64 MiB; so many at once.
_CHECKS = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is logged in."""

    id: int
    name: str
    role: str
    sessions: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; a sentence's code (words/web.py)."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class FaultyError(Exception):
    """What was typed can't be used; `faults` says it field by field."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__({name: fault.code for name, fault in faults.items()})
        self.faults = faults


class StaleLinkError(Exception):
    """This set-up link was used, replaced, or never made."""


class WrongError(Exception):
    """Nobody has this name and password."""


class TooOftenError(Exception):
    """Too many tries; `wait` until the next may be made."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


def set_up_link(house: House) -> str | None:
    """A one-time address that makes the first administrator; None when there is one already.

    Each call makes a new link, and the one before ends: only its digest is kept.
    """
    token = secrets.token_urlsafe(32)
    with house.database.writing() as tx:
        if users.has_administrator(tx):
            return None
        settings.put(tx, "set_up", {"digest": _digest(token)})
    return f"{house.settings.public_url or house.settings.local_url}/begin/{token}"


def is_set_up_link(house: House, token: str) -> bool:
    """Whether this token makes an administrator."""
    with house.database.reading() as tx:
        return _opens(tx, token)


@dataclass(frozen=True, slots=True)
class Library:
    """What is told at set-up beside its name: the town, branches, the sha256 of its logo."""

    town: str = ""
    branches: Sequence[Branch] = ()
    logo: str | None = None


def set_up(
    house: House,
    token: str,
    *,
    library: str,
    zone: str,
    name: str,
    password: str,
    more: Library = Library(),
    faults: dict[str, Fault] | None = None,
) -> int:
    """Name the library and make the first administrator; returns the user's id.

    faults are those that the caller found already. Raises StaleLinkError, FaultyError.
    """
    faults = dict(faults or {})
    library, town = _plain(library), _plain(more.town)
    if len(town) > 120:
        faults["town"] = Fault("account.long", {"most": 120})
    if not library:
        faults["library"] = Fault("account.library")
    elif len(library) > 120:
        faults["library"] = Fault("account.long", {"most": 120})
    if zone not in available_timezones():
        faults["zone"] = Fault("account.zone")
    name, hashed = _checked(name, password, faults)
    with house.database.writing() as tx:
        if not _opens(tx, token):
            raise StaleLinkError
        user_id = users.add(tx, name, hashed, "administrator")
        settings.put(tx, "set_up", {"digest": ""})
        settings.put(tx, "library", library)
        settings.put(tx, "zone", zone)
        settings.put(tx, "town", town)
        settings.put(tx, "logo", more.logo or "")
        for branch in more.branches:
            places.add(tx, **branch.columns())
        dating.anew(tx, house.clock())
        journal.add(tx, house.clock(), name, "set_up", f"user:{user_id}")
    return user_id


def add_user(house: House, name: str, password: str, role: str, *, actor: str) -> int:
    """Let somebody in; returns the user's id. Raises FaultyError."""
    faults = {} if role in ROLES else {"role": Fault("account.role", {"roles": ", ".join(ROLES)})}
    name, hashed = _checked(name, password, faults)
    with house.database.writing() as tx:
        if users.is_taken(tx, name):
            raise FaultyError({"name": Fault("account.taken", {"name": name})})
        user_id = users.add(tx, name, hashed, role)
        journal.add(tx, house.clock(), actor, "add_user", f"user:{user_id}")
    return user_id


def set_password(house: House, name: str, password: str, *, actor: str) -> None:
    """Give somebody another password; all their logins end. Raises FaultyError."""
    faults: dict[str, Fault] = {}
    name, hashed = _checked(name, password, faults)
    with house.database.writing() as tx:
        user = users.by_name(tx, name)
        if user is None:
            raise FaultyError({"name": Fault("account.unknown", {"name": name})})
        users.set_password(tx, user.id, hashed)
        journal.add(tx, house.clock(), actor, "set_password", f"user:{user.id}")


def log_in(house: House, name: str, password: str, address: str) -> Account:
    """Who this is. Raises WrongError, TooOftenError."""
    name, now = _plain(name), house.clock()
    keys = {_key("name", name.casefold()): TRIES_BY_NAME, _near(address): TRIES_BY_ADDRESS}
    with house.database.writing() as tx:
        _count(tx, keys, now)
        user = users.by_name(tx, name)
    with _CHECKS:
        right = _verified(user.password if user else NOBODY, password[: LONGEST + 1])
    if user is None or not right:
        raise WrongError
    with house.database.writing() as tx:
        users.forgive(tx, keys)
        if HASHER.check_needs_rehash(user.password):
            users.rehash(tx, user.id, user.password, HASHER.hash(password))
    return Account(user.id, user.name, user.role, user.sessions)


def present(tx: Reader, user_id: int, sessions: int) -> Account | None:
    """Who is logged in by this; None when that has ended (another password, disabled)."""
    user = users.one(tx, user_id)
    if user is None or user.sessions != sessions:
        return None
    return Account(user.id, user.name, user.role, user.sessions)


def account(house: House, user_id: int) -> Account:
    """A user who exists, as somebody logged in."""
    with house.database.reading() as tx:
        user = users.one(tx, user_id)
    if user is None:
        raise LookupError(f"no user {user_id}")
    return Account(user.id, user.name, user.role, user.sessions)


def _checked(name: str, password: str, faults: dict[str, Fault]) -> tuple[str, str]:
    """The name as we keep it and the password's hash. Raises FaultyError, earlier faults too."""
    name = _plain(name)
    if not name:
        faults["name"] = Fault("account.name")
    elif len(name) > NAME_LENGTH:
        faults["name"] = Fault("account.long", {"most": NAME_LENGTH})
    if not SHORTEST <= len(password) <= LONGEST:
        faults["password"] = Fault("account.password", {"least": SHORTEST, "most": LONGEST})
    elif password.casefold() == name.casefold():
        faults["password"] = Fault("account.password_is_name")
    if faults:
        raise FaultyError(faults)
    with _CHECKS:
        return name, HASHER.hash(password)


def _plain(text: str) -> str:
    """One line in one spelling: what looks the same is the same."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(unicodedata.normalize("NFKC", kept).split())


def _verified(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _count(tx: Writer, keys: Mapping[str, int], now: datetime) -> None:
    """Count a try under every key. Raises TooOftenError; a refused try counts for nothing."""
    for key, most in keys.items():
        n, until = users.tried(tx, key, now, now + WINDOW)
        if n > most:
            raise TooOftenError(until - now)


def _opens(tx: Reader, token: str) -> bool:
    kept = settings.get(tx, "set_up", {"digest": ""})["digest"]
    same = hmac.compare_digest(kept, _digest(token))
    return same and not users.has_administrator(tx)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(kind: str, value: str) -> str:
    """A key of bounded length that does not keep what was typed."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def _near(address: str) -> str:
    """The address; of IPv6 the network that one household gets."""
    try:
        found = ip_address(address)
    except ValueError:
        return _key("address", address)
    if found.version == 6:
        return _key("address", str(ip_network(f"{found}/64", strict=False)))
    return _key("address", str(found))
