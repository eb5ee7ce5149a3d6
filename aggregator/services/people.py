"""Who works here: let in by a link that works once, given another role, let out and in again."""

import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from aggregator.access import ROLES
from aggregator.services import accounts
from aggregator.services.accounts import Account, StaleLinkError
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import journal, users
from aggregator.storage.doors import Writer
from aggregator.storage.users import User

#: How long a link lets somebody choose a password.
LASTS = timedelta(days=7)


def invite(house: House, name: str, role: str, *, actor: str) -> str:
    """Let somebody in: the link under which they choose a password. Raises FaultyError."""
    nobody_knows = secrets.token_urlsafe(32)
    user_id = accounts.add_user(house, name, nobody_knows, role, actor=actor)
    return link(house, user_id, actor=actor)


def link(house: House, user_id: int, *, actor: str) -> str:
    """A link under which somebody chooses a password; it ends when used, and after LASTS.

    Raises MissingError. A newer link does not end an older one; a password chosen does.
    """
    with house.database.writing() as tx:
        user = _one(tx, user_id)
        journal.add(tx, house.clock(), actor, "invite", f"user:{user_id}")
    until = int((house.clock() + LASTS).timestamp())
    token = _signer(house).dumps([user.id, user.sessions, until])
    return f"{house.settings.public_url or house.settings.local_url}/welcome/{token}"


def invited(house: House, token: str) -> Account:
    """Whom the link is for. Raises StaleLinkError."""
    try:
        user_id, sessions, until = _signer(house).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise StaleLinkError from error
    with house.database.reading() as tx:
        found = accounts.present(tx, user_id, sessions)
    if found is None or house.clock().timestamp() > until:
        raise StaleLinkError
    return found


def choose_password(house: House, token: str, password: str) -> Account:
    """The invited one chooses a password and is in. Raises StaleLinkError, FaultyError."""
    who = invited(house, token)
    accounts.set_password(house, who.name, password, actor=who.name)
    return accounts.account(house, who.id)


def give_role(house: House, user_id: int, role: str, *, actor: Account) -> User:
    """Another role. Raises MissingError, ConflictError: somebody has to look after the house."""
    if role not in ROLES:
        raise ServiceError("account.role", roles=", ".join(ROLES))
    with house.database.writing() as tx:
        user = _other(tx, user_id, actor)
        users.change(tx, user_id, role=role)
        _keep_an_administrator(tx)
        before, after = {"role": user.role}, {"role": role}
        subject = f"user:{user_id}"
        journal.add(tx, house.clock(), actor.name, "give_role", subject, before=before, after=after)
    return user


def let_out(house: House, user_id: int, *, actor: Account) -> User:
    """End their logins and let them in no more. Raises MissingError, ConflictError."""
    with house.database.writing() as tx:
        user = _other(tx, user_id, actor)
        users.change(tx, user_id, disabled_at=house.clock(), sessions=user.sessions + 1)
        _keep_an_administrator(tx)
        journal.add(tx, house.clock(), actor.name, "let_out", f"user:{user_id}")
    return user


def let_in(house: House, user_id: int, *, actor: Account) -> User:
    """Let them in again, with the password they had. Raises MissingError."""
    with house.database.writing() as tx:
        users.change(tx, user_id, disabled_at=None)
        user = _one(tx, user_id)
        journal.add(tx, house.clock(), actor.name, "let_in", f"user:{user_id}")
    return user


def _one(tx: Writer, user_id: int) -> User:
    user = users.one(tx, user_id)
    if user is None:
        raise MissingError("person.missing")
    return user


def _other(tx: Writer, user_id: int, actor: Account) -> User:
    if user_id == actor.id:
        raise ConflictError("person.yourself")
    return _one(tx, user_id)


def _keep_an_administrator(tx: Writer) -> None:
    if not users.has_administrator(tx):
        raise ConflictError("person.last")


def _signer(house: House) -> URLSafeSerializer:
    return URLSafeSerializer(house.session_key, salt="welcome")
