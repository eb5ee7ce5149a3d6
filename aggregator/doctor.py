"""Checks the set-up and every invariant of docs/architecture.md whose tables exist.

Each check is a function from an open door to findings; `python -m aggregator doctor` prints them
with how to mend each, and tests run the same code after every story.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from cryptography.fernet import InvalidToken
from redis import Redis
from redis.exceptions import RedisError

from aggregator.domain.changes import facts_digest, material_digest
from aggregator.domain.dates import HORIZON, Date, dates
from aggregator.domain.delivering import LEASE
from aggregator.domain.resolve import resolve
from aggregator.domain.tagging import marks
from aggregator.services import channels, deriving, library
from aggregator.services.house import House
from aggregator.services.publishing import rendered
from aggregator.storage import checks, events, journal, locks, reviews, search, tags
from aggregator.storage import house as settings
from aggregator.storage.doors import Reader
from feeds.facts import from_facts


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `code` makes the sentence and how to mend it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    weight: Literal["broken", "warning"] = "broken"


Check = Callable[[House, Reader], Iterator[Finding]]


def examine(house: House) -> list[Finding]:
    """Everything that is not as it should be, invariants first."""
    return [*invariants(house), *set_up(house)]


def invariants(house: House) -> list[Finding]:
    """What the tables say that can't be."""
    with house.database.reading() as tx:
        return [finding for check in INVARIANTS for finding in check(house, tx)]


def set_up(house: House) -> Iterator[Finding]:
    """What whoever installs it should know."""
    wanted = house.settings
    if wanted.contact is None:
        yield Finding("doctor.contact", weight="warning")
    if wanted.public_url is None:
        yield Finding("doctor.public_url", weight="warning")
    for address, port in sorted(wanted.allow_private):
        yield Finding("doctor.allowed", {"address": address, "port": port}, "warning")
    try:
        with Redis.from_url(wanted.queue_url, socket_timeout=2) as queue:
            queue.ping()
    except (RedisError, OSError) as error:
        yield Finding("doctor.queue", {"reason": str(error)}, "warning")
    with house.database.reading() as tx:
        if not checks.administrators(tx):
            yield Finding("doctor.administrator", weight="warning")
        for row in checks.channels(tx):
            try:
                channels.unseal(house, row.settings)
            except InvalidToken:
                yield Finding("doctor.locked", {"channel": row.name})
        for row in checks.failing(tx):
            yield Finding("doctor.failing", {"url": row.url, "times": row.failures}, "warning")


def _facts(_house: House, tx: Reader) -> Iterator[Finding]:
    """1. event.facts = resolve(its sightings, its locks); the digests name them."""
    for row in _every(tx):
        found = resolve(events.accounts(tx, row.id), locks.of_event(tx, row.id))
        told, same = found.facts, found.provenance == row.provenance
        same = same and told == row.facts and facts_digest(told) == row.facts_digest
        if not same or material_digest(told) != row.material_digest:
            yield Finding("doctor.facts", {"event": row.pid})


def _dates(house: House, tx: Reader) -> Iterator[Finding]:
    """2. occurrence = expand(event, expanded_until)."""
    zone = library.zone(tx)
    for row in _every(tx):
        day = row.expanded_until - HORIZON if row.expanded_until else house.clock()
        wanted = {_date(each) for each in dates(from_facts(row.facts), day, zone)}
        if wanted != checks.dates(tx, row.id):
            yield Finding("doctor.dates", {"event": row.pid})


def _failed_reads(_house: House, tx: Reader) -> Iterator[Finding]:
    """3. A failed read writes no sighting and no change."""
    for row in checks.failed_fetches_with_effect(tx):
        yield Finding("doctor.failed_read", {"source": row.source_id})


def _reviews(_house: House, tx: Reader) -> Iterator[Finding]:
    """6. review.state is the last decision in the journal."""
    for row in _every(tx):
        if row.state != (journal.last_state(tx, row.id) or "NEW"):
            yield Finding("doctor.review", {"event": row.pid, "state": row.state})


def _live_keys(_house: House, tx: Reader) -> Iterator[Finding]:
    """7. One live CREATE per (event, rid, moment, channel)."""
    for row in checks.deliveries(tx):
        ended = row.state in {"CANCELLED", "EXPIRED", "FAILED"}
        wanted = f"{row.event_id}:{row.rid}:{row.moment}:{row.channel_id}"
        free_form = row.event_id is None and row.live_key is not None
        keyless = ended or row.action != "CREATE"
        if not (row.live_key is None if keyless else free_form or row.live_key == wanted):
            yield Finding("doctor.live_key", {"delivery": row.id})


def _sent(house: House, tx: Reader) -> Iterator[Finding]:
    """8. SENT has a remote id, or its network has none; the wire has an attempt row.

    What is done by hand never was on the wire, and is SENT because a person said so.
    """
    for row in checks.deliveries(tx):
        if row.way == "by_hand" and row.attempts:
            yield Finding("doctor.sent", {"delivery": row.id})
        if row.state != "SENT" or checks.answered_by_a_person(tx, row.id):
            continue
        network = house.networks.get(row.network)
        nameless = network is None or not network.abilities.searchable
        if not row.attempts or (row.remote_id is None and not nameless):
            yield Finding("doctor.sent", {"delivery": row.id})


def _stuck(house: House, tx: Reader) -> Iterator[Finding]:
    """8. A claim that ran out while sending becomes UNKNOWN, soon."""
    for row in checks.deliveries(tx):
        late = house.clock() - 2 * LEASE - timedelta(minutes=5)
        if row.state == "SENDING" and row.claim_until is not None and row.claim_until < late:
            yield Finding("doctor.stuck", {"delivery": row.id})


def _in_time(_house: House, tx: Reader) -> Iterator[Finding]:
    """9. No attempt at or after not_after; what tells old facts is held."""
    for row in checks.deliveries(tx):
        if row.not_after and row.last_attempt and row.last_attempt >= row.not_after:
            yield Finding("doctor.too_late", {"delivery": row.id})
        new = row.state == "QUEUED" and row.action == "CREATE" and row.event_id
        if new and row.facts_digest != row.material_digest:
            yield Finding("doctor.old_facts", {"delivery": row.id})


def _blocks(_house: House, tx: Reader) -> Iterator[Finding]:
    """10. The calendar's block is what the event's facts give, with its pid and sequence."""
    install_id = settings.install_id(tx)
    for row in _every(tx):
        wanted = rendered(
            from_facts(row.facts),
            pid=row.pid,
            install_id=install_id,
            sequence=row.sequence,
            changed_at=row.changed_at,
            arrived_at=row.arrived_at,
            partner=row.partner,
        )
        if (row.ics_block, row.ics_zones) != (wanted["ics_block"], wanted["ics_zones"]):
            yield Finding("doctor.block", {"event": row.pid})


def _lists(_house: House, tx: Reader) -> Iterator[Finding]:
    """14. What lists go by is what the event says: words, tags, twin key, review's columns.

    While the workers still go through all events, words and tags are not looked at.
    """
    wrong = {row.pid for row in [*reviews.wrong(tx), *search.wrong(tx)]}
    held = deriving.groups(tx)
    for rows in () if deriving.is_behind(tx) else _batches(tx):
        ids = [row.id for row in rows]
        kept, marked = tags.of(tx, ids), reviews.marked(tx, ids)
        for row in rows:
            wanted = deriving.columns(row.facts, row.partner, held)
            have = {"search_text": row.search_text, "twin_key": row.twin_key, "tags": kept[row.id]}
            if wanted != have or marked[row.id] != marks(kept[row.id]):
                wrong.add(row.pid)
    for pid in sorted(wrong):
        yield Finding("doctor.lists", {"event": pid})


INVARIANTS: tuple[Check, ...] = (
    _facts,
    _dates,
    _failed_reads,
    _reviews,
    _live_keys,
    _sent,
    _stuck,
    _in_time,
    _blocks,
    _lists,
)


def _every(tx: Reader) -> Iterator[Any]:
    for rows in _batches(tx):
        yield from rows


def _batches(tx: Reader) -> Iterator[Sequence[Any]]:
    after = 0
    while rows := events.batch(tx, after, None):
        yield rows
        after = rows[-1].id


def _date(each: Date) -> tuple[object, ...]:
    return (each.rid, each.start_at, each.end_at, each.start_wall, each.all_day, each.status)
