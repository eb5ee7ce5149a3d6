"""Events from VEVENTs: which of one UID stands, and which are dates of another's series.

RFC 5545, 3.8.4.4 and 3.8.7.4; which of several accounts stands: the contract, "Identity".
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from feeds.clocks import Clock
from feeds.event import Event, Override, Problem, Time
from feeds.facts import canonical, time_text, to_facts
from feeds.ical_event import Built, built
from feeds.ical_source import Source, is_override, is_private, reaches_on
from feeds.identity import distinct
from feeds.series import is_series

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
#: What an override never tells anew: who it is, and what belongs to the series as a whole.
_FIXED = frozenset(
    {"uid", "recurrence_id", "rrule", "rdates", "exdates", "overrides", "vtimezone", "kind"}
)
_TOLD = tuple(each.name for each in fields(Event) if each.name not in _FIXED)

#: An override as it was found, and as an Event.
Date = tuple[Source, Event]


def assembled(sources: Sequence[Source]) -> tuple[tuple[Event, ...], tuple[Problem, ...]]:
    """The events of a feed in its order: overrides inside their series, orphans by themselves.

    What is not for the public is left out; so is a private date of a public series.
    """
    masters = {
        each.number: built(each)
        for each in sources
        if not is_override(each) and not is_private(each)
    }
    events, problems = distinct([each.event for each in masters.values()])
    standing = {id(event) for event in events}
    masters = {at: each for at, each in masters.items() if id(each.event) in standing}
    dates, orphans = dict[int, list[Date]](), dict[int, Event]()
    series = _by_uid(masters)
    for source in filter(is_override, sources):
        at = series.get(source.uid or "")
        if at is not None:
            dates.setdefault(at, []).append((source, built(source, masters[at]).event))
        elif not is_private(source):
            orphans[source.number] = built(source).event
    alone, doubles = distinct(list(orphans.values()))
    kept = {id(event) for event in alone}
    found = {at: event for at, event in orphans.items() if id(event) in kept}
    found |= {at: _with_dates(each.event, dates.get(at, [])) for at, each in masters.items()}
    noted = (each for source in sources for each in source.problems)
    return tuple(found[at] for at in sorted(found)), (*noted, *problems, *doubles)


def _by_uid(masters: dict[int, Built]) -> dict[str, int]:
    """Which event the overrides of a UID belong to: of several a series, the last to begin."""
    found = dict[str, int]()
    ranked = sorted(masters.items(), key=lambda item: _series_rank(item[1].event))
    for at, master in ranked:
        if master.event.uid and master.event.start is not None:
            found[master.event.uid] = at
    return found


def _series_rank(event: Event) -> tuple[bool, str]:
    return is_series(event), time_text(event.start) if event.start is not None else ""


def _with_dates(event: Event, dates: Sequence[Date]) -> Event:
    """event with its overrides in the order of their dates; of two for one date one stands."""
    if not dates or event.start is None:
        return event
    clock = Clock(event, event.start)
    found, hidden = dict[Time, Date](), list[Time]()
    for source, date in sorted(dates, key=lambda each: _rank(each[1])):
        if date.recurrence_id is None:
            continue  # it can't be said which date it tells
        original = clock.placed(date.recurrence_id)
        if is_private(source):
            hidden.append(original)
        found[original] = source, date
    overrides = [
        Override(
            original,
            _changes(event, date, original, clock),
            "THISANDFUTURE" if reaches_on(source) else None,
        )
        for original, (source, date) in sorted(found.items(), key=lambda item: time_text(item[0]))
        if not is_private(source)
    ]
    exdates = tuple(dict.fromkeys([*event.exdates, *hidden]))
    return replace(event, overrides=tuple(overrides), exdates=exdates)


def _rank(event: Event) -> tuple[int, datetime, str]:
    """The later account of one date ranks higher; the rest makes the feed's order not matter."""
    return event.sequence or 0, event.updated or _NEVER, canonical(to_facts(event))


def _changes(series: Event, date: Event, original: Time, clock: Clock) -> dict[str, Any]:
    """What a date tells differently from the series, by fields of Event.

    A cancelled date need not repeat what the series says: only what it gives counts.
    """
    length = clock.length(series.start, series.end) if series.start is not None else None
    end = clock.later(original, length)
    usual = {name: getattr(series, name) for name in _TOLD} | {"start": original, "end": end}
    told = {name: getattr(date, name) for name in _TOLD}
    if date.status == "CANCELLED":
        told = {name: value for name, value in told.items() if value not in (None, ())}
    return {name: value for name, value in told.items() if _differs(value, usual[name])}


def _differs(told: Any, usual: Any) -> bool:
    """Whether two values differ; equal instants at other offsets do, as they are shown."""
    if isinstance(told, datetime) and isinstance(usual, datetime):
        return time_text(told) != time_text(usual)
    return bool(told != usual)
