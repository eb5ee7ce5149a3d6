"""The combined calendar that residents subscribe to."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.services import library
from aggregator.services.house import House
from aggregator.storage import events, journal, revisions
from aggregator.storage import house as settings
from aggregator.storage.doors import Reader
from calendars.ical import join

#: The zones' clocks are told from here on: a series may have begun long ago.
FIRST = date(1970, 1, 1)


def etag(house: House) -> str:
    """Names the calendar as it is now: its revision and the library's day. One row is read."""
    with house.database.reading() as tx:
        return _etag(tx, house.clock())


def feed(house: House) -> tuple[bytes, str]:
    """The whole calendar as iCal, and its etag; all day the same, if no row changes."""
    with house.database.reading() as tx:
        now, zone = house.clock(), library.zone(tx)
        tag, day = _etag(tx, now), now.astimezone(zone).date()
        rows = events.calendar_blocks(tx, datetime.combine(day, time(), zone) - kept(tx))
        zones = {name for row in rows for name in row.ics_zones.split()}
        body = join(
            [row.ics_block for row in rows],
            zones,
            name=library.name(tx),
            zone=zone.key,
            refresh=timedelta(hours=1),
            first=FIRST,
            last=day + timedelta(days=1461),
        )
    return body, tag


def page(house: House, pid: str) -> Any:
    """The row of an approved event's public page; None where there is none."""
    with house.database.reading() as tx:
        row = events.by_pid(tx, pid)
        if row is not None and row.merged_into is not None:
            return row
        return row if row is not None and row.state == "APPROVED" else None


def kept(tx: Reader) -> timedelta:
    """How long what is over stays in the calendar (a setting, in days)."""
    return timedelta(days=int(settings.get(tx, "calendar_days", 30)))


def keep(house: House, days: int, *, actor: str) -> None:
    """Keep what is over on the calendar for so many days."""
    with house.database.writing() as tx:
        settings.put(tx, "calendar_days", days)
        journal.add(tx, house.clock(), actor, "keep", "calendar", after=None, reason=str(days))
        revisions.bump(tx, revisions.CALENDAR)


def _etag(tx: Reader, now: datetime) -> str:
    number, zone = settings.calendar(tx)
    text = f"{number}:{now.astimezone(ZoneInfo(zone)).date()}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]
