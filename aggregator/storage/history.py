"""What happened to an event: changes that were noticed, and decisions. Reads alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from aggregator.storage.doors import Reader
from aggregator.storage.tables import change, journal


class Key(NamedTuple):
    """Where a page of history ended: the moment, its kind (1 a decision, 0 a change), its id."""

    at: datetime
    kind: int
    id: int


def lines(tx: Reader, event_id: int, before: Key | None, limit: int) -> list[tuple[Key, Row[Any]]]:
    """The lines before that, newest first. An edit's changes are told by its decision."""
    subjects = f"event:{event_id}", f"facts:{event_id}"
    by_edit = exists().where(journal.c.subject == subjects[1], journal.c.at == change.c.at)
    found = [
        (Key(row.at, 0, row.id), row)
        for row in _rows(
            tx,
            change,
            0,
            before,
            limit,
            change.c.event_id == event_id,
            or_(change.c.cause != "staff", ~by_edit),
        )
    ]
    found += [
        (Key(row.at, 1, row.id), row)
        for row in _rows(tx, journal, 1, before, limit, journal.c.subject.in_(subjects))
    ]
    return sorted(found, key=lambda pair: pair[0], reverse=True)[:limit]


def _rows(
    tx: Reader, table: Any, kind: int, before: Key | None, limit: int, *which: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    wanted = select(table).where(*which).order_by(table.c.at.desc(), table.c.id.desc())
    if before is not None:
        at, kind_before, id_before = before
        same = table.c.at == at
        if kind == kind_before:
            wanted = wanted.where(or_(table.c.at < at, and_(same, table.c.id < id_before)))
        else:
            wanted = wanted.where(
                or_(table.c.at < at, same) if kind < kind_before else table.c.at < at
            )
    return tx.all(wanted.limit(limit))
