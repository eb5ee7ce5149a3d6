"""What a reading means for the tables, worked out before a transaction to write is opened.

The host's claim makes us the only one who writes this source's sightings, so what is looked up
here still holds when `storing` writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.absence import CUT_OFF, Absent, Remembered, absent
from aggregator.domain.changes import facts_digest, material_digest
from aggregator.domain.dates import HORIZON, Date, dates, ends
from aggregator.domain.identity import keys
from aggregator.services import library
from aggregator.services.polls import Poll
from aggregator.services.publishing import rendered
from aggregator.storage import events, house, partners
from aggregator.storage.doors import Database
from aggregator.storage.events import Seen
from aggregator.storage.ids import new_pid
from feeds.event import Event, Reading
from feeds.facts import to_facts
from feeds.recurrence import is_series


@dataclass(frozen=True, slots=True)
class Place:
    """What every event of a source shares."""

    zone: ZoneInfo  # the library's
    install_id: str
    partner: str
    now: datetime


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that its source tells for the first time."""

    key: str
    uid: str | None
    row: Mapping[str, Any]
    dates: Sequence[Date]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a reading brings: new events, changed ones with their facts, and what is missing.

    `back` are sightings that had been missing; `same` counts those that tell nothing new.
    """

    place: Place
    new: tuple[NewEvent, ...]
    changed: tuple[tuple[Seen, Mapping[str, Any]], ...]
    back: tuple[int, ...]
    same: int
    missing: Absent


def prepare(database: Database, poll: Poll, reading: Reading) -> Prepared:
    """Hold the reading against what is remembered of its source."""
    with database.reading() as tx:
        partner = partners.by_id(tx, poll.source.partner_id)
        place = Place(
            library.zone(tx), house.install_id(tx), partner.name if partner else "", poll.at
        )
        seen, known = events.seen(tx, poll.source.id), events.known(tx, poll.source.id)
        remembered = [Remembered(*tuple(row)) for row in events.here(tx, poll.source.id)]
    named = dict(
        zip(keys(reading.events, known, lambda _: new_pid(poll.at)), reading.events, strict=True)
    )
    changed, same = [], 0
    for key in named.keys() & seen.keys():
        facts = to_facts(named[key])
        if facts_digest(facts) == seen[key].digest:
            same += 1
        else:
            changed.append((seen[key], facts))
    listed = {key: dates(event, poll.at, place.zone) for key, event in named.items()}
    return Prepared(
        place=place,
        new=tuple(
            _new(place, poll.source.partner_id, key, event, listed[key])
            for key, event in named.items()
            if key not in seen
        ),
        changed=tuple(sorted(changed, key=lambda each: each[0].event_id)),
        back=tuple(
            seen[key].id for key in named.keys() & seen.keys() if seen[key].presence != "HERE"
        ),
        same=same,
        missing=_missing(reading, named, listed, remembered, poll.at),
    )


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
    return {
        "kind": event.kind,
        "facts": facts,
        "facts_digest": facts_digest(facts),
        "material_digest": material_digest(facts),
        "sequence": sequence,
        "changed_at": place.now,
        "first_start": min((each.start_at for each in listed), default=None),
        "last_end": ends(event, place.zone),
        "expanded_until": place.now + HORIZON if is_series(event) else None,
        "image_due_at": place.now if event.image else None,
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


def _new(place: Place, partner_id: int, key: str, event: Event, listed: Sequence[Date]) -> NewEvent:
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
