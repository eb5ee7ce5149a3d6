"""Dates and times as feeds and pages write them → the Event's times.

First what stands there is read (`moment`, `english`), without guessing; then start and end are
brought together (`settle`): which zone, a whole day or not, and what cannot be right.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from feeds.event import Time

#: Years outside are placeholders (0001, 1899, 9999), and break the arithmetic of dates.
_YEARS = range(1900, 9999)

_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{1,2})-?(?P<day>\d{1,2})"
    r"(?:(?:T|\s+)(?:(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?(?:[.,]\d+)?"
    # EventON writes the hour twice: 2019-9-13T10-10-00-00.
    r"|(?P<twice>\d{2})-(?P=twice)-(?P<on_minute>\d{2})-\d{2}))?"
    r"\s*(?P<offset>Z|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE | re.ASCII,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>\d{4})(?:(?:,|\s+-|\s+at)?\s+(?P<clock>\d{1,2}(?::\d{2})?\s*[ap]\.?m\.?))?",
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>[ap])\.?m\.?", re.IGNORECASE | re.ASCII
)
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?",
    re.ASCII,
)


def moment(text: str) -> Time | None:
    """The date or time that an ISO 8601 text says, loosely: `2026-3-7 18:30`, `20260307T1830Z`.

    None for anything else. A time without offset is naive.
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        return None
    day = _date(int(found["year"]), int(found["month"]), int(found["day"]))
    hour = found["hour"] or found["twice"]
    if day is None or hour is None:
        return None if found["offset"] else day
    minute = found["minute"] or found["on_minute"]
    second = found["second"] or "0"
    if int(hour) == 24 and int(minute) == int(second) == 0:
        day, hour = day + timedelta(days=1), "0"
    try:
        clock = time(int(hour), int(minute), int(second), tzinfo=_offset(found["offset"]))
    except ValueError:
        return None
    return datetime.combine(day, clock)


def english(text: str) -> Time | None:
    """The date or wall time that a text like `September 13, 2026 - 3:00pm` says, else None."""
    found = _ENGLISH.fullmatch(text.strip())
    if not found or found["month"][:3].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    day = _date(int(found["year"]), month, int(found["day"]))
    if day is None or not found["clock"]:
        return day
    clock = clock_time(found["clock"])
    return datetime.combine(day, clock) if clock else None


def clock_time(text: str) -> time | None:
    """The wall time that `3pm`, `3:05 p.m.` or `15:05:00` says, else None."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        read = moment(f"2000-01-01T{text.strip()}")
        return read.time() if isinstance(read, datetime) and read.tzinfo is None else None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return time(hour % 12 + (12 if found["half"].lower() == "p" else 0), minute)


def duration(text: str) -> timedelta | None:
    """How long `PT1H30M` (RFC 5545, 3.3.6) is; None for anything else and for no time at all."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        return None
    return timedelta(**{unit: int(n) for unit, n in found.groupdict("0").items()}) or None


@dataclass(frozen=True, slots=True)
class Zones:
    """Whose wall clock counts: the zone the feed names, and the reader's own (IANA, or None)."""

    feed: str | None = None
    reader: str | None = None

    @property
    def best(self) -> str | None:
        """The zone of what has none of its own."""
        return self.feed or self.reader


@dataclass(frozen=True, slots=True)
class Span:
    """Start and end as the Event has them. `doubt` is the code of what could not be right."""

    start: Time
    end: Time | None
    all_day: bool
    zone: str | None
    doubt: str | None = None

    def fields(self) -> Mapping[str, Any]:
        """The same as keys of Event."""
        return {
            "start": self.start,
            "end": self.end,
            "all_day": self.all_day,
            "zone": self.zone,
        }


def settle(start: Time, end: Time | None, zones: Zones, *, inclusive: bool) -> Span:
    """Bring start and end together.

    inclusive says how the format means an end that is a date: as the last day (schema.org, the
    event module of RSS), or as the day after (RFC 5545). From 00:00 to 23:59 is a whole day.
    """
    if isinstance(start, datetime) and isinstance(end, datetime) and _day_long(start, end):
        start, end, inclusive = start.date(), end.date(), True
    if isinstance(start, datetime):
        return _timed(start, end, zones)
    last = _last_day(end, inclusive=inclusive) if end is not None else start
    if last == start - timedelta(days=1) and (isinstance(end, datetime) or not inclusive):
        last = start  # an end on the same day, by those who do not know that it is exclusive
    if last < start:
        return Span(start, start + timedelta(days=1), True, None, "event.end_before_start")
    return Span(start, last + timedelta(days=1), True, None)


def _day_long(start: datetime, end: datetime) -> bool:
    """From the first minute of a day to the last, as vendors who know only times write a day."""
    first = start.hour == start.minute == 0
    return first and (end.hour, end.minute) == (23, 59) and end.date() >= start.date()


def _last_day(end: Time, *, inclusive: bool) -> date:
    if not isinstance(end, datetime):
        return end if inclusive else end - timedelta(days=1)
    return end.date() - timedelta(days=1) if end.time() == time() else end.date()


def _timed(start: datetime, end: Time | None, zones: Zones) -> Span:
    if end is not None and not isinstance(end, datetime):
        # The last day of something that begins at an hour: that whole day, or nothing more said.
        after = datetime.combine(end, time(), tzinfo=start.tzinfo) + timedelta(days=1)
        end = after if end > start.date() else None
    elif end is not None and (start.tzinfo is None) != (end.tzinfo is None):
        end = end.replace(tzinfo=start.tzinfo)
    doubt = None
    if end is not None and end < start:
        end, doubt = None, "event.end_before_start"
    end = _placed(end, zones) if end is not None else None
    return Span(_placed(start, zones), end, False, zone_of(start, zones), doubt)


def zone_of(moment: datetime, zones: Zones) -> str | None:
    """The IANA zone that moment is shown in; None when it has an offset of its own, or floats."""
    if isinstance(moment.tzinfo, ZoneInfo):
        return moment.tzinfo.key
    if moment.tzinfo is None:
        return zones.best
    return (zones.best or "UTC") if not moment.utcoffset() else None


def _placed(moment: datetime, zones: Zones) -> datetime:
    """moment on the wall clock it is shown in: UTC keeps its instant, a naive one its hour."""
    key = zone_of(moment, zones)
    if key is None:
        return moment
    return (
        moment.astimezone(ZoneInfo(key)) if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(key))
    )


def shown(when: Time, zones: Zones) -> Time:
    """A time that stands alone (the earlier start, the end of registration), by the same rules."""
    return _placed(when, zones) if isinstance(when, datetime) else when


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    """The zone of an offset. Raises ValueError for a whole day or more."""
    if text is None:
        return None
    if text.upper() == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if text[0] == "-" else away)
