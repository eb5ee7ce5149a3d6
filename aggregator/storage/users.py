"""Who may log in, and how often somebody tried. Writes user and throttle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import throttle, user


@dataclass(frozen=True, slots=True)
class User:
    """One person. `password` is its argon2id hash; `sessions` rises when all logins end."""

    id: int
    name: str
    password: str
    role: str
    sessions: int


_COLUMNS = (user.c.id, user.c.name, user.c.password, user.c.role, user.c.sessions)


def one(door: Reader, user_id: int) -> User | None:
    """The person, unless disabled."""
    return _first(door, user.c.id == user_id)


def by_name(door: Reader, name: str) -> User | None:
    """The person of that name, unless disabled; capitals don't matter where letters are ASCII."""
    return _first(door, _named(name))


def is_taken(door: Reader, name: str) -> bool:
    """Whether somebody has this name, also somebody who is disabled."""
    return door.first(select(user.c.id).where(_named(name))) is not None


def has_administrator(door: Reader) -> bool:
    """Whether anybody can look after the house."""
    found = select(user.c.id).where(user.c.role == "administrator", user.c.disabled_at.is_(None))
    return door.first(found.limit(1)) is not None


def listing(door: Reader) -> Sequence[User]:
    """Everybody who can log in, by name."""
    rows = door.all(select(*_COLUMNS).where(user.c.disabled_at.is_(None)).order_by(user.c.name))
    return [_user(row) for row in rows]


def everybody(door: Reader) -> Sequence[Row[Any]]:
    """All of them, also who is let out, by name."""
    columns = (*_COLUMNS[:2], user.c.role, user.c.disabled_at)
    return door.all(select(*columns).order_by(user.c.disabled_at.is_not(None), user.c.name))


def change(writer: Writer, user_id: int, **values: Any) -> None:
    """Write what a person has become."""
    writer.run(update(user).where(user.c.id == user_id).values(**values))


def add(writer: Writer, name: str, password: str, role: str) -> int:
    """Add a person; `password` is the hash."""
    values = {"name": name, "password": password, "role": role, "sessions": 0}
    return writer.insert(insert(user).values(values))


def set_password(writer: Writer, user_id: int, password: str) -> None:
    """Replace the hash and end every login of this person."""
    changed = {"password": password, "sessions": user.c.sessions + 1}
    writer.run(update(user).where(user.c.id == user_id).values(changed))


def rehash(writer: Writer, user_id: int, before: str, password: str) -> None:
    """The same password under a stronger hash: nobody is logged out."""
    same = (user.c.id == user_id) & (user.c.password == before)
    writer.run(update(user).where(same).values(password=password))


def tried(writer: Writer, key: str, now: datetime, until: datetime) -> tuple[int, datetime]:
    """Count one more try for key: how many there were in its window, and when that ends.

    The window of the first try ends at `until`; then counting begins anew. What has ended of
    all others is swept out, so that made-up names leave nothing behind.
    """
    writer.run(delete(throttle).where(throttle.c.until <= now, throttle.c.key != key))
    added = (postgresql if writer.postgres else sqlite).insert(throttle)
    over = throttle.c.until <= now
    counted = added.values(key=key, n=1, until=until).on_conflict_do_update(
        index_elements=[throttle.c.key],
        set_={
            "n": case((over, 1), else_=throttle.c.n + 1),
            "until": case((over, added.excluded.until), else_=throttle.c.until),
        },
    )
    row = writer.all(counted.returning(throttle.c.n, throttle.c.until))[0]
    return int(row.n), row.until


def forgive(writer: Writer, keys: Iterable[str]) -> None:
    """Take one try back: it was no guess."""
    lessened = update(throttle).where(throttle.c.key.in_(tuple(keys)), throttle.c.n > 0)
    writer.run(lessened.values(n=throttle.c.n - 1))


def _named(name: str) -> ColumnElement[bool]:
    return or_(user.c.name == name, func.lower(user.c.name) == func.lower(name))


def _first(door: Reader, which: ColumnElement[bool]) -> User | None:
    row = door.first(select(*_COLUMNS).where(which, user.c.disabled_at.is_(None)))
    return None if row is None else _user(row)


def _user(row: Row[Any]) -> User:
    return User(row.id, row.name, row.password, row.role, row.sessions)
