"""The combined calendar that residents subscribe to."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.filtering import Filter
from aggregator.services import library
from aggregator.services.house import House
from aggregator.storage import events, journal, listings, revisions
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
        tag, ended = _etag(tx, now), _ended(tx, now, zone)
        body = _joined(events.calendar_blocks(tx, ended), now, zone, library.name(tx))
    return body, tag


def filtered(house: House, wanted: Filter, words: str) -> bytes:
    """What of the calendar is asked for, days left out; `words` name it."""
    with house.database.reading() as tx:
        now, zone = house.clock(), library.zone(tx)
        rows = listings.blocks(tx, wanted, _ended(tx, now, zone))
        return _joined(rows, now, zone, f"{library.name(tx)}: {words}")


def filtered_etag(house: House, wanted: Filter, words: str) -> str:
    """Names what is asked for of the calendar as it is now."""
    with house.database.reading() as tx:
        return _digest(_etag(tx, house.clock()), wanted.query(), words)


def single(house: House, pid: str) -> tuple[bytes, str] | None:
    """An approved event, a series whole, as a calendar of its own, and its title."""
    with house.database.reading() as tx:
        row = events.by_pid(tx, pid)
        if row is None or row.state != "APPROVED" or not row.ics_block or row.merged_into:
            return None
        title = row.facts["summary"] or ""
        return _joined([row], house.clock(), library.zone(tx), title), title


def kept(tx: Reader) -> timedelta:
    """How long what is over stays in the calendar (a setting, in days)."""
    return timedelta(days=int(settings.get(tx, "calendar_days", 30)))


def keep(house: House, days: int, *, actor: str) -> None:
    """Keep what is over on the calendar for so many days."""
    with house.database.writing() as tx:
        settings.put(tx, "calendar_days", days)
        journal.add(tx, house.clock(), actor, "keep", "calendar", after=None, reason=str(days))
        revisions.bump(tx, revisions.CALENDAR)


def _joined(rows: Sequence[Any], now: datetime, zone: ZoneInfo, name: str) -> bytes:
    """One calendar of these stored blocks."""
    zones = {each for row in rows for each in row.ics_zones.split()}
    return join(
        [row.ics_block for row in rows],
        zones,
        name=name,
        zone=zone.key,
        refresh=timedelta(hours=1),
        first=FIRST,
        last=now.astimezone(zone).date() + timedelta(days=1461),
    )


def _ended(tx: Reader, now: datetime, zone: ZoneInfo) -> datetime:
    """What ended before then is left out."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone) - kept(tx)


def _etag(tx: Reader, now: datetime) -> str:
    number, zone = settings.calendar(tx)
    return _digest(f"{number}:{now.astimezone(ZoneInfo(zone)).date()}")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
