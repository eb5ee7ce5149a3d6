"""One series: which dates its rule, extra dates, exceptions and overrides make, and how each is
told (RFC 5545, 3.8.4.4 and 3.8.5)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from heapq import merge
from typing import Any

from feeds.clocks import LATEST, Clock, moved
from feeds.event import Event, Occurrence, Override, Problem, Time
from feeds.rule_forms import PERIODS
from feeds.rule_starts import starts
from feeds.rules import Frequency, Rule, RuleError, parse

_NAMES = tuple(field.name for field in fields(Event))
#: What one date of a series does not have.
OF_SERIES: dict[str, Any] = {
    "rrule": None,
    "rdates": (),
    "exdates": (),
    "overrides": (),
    "vtimezone": None,
}
_TICK = timedelta(microseconds=1)


def is_series(event: Event) -> bool:
    """Whether it has, or may have, more than one date."""
    return bool(event.rrule or event.rdates or event.overrides)


def screened(rrule: str, *, all_day: bool) -> Rule:
    """The rule for a series of whole days, or of times. Raises RuleError if it can't be expanded.

    Hours and minutes mean nothing for whole days (RFC 5545, 3.3.10).
    """
    rule = parse(rrule)
    if not all_day:
        return rule
    if rule.frequency > Frequency.DAILY:
        raise RuleError("recurrence.unreadable")
    return replace(rule, hours=(), minutes=(), seconds=())


def problem(event: Event, code: str, **params: str | int) -> Problem:
    """A problem with the dates of this event."""
    return Problem(code, event.uid or event.summary or "", params)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How dates are told from one of them on: as the series says, or as a THISANDFUTURE does."""

    changes: Mapping[str, Any]
    shift: timedelta
    length: timedelta | None


@dataclass(frozen=True, slots=True)
class Told:
    """One date: its original start, when it is, and what else is told differently."""

    original: Time
    start: Time
    end: Time | None
    changes: Mapping[str, Any]


class Series:
    """An event that has a start, made ready to be asked for its dates."""

    def __init__(self, event: Event, first: Time) -> None:
        self.problems = list[Problem]()
        self.clock = clock = Clock(event, first)
        self._event = event
        self._first = clock.wall(first)
        self.rule = self._parsed()
        self._until = self._until_wall()
        self._template = {name: getattr(event, name) for name in _NAMES} | OF_SERIES
        self._told = _Telling({}, timedelta(), clock.length(first, event.end))
        self._overrides = {clock.key(each.recurrence_id): each for each in event.overrides}
        self._ranges = self._range_tellings()
        timed = not clock.all_day
        self._days_without = {
            each for each in event.exdates if timed and not isinstance(each, datetime)
        }
        self._without = {
            clock.key(each) for each in event.exdates if each not in self._days_without
        }
        self._lengths = {
            clock.wall(each.start): length
            for each in event.rdates
            if (length := clock.length(each.start, each.end)) is not None
        }

    @property
    def reach(self) -> tuple[timedelta, timedelta]:
        """How long before and after a moment the originals of dates at that moment may lie."""
        tellings = [self._told, *(telling for _, telling in self._ranges)]
        before = [each.shift + (each.length or timedelta()) for each in tellings]
        after = [-each.shift for each in tellings]
        return max(*before, *self._lengths.values(), timedelta()), max(*after, timedelta())

    def dates(self, begin: datetime, stop: datetime) -> Iterator[Told]:
        """The dates that no override tells, by original starts from begin to before stop (naive,
        by this clock), in their order. Raises RuleError where the rule asks for too much."""
        for original in self._originals(begin, stop):
            if told := self._at(original):
                yield told

    def told_anew(self) -> Iterator[Told]:
        """The dates that an override tells, whether or not the rule gives them."""
        for key, each in self._overrides.items():
            if not self._is_left_out(key, self.clock.wall(each.recurrence_id)):
                yield self._by_override(each)

    def occurrence(self, told: Told) -> Occurrence:
        """The date as an Occurrence."""
        own = {"recurrence_id": told.original, "start": told.start, "end": told.end}
        return Occurrence(told.original, Event(**{**self._template, **told.changes, **own}))

    def last(self) -> Iterator[Told]:
        """Dates of which one is the last, if the series ends. Raises RuleError."""
        walls = [self._first, *(self.clock.wall(each.start) for each in self._event.rdates)]
        if self.rule:
            walls += self._last_of_rule(self.rule)
        yield from (each for wall in walls if (each := self._at(wall)))
        yield from self.told_anew()

    def _parsed(self) -> Rule | None:
        """The rule as it is meant for this series; a bad one is a problem."""
        if not self._event.rrule:
            return None
        try:
            return screened(self._event.rrule, all_day=self.clock.all_day)
        except RuleError as error:
            self.problems.append(problem(self._event, error.code))
            return None

    def _until_wall(self) -> datetime | None:
        until = self.rule.until if self.rule else None
        if until is None or isinstance(until, datetime):
            return None if until is None else self.clock.wall(until)
        return datetime.combine(until, time.max)  # that whole day

    def _range_tellings(self) -> list[tuple[datetime, _Telling]]:
        """Each THISANDFUTURE by the wall time it begins at, in order."""
        ranged = [each for each in self._event.overrides if each.range]
        pairs = [(self.clock.wall(each.recurrence_id), self._telling(each)) for each in ranged]
        return sorted(pairs, key=lambda pair: pair[0])

    def _telling(self, override: Override) -> _Telling:
        kept = {
            name: value
            for name, value in override.changes.items()
            if name not in {"start", "end", "all_day", "zone"}
        }
        if "all_day" in override.changes:  # its times say nothing about those of other dates
            return _Telling(kept, timedelta(), self._told.length)
        told = self._by_override(override)
        wall = self.clock.wall(told.start)
        shift = wall - self.clock.wall(override.recurrence_id)
        return _Telling(kept, shift, self.clock.length(told.start, told.end))

    def _originals(self, begin: datetime, stop: datetime) -> Iterator[datetime]:
        """The original starts from begin to before stop, in order, each once."""
        extra = {self.clock.wall(each.start) for each in self._event.rdates}
        if self._until is None or self._first <= self._until:
            extra.add(self._first)  # RFC 5545, 3.8.5.3: DTSTART counts, whatever the rule gives
        by_rule: Iterable[datetime] = ()
        if self.rule:
            by_rule = starts(self.rule, self._first, begin, stop, self._until)
        last = None
        for wall in merge(sorted(each for each in extra if begin <= each < stop), by_rule):
            if wall != last:
                yield wall
            last = wall

    def _at(self, original: datetime) -> Told | None:
        """The date of an original start; None where it is left out, or told by an override."""
        try:
            shown = self.clock.shown(original)
            key = self.clock.key_of(shown)
            if key in self._overrides or self._is_left_out(key, original):
                return None
            telling = self._telling_of(original)
            begin = original + telling.shift
            start = self.clock.shown(begin) if telling.shift else shown
            end = self.clock.later(start, self._lengths.get(original, telling.length))
        except OverflowError:  # past the year 9999
            return None
        return Told(shown, start, end, telling.changes)

    def _is_left_out(self, key: Time, original: datetime) -> bool:
        return key in self._without or original.date() in self._days_without

    def _telling_of(self, original: datetime) -> _Telling:
        at = bisect_right(self._ranges, original, key=lambda pair: pair[0])
        return self._ranges[at - 1][1] if at else self._told

    def _by_override(self, override: Override) -> Told:
        """The date as the override tells it; what it does not change is as in the series."""
        original, changes = self.clock.placed(override.recurrence_id), override.changes
        start, end = changes.get("start", original), changes.get("end")
        if "end" not in changes:
            end = self.clock.later(original, self._told.length)
        return Told(original, start if start is not None else original, end, changes)

    def _last_of_rule(self, rule: Rule) -> list[datetime]:
        """The last start by the rule that stands, or []. Raises RuleError where it is too far."""
        if rule.count is not None or self._until is None:
            every = starts(rule, self._first, self._first, LATEST, self._until)
            return self._last_standing(list(every))
        span, stop = PERIODS[rule.frequency] * min(rule.interval, 1000) * 8, self._until
        while stop > self._first:
            begin = max(self._first, moved(stop, -span))
            found = list(starts(rule, self._first, begin, moved(stop, _TICK), self._until))
            if standing := self._last_standing(found):
                return standing
            stop, span = begin, span * 4
        return []

    def _last_standing(self, walls: Sequence[datetime]) -> list[datetime]:
        return next(([wall] for wall in reversed(walls) if self._at(wall)), [])
