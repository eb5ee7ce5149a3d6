"""From a poll to rows: one transaction for a source that changed, one for many that did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.changes import facts_digest
from aggregator.domain.health import Answer, answered, noted
from aggregator.domain.polling import next_poll
from aggregator.services import correcting, library
from aggregator.services.polls import Poll
from aggregator.services.preparing import (
    ChangedEvent,
    NewEvent,
    Prepared,
    changed_events,
    prepare,
)
from aggregator.services.trusting import list_new
from aggregator.storage import (
    deliveries,
    events,
    hosts,
    journal,
    links,
    locks,
    reviews,
    revisions,
    sources,
)
from aggregator.storage.doors import Database, Writer
from aggregator.storage.hosts import Claim
from feeds.registry import READER_VERSION

ACTOR = "townboard"


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of a poll, as its record tells."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0

    def columns(self) -> dict[str, int]:
        return {
            "n_new": self.new,
            "n_changed": self.changed,
            "n_same": self.same,
            "n_gone": self.gone,
        }


def store(database: Database, held: Claim, poll: Poll) -> Counts | None:
    """Write what a poll brought. None: the host is another owner's by now, who asks again."""
    prepared = prepare(database, poll, poll.reading) if poll.reading is not None else None
    with database.writing() as tx:
        zone = library.zone(tx)
        return _store(tx, poll, prepared, zone) if hosts.holds(tx, held) else None


def store_unchanged(database: Database, polls: Sequence[tuple[Claim, Poll]]) -> None:
    """Write many polls that brought nothing, together."""
    with database.writing() as tx:
        zone = library.zone(tx)
        for held, poll in polls:
            if hosts.holds(tx, held):
                _store(tx, poll, None, zone)


def _store(tx: Writer, poll: Poll, prepared: Prepared | None, zone: ZoneInfo) -> Counts:
    fetched = poll.fetched
    fetch_id = sources.record_fetch(
        tx,
        poll.source.id,
        poll.at,
        {
            "outcome": poll.outcome,
            "params": dict(poll.params),
            "status": fetched.status if fetched else None,
            "bytes": fetched.bytes if fetched else None,
            "ms": poll.ms,
            "problems": _problems(poll),
        },
    )
    counts = Counts()
    if prepared is not None:
        counts = _store_events(tx, poll, prepared, fetch_id)
        sources.count_fetch(tx, fetch_id, **counts.columns())
    for page in sorted(poll.pages, key=lambda each: each.url):
        sources.keep_page(
            tx,
            page.url,
            source_id=poll.source.id,
            digest=page.digest,
            facts=page.facts,
            due_at=page.due_at,
            etag=page.etag,
            last_modified=page.last_modified,
        )
    sources.change(tx, poll.source.id, **_learned(tx, poll, zone))
    return counts


def _problems(poll: Poll) -> list[dict[str, Any]]:
    """The reading's problems, the first hundred: a thousand alike help nobody."""
    problems = poll.reading.problems if poll.reading else ()
    return [
        {"code": each.code, "where": each.where, "params": dict(each.params)}
        for each in problems[:100]
    ]


def _learned(tx: Writer, poll: Poll, zone: ZoneInfo) -> dict[str, Any]:
    """What the source remembers of this poll; zone is the library's, whose days are counted."""
    failures = poll.source.failures + 1 if poll.failed else 0
    asked = [each for each in (poll.wait, _max_age(poll), _refresh(poll)) if each is not None]
    values: dict[str, Any] = {
        "failures": failures,
        "failing_since": (poll.source.failing_since or poll.at) if poll.failed else None,
        "days": noted(poll.source.days, poll.at.astimezone(zone).date(), _answer(poll)),
        "due_at": next_poll(
            poll.source.id, poll.at, poll.source.rhythm, failures, max(asked, default=None)
        ),
    }
    if poll.failed:
        return values
    values["last_ok_at"] = poll.at
    if poll.fetched is not None:
        values |= {"etag": poll.fetched.etag, "last_modified": poll.fetched.last_modified}
    if poll.reading is not None:
        values |= {"reader_version": READER_VERSION, "format": poll.reading.format}
    if poll.digest is not None and poll.fetched is not None and poll.fetched.body is not None:
        values["body_digest"] = poll.digest
        sources.keep_body(
            tx,
            poll.source.id,
            poll.digest,
            poll.fetched.body,
            poll.fetched.media_type,
            poll.fetched.url,
        )
    return values


def _answer(poll: Poll) -> Answer:
    """How a day is remembered on which the source answered so."""
    problems = len(poll.reading.problems) if poll.reading is not None else None
    return answered(poll.source.days, problems, failed=poll.failed)


def _max_age(poll: Poll) -> Any:
    return poll.fetched.max_age if poll.fetched else None


def _refresh(poll: Poll) -> Any:
    return poll.reading.refresh if poll.reading else None


def _store_events(tx: Writer, poll: Poll, prepared: Prepared, fetch_id: int) -> Counts:
    ids = add(tx, poll.source.id, prepared.new, fetch_id)
    listed = list_new(tx, poll.at, poll.source.partner_id, ids, prepared.new)
    published = change(tx, poll.at, poll.cause, prepared.changed, fetch_id) or listed
    events.mark(tx, prepared.back, "HERE", None)
    events.mark(tx, prepared.missing.gone, "GONE", poll.at)
    events.mark(tx, prepared.missing.out_of_window, "OUT_OF_WINDOW", poll.at)
    if prepared.new or prepared.changed:
        revisions.bump(tx, revisions.INBOX)  # last, and in this order: who decides waits for both
    if published:
        revisions.bump(tx, revisions.CALENDAR)
    return Counts(
        new=len(prepared.new),
        changed=len(prepared.changed),
        same=prepared.same,
        gone=len(prepared.missing.gone),
    )


def add(tx: Writer, source_id: int, new: Sequence[NewEvent], fetch_id: int) -> list[int]:
    """New events, each with its sighting, its review and its dates; their ids."""
    ids = events.add(tx, [each.row for each in new])
    events.add_sightings(
        tx,
        [
            {
                "source_id": source_id,
                "key": each.key,
                "uid": each.uid,
                "facts": each.row["facts"],
                "facts_digest": each.row["facts_digest"],
                "first_fetch": fetch_id,
                "changed_fetch": fetch_id,
                "presence": "HERE",
                "event_id": event_id,
            }
            for event_id, each in zip(ids, new, strict=True)
        ],
    )
    reviews.add_new(tx, ids)
    dated = {event_id: each.dates for event_id, each in zip(ids, new, strict=True)}
    events.put_dates(tx, dated, fresh=True)
    if new:
        links.ask(tx, new[0].row["arrived_at"], ids)
    return ids


def change(
    tx: Writer, at: datetime, cause: str, changed: Sequence[ChangedEvent], fetch_id: int
) -> bool:
    """A source tells events anew: what differs is logged. Whether residents see any of it."""
    of_event, rows = _as_they_are(tx, changed)
    events.change_sightings(
        tx,
        [
            {
                "sighting_id": each.seen.id,
                "facts": each.facts,
                "facts_digest": facts_digest(each.facts),
                "changed_fetch": fetch_id,
                "uid": each.facts["uid"],
            }
            for each in of_event.values()
        ],
    )
    events.change_events(tx, [{"event_id": n, **each.row} for n, each in of_event.items()])
    events.put_dates(tx, {n: each.dates for n, each in of_event.items() if each.dates is not None})
    events.add_changes(tx, at, cause, {n: each.changes for n, each in of_event.items()})
    told_anew = dict[int, str]()
    for n, row in rows.items():
        material = of_event[n].row.get("material_digest", row.material_digest)
        if row.material_digest != material:
            told_anew[n] = material
            _tell_staff(tx, at, row, material)
    correcting.tell(tx, at, told_anew)
    links.ask(tx, at, [n for n, each in of_event.items() if each.dates is not None])
    return any(row.state == "APPROVED" and of_event[n].dates is not None for n, row in rows.items())


def _as_they_are(
    tx: Writer, changed: Sequence[ChangedEvent]
) -> tuple[dict[int, ChangedEvent], dict[int, Any]]:
    """What is told anew, by event, and the events, locked: worked out once more where staff
    edited one since."""
    of_event = {each.seen.event_id: each for each in changed}
    rows, held = events.lock_all(tx, of_event), locks.of_events(tx, of_event)
    old = [
        each
        for n, each in of_event.items()
        if (rows[n].sequence, held[n]) != (each.sequence, each.locks)
    ]
    if old:
        told = {each.seen: each.facts for each in old}
        of_event |= {each.seen.event_id: each for each in changed_events(tx, old[0].place, told)}
    return of_event, rows


def _tell_staff(tx: Writer, now: datetime, row: Any, material: str) -> None:
    """Of a change that matters: queued posts wait, a declined event comes back."""
    deliveries.hold(tx, row.id)
    if row.state == "DECLINED" and material != row.decided_digest:
        old = reviews.as_json(row)
        if reviews.put(tx, row.id, row.version, state="NEW"):
            journal.add(
                tx,
                now,
                ACTOR,
                "return",
                f"event:{row.id}",
                before=old,
                after={"state": "NEW", "until": None, "reason": None, "decided_digest": None},
            )
