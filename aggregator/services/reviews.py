"""Decisions about incoming events, each with undo. The journal says how it was before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from aggregator.domain.verbs import VERBS
from aggregator.services import waiting
from aggregator.services.errors import (
    ConflictError,
    DecidedError,
    MissingError,
    ServiceError,
)
from aggregator.services.house import House
from aggregator.storage import deliveries, events, journal, posts, reviews, revisions
from aggregator.storage.doors import Reader, Writer

Until = Literal["tomorrow", "next_week", "week_before"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided; `out` says how many posts undo could not withdraw any more."""

    event_id: int
    verb: str
    state: str
    version: int
    out: int = 0
    line: int | None = None  # of the journal


def apply(
    house: House,
    verb: str,
    event_id: int,
    *,
    actor: str,
    version: int,
    until: datetime | None = None,
    reason: str | None = None,
) -> Decision:
    """Decide. Raises MissingError, ConflictError (the version is old) or ServiceError."""
    with house.database.writing() as tx:
        return decide(
            tx,
            house.clock(),
            verb,
            event_id,
            actor=actor,
            version=version,
            until=until,
            reason=reason,
        )


def decide(
    tx: Writer,
    now: datetime,
    verb: str,
    event_id: int,
    *,
    actor: str,
    version: int,
    until: datetime | None = None,
    reason: str | None = None,
) -> Decision:
    """The same inside a transaction of the caller. A second click changes nothing."""
    try:
        row = held(tx, event_id, version)
    except ConflictError:
        if (done := repeated(tx, verb, event_id, actor=actor, version=version)) is None:
            raise
        return done
    wanted = VERBS[verb]
    if row.state not in wanted.before:
        raise ConflictError("review.state", state=row.state)
    if wanted.after == "APPROVED" and row.kind == "notice":
        raise ServiceError("review.notice")
    if wanted.after == "SNOOZED" and (until is None or until <= now):
        raise ServiceError("review.snooze_past")
    values: dict[str, Any] = {
        "state": wanted.after,
        "until": until if wanted.after == "SNOOZED" else None,
        "reason": reason,
        "decided_digest": row.material_digest,
    }
    before = reviews.as_json(row)
    reviews.put(tx, event_id, version, **values)
    kept, out = ([], 0) if wanted.after == "APPROVED" else _withdraw(tx, event_id)
    line = journal.add(
        tx,
        now,
        actor,
        verb,
        f"event:{event_id}",
        before=before | {"posts": kept} if kept else before,
        after={**values, "until": values["until"].isoformat() if values["until"] else None},
        reason=reason,
    )
    events.changes_seen(tx, event_id, now)
    _bump(tx, {before["state"], wanted.after})
    return Decision(event_id, verb, wanted.after, version + 1, out, line)


def undo(house: House, event_id: int, *, actor: str, version: int) -> Decision:
    """Take the last decision back: of its posts what is not on its way yet is withdrawn, what it
    withdrew waits again."""
    with house.database.writing() as tx:
        return take_back(tx, house.clock(), event_id, actor=actor, version=version)


def take_back(tx: Writer, now: datetime, event_id: int, *, actor: str, version: int) -> Decision:
    """The same inside a transaction of the caller."""
    row = held(tx, event_id, version)
    last = journal.last_decision(tx, event_id)
    if last is None:
        raise ServiceError("review.nothing_to_undo")
    before = {**last.before}
    kept = before.pop("posts", ())
    until = datetime.fromisoformat(before["until"]) if before["until"] else None
    reviews.put(tx, event_id, version, **{**before, "until": until})
    line = journal.add(
        tx,
        now,
        actor,
        "undo",
        f"event:{event_id}",
        before=reviews.as_json(row),
        after=before,
        undo_of=last.id,
    )
    _, out = _withdraw(tx, event_id, last.at) if last.verb == "share" else ([], 0)
    waiting.put_back(tx, now, kept)
    _bump(tx, {row.state, before["state"]})
    return Decision(event_id, "undo", before["state"], version + 1, out, line)


def held(tx: Writer, event_id: int, version: int) -> Any:
    """The event, locked, at that version. Raises MissingError or ConflictError, which says who."""
    try:
        row = events.lock(tx, event_id)
    except LookupError:
        raise MissingError("event.missing") from None
    if row.version != version:
        raise faster(tx, event_id)
    return row


def faster(tx: Reader, event_id: int) -> ConflictError:
    """Who decided about the event last, what and when, as the journal says."""
    last = journal.last_line(tx, event_id)
    if last is None:
        return ConflictError("review.version")
    return DecidedError(last.actor, last.verb, last.at)


def repeated(tx: Writer, verb: str, event_id: int, *, actor: str, version: int) -> Decision | None:
    """What the same person's first click on the same page did, if this is the second."""
    row, last = events.lock(tx, event_id), journal.last_decision(tx, event_id)
    if last is None or row.version != version + 1 or (last.verb, last.actor) != (verb, actor):
        return None
    return Decision(event_id, verb, row.state, row.version)


def snooze_until(choice: Until, now: datetime, start: datetime | None) -> datetime:
    """When a snoozed event comes back. Raises ServiceError for "a week before" without a week."""
    match choice:
        case "tomorrow":
            return now + timedelta(days=1)
        case "next_week":
            return now + timedelta(days=7)
        case "week_before":
            if start is None or start - timedelta(days=7) <= now:
                raise ServiceError("review.snooze_past")
            return start - timedelta(days=7)


def _withdraw(
    tx: Writer, event_id: int, since: datetime | None = None
) -> tuple[list[dict[str, Any]], int]:
    """Withdraw the event's waiting posts (those made since then, if that is named).

    How they were, and how many are out or may be.
    """
    rows = deliveries.of_event(tx, event_id)
    if since is not None:
        rows = [row for row in rows if _made_at(tx, row.post_id) >= since]
    kept = waiting.take(tx, rows)
    return kept, sum(row.state in {"SENDING", "SENT", "UNKNOWN"} for row in rows)


def _made_at(tx: Reader, post_id: int) -> datetime:
    post = posts.by_id(tx, post_id)
    if post is None:
        raise MissingError("delivery.missing")
    made: datetime = post.created_at
    return made


def _bump(tx: Writer, states: set[str]) -> None:
    revisions.bump(tx, revisions.INBOX)
    if "APPROVED" in states:
        revisions.bump(tx, revisions.CALENDAR)
