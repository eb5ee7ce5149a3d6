"""Which entries of one reading are the same event told twice (the contract, "Identity")."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from feeds.event import Event, Problem
from feeds.facts import canonical, time_text, to_facts

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def distinct(events: Sequence[Event]) -> tuple[tuple[Event, ...], tuple[Problem, ...]]:
    """events without repetitions, in their order, and a problem for each uid that means several.

    Of equal uid (and recurrence_id) the higher sequence stands, then the later update; where
    both are equal, other starts are other events, and of equal starts the greater in canonical
    JSON stands, so that order does not matter. Without uid only what is equal throughout is one.
    """
    groups = dict[tuple[str, ...], list[int]]()
    for place, event in enumerate(events):
        groups.setdefault(_key(event), []).append(place)
    kept, problems = set[int](), list[Problem]()
    for places in groups.values():
        stand = _standing(events, places) if len(places) > 1 else places
        kept.update(stand)
        if len(stand) > 1:
            uid = events[stand[0]].uid or ""
            problems.append(Problem("event.same_uid", uid, {"count": len(stand)}))
    return tuple(events[place] for place in sorted(kept)), tuple(problems)


def _key(event: Event) -> tuple[str, ...]:
    if event.uid is None:
        return ("", canonical(to_facts(event)))
    return (event.uid, time_text(event.recurrence_id) if event.recurrence_id else "")


def _standing(events: Sequence[Event], places: Iterable[int]) -> list[int]:
    """The places of those that stand, of events with one key."""
    ranks = {place: _rank(events[place]) for place in places}
    newest = max(ranks.values())
    chosen = dict[str, int]()
    for place in (place for place, rank in ranks.items() if rank == newest):
        start = events[place].start
        told = time_text(start) if start else ""
        other = chosen.setdefault(told, place)
        if canonical(to_facts(events[place])) > canonical(to_facts(events[other])):
            chosen[told] = place
    return list(chosen.values())


def _rank(event: Event) -> tuple[int, datetime]:
    return event.sequence or 0, event.updated or _NEVER
