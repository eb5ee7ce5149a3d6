"""Posts that wait: taken back with what they were for, and put back as they were by undo."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aggregator.domain.schedule import next_free, plan
from aggregator.services import library
from aggregator.storage import deliveries, lanes
from aggregator.storage.doors import Reader, Writer


def take(tx: Writer, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Withdraw of these deliveries what waits; how they were, for the journal.

    Corrections stay: what they correct is out.
    """
    kept = []
    for each in rows:
        row = deliveries.lock(tx, each.id)
        if row is None or row.state not in deliveries.WAITING or row.action != "CREATE":
            continue
        due_at = row.due_at and row.due_at.isoformat()
        kept.append({"id": row.id, "state": row.state, "live_key": row.live_key, "due_at": due_at})
    deliveries.cancel(tx, [each["id"] for each in kept])
    return kept


def put_back(tx: Writer, now: datetime, kept: Sequence[Mapping[str, Any]]) -> None:
    """Let wait again what `take` withdrew; not what has another post in its place by now."""
    for each in kept:
        row = deliveries.lock(tx, each["id"])
        if row is None or row.state != "CANCELLED" or not deliveries.is_free(tx, each["live_key"]):
            continue
        due_at = each["due_at"] and datetime.fromisoformat(each["due_at"])
        if each["state"] == "QUEUED":
            due_at = in_time(tx, now, row, due_at)
        deliveries.change(tx, row.id, state=each["state"], live_key=each["live_key"], due_at=due_at)
    if kept:
        tx.wake("deliver")


def in_time(tx: Reader, now: datetime, row: Any, due_at: datetime) -> datetime:
    """When a post goes out that is queued again: a time that is over becomes the next free one.

    What a person puts up stays due.
    """
    if row.way != "automatic" or due_at > now:
        return due_at
    return next_time(tx, now, row)


def next_time(tx: Reader, now: datetime, row: Any) -> datetime:
    """The next free time of a delivery's channel that is in time for it."""
    shown = lanes.one(tx, row.id) or row
    day, taken = plan(shown.slots, shown.quiet), deliveries.taken(tx, row.channel_id, now)
    return next_free(day, now, library.zone(tx), taken, row.not_after)
