"""The wall clock that an event's times are written by (RFC 5545, 3.3.5)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from calendars.lines import line
from calendars.zones import definition, fixed, offset_name
from feeds.event import Event, Time

#: What a series in UTC is written in: the same hours, but no reader shifts it to the zone of
#: X-WR-TIMEZONE, as they do with a series whose times end in Z.
UTC_SERIES = "Etc/GMT"

_RULES = re.compile(r"^RRULE[^:]*:(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_YEARLY = re.compile(
    r"(?:FREQ=YEARLY|(?:UNTIL|BYMONTH|BYDAY|BYMONTHDAY|WKST|COUNT)=[\w,+-]+|INTERVAL=[1-9]\d*|;)+",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the times of one event are written.

    `tz` is None for whole days and floating times; `tzid` is None where times are written as
    instants in UTC. `own` is the definition of a clock that is no IANA zone.
    """

    tz: tzinfo | None = None
    tzid: str | None = None
    own: str = ""
    all_day: bool = False

    def wall(self, time: Time) -> datetime:
        """What this clock shows at time; midnight for a date, and for a series of whole days."""
        if self.all_day or not isinstance(time, datetime):
            return datetime(time.year, time.month, time.day)  # noqa: DTZ001 - a wall time
        if self.tz is not None and time.tzinfo not in {None, self.tz}:
            here = time.replace(tzinfo=self.tz)
            # Equal also where the clock skips what is written: then it stays as it is written.
            time = here if here.utcoffset() == time.utcoffset() else time.astimezone(self.tz)
        return time.replace(tzinfo=None, microsecond=0, fold=0)

    def aware(self, wall: datetime) -> Time:
        """The time at which this clock shows wall: the first, if twice (RFC 5545, 3.3.5)."""
        return wall.date() if self.all_day else wall.replace(tzinfo=self.tz)

    def tells(self, time: Time) -> bool:
        """Whether what this clock shows at time says which time it is.

        It does not where the clock shows an hour twice and the second one is meant.
        """
        again = self.aware(self.wall(time))
        if not isinstance(time, datetime) or not isinstance(again, datetime) or self.tz is None:
            return True
        return utc(again) == utc(time)

    def is_plain(self, wall: datetime) -> bool:
        """Whether this clock shows wall exactly once."""
        first, second = (wall.replace(tzinfo=self.tz, fold=fold) for fold in (0, 1))
        return first.utcoffset() == second.utcoffset()

    def series_line(self, name: str, wall: datetime) -> str:
        """A property of a series: its start, or one of its dates, as this clock shows it."""
        if self.all_day:
            return line(f"{name};VALUE=DATE", digits(wall.date()))
        if self.tzid:
            return line(f"{name};TZID={self.tzid}", digits(wall))
        return line(name, digits(wall) + ("Z" if self.tz else ""))

    def until(self, wall: datetime) -> str:
        """The value of UNTIL: a date, a floating time, or UTC, as DTSTART is (3.3.10)."""
        if self.all_day:
            return digits(wall.date())
        return digits(wall) if self.tz is None else utc(wall.replace(tzinfo=self.tz))


def event_clock(event: Event) -> Clock:
    """The clock of one date: its zone, or UTC for an offset that is no zone.

    UTC too where start or end is no plain wall time: twice a year the clock skips an hour or
    shows it twice, and readers differ in what they take it for.
    """
    clock = _zone_clock(event)
    said = [each for each in (event.start, event.end) if each is not None]
    if clock.tzid and not all(clock.is_plain(clock.wall(each)) for each in said):
        return Clock(UTC)
    return clock


def _zone_clock(event: Event) -> Clock:
    if not isinstance(event.start, datetime):
        return Clock(all_day=True)
    if event.start.tzinfo is None:
        return Clock()
    zone = _zone(event.start, event.zone)
    return Clock(zone, zone.key) if zone else Clock(UTC)


def series_clock(event: Event, uid: str) -> Clock:
    """The clock by which a series repeats. One that is no zone is defined for this uid alone."""
    timed = isinstance(event.start, datetime) and event.start.tzinfo is not None
    if timed and event.vtimezone and not event.zone and (known := _own(event.vtimezone)):
        return _own_clock(*known, uid)
    clock = _zone_clock(event)
    if clock.tz is not UTC or not isinstance(event.start, datetime):
        return clock
    offset = event.start.utcoffset()
    if not offset or event.zone:
        return Clock(ZoneInfo(UTC_SERIES), UTC_SERIES)
    return _own_clock(timezone(offset), fixed(offset), uid)


def moment_line(name: str, time: Time, clock: Clock) -> str:
    """A property of one date, by clock."""
    if not isinstance(time, datetime):
        return line(f"{name};VALUE=DATE", digits(time))
    if time.tzinfo is None:
        return line(name, digits(time))
    if clock.tzid is None:
        return line(name, utc(time))
    return line(f"{name};TZID={clock.tzid}", digits(clock.wall(time)))


def utc(time: datetime) -> str:
    """An instant as the value of DTSTAMP, UNTIL …"""
    try:
        return digits(time.astimezone(UTC)) + "Z"
    except OverflowError:  # the first or the last day that there is
        return digits(time) + "Z"


def _zone(start: datetime, name: str | None) -> ZoneInfo | None:
    """The IANA zone of a time; None for what is UTC by any name, and for an offset."""
    zone = ZoneInfo(name) if name else start.tzinfo
    if not isinstance(zone, ZoneInfo) or not zone.key:
        return None
    return None if zone.tzname(datetime(2000, 1, 1)) == "UTC" else zone  # noqa: DTZ001


def _own_clock(tz: tzinfo, observances: str, uid: str) -> Clock:
    """A clock under a name of its own: in the calendar, and for readers that remember names."""
    mark = hashlib.sha256(observances.encode()).hexdigest()[:8]
    tzid = f"own-clock-{mark}-of-" + re.sub(r"[^A-Za-z0-9._@-]", "-", uid)
    return Clock(tz, tzid, definition(tzid, observances))


@lru_cache(maxsize=256)
def _own(text: str) -> tuple[tzinfo, str] | None:
    """The clock that a VTIMEZONE defines, and its observances; None if it cannot be read."""
    if not all(_YEARLY.fullmatch(rule) for rule in _RULES.findall(text)):
        return None  # what is no rule of a zone may take any time to follow
    try:
        read = Timezone.from_ical(text)
        tz = read.to_tz(lookup_tzid=False) if isinstance(read, Timezone) else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
    if tz is None:
        return None
    for part in read.subcomponents:
        # Readers with X-WR-TIMEZONE take a time for floating, or UTC, by the name of its offset.
        nameless = str(part.get("TZNAME", "")).upper() in {"", "UTC"}
        if nameless and isinstance(part, TimezoneStandard | TimezoneDaylight):
            part["TZNAME"] = offset_name(part.TZOFFSETTO)
    return tz, "".join(part.to_ical().decode() for part in read.subcomponents)


def digits(time: Time) -> str:
    """A date or a wall time as the value of a property."""
    day = f"{time.year:04}{time.month:02}{time.day:02}"
    if not isinstance(time, datetime):
        return day
    return f"{day}T{time.hour:02}{time.minute:02}{time.second:02}"
