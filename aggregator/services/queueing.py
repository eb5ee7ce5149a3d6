"""What staff do with posts on their way, each on record, and taken back where it can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.domain.delivering import Next
from aggregator.domain.schedule import free_slots, is_quiet, plan, too_close
from aggregator.services import library, sharing, waiting
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import deliveries, events, journal, lanes, posts, revisions
from aggregator.storage.doors import Reader, Writer
from feeds.facts import digest

#: What undo takes back, while nothing else has happened to the post.
UNDOABLE = frozenset(
    {"withdraw", "move", "post_now", "later", "skip", "done", "theirs", "corrected", "leave"}
)

#: What a delivery has that ended without a post.
ENDED: Mapping[str, Any] = {"state": "CANCELLED", "live_key": None, "due_at": None}

#: Columns whose values are instants: written into the journal as text.
_INSTANTS = frozenset({"due_at", "not_after"})


@dataclass(frozen=True, slots=True)
class Moved:
    """When a post goes out now, and what is to be said of that time."""

    due_at: datetime
    quiet: bool  # within the channel's quiet hours
    close: bool  # too close to another post there


def choices(house: House, tx: Reader, row: Any, number: int = 5) -> list[datetime]:
    """The next free slots of a post's channel, all in time for it."""
    now, zone = house.clock(), library.zone(tx)
    taken = deliveries.taken(tx, row.channel_id, now)
    day = plan(row.slots, row.quiet)
    return free_slots(day, now, zone, taken, number, before=row.not_after)


def move(
    house: House, delivery_id: int, due_at: datetime, *, actor: str, verb: str = "move"
) -> Moved:
    """Let a queued post go out at another time, in quiet hours and close to others, too.

    Raises ServiceError for a time that is over, or when its event has begun; ConflictError when
    the post is not waiting any more.
    """
    with house.database.writing() as tx:
        now, row = house.clock(), held(tx, delivery_id, "QUEUED")
        if due_at <= now:
            raise ServiceError("queue.past")
        if row.not_after is not None and due_at >= row.not_after:
            raise ServiceError("queue.too_late")
        record(tx, now, actor, verb, row, {"due_at": due_at})
        shown = lanes.one(tx, delivery_id) or row
        day, zone = plan(shown.slots, shown.quiet), library.zone(tx)
        taken = deliveries.taken(tx, row.channel_id, now)
        return Moved(due_at, is_quiet(day, due_at, zone), due_at in too_close(day, taken))


def withdraw(house: House, delivery_id: int, *, actor: str) -> None:
    """Take back what has not begun to go out. Raises ConflictError when it has."""
    with house.database.writing() as tx:
        row = held(tx, delivery_id, *deliveries.WAITING)
        record(tx, house.clock(), actor, "withdraw", row, ENDED)


def leave(house: House, delivery_id: int, *, actor: str) -> None:
    """A post that could not be sent is looked at no more."""
    with house.database.writing() as tx:
        row = held(tx, delivery_id, "FAILED")
        record(tx, house.clock(), actor, "leave", row, ENDED)


def post_now(house: House, delivery_id: int, *, actor: str) -> None:
    """Send a queued post at once instead of at its slot; one by hand becomes a task at once."""
    with house.database.writing() as tx:
        now, row = house.clock(), held(tx, delivery_id, "QUEUED")
        record(tx, now, actor, "post_now", row, {"due_at": now})
        tx.wake("deliver")


def release(house: House, delivery_id: int, *, actor: str) -> None:
    """Queue a held post again, in words that tell the event as it is now.

    Raises ServiceError when there is nothing left to invite to (cancelled, over).
    """
    with house.database.writing() as tx:
        now, event = house.clock(), _lock_event(tx, delivery_id)
        row = held(tx, delivery_id, "HELD")
        shown = sharing.recompose(house, tx, event, row)
        body = sharing.frozen(shown, event, event.facts)
        posts.tells(tx, row.post_id, event.material_digest)
        deliveries.change(
            tx,
            delivery_id,
            state="QUEUED",
            due_at=shown.due_at,
            not_after=shown.not_after,
            frozen=body,
            frozen_digest=digest(body),
            error_code=None,
        )
        _note(tx, now, actor, "release", delivery_id)
        tx.wake("deliver")


def there(house: House, delivery_id: int, *, actor: str, url: str | None = None) -> None:
    """A person looked: the post is there."""
    with house.database.writing() as tx:
        _lock_asked(tx, delivery_id)
        deliveries.sent(tx, delivery_id, house.clock(), None, url)
        _note(tx, house.clock(), actor, "there", delivery_id)


def again(house: House, delivery_id: int, *, actor: str) -> None:
    """A person looked: the post is not there; send it once more."""
    with house.database.writing() as tx:
        _lock_asked(tx, delivery_id)
        deliveries.go(tx, delivery_id, Next("QUEUED", house.clock(), "delivery.again"))
        _note(tx, house.clock(), actor, "again", delivery_id)
        tx.wake("deliver")


def give_up(house: House, delivery_id: int, *, actor: str) -> None:
    """A person decided: it is not sent again, whatever came of it."""
    with house.database.writing() as tx:
        _lock_asked(tx, delivery_id)
        deliveries.go(tx, delivery_id, Next("FAILED", code="delivery.given_up"))
        _note(tx, house.clock(), actor, "give_up", delivery_id)


def undo(house: House, delivery_id: int, *, actor: str) -> str:
    """Take the last step with a post back; its verb.

    Raises ServiceError when there is none to take back, ConflictError when the post has moved on
    or another took its place.
    """
    with house.database.writing() as tx:
        now, row = house.clock(), held(tx, delivery_id)
        last = journal.newest(tx, f"delivery:{delivery_id}")
        if last is None or last.undo_of is not None or last.verb not in UNDOABLE:
            raise ServiceError("queue.nothing_to_undo")
        if row.state != last.after["state"]:
            raise ConflictError("delivery.moved", state=row.state)
        key = last.before.get("live_key")
        if key and key != row.live_key and not deliveries.is_free(tx, key):
            raise ConflictError("queue.replaced")
        _check_undo(tx, row)
        others = lanes.corrections(tx, row.target_delivery or delivery_id)
        for each in others:
            if each.state == "QUEUED" and each.id != row.id:
                deliveries.change(tx, each.id, state="CANCELLED", due_at=None)
        old = {name: _read(name, value) for name, value in last.before.items()}
        if old["state"] == "QUEUED":
            old["due_at"] = waiting.in_time(tx, now, row, old["due_at"])
        record(tx, now, actor, "undo", row, old, undo_of=last.id)
        tx.wake("deliver")
        return last.verb


def _check_undo(tx: Reader, row: Any) -> None:
    """Raises ConflictError where what happened since stands in the way."""
    others = lanes.corrections(tx, row.target_delivery or row.id)
    if row.state == "SENT" and any(each.state == "SENT" and each.id > row.id for each in others):
        raise ConflictError("queue.corrected")
    if row.state == "CANCELLED" and row.action == "CREATE" and row.event_id is not None:
        event = events.by_id(tx, row.event_id)
        if event is not None and event.state != "APPROVED":
            raise ConflictError("queue.not_approved")


def held(tx: Writer, delivery_id: int, *states: str) -> Any:
    """The delivery, locked, in one of these states (any, if none are named).

    Raises MissingError, or ConflictError where it has moved on.
    """
    row = deliveries.lock(tx, delivery_id)
    if row is None:
        raise MissingError("delivery.missing")
    if states and row.state not in states:
        raise ConflictError("delivery.moved", state=row.state)
    return row


def record(
    tx: Writer,
    now: datetime,
    actor: str,
    verb: str,
    row: Any,
    values: Mapping[str, Any],
    *,
    undo_of: int | None = None,
) -> None:
    """Change a delivery, with how it was before in the journal, so that undo can put it back."""
    values = {"state": row.state, **values}
    before = {name: _written(name, getattr(row, name)) for name in values}
    after = {name: _written(name, value) for name, value in values.items()}
    deliveries.change(tx, row.id, **values)
    subject = f"delivery:{row.id}"
    journal.add(tx, now, actor, verb, subject, before=before, after=after, undo_of=undo_of)
    revisions.bump(tx, revisions.INBOX)


def _lock_event(tx: Writer, delivery_id: int) -> Any:
    """The delivery's event, held before the delivery itself, as everywhere."""
    row = deliveries.by_id(tx, delivery_id)
    if row is None or row.event_id is None:
        raise MissingError("delivery.missing" if row is None else "event.missing")
    return events.lock(tx, row.event_id)


def _lock_asked(tx: Writer, delivery_id: int) -> None:
    """UNKNOWN, and nobody is looking at this moment."""
    row = held(tx, delivery_id, "UNKNOWN")
    if row.due_at is not None:
        raise ServiceError("delivery.still_looking")


def _note(tx: Writer, now: datetime, actor: str, verb: str, delivery_id: int) -> None:
    journal.add(tx, now, actor, verb, f"delivery:{delivery_id}")
    revisions.bump(tx, revisions.INBOX)


def _written(name: str, value: Any) -> Any:
    return value.isoformat() if name in _INSTANTS and value is not None else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _INSTANTS and value is not None else value
