"""By which key an event of one source is found again at the next poll.

In this order: its uid where that is unique in the reading (an orphan override with its
recurrence_id), its address where that is unique, else a key that we assign and find again by
what the entry says. A current start or title never makes a key.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.domain.changes import facts_digest
from feeds.event import Event
from feeds.facts import to_facts

#: Begins a key that we assigned.
ASSIGNED = "~"


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a sighting whose key we assigned."""

    key: str
    digest: str
    summary: str | None
    start: str | None
    url: str | None


def keys(
    events: Sequence[Event], known: Iterable[Known], new: Callable[[int], str]
) -> tuple[str, ...]:
    """A key for each event, in order; unique. `new(n)` makes the n-th key never used before."""
    natural = _natural(events)
    nameless = [index for index, key in enumerate(natural) if key is None]
    aligned = _align([to_facts(events[index]) for index in nameless], [*known])
    found = dict(zip(nameless, aligned, strict=True))
    return tuple(
        key if key is not None else (found[index] or ASSIGNED + new(index))
        for index, key in enumerate(natural)
    )


def _natural(events: Sequence[Event]) -> list[str | None]:
    """The feed's own names, where they name one event alone."""
    uids = [_uid(event) for event in events]
    urls = [event.url for event in events]
    how_often, seen = Counter(uids), Counter(urls)
    return [
        f"u:{uid}"
        if uid and how_often[uid] == 1
        else f"l:{url}"
        if url and seen[url] == 1
        else None
        for uid, url in zip(uids, urls, strict=True)
    ]


def _uid(event: Event) -> str | None:
    """The uid; of an orphan override with the date it speaks of."""
    if not event.uid or event.recurrence_id is None:
        return event.uid
    return f"{event.uid}#{event.recurrence_id.isoformat()}"


def _align(entries: Sequence[Mapping[str, object]], known: list[Known]) -> list[str | None]:
    """For each entry the assigned key it had: first by all it says, then by ever less."""
    found: list[str | None] = [None] * len(entries)
    traits: tuple[
        tuple[Callable[[Mapping[str, object]], object], Callable[[Known], object]], ...
    ] = (
        (facts_digest, lambda old: old.digest),
        (lambda new: (new["summary"], new["start"]), lambda old: (old.summary, old.start)),
        (lambda new: (new["summary"], new["url"]), lambda old: (old.summary, old.url)),
        (lambda new: (new["start"], new["url"]), lambda old: (old.start, old.url)),
    )
    for of_new, of_old in traits:
        free: dict[object, list[str]] = {}
        for old in known:
            if old.key not in found:
                free.setdefault(of_old(old), []).append(old.key)
        for index, entry in enumerate(entries):
            if found[index] is None and (keys_left := free.get(of_new(entry))):
                found[index] = keys_left.pop(0)
    return found
