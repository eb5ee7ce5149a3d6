"""By which key an event of one source is found again at the next poll.

In this order: its uid where that is unique in the reading (an orphan override with its
recurrence_id), its address where that is unique, else a key that we assign and find again by
what the entry says. A current start or title never makes a key. An entry that loses or gains a
name of its own keeps the key that it had.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.domain.changes import facts_digest
from feeds.event import Event
from feeds.facts import digest, to_facts

#: Begins a key that we assigned.
ASSIGNED = "~"


#: A longer name is kept as its digest.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a sighting that no entry names now."""

    key: str
    digest: str
    summary: str | None
    start: str | None
    url: str | None


#: What an entry says, and what a sighting said, of one thing.
_Trait = tuple[Callable[[Mapping[str, Any]], object], Callable[[Known], object]]
_ALL: _Trait = (facts_digest, lambda old: old.digest)
_TITLE_AND_START: _Trait = (
    lambda new: (new["summary"], new["start"]),
    lambda old: (old.summary, old.start),
)
#: It had its address for a name, or its uid while nobody else had that too.
_OLD_NAME: tuple[_Trait, ...] = (
    (lambda new: _short(f"l:{new['url']}"), lambda old: old.key),
    (lambda new: (_short(f"u:{new['uid']}"), new["url"]), lambda old: (old.key, old.url)),
)
_LIKELY: tuple[_Trait, ...] = (
    (lambda new: (new["summary"], new["url"]), lambda old: (old.summary, old.url)),
    (lambda new: (new["start"], new["url"]), lambda old: (old.start, old.url)),
)


def keys(
    events: Sequence[Event],
    known: Iterable[Known],
    new: Callable[[int], str],
    seen: Collection[str] = (),
) -> tuple[str, ...]:
    """A key for each event, in order; unique. `new(n)` makes the n-th key never used before.

    seen are the keys of all sightings; known are those that no entry names now.
    """
    found, left = natural(events), [*known]
    strange = [index for index, key in enumerate(found) if key is not None and key not in seen]
    nameless = [index for index, key in enumerate(found) if key is None]
    had = _align(events, strange, left, (_ALL, *_OLD_NAME))
    assigned = [old for old in _others(left, had) if old.key.startswith(ASSIGNED)]
    had |= _align(events, [n for n in strange if n not in had], assigned, (_TITLE_AND_START,))
    had |= _align(events, nameless, _others(left, had), (_ALL, _TITLE_AND_START, *_LIKELY))
    return tuple(had.get(n) or key or ASSIGNED + new(n) for n, key in enumerate(found))


def natural(events: Sequence[Event]) -> list[str | None]:
    """The feed's own names, where they name one event alone."""
    uids = [_uid(event) for event in events]
    urls = [event.url for event in events]
    how_often, seen = Counter(uids), Counter(urls)
    return [
        _short(f"u:{uid}")
        if uid and how_often[uid] == 1
        else _short(f"l:{url}")
        if url and seen[url] == 1
        else None
        for uid, url in zip(uids, urls, strict=True)
    ]


def _uid(event: Event) -> str | None:
    """The uid; of an orphan override with the date it speaks of."""
    if not event.uid or event.recurrence_id is None:
        return event.uid
    return f"{event.uid}#{event.recurrence_id.isoformat()}"


def _short(name: str) -> str:
    """A name that an index can hold: PostgreSQL's ends at 2,704 bytes."""
    return name if len(name) <= LONGEST else name[:2] + digest(name)


def _others(known: Iterable[Known], had: Mapping[int, str]) -> list[Known]:
    taken = {*had.values()}
    return [old for old in known if old.key not in taken]


def _align(
    events: Sequence[Event], wanted: Sequence[int], known: Sequence[Known], traits: Iterable[_Trait]
) -> dict[int, str]:
    """The key that each of the wanted events had: first by all they say, then by ever less."""
    found: dict[int, str] = {}
    entries = {index: to_facts(events[index]) for index in (wanted if known else ())}
    for of_new, of_old in traits:
        free: dict[object, list[str]] = {}
        for old in _others(known, found):
            free.setdefault(of_old(old), []).append(old.key)
        for index, entry in entries.items():
            if index not in found and (keys_left := free.get(of_new(entry))):
                found[index] = keys_left.pop(0)
    return found
