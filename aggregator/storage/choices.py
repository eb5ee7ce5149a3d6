"""What staff choose from: groups, purposes, hashtag sets. The settings page fills them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, func, insert, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import audience, hashtag_set, purpose

TABLES: Mapping[str, Table] = {"audience": audience, "purpose": purpose, "hashtags": hashtag_set}


def audiences(tx: Reader) -> Sequence[Row[Any]]:
    """The groups of patrons, in their order; archived ones left out."""
    return listed(tx, "audience")


def purposes(tx: Reader) -> Sequence[Row[Any]]:
    """Why a post may be written, in their order."""
    return listed(tx, "purpose")


def hashtag_sets(tx: Reader) -> Sequence[Row[Any]]:
    """Sets of hashtags, in their order."""
    return listed(tx, "hashtags")


def listed(tx: Reader, kind: str) -> Sequence[Row[Any]]:
    """What there is of a kind (a key of TABLES), in its order."""
    table = TABLES[kind]
    wanted = select(table).where(table.c.archived_at.is_(None))
    return tx.all(wanted.order_by(table.c.position, table.c.id))


def find(tx: Reader, kind: str, name: str) -> Row[Any] | None:
    """One by its name, archived ones too: a name that comes back is the old one."""
    table = TABLES[kind]
    return tx.first(select(table).where(table.c.name == name))


def by_id(tx: Reader, kind: str, number: int) -> Row[Any] | None:
    """One by its id, archived or not: what was chosen once keeps its name."""
    table = TABLES[kind]
    return tx.first(select(table).where(table.c.id == number))


def add(tx: Writer, kind: str, **values: Any) -> int:
    """A new one, behind the others."""
    table = TABLES[kind]
    last = tx.value(select(func.max(table.c.position)))
    position = 0 if last is None else int(last) + 1
    return tx.insert(insert(table).values(position=position, **values))


def change(tx: Writer, kind: str, number: int, **values: Any) -> bool:
    """Write what one has become; False: there is none."""
    table = TABLES[kind]
    return bool(tx.run(update(table).where(table.c.id == number).values(**values)))


def archive(tx: Writer, kind: str, number: int, at: datetime | None) -> bool:
    """Offer it no more from then on; None: offer it again."""
    return change(tx, kind, number, archived_at=at)
