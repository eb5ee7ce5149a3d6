"""A series as every reader understands it, made from the contract's Event.

Readers differ where RFC 5545 leaves room, and most know no RANGE=THISANDFUTURE. So what is
written stays where they agree:

- An EXDATE that leaves nothing out and an RDATE that the rule gives anyway are not written.
- A first date that the rule does not give stands in RDATE too, and COUNT becomes UNTIL.
- Without a rule the first date stands in RDATE, like the others.
- An extra date with an end of its own (a PERIOD) is a plain RDATE, and that date told anew.
- From a THISANDFUTURE on, the rest is a series of its own, with its own UID.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import dropwhile, islice, pairwise, takewhile

from calendars.clock import Clock
from calendars.rule import MOST, Rule, read
from feeds.event import Event, Override

#: Dates that are written one by one where the rest of a series follows no rule any more.
MOST_SINGLE = 1000

_OF_THE_SERIES = frozenset({"uid", "recurrence_id", "rrule", "rdates", "exdates", "overrides"})
_FIRST, _LAST = datetime.min, datetime.max  # noqa: DTZ901 - wall times


@dataclass(frozen=True, slots=True)
class Part:
    """One series to write: its dates by the wall clock, and the dates that are told anew.

    `event` is its first date. `since` is None for the first part; another is the rest of the
    series from that date on.
    """

    event: Event
    start: datetime
    rule: Rule | None = None
    rdates: tuple[datetime, ...] = ()
    exdates: tuple[datetime, ...] = ()
    told: Mapping[datetime, Event] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Dates:
    """The dates of a series. Without a rule, `rdates` are all of them."""

    start: datetime
    rule: Rule | None
    rdates: frozenset[datetime]
    exdates: frozenset[datetime]


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """The dates that EXDATE takes away; one that is a day takes every time of it."""

    walls: frozenset[datetime]
    days: frozenset[date]

    def __contains__(self, wall: datetime) -> bool:
        return wall in self.walls or wall.date() in self.days


@dataclass(frozen=True, slots=True)
class _Telling:
    """How the dates from one on are told: as `event`, moved by `shift`."""

    event: Event
    shift: timedelta = timedelta()


def is_series(event: Event) -> bool:
    """Whether it may have more than one date."""
    return bool(event.rrule or event.rdates or event.overrides)


def parts(event: Event, clock: Clock) -> list[Part]:
    """What to write for a series, in order of time. None where every date is left out."""
    if event.start is None:
        return []
    dates = _dates(event, clock.wall(event.start), clock)
    ranges = {clock.wall(each.recurrence_id): each for each in event.overrides if each.range}
    found = list[Part]()
    for begin, end in pairwise((_FIRST, *sorted(ranges), _LAST)):
        telling = _telling(event, ranges[begin], clock) if begin in ranges else _Telling(event)
        here = _between(dates, begin, end, telling.shift)
        told = _told_anew(event, telling, clock, (begin, end))
        if part := _part(telling.event, clock, here, told):
            found.append(replace(part, since=begin if found else None))
    return found


def told_anew(event: Event, override: Override, clock: Clock) -> Event:
    """One date of a series as its override tells it: whole, and no series."""
    changes = {key: value for key, value in override.changes.items() if key not in _OF_THE_SERIES}
    if changes.get("start", event.start) is None:
        del changes["start"]  # no date has no start
    return replace(_at(event, clock, clock.wall(override.recurrence_id)), **changes)


def _at(event: Event, clock: Clock, start: datetime, length: timedelta | None = None) -> Event:
    """The date of a series that begins at start by clock, and is as long as the first."""
    single = replace(event, rrule=None, rdates=(), exdates=(), overrides=())
    if event.start is None:
        return single
    first = clock.wall(event.start)
    if first == start and length is None and not clock.tells(event.start):
        return single
    if length is None and event.end is not None:
        length = clock.wall(event.end) - first
    end = None if length is None else clock.aware(start + length)
    return replace(single, start=clock.aware(start), end=end)


def _dates(event: Event, start: datetime, clock: Clock) -> _Dates:
    """Every date there is, as far as it is named; the rule stands for the others."""
    rule, left_out = read(event.rrule, start, clock), _left_out(event, clock)
    extra = {clock.wall(each.start) for each in event.rdates}
    extra |= {clock.wall(each.recurrence_id) for each in event.overrides}
    if not rule or not rule.until or start <= rule.until:
        extra.add(start)  # whether the rule gives it or not
    if rule is None or next(rule.dates(start), None) is None:
        kept = frozenset(each for each in extra if each not in left_out)
        return _Dates(start, None, kept, frozenset())
    last = max([*extra, *map(clock.wall, event.exdates)])
    given = rule.dates_to(start, datetime.combine(last.date(), time.max))
    exdates = frozenset(each for each in given if each in left_out)
    if len(given) == MOST:  # so frequent a rule is not looked at to the end
        exdates |= left_out.walls
    added = frozenset(each for each in extra.difference(given) if each not in left_out)
    if start not in given:
        rule = rule.without_count(start)
        start = start if start in added else next(rule.dates(start))
    return _Dates(start, rule, added, exdates)


def _left_out(event: Event, clock: Clock) -> _LeftOut:
    whole = [each for each in event.exdates if not isinstance(each, datetime)]
    timed = [each for each in event.exdates if isinstance(each, datetime)]
    return _LeftOut(frozenset(map(clock.wall, timed)), frozenset(whole))


def _telling(event: Event, override: Override, clock: Clock) -> _Telling:
    """How a THISANDFUTURE tells the dates that follow: moved as far as its own (3.2.13)."""
    told = told_anew(event, override, clock)
    if told.start is None:
        return _Telling(told)
    original, start = clock.wall(override.recurrence_id), clock.wall(told.start)
    length = clock.wall(told.end) - start if told.end is not None else None
    usual = replace(told, all_day=event.all_day, zone=event.zone, start=clock.aware(start))
    end = clock.aware(start + length) if length is not None else None
    return _Telling(replace(usual, end=end), start - original)


def _told_anew(
    event: Event, telling: _Telling, clock: Clock, span: tuple[datetime, datetime]
) -> dict[datetime, Event]:
    """The dates of a part that are not told as the part is, by their start in it."""
    found, left_out = dict[datetime, Event](), _left_out(event, clock)
    if event.start is not None and not clock.tells(event.start):
        first = clock.wall(event.start)
        found[first] = _at(event, clock, first)
    for each in event.rdates:
        start = clock.wall(each.start)
        if each.end is not None:
            length = clock.wall(each.end) - start
            found[start] = _at(telling.event, clock, start + telling.shift, length)
    for override in event.overrides:
        start = clock.wall(override.recurrence_id)
        found[start] = told_anew(event, override, clock)
        if override.range and found[start] == _at(telling.event, clock, start + telling.shift):
            del found[start]
    return {
        start + telling.shift: found[start]
        for start in sorted(found)
        if span[0] <= start < span[1] and start not in left_out
    }


def _between(dates: _Dates, begin: datetime, end: datetime, shift: timedelta) -> _Dates:
    """The dates from begin to before end, each moved by shift."""
    if (begin, end) == (_FIRST, _LAST):
        return dates

    def here(several: Iterable[datetime]) -> list[datetime]:
        return [each + shift for each in several if begin <= each < end]

    rule, given = None, list[datetime]()
    if dates.rule:
        later = dropwhile(lambda each: each < begin, dates.rule.dates(dates.start))
        most = MOST_SINGLE if end == _LAST else MOST
        given = here(islice(takewhile(lambda each: each < end, later), most))
        rule = _moved(dates.rule, dates.start, given, shift, endless=end == _LAST)
    rdates, exdates = frozenset(here(dates.rdates)), frozenset(here(dates.exdates))
    if rule is None:
        rdates, exdates = (rdates | set(given[:MOST_SINGLE])) - exdates, frozenset()
    start = dates.start if begin == _FIRST else next(iter(given), begin)
    return _Dates(start, rule, rdates, exdates)


def _moved(
    rule: Rule, start: datetime, given: list[datetime], shift: timedelta, *, endless: bool
) -> Rule | None:
    """rule for those of its dates, which are moved by shift; None where no rule gives them."""
    if not given or (shift and rule.names_hours):
        return None
    if given[0].date() != (given[0] - shift).date():
        return None
    if not endless:
        return rule.cut(given[-1])
    whole = rule.without_count(start)
    return rule.cut(whole.until + shift) if whole.until else whole


def _part(event: Event, clock: Clock, dates: _Dates, told: Mapping[datetime, Event]) -> Part | None:
    """The series of those dates; event is any of them."""
    start, rdates = dates.start, tuple(sorted(dates.rdates))
    if dates.rule is None:
        if not rdates:
            return None
        start, rdates = rdates[0], rdates if len(rdates) > 1 else ()
    first = _at(event, clock, start)
    return Part(first, start, dates.rule, rdates, tuple(sorted(dates.exdates)), told)
