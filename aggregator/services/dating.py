"""The dates of events, written down again: as time goes on, and when the library's zone changes."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.dates import HORIZON, Date, dates, ends
from aggregator.services import library
from aggregator.services.house import House
from aggregator.storage import events, revisions
from aggregator.storage.doors import Writer
from feeds.event import Event
from feeds.facts import from_facts
from feeds.recurrence import is_series

#: A series gets further dates once fewer than these are written down ahead.
ENOUGH = HORIZON - timedelta(days=30)


def span(
    event: Event, listed: Sequence[Date], now: datetime, zone: ZoneInfo
) -> Mapping[str, datetime | None]:
    """What an event's row says of its dates."""
    return {
        "first_start": min((each.start_at for each in listed), default=None),
        "last_end": ends(event, zone),
        "expanded_until": now + HORIZON if is_series(event) else None,
    }


def extend(house: House, end: float) -> None:
    """Give further dates to series that come near their last, until the time (monotonic) is up."""
    while time.monotonic() < end:
        with house.database.reading() as tx:
            now = house.clock()
            ids = events.running_out(tx, now + ENOUGH)
        if not ids:
            break
        with house.database.writing() as tx:
            _write(tx, ids, now, library.zone(tx))


def anew(tx: Writer, now: datetime) -> None:
    """The library's zone is another: whole days begin at other moments."""
    after, zone = 0, library.zone(tx)
    while rows := events.batch(tx, after, None):
        after = rows[-1].id
        _write(tx, [row.id for row in rows], now, zone)
    revisions.bump(tx, revisions.CALENDAR)


def _write(tx: Writer, ids: Sequence[int], now: datetime, zone: ZoneInfo) -> None:
    rows: list[Mapping[str, Any]] = []
    listed: dict[int, list[Date]] = {}
    for event_id, row in events.lock_all(tx, ids).items():
        event = from_facts(row.facts)
        listed[event_id] = dates(event, now, zone)
        rows.append({"event_id": event_id, **span(event, listed[event_id], now, zone)})
    events.change_events(tx, rows)
    events.put_dates(tx, listed)
