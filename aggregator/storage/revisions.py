"""Counters that rise in the transaction that changes what they stand for.

The migration that makes the table makes its rows, so that a bump is one update.
"""

from sqlalchemy import select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import revision

CALENDAR = "calendar"
INBOX = "inbox"


def bump(tx: Writer, name: str) -> None:
    """Raise the counter; whoever holds an older number knows to look again."""
    tx.run(update(revision).where(revision.c.name == name).values(n=revision.c.n + 1))


def current(tx: Reader, name: str) -> int:
    """The counter; it only ever rises."""
    return int(tx.value(select(revision.c.n).where(revision.c.name == name)) or 0)
