"""What staff do with posts on their way: withdraw, release, post now, answer what is unknown."""

from datetime import datetime
from typing import Any

from aggregator.domain.delivering import Next
from aggregator.services import sharing
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import deliveries, events, journal, posts, revisions
from aggregator.storage.doors import Writer
from feeds.facts import digest


def withdraw(house: House, delivery_id: int, *, actor: str) -> None:
    """Take back what has not begun to go out. Raises ConflictError when it has."""
    with house.database.writing() as tx:
        _lock(tx, delivery_id, *deliveries.WAITING)
        deliveries.cancel(tx, [delivery_id])
        _note(tx, house.clock(), actor, "withdraw", delivery_id)


def post_now(house: House, delivery_id: int, *, actor: str) -> None:
    """Send a queued post at once instead of at its slot."""
    with house.database.writing() as tx:
        _lock(tx, delivery_id, "QUEUED")
        deliveries.change(tx, delivery_id, due_at=house.clock())
        _note(tx, house.clock(), actor, "post_now", delivery_id)
        tx.wake("deliver")


def release(house: House, delivery_id: int, *, actor: str) -> None:
    """Queue a held post again, in words that tell the event as it is now.

    Raises ServiceError when there is nothing left to invite to (cancelled, over).
    """
    with house.database.writing() as tx:
        now, event = house.clock(), _lock_event(tx, delivery_id)
        row = _lock(tx, delivery_id, "HELD")
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


def _lock(tx: Writer, delivery_id: int, *states: str) -> Any:
    row = deliveries.lock(tx, delivery_id)
    if row is None:
        raise MissingError("delivery.missing")
    if row.state not in states:
        raise ConflictError("delivery.moved", state=row.state)
    return row


def _lock_event(tx: Writer, delivery_id: int) -> Any:
    """The delivery's event, held before the delivery itself, as everywhere."""
    row = deliveries.by_id(tx, delivery_id)
    if row is None or row.event_id is None:
        raise MissingError("delivery.missing" if row is None else "event.missing")
    return events.lock(tx, row.event_id)


def _lock_asked(tx: Writer, delivery_id: int) -> None:
    """UNKNOWN, and nobody is looking at this moment."""
    row = _lock(tx, delivery_id, "UNKNOWN")
    if row.due_at is not None:
        raise ServiceError("delivery.still_looking")


def _note(tx: Writer, now: datetime, actor: str, verb: str, delivery_id: int) -> None:
    journal.add(tx, now, actor, verb, f"delivery:{delivery_id}")
    revisions.bump(tx, revisions.INBOX)
