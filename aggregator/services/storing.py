"""From a poll to rows: one transaction for a source that changed, one for many that did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.absence import CUT_OFF, Remembered, absent
from aggregator.domain.changes import compare, facts_digest, material_digest
from aggregator.domain.dates import HORIZON, Date, dates, ends
from aggregator.domain.identity import keys
from aggregator.domain.polling import next_poll
from aggregator.domain.resolve import resolve
from aggregator.services import library
from aggregator.services.polls import Poll
from aggregator.services.publishing import rendered
from aggregator.storage import (
    deliveries,
    events,
    hosts,
    house,
    journal,
    partners,
    reviews,
    revisions,
    sources,
)
from aggregator.storage.doors import Database, Writer
from aggregator.storage.hosts import Claim
from aggregator.storage.ids import new_pid
from feeds.event import Event, Reading
from feeds.facts import from_facts, to_facts
from feeds.recurrence import is_series
from feeds.registry import READER_VERSION

ACTOR = "townboard"


@dataclass(slots=True)
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


@dataclass(frozen=True, slots=True)
class _Task:
    """One reading on its way into the tables."""

    tx: Writer
    poll: Poll
    reading: Reading
    fetch_id: int
    zone: ZoneInfo
    install_id: str
    partner: str
    counts: Counts = field(default_factory=Counts)


def store(database: Database, held: Claim, poll: Poll) -> Counts | None:
    """Write what a poll brought. None: the host is another owner's by now, who asks again."""
    with database.writing() as tx:
        return _store(tx, poll) if hosts.holds(tx, held) else None


def store_unchanged(database: Database, polls: Sequence[tuple[Claim, Poll]]) -> None:
    """Write many polls that brought nothing, together."""
    with database.writing() as tx:
        for held, poll in polls:
            if hosts.holds(tx, held):
                _store(tx, poll)


def _store(tx: Writer, poll: Poll) -> Counts:
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
    if poll.reading is not None:
        counts = _store_reading(tx, poll, poll.reading, fetch_id)
        sources.count_fetch(tx, fetch_id, **counts.columns())
    for page in poll.pages:
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
    sources.change(tx, poll.source.id, **_learned(tx, poll))
    return counts


def _problems(poll: Poll) -> list[dict[str, Any]]:
    """The reading's problems, the first hundred: a thousand alike help nobody."""
    problems = poll.reading.problems if poll.reading else ()
    return [
        {"code": each.code, "where": each.where, "params": dict(each.params)}
        for each in problems[:100]
    ]


def _learned(tx: Writer, poll: Poll) -> dict[str, Any]:
    """What the source remembers of this poll."""
    failures = poll.source.failures + 1 if poll.failed else 0
    asked = [each for each in (poll.wait, _max_age(poll), _refresh(poll)) if each is not None]
    values: dict[str, Any] = {
        "failures": failures,
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


def _max_age(poll: Poll) -> Any:
    return poll.fetched.max_age if poll.fetched else None


def _refresh(poll: Poll) -> Any:
    return poll.reading.refresh if poll.reading else None


def _store_reading(tx: Writer, poll: Poll, reading: Reading, fetch_id: int) -> Counts:
    partner = partners.by_id(tx, poll.source.partner_id)
    task = _Task(
        tx,
        poll,
        reading,
        fetch_id,
        library.zone(tx),
        house.install_id(tx),
        partner.name if partner else "",
    )
    seen = events.seen(tx, poll.source.id)
    named = keys(reading.events, events.known(tx, poll.source.id), lambda _: new_pid(poll.at))
    new: list[tuple[str, Event]] = []
    for key, event in zip(named, reading.events, strict=True):
        before = seen.get(key)
        if before is None:
            new.append((key, event))
            continue
        if before.presence != "HERE":
            events.mark(tx, [before.id], "HERE", None)
        facts = to_facts(event)
        if facts_digest(facts) == before.digest:
            task.counts.same += 1
        else:
            _change(task, before, facts)
    _add(task, new)
    _note_absence(task, named)
    if task.counts.new or task.counts.changed:
        revisions.bump(tx, revisions.INBOX)
    return task.counts


def _add(task: _Task, new: Sequence[tuple[str, Event]]) -> None:
    """New events, each with its sighting, its review and its dates."""
    if not new:
        return
    now, source = task.poll.at, task.poll.source
    listed = [dates(event, now, task.zone) for _, event in new]
    rows = [
        {
            "pid": (pid := new_pid(now)),
            "kind": event.kind,
            "partner_id": source.partner_id,
            "facts": (facts := to_facts(event)),
            "sequence": 0,
            "changed_at": now,
            "arrived_at": now,
            **_columns(task, event, facts, some, pid=pid, sequence=0, arrived_at=now),
        }
        for some, (_, event) in zip(listed, new, strict=True)
    ]
    ids = events.add(task.tx, rows)
    events.add_sightings(
        task.tx,
        [
            {
                "source_id": source.id,
                "key": key,
                "uid": event.uid,
                "facts": row["facts"],
                "facts_digest": row["facts_digest"],
                "first_fetch": task.fetch_id,
                "changed_fetch": task.fetch_id,
                "presence": "HERE",
                "event_id": event_id,
            }
            for event_id, row, (key, event) in zip(ids, rows, new, strict=True)
        ],
    )
    reviews.add_new(task.tx, ids)
    events.put_dates(task.tx, dict(zip(ids, listed, strict=True)), fresh=True)
    task.counts.new = len(new)


def _change(task: _Task, before: events.Seen, facts: Mapping[str, Any]) -> None:
    """A source tells an event anew: its facts are resolved again, and what differs is logged."""
    events.change_sighting(
        task.tx,
        before.id,
        facts=facts,
        facts_digest=facts_digest(facts),
        changed_fetch=task.fetch_id,
        uid=facts["uid"],
    )
    task.counts.changed += 1
    row = events.lock(task.tx, before.event_id)
    resolved = resolve(events.accounts(task.tx, before.event_id))
    changes = compare(row.facts, resolved)
    if not changes:
        return
    now, sequence, event = task.poll.at, row.sequence + 1, from_facts(resolved)
    listed = dates(event, now, task.zone)
    columns = _columns(
        task, event, resolved, listed, pid=row.pid, sequence=sequence, arrived_at=row.arrived_at
    )
    if resolved.get("image") == row.facts.get("image"):
        del columns["image_due_at"]
    events.add_changes(task.tx, row.id, now, task.poll.cause, changes)
    events.change_event(
        task.tx,
        row.id,
        kind=event.kind,
        facts=resolved,
        sequence=sequence,
        changed_at=now,
        **columns,
    )
    events.put_dates(task.tx, {row.id: listed})
    _tell_staff(task, row, columns["material_digest"])


def _tell_staff(task: _Task, row: Any, material: str) -> None:
    """Of a change that matters: queued posts wait, a declined event comes back."""
    if row.state == "APPROVED":
        revisions.bump(task.tx, revisions.CALENDAR)
    if material == row.material_digest:
        return
    deliveries.hold(task.tx, row.id, material)
    if row.state == "DECLINED" and material != row.decided_digest:
        old = reviews.as_json(row)
        if reviews.put(task.tx, row.id, row.version, state="NEW"):
            journal.add(
                task.tx,
                task.poll.at,
                ACTOR,
                "return",
                f"event:{row.id}",
                before=old,
                after={"state": "NEW", "until": None, "reason": None, "decided_digest": None},
            )


def _columns(
    task: _Task,
    event: Event,
    facts: Mapping[str, Any],
    listed: Sequence[Date],
    *,
    pid: str,
    sequence: int,
    arrived_at: datetime,
) -> dict[str, Any]:
    """What of an event follows from its facts."""
    now = task.poll.at
    return {
        "facts_digest": facts_digest(facts),
        "material_digest": material_digest(facts),
        "first_start": min((each.start_at for each in listed), default=None),
        "last_end": ends(event, task.zone),
        "expanded_until": now + HORIZON if is_series(event) else None,
        "image_due_at": now if event.image else None,
        **rendered(
            event,
            pid=pid,
            install_id=task.install_id,
            sequence=sequence,
            changed_at=now,
            arrived_at=arrived_at,
            partner=task.partner,
        ),
    }


def _note_absence(task: _Task, named: Sequence[str]) -> None:
    """Mark what the feed holds no longer; an empty or cut-off reading says nothing of that."""
    if not task.reading.events:
        return
    if any(problem.code in CUT_OFF for problem in task.reading.problems):
        return
    remembered = [Remembered(*tuple(row)) for row in events.here(task.tx, task.poll.source.id)]
    missing = absent(remembered, {*named}, _window(task), task.poll.at)
    events.mark(task.tx, missing.gone, "GONE", task.poll.at)
    events.mark(task.tx, missing.out_of_window, "OUT_OF_WINDOW", task.poll.at)
    task.counts.gone = len(missing.gone)


def _window(task: _Task) -> tuple[datetime, datetime] | None:
    """The first and the last start in the reading."""
    starts = [
        listed[0].start_at for event in task.reading.events if (listed := _first_date(event, task))
    ]
    return (min(starts), max(starts)) if starts else None


def _first_date(event: Event, task: _Task) -> list[Date]:
    return [] if event.rrule else dates(event, task.poll.at, task.zone)[:1]
