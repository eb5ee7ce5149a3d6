"""One log for decisions, undo and audit; append-only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, exists, insert, select

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import journal


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
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


def add_all(tx: Writer, lines: Sequence[Mapping[str, Any]]) -> None:
    """Write many lines at once; each names its columns."""
    if lines:
        tx.run(insert(journal), [*lines])


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
    return _entry(row)


def line(tx: Reader, number: int) -> Entry | None:
    """One line."""
    return _entry(tx.first(select(journal).where(journal.c.id == number)))


def last_about(tx: Reader, subject: str) -> Entry | None:
    """The last line about a subject."""
    lines = select(journal).where(journal.c.subject == subject)
    return _entry(tx.first(lines.order_by(journal.c.id.desc()).limit(1)))


def last_line(tx: Reader, event_id: int) -> Entry | None:
    """The last line about an event that raised its version: a decision, an undo, an edit."""
    subjects = f"event:{event_id}", f"facts:{event_id}"
    return _entry(
        tx.first(
            select(journal)
            .where(journal.c.subject.in_(subjects), journal.c.after.is_not(None))
            .order_by(journal.c.id.desc())
            .limit(1)
        )
    )


def last_of(tx: Reader, actor: str, verbs: Collection[str]) -> Entry | None:
    """The last of somebody's decisions that still stands: not undone, nothing decided since."""
    later = journal.alias()
    mine = (journal.c.actor == actor, journal.c.verb.in_([*verbs]), journal.c.undo_of.is_(None))
    decided_since = exists().where(
        later.c.subject == journal.c.subject,
        later.c.id > journal.c.id,
        later.c.after.is_not(None),
        later.c.undo_of.is_(None),
        ~_undone(later),
    )
    return _entry(
        tx.first(
            select(journal)
            .where(*mine, ~_undone(journal), ~decided_since)
            .order_by(journal.c.id.desc())
            .limit(1)
        )
    )


def newest(tx: Reader, subject: str) -> Entry | None:
    """The last line about a subject, whatever it says."""
    about = select(journal).where(journal.c.subject == subject)
    return _entry(tx.first(about.order_by(journal.c.id.desc()).limit(1)))


def newest_of(tx: Reader, subject: str, verbs: Collection[str]) -> Entry | None:
    """The last line about a subject with one of these verbs."""
    about = select(journal).where(journal.c.subject == subject, journal.c.verb.in_([*verbs]))
    return _entry(tx.first(about.order_by(journal.c.id.desc()).limit(1)))


def bulk(tx: Reader, pid: str) -> Entry | None:
    """The line of one decision for several events."""
    return _entry(tx.first(select(journal).where(journal.c.subject == f"bulk:{pid}").limit(1)))


def is_undone(tx: Reader, entry: Entry) -> bool:
    """Whether a later line took it back."""
    found = select(journal.c.id).where(
        journal.c.subject == entry.subject, journal.c.undo_of == entry.id
    )
    return tx.value(found.limit(1)) is not None


def last_state(tx: Reader, event_id: int) -> str | None:
    """The review state that the last line about an event leads to (invariant 6)."""
    after = tx.value(
        select(journal.c.after)
        .where(journal.c.subject == f"event:{event_id}", journal.c.after.is_not(None))
        .order_by(journal.c.id.desc())
        .limit(1)
    )
    return None if after is None else str(after["state"])


def _entry(row: Row[Any] | None) -> Entry | None:
    if row is None:
        return None
    return Entry(
        row.id, row.at, row.actor, row.verb, row.subject, row.before, row.after, row.undo_of
    )


def _undone(line: FromClause) -> ColumnElement[bool]:
    """Whether a later line about the same subject takes this one back."""
    undo = journal.alias()
    return exists().where(undo.c.subject == line.c.subject, undo.c.undo_of == line.c.id)
