"""One VEVENT → an Event: when it is (RFC 5545, 3.6.1 and 3.8.5). What it says: `ical_words`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feeds.clocks import at_time_of, is_before
from feeds.event import Event, Period, Time
from feeds.ical_lines import Line, duration
from feeds.ical_source import Source
from feeds.ical_times import Frame, Spot, ended, frame, spot
from feeds.ical_words import words_of
from feeds.rules import RuleError, tidy
from feeds.series import screened
from feeds.text import line

#: More dates than this in one RDATE or EXDATE list are no list that a person made.
_MOST_DATES = 5_000


@dataclass(frozen=True, slots=True)
class Built:
    """An Event, and the clock that its times stand on (None without a start)."""

    event: Event
    clock: Frame | None = None


def built(source: Source, master: Built | None = None) -> Built:
    """The Event of one VEVENT. With a RECURRENCE-ID it is one date of a series: of master, if
    that is in the feed."""
    told = words_of(source)
    start = source.properties.first("DTSTART")
    begin = spot(start.value.strip(), start, source.zones) if start else None
    if start and begin is None:
        source.doubt("event.date_unread", text=line(start.value) or "")
    single = source.properties.has("RECURRENCE-ID")
    rule = None if single else _rule(source, all_day=bool(begin and begin.is_date))
    extra = [] if single else list(_listed(source, "RDATE"))
    series = bool(rule or extra)
    original = source.spot("RECURRENCE-ID")
    if begin is None and master:
        begin = original  # an override that says no start is on its original one
    if begin is None:
        return Built(Event(**told, kind="notice"))
    clock = frame(begin, source.zones, series=series, within=master.clock if master else None)
    try:
        times = _times(source, begin, clock)
        told |= _of_series(source, times["start"], clock, rule, extra) if series else {}
        if original:
            told["recurrence_id"] = _original(original, clock, times["start"], master)
    except OverflowError:
        source.doubt("event.date_unread", text=line(start.value if start else "") or "")
        return Built(Event(**told, kind="notice"))
    return Built(Event(**told, **times), clock)


def _times(source: Source, begin: Spot, clock: Frame) -> dict[str, Any]:
    """start, end, all_day and zone. Raises OverflowError."""
    start = clock.place(begin)
    end = _end(source, start, clock)
    zone = clock.zone.name if clock.zone else None
    return {"start": start, "end": end, "all_day": clock.all_day, "zone": zone}


def _end(source: Source, start: Time, clock: Frame) -> Time | None:
    told = source.properties.first("DURATION")
    length = duration(told.value) if told else None
    if told and length is None:
        source.unread("DURATION")
    stop = source.spot("DTEND")
    end = ended(start, stop, length, clock)
    if end is None:
        if stop is not None:
            source.unread("DTEND")
        return None
    if is_before(end, start):
        source.doubt("event.end_before_start")
    elif not clock.all_day or end != start:
        return end
    return ended(start, None, None, clock)


def _rule(source: Source, *, all_day: bool) -> str | None:
    """The rule, if there is exactly one that can be expanded."""
    read = source.properties
    rules = list(dict.fromkeys(tidy(each.value) for each in read.all("RRULE")))
    rules = [each for each in rules if each]
    if read.has("EXRULE") or len(rules) > 1:
        source.doubt("ical.several_rules")
        return None
    if not rules:
        return None
    try:
        screened(rules[0], all_day=all_day)
    except RuleError as error:
        source.doubt(error.code)
        return None
    return rules[0]


def _listed(source: Source, name: str) -> Iterator[tuple[Spot, str, Line]]:
    """The times of an RDATE or EXDATE, each with what stands behind a slash (a PERIOD's end)."""
    count = 0
    for found in source.properties.all(name):
        for text in found.value.split(","):
            begin, _, end = text.strip().partition("/")
            read = spot(begin, found, source.zones) if begin else None
            if read:
                yield read, end, found
            elif begin:
                source.unread(name)
            count += 1
            if count >= _MOST_DATES:
                source.unread(name)
                return


def _of_series(
    source: Source,
    start: Time,
    clock: Frame,
    rule: str | None,
    extra: list[tuple[Spot, str, Line]],
) -> dict[str, Any]:
    """What only a series has. Raises OverflowError."""
    periods = [_period(source, each, start, clock) for each in extra]
    without = [clock.place(at) for at, _, _ in _listed(source, "EXDATE")]
    own = clock.zone.text if clock.zone else None
    return {
        "rrule": rule,
        "rdates": tuple(dict.fromkeys(periods)),
        "exdates": tuple(dict.fromkeys(without)),
        "vtimezone": own,
    }


def _period(source: Source, extra: tuple[Spot, str, Line], start: Time, clock: Frame) -> Period:
    """One extra date; a date alone is at the series' time of day."""
    at, end_text, found = extra
    begin = _at_time(clock.place(at), start)
    if not end_text or not isinstance(begin, datetime):
        return Period(begin)
    length = duration(end_text) if end_text.startswith(("P", "p", "+", "-")) else None
    stop = spot(end_text, found, source.zones) if length is None else None
    end = ended(begin, stop, length, clock)
    if end is None or not isinstance(end, datetime) or is_before(end, begin):
        source.unread("RDATE")
        end = None
    return Period(begin, end)


def _original(at: Spot, clock: Frame, start: Time, master: Built | None) -> Time:
    """The original start, written like the start of the series. Raises OverflowError."""
    if master and master.clock and master.event.start is not None:
        return _at_time(master.clock.place(at), master.event.start)
    return _at_time(clock.place(at), start)


def _at_time(value: Time, like: Time) -> Time:
    """A date in a series of times, at that series' time of day."""
    if isinstance(value, datetime) or not isinstance(like, datetime):
        return value
    return at_time_of(value, like).replace(tzinfo=like.tzinfo)
