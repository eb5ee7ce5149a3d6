"""What a reading means for the tables, worked out before a transaction to write is opened.

The host's claim makes us the only one who writes this source's sightings, so what is looked up
here still holds when `storing` writes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.absence import CUT_OFF, Absent, Remembered, absent
from aggregator.domain.changes import Change, compare, facts_digest, material_digest
from aggregator.domain.dates import Date, dates
from aggregator.domain.identity import ASSIGNED, keys, natural
from aggregator.domain.regular import is_weekly
from aggregator.domain.resolve import Lock, Resolved, resolve, unheeded
from aggregator.domain.tagging import Group
from aggregator.services import deriving, library
from aggregator.services.dating import span
from aggregator.services.polls import Poll
from aggregator.services.publishing import rendered
from aggregator.storage import events, house, locks, partners
from aggregator.storage.doors import Database, Reader
from aggregator.storage.events import Seen
from aggregator.storage.ids import new_pid
from feeds.event import Event, Reading
from feeds.facts import from_facts, to_facts
from feeds.recurrence import is_series


@dataclass(frozen=True, slots=True)
class Place:
    """What every event of a source shares."""

    zone: ZoneInfo  # the library's
    install_id: str
    partner: str
    now: datetime
    groups: tuple[Group, ...] = ()  # of patrons


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that its source tells for the first time."""

    key: str
    uid: str | None
    row: Mapping[str, Any]
    dates: Sequence[Date]


@dataclass(frozen=True, slots=True)
class ChangedEvent:
    """An event that its source tells anew; `row` are the columns that follow.

    `dates` is None where the event stays as it was, since staff locked what is told. `sequence`
    and `locks` are what the event and staff's words were when this was worked out.
    """

    place: Place
    seen: Seen
    facts: Mapping[str, Any]
    changes: Sequence[Change]
    row: Mapping[str, Any]
    dates: Sequence[Date] | None
    sequence: int
    locks: Sequence[Lock]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a reading brings: new events, changed ones, and what is missing.

    `back` are sightings that had been missing; `same` counts those that tell nothing new.
    """

    place: Place
    new: tuple[NewEvent, ...]
    changed: tuple[ChangedEvent, ...]
    back: tuple[int, ...]
    same: int
    missing: Absent


def of_partner(tx: Reader, partner_id: int, now: datetime) -> Place:
    """What every event of a source of this partner shares."""
    partner = partners.by_id(tx, partner_id)
    return Place(
        library.zone(tx),
        house.install_id(tx),
        partner.name if partner else "",
        now,
        deriving.groups(tx),
    )


def prepare(database: Database, poll: Poll, reading: Reading) -> Prepared:
    """Hold the reading against what is remembered of its source."""
    with database.reading() as tx:
        place = of_partner(tx, poll.source.partner_id, poll.at)
        seen = events.seen(tx, poll.source.id)
        known = events.known(tx, _unnamed(reading.events, seen))
        remembered = [Remembered(*tuple(row)) for row in events.here(tx, poll.source.id)]
    found = keys(reading.events, known, lambda _: new_pid(poll.at), seen.keys())
    named = dict(zip(found, reading.events, strict=True))
    again = {seen[key]: to_facts(named[key]) for key in named.keys() & seen.keys()}
    anew = {each: facts for each, facts in again.items() if facts_digest(facts) != each.digest}
    listed = {key: dates(event, poll.at, place.zone) for key, event in named.items()}
    with database.reading() as tx:
        told_anew = changed_events(tx, place, anew)
    return Prepared(
        place=place,
        new=tuple(
            new_event(place, poll.source.partner_id, key, event, listed[key])
            for key, event in named.items()
            if key not in seen
        ),
        changed=told_anew,
        back=tuple(each.id for each in again if each.presence != "HERE"),
        same=len(again) - len(anew),
        missing=_missing(reading, named, listed, remembered, poll.at),
    )


def _unnamed(told: Sequence[Event], seen: Mapping[str, Seen]) -> Iterable[int]:
    """Sightings that no entry names, and that an entry may be all the same."""
    names = {*natural(told)}
    for key, each in seen.items():
        if key not in names and (key.startswith(ASSIGNED) or each.presence == "HERE"):
            yield each.id


def columns(
    place: Place,
    event: Event,
    facts: Mapping[str, Any],
    listed: Sequence[Date],
    *,
    pid: str,
    sequence: int,
    arrived_at: datetime,
) -> dict[str, Any]:
    """What of an event's row follows from its facts."""
    spanned = span(event, listed, place.now, place.zone)
    is_over = spanned["last_end"] is not None and spanned["last_end"] <= place.now
    return {
        "kind": event.kind,
        "facts": facts,
        "facts_digest": facts_digest(facts),
        "material_digest": material_digest(facts),
        "sequence": sequence,
        "weekly": is_weekly(event),
        "changed_at": place.now,
        **spanned,
        **deriving.columns(facts, place.partner, place.groups),
        "image_due_at": place.now if event.image and not is_over else None,
        **rendered(
            event,
            pid=pid,
            install_id=place.install_id,
            sequence=sequence,
            changed_at=place.now,
            arrived_at=arrived_at,
            partner=place.partner,
        ),
    }


def changed_events(
    tx: Reader, place: Place, anew: Mapping[Seen, Mapping[str, Any]]
) -> tuple[ChangedEvent, ...]:
    """Each event's facts are resolved again from all that tell of it."""
    ids = [each.event_id for each in anew]
    rows, accounts = events.by_ids(tx, ids), events.accounts_of(tx, ids)
    held = locks.of_events(tx, ids)
    found = []
    for each, facts in sorted(anew.items(), key=lambda item: item[0].event_id):
        before, ours, old = rows[each.event_id], held[each.event_id], accounts[each.event_id]
        new = [(n, facts if n == each.id else told) for n, told in old]
        row, listed, changes = followed(place, before, resolve(new, ours))
        changes += unheeded(old, new, ours)
        found.append(ChangedEvent(place, each, facts, changes, row, listed, before.sequence, ours))
    return tuple(found)


def followed(
    place: Place, before: Any, resolved: Resolved
) -> tuple[dict[str, Any], Sequence[Date] | None, tuple[Change, ...]]:
    """The columns that follow from what an event is by now, its dates, and what differs.

    Where nothing differs, what residents see stays: no dates, no sequence, no later stamp.
    """
    after = resolved.facts
    changes = compare(before.facts, after)
    if not changes:
        return {"facts": after, "provenance": resolved.provenance}, None, changes
    event = from_facts(after)
    listed = dates(event, place.now, place.zone)
    row = columns(
        place,
        event,
        after,
        listed,
        pid=before.pid,
        sequence=before.sequence + 1,
        arrived_at=before.arrived_at,
    )
    if event.image == before.facts["image"] and (before.image or before.image_due_at):
        del row["image_due_at"]
    elif event.image is None:
        row["image"] = None  # the partner took it back
    return {**row, "provenance": resolved.provenance}, listed, changes


def new_event(
    place: Place, partner_id: int, key: str, event: Event, listed: Sequence[Date]
) -> NewEvent:
    """The rows of an event that is told for the first time."""
    pid, facts = new_pid(place.now), to_facts(event)
    row = {
        "pid": pid,
        "partner_id": partner_id,
        "arrived_at": place.now,
        **columns(place, event, facts, listed, pid=pid, sequence=0, arrived_at=place.now),
    }
    return NewEvent(key, event.uid, row, listed)


def _missing(
    reading: Reading,
    named: Mapping[str, Event],
    listed: Mapping[str, Sequence[Date]],
    remembered: Sequence[Remembered],
    now: datetime,
) -> Absent:
    """What the feed holds no longer; an empty or cut-off reading says nothing of that."""
    if not named or any(problem.code in CUT_OFF for problem in reading.problems):
        return Absent()
    starts = [
        listed[key][0].start_at
        for key, event in named.items()
        if listed[key] and not is_series(event)
    ]
    window = (min(starts), max(starts)) if starts else None
    return absent(remembered, named.keys(), window, now)
