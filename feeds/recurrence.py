"""The dates of an Event within a window, and when its last one is over.

A series repeats at its wall time: in its zone, by its own VTIMEZONE, at its fixed offset, or
floating. A time that the clock skips moves on by the gap (RFC 5545, 3.3.5), of one that comes
twice the first is meant. Start and end both keep their wall time.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from feeds.clocks import Clock, as_moment, end_of, instant, moved
from feeds.event import Event, Occurrence, Problem, Time
from feeds.rules import RuleError
from feeds.series import OF_SERIES, Series, Told, is_series, problem

__all__ = ["LIMIT", "Expansion", "date_of", "expand", "instant", "is_series", "last_end"]

#: How many dates of one event a window may hold.
LIMIT = 2000

#: Clocks leap by an hour, rarely two: where one does, a search by wall time reaches further.
_LEAP = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The dates in order of start, and what could not be done."""

    occurrences: tuple[Occurrence, ...] = ()
    problems: tuple[Problem, ...] = ()


def expand(event: Event, start: datetime, end: datetime, *, limit: int = LIMIT) -> Expansion:
    """Every date of event that overlaps [start, end), the first `limit` of them.

    start and end are aware. Whole days and floating times are compared by the wall clock of
    start's zone. Without end, or of no length, a date counts if it begins in the window. Dates
    cancelled by an override are kept, with that status; a notice has none. A rule that can't be
    expanded leaves the first date, and a problem.
    """
    if event.start is None or event.kind == "notice":
        return Expansion()
    window = _Window(start, end)
    if not is_series(event):
        original = event.start if event.recurrence_id is None else event.recurrence_id
        one = Occurrence(original, replace(event, recurrence_id=original, **OF_SERIES))
        return Expansion((one,) if window.holds(event.start, event.end) else ())
    series = Series(event, event.start)
    problems = series.problems
    try:
        found = _found(series, window, limit)
    except RuleError as error:
        found = _found(Series(replace(event, rrule=None), event.start), window, limit)
        problems = [problem(event, error.code)]
    found.sort(key=lambda each: instant(each.start, window.zone))
    if len(found) > limit:
        problems = [*problems, problem(event, "recurrence.limit", limit=limit)]
    return Expansion(tuple(map(series.occurrence, found[:limit])), tuple(problems))


def last_end(event: Event) -> datetime | None:
    """When the last date is over, in UTC; None for an endless series and for a notice.

    Whole days and floating times count as UTC. A series whose end is too far to be counted to
    (COUNT=1000000000) is as good as endless.
    """
    if event.start is None or event.kind == "notice":
        return None
    own = instant(end_of(event.start, event.end), UTC)
    if not is_series(event):
        return own
    series = Series(event, event.start)
    if series.rule and series.rule.endless:
        return None
    try:
        ends = [instant(end_of(each.start, each.end), UTC) for each in series.last()]
    except RuleError:
        return None
    return max(ends, default=own)


def date_of(event: Event, wall: datetime) -> Occurrence | None:
    """The date of a series whose original start is at this wall time (naive), wherever it moved.

    A whole day is its midnight. None where the series has no such date.
    """
    if event.start is None or event.kind == "notice":
        return None
    series = Series(event, event.start)
    try:
        by_rule = list(series.dates(moved(wall, -_LEAP), moved(wall, _LEAP)))
    except RuleError:
        by_rule = []
    for each in (*by_rule, *series.told_anew()):
        if as_moment(each.original).replace(tzinfo=None) == wall:
            return series.occurrence(each)
    return None


class _Window:
    """From start to before end; as instants, and as wall times of start's zone."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.zone = start.tzinfo or UTC
        self._ends = start.astimezone(UTC), end.astimezone(UTC)
        here = end.astimezone(self.zone)
        self._walls = start.replace(tzinfo=None), here.replace(tzinfo=None)

    def holds(self, start: Time, end: Time | None) -> bool:
        """Whether what lasts from start to before end overlaps the window."""
        begin, stop = as_moment(start), as_moment(end_of(start, end))
        first, last = self._walls
        if begin.tzinfo:
            # Within one zone Python compares wall times, which is wrong in the hour that comes
            # twice: so all are compared in UTC.
            first, last = self._ends
            begin, stop = instant(begin, UTC), instant(stop, UTC)
        if (begin.tzinfo is None) != (stop.tzinfo is None) or stop <= begin:
            return first <= begin < last
        return begin < last and stop > first

    def by(self, clock: Clock) -> tuple[datetime, datetime]:
        """Its ends as wall times of a series."""
        if clock.zone is None:
            return self._walls
        return clock.wall(self._ends[0]), clock.wall(self._ends[1])


def _found(series: Series, window: _Window, limit: int) -> list[Told]:
    """The dates that window holds, unordered; of those by the rule one more than limit at most."""
    before, after = series.reach
    begin, stop = window.by(series.clock)
    first, last = moved(begin, -before), moved(stop, after)
    first = moved(first, -_leap(series.clock, first, begin))
    last = moved(last, _leap(series.clock, stop, last))
    found = list[Told]()
    for each in series.dates(first, last):
        if window.holds(each.start, each.end):
            found.append(each)
        if len(found) > limit:
            break
    return found + [each for each in series.told_anew() if window.holds(each.start, each.end)]


def _leap(clock: Clock, first: datetime, last: datetime) -> timedelta:
    """How far the clock may leap from first to last (naive, by that clock)."""
    if clock.zone is None:
        return timedelta()
    ends = moved(first, -2 * _LEAP), moved(last, 2 * _LEAP)
    offsets = {each.replace(tzinfo=clock.zone).utcoffset() for each in ends}
    calm = len(offsets) == 1 and last - first < timedelta(days=30)
    return timedelta() if calm else _LEAP
