"""The dates of an event: from facts to rows that lists sort by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feeds.event import Event, Time
from feeds.recurrence import expand, is_series, last_end

#: How far ahead the dates of a series are written down.
HORIZON = timedelta(days=400)

#: How many dates of one series are written down: more than one a day nobody lists.
MOST = 500

#: A date that goes on for more than this is long: lists look for those that began days ago.
LONG = timedelta(hours=36)

#: How long a date stays listed after it is over.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Date:
    """One date of an event. `rid` is its original wall start, '' if the event has only one."""

    rid: str
    start_at: datetime
    end_at: datetime
    start_wall: str
    local_date: str
    all_day: bool
    status: str | None
    event: Event


def dates(event: Event, now: datetime, zone: ZoneInfo, until: datetime | None = None) -> list[Date]:
    """The dates from a month ago to the horizon; of a single event always its one date.

    zone is the library's: whole days begin and end there.
    """
    if event.kind == "notice" or event.start is None:
        return []
    if not is_series(event):
        return [_date(event.start, event, zone, single=True)]
    window = (now - KEPT).astimezone(zone), (until or now + HORIZON).astimezone(zone)
    found = expand(event, *window, limit=MOST).occurrences
    rows = {row.rid: row for row in (_date(o.recurrence_id, o.event, zone) for o in found)}
    return [*rows.values()]


def upcoming(event: Event, now: datetime, zone: ZoneInfo) -> Iterator[Date]:
    """The dates that are not over and not cancelled, soonest first."""
    for each in sorted(dates(event, now, zone), key=lambda row: row.start_at):
        if each.end_at > now and each.status != "CANCELLED":
            yield each


def ends(event: Event, zone: ZoneInfo) -> datetime | None:
    """When the last date is over, as an instant; None when it never is."""
    if event.start is None:
        return None
    if not is_series(event):
        return _instant(_end(event, event.start), zone)
    return last_end(event)


def wall(value: Time) -> str:
    """The wall time, or the day, as text."""
    return (
        value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value.isoformat()
    )


def _date(recurrence_id: Time, event: Event, zone: ZoneInfo, *, single: bool = False) -> Date:
    start = event.start if event.start is not None else recurrence_id
    return Date(
        rid="" if single else wall(recurrence_id),
        start_at=_instant(start, zone),
        end_at=_instant(_end(event, start), zone),
        start_wall=wall(start),
        local_date=wall(start)[:10],
        all_day=event.all_day,
        status=event.status,
        event=event,
    )


def _end(event: Event, start: Time) -> Time:
    """The end; without one the whole day, or the start itself (RFC 5545, 3.6.1)."""
    if event.end is not None:
        return event.end
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _instant(value: Time, zone: ZoneInfo) -> datetime:
    """As UTC; a whole day begins, and a floating time is, in the library's zone."""
    if not isinstance(value, datetime):
        value = datetime.combine(date(value.year, value.month, value.day), time(), tzinfo=zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)
