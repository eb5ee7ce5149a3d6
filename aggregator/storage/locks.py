"""What staff wrote in place of what sources tell."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, delete, insert, select

from aggregator.domain.resolve import Lock
from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import field_lock


def of_event(tx: Reader, event_id: int) -> list[Lock]:
    """The locks of one event, by date and field."""
    return of_events(tx, [event_id])[event_id]


def of_events(tx: Reader, event_ids: Collection[int]) -> dict[int, list[Lock]]:
    """The same of several, by the events' ids."""
    found: dict[int, list[Lock]] = {each: [] for each in event_ids}
    rising = sorted(found)
    for start in range(0, len(rising), BATCH):
        rows = tx.all(
            select(field_lock)
            .where(field_lock.c.event_id.in_(rising[start : start + BATCH]))
            .order_by(field_lock.c.event_id, field_lock.c.rid, field_lock.c.field)
        )
        for row in rows:
            found[row.event_id].append(_lock(row))
    return found


def put(tx: Writer, event_id: int, locks: Iterable[Lock]) -> None:
    """These are the event's locks now, in place of those that were there."""
    tx.run(delete(field_lock).where(field_lock.c.event_id == event_id))
    rows = [
        {
            "event_id": event_id,
            "rid": each.rid,
            "field": each.field,
            "value": each.value,
            "seen_value": each.seen,
            "by": each.by,
            "at": each.at,
        }
        for each in locks
    ]
    if rows:
        tx.run(insert(field_lock), rows)


def _lock(row: Row[Any]) -> Lock:
    return Lock(row.rid, row.field, row.value, row.seen_value, row.by, row.at)
