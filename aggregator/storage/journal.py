"""One log for decisions, undo and audit; append-only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import journal


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    id: int
    actor: str
    verb: str
    before: Any
    after: Any
    undo_of: int | None


def add(
    tx: Writer,
    now: datetime,
    actor: str,
    verb: str,
    subject: str,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
    undo_of: int | None = None,
) -> int:
    """Write one line; who did what to what, and how it was before."""
    return tx.insert(
        insert(journal).values(
            at=now,
            actor=actor,
            verb=verb,
            subject=subject,
            before=before,
            after=after,
            reason=reason,
            undo_of=undo_of,
        )
    )


def last_decision(tx: Reader, event_id: int) -> Entry | None:
    """The last decision on an event that still stands: neither undone nor an undo."""
    undone = select(journal.c.undo_of).where(journal.c.undo_of.is_not(None))
    row = tx.first(
        select(journal)
        .where(
            journal.c.subject == f"event:{event_id}",
            journal.c.after.is_not(None),
            journal.c.undo_of.is_(None),
            journal.c.id.not_in(undone.where(journal.c.subject == f"event:{event_id}")),
        )
        .order_by(journal.c.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Entry(row.id, row.actor, row.verb, row.before, row.after, row.undo_of)


def last_state(tx: Reader, event_id: int) -> str | None:
    """The review state that the last line about an event leads to (invariant 6)."""
    after = tx.value(
        select(journal.c.after)
        .where(journal.c.subject == f"event:{event_id}", journal.c.after.is_not(None))
        .order_by(journal.c.id.desc())
        .limit(1)
    )
    return None if after is None else str(after["state"])
