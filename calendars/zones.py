"""VTIMEZONE (RFC 5545, 3.6.5) from the zone database, for the years that are needed."""

import calendar
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calendars.lines import line, text

_STEP = 7 * 24 * 3600  # seconds; no zone changes its offset twice within a week
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Years beyond the last one needed in which a rule has to hold to be written as a rule. In
#: twelve years a fourth and a last Sunday fall apart.
_PROOF = 12
#: Years that are looked at, whatever is asked for: before them and after them nothing changes
#: that a calendar of events needs, and a wrong year in one event must not cost seconds.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class _Onset(NamedTuple):
    """A change of offset: when, on the wall clock that ends; from and to; the new name."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def vtimezone(zone: str, first: date, until: date) -> str:
    """The definition of an IANA zone that is right from first until until (1900 to 2100).

    A change that comes back every year by the same rule is written as RRULE without an end, so
    it is right later too; any other is written date by date. Raises ZoneInfoNotFoundError for a
    name that is no zone.
    """
    years = [min(max(each.year, _FIRST_YEAR), _LAST_YEAR) for each in (first, until)]
    return _vtimezone(zone, *years)


@lru_cache(maxsize=512)
def _vtimezone(zone: str, first: int, last: int) -> str:
    tz = ZoneInfo(zone)
    scanned = datetime(first - 1, 1, 1, tzinfo=UTC)
    horizon = last + _PROOF
    onsets = list(_onsets(tz, scanned, datetime(horizon, 12, 31, tzinfo=UTC)))
    body = []
    if not onsets or onsets[0].wall.year >= first:
        body.append(_standing(tz, scanned))
    groups: dict[tuple[object, ...], list[_Onset]] = {}
    for onset in onsets:
        groups.setdefault(onset[1:], []).append(onset)
    for group in groups.values():
        body += _written(group, horizon)
    return definition(zone, "".join(body))


def definition(tzid: str, observances: str) -> str:
    """A VTIMEZONE of that name."""
    return f"BEGIN:VTIMEZONE\r\n{text('TZID', tzid)}{observances}END:VTIMEZONE\r\n"


def fixed(offset: timedelta) -> str:
    """The observance of a clock that always keeps the same offset."""
    since = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time
    return _observance(_Onset(since, offset, offset, offset_name(offset), False))


def offset_name(offset: timedelta) -> str:
    """A TZNAME for an offset that nobody named: +02:30. Of none it is GMT."""
    return timezone(offset).tzname(None).removeprefix("UTC") or "GMT"


def _standing(tz: tzinfo, since: datetime) -> str:
    """The offset that was in force before the first change that is written."""
    local = since.astimezone(tz)
    offset = local.utcoffset() or timedelta()
    wall = min(local.replace(tzinfo=None), datetime(1970, 1, 1))  # noqa: DTZ001 - wall times
    return _observance(_Onset(wall, offset, offset, local.tzname() or "", bool(local.dst())))


def _onsets(tz: tzinfo, start: datetime, end: datetime) -> Iterator[_Onset]:
    """Every change of offset between two instants, found by bisection to the second."""
    at, stop = int(start.timestamp()), int(end.timestamp())
    offset = _local(at, tz).utcoffset()
    while at < stop:
        following = at + _STEP
        if _local(following, tz).utcoffset() != offset:
            low, high = at, following
            while high - low > 1:
                middle = (low + high) // 2
                if _local(middle, tz).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            yield _onset(high, tz)
        at, offset = following, _local(following, tz).utcoffset()


def _onset(instant: int, tz: tzinfo) -> _Onset:
    old, new = _local(instant - 1, tz), _local(instant, tz)
    before, after = old.utcoffset() or timedelta(), new.utcoffset() or timedelta()
    wall = new.astimezone(UTC).replace(tzinfo=None) + before
    # Dublin and Casablanca call winter and Ramadan the saving time: what counts is the later hour.
    daylight = after > before and bool(old.dst() or new.dst())
    return _Onset(wall, before, after, new.tzname() or "", daylight)


def _local(instant: int, tz: tzinfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).astimezone(tz)


def _written(group: Sequence[_Onset], horizon: int) -> Iterator[str]:
    """Changes of one kind: those that go on by one rule as that rule, the others by date."""
    begin, rule = len(group), None
    if group[-1].wall.year >= horizon - 1:
        while begin and (longer := _rule(group[begin - 1 :])):
            begin, rule = begin - 1, longer
    if len(group) - begin < _PROOF:
        begin, rule = len(group), None
    if single := group[:begin]:
        yield _observance(single[0], *(line("RDATE", _plain(each.wall)) for each in single[1:]))
    if rule:
        yield _observance(group[begin], line("RRULE", rule))


def _rule(onsets: Sequence[_Onset]) -> str | None:
    """The yearly rule by which all these come, one a year; None where there is none."""
    walls = [each.wall for each in onsets]
    first = walls[0]
    alike = {(wall.month, wall.weekday(), wall.time()) for wall in walls}
    years = [wall.year for wall in walls]
    if len(alike) > 1 or years != list(range(years[0], years[0] + len(years))):
        return None
    nth = {(wall.day + 6) // 7 for wall in walls}
    if all(wall.day + 7 > calendar.monthrange(wall.year, wall.month)[1] for wall in walls):
        nth = {-1}
    if len(nth) > 1:
        return None
    return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={nth.pop()}{_WEEKDAYS[first.weekday()]}"


def _observance(onset: _Onset, *dates: str) -> str:
    kind = "DAYLIGHT" if onset.daylight else "STANDARD"
    return "".join(
        (
            line("BEGIN", kind),
            line("DTSTART", _plain(onset.wall)),
            line("TZOFFSETFROM", _offset(onset.before)),
            line("TZOFFSETTO", _offset(onset.after)),
            text("TZNAME", onset.name),
            *dates,
            line("END", kind),
        )
    )


def _plain(wall: datetime) -> str:
    return f"{wall.isoformat(timespec='seconds').replace('-', '').replace(':', '')}"


def _offset(offset: timedelta) -> str:
    """+HHMM, with seconds where an old local mean time has them (RFC 5545, 3.3.14)."""
    seconds = round(abs(offset).total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")
