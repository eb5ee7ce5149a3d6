"""Deliveries and attempts: a post on its way to one channel. States: docs/architecture.md."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update

from aggregator.domain.delivering import Attempt, Next
from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import attempt, channel, delivery, event, post

#: States that can still be withdrawn: nothing of them can be on the wire.
WAITING = ("HELD", "QUEUED")
#: States that have ended without a post: the live key is free for another.
ENDED = ("CANCELLED", "EXPIRED", "FAILED")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until `until`, and what its channel needs to send it.

    `state` is SENDING, or UNKNOWN where it may be out already; `row` is as it was before.
    """

    row: Row[Any]
    by: str
    until: datetime
    state: str

    @property
    def id(self) -> int:
        return int(self.row.id)


def add(tx: Writer, **values: Any) -> bool:
    """Queue a delivery. False: its live key is taken, so it is queued or sent already."""
    return tx.insert_once(delivery, **values)


def taken(tx: Reader, channel_id: int, after: datetime) -> list[datetime]:
    """The moments at which something goes out on a channel already."""
    rows = tx.all(
        select(delivery.c.due_at).where(
            delivery.c.channel_id == channel_id,
            delivery.c.state.in_(("HELD", "QUEUED", "SENDING", "SENT", "UNKNOWN")),
            delivery.c.due_at > after,
        )
    )
    return [row.due_at for row in rows]


def claim(tx: Writer, by: str, now: datetime, until: datetime) -> Claimed | None:
    """Take the delivery that has been due longest: to send, or (UNKNOWN) to look for.

    A claim that ran out is not taken here: `lost` makes it UNKNOWN first.
    """
    row = tx.first(
        _with_channel()
        .where(_due(now))
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(1)
        .with_for_update(of=delivery, skip_locked=True)
    )
    if row is None:
        return None
    state = "SENDING" if row.state == "QUEUED" else row.state
    tx.run(
        update(delivery)
        .where(delivery.c.id == row.id)
        .values(state=state, claim_by=by, claim_until=until)
    )
    return Claimed(row, by, until, state)


def ours(tx: Writer, held: Claimed, now: datetime) -> bool:
    """Whether the claim still holds; locks the row, so that it holds until the commit."""
    return tx.first(_held(held, now).with_for_update()) is not None


def still_ours(tx: Reader, held: Claimed, now: datetime) -> bool:
    """The same question just before the wire, without a lock."""
    return tx.first(_held(held, now)) is not None


def go(tx: Writer, delivery_id: int, step: Next) -> None:
    """Move a delivery on, and let its claim go. What is queued with old facts is held."""
    values: dict[str, Any] = {
        "state": step.state,
        "due_at": step.due_at,
        "error_code": step.code,
        "looks": step.looks,
        "claim_by": None,
        "claim_until": None,
    }
    if step.state in ENDED:
        values["live_key"] = None
    tx.run(update(delivery).where(delivery.c.id == delivery_id).values(**values))
    if step.state == "QUEUED":
        _hold(tx, delivery.c.id == delivery_id)


def detail(tx: Writer, delivery_id: int, text: str | None) -> None:
    """The network's own words for what went wrong."""
    tx.run(update(delivery).where(delivery.c.id == delivery_id).values(error_detail=text))


def sent(
    tx: Writer, delivery_id: int, at: datetime, remote_id: str | None, remote_url: str | None
) -> None:
    """It is out."""
    tx.run(
        update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(
            state="SENT",
            due_at=at,
            remote_id=remote_id,
            remote_url=remote_url,
            error_code=None,
            error_detail=None,
            claim_by=None,
            claim_until=None,
        )
    )


def by_id(tx: Reader, delivery_id: int) -> Row[Any] | None:
    """One delivery with its channel."""
    return tx.first(_with_channel().where(delivery.c.id == delivery_id))


def lock(tx: Writer, delivery_id: int) -> Row[Any] | None:
    """One delivery with its channel, held until the commit."""
    return tx.first(
        _with_channel().where(delivery.c.id == delivery_id).with_for_update(of=delivery)
    )


def lost(tx: Writer, now: datetime) -> Sequence[Row[Any]]:
    """Deliveries whose claim ran out while sending; locked."""
    return tx.all(
        _with_channel()
        .where(delivery.c.state == "SENDING", delivery.c.claim_until <= now)
        .order_by(delivery.c.id)
        .with_for_update(of=delivery, skip_locked=True)
    )


def expire(tx: Writer, now: datetime) -> int:
    """What waited beyond its last moment is not sent any more.

    A row that somebody holds at this moment is left to the next time.
    """
    waited = delivery.c.state.in_(WAITING), delivery.c.not_after <= now
    rows = tx.all(
        select(delivery.c.id)
        .where(*waited)
        .order_by(delivery.c.id)
        .with_for_update(skip_locked=True)
    )
    return tx.run(
        update(delivery)
        .where(delivery.c.id.in_([row.id for row in rows]))
        .values(state="EXPIRED", live_key=None, due_at=None, claim_by=None, claim_until=None)
    )


def hold(tx: Writer, event_id: int) -> int:
    """Hold what is queued of an event whose material facts are not those it tells."""
    posts = select(post.c.id).where(post.c.event_id == event_id)
    return _hold(tx, delivery.c.post_id.in_(posts))


def cancel(tx: Writer, ids: Collection[int]) -> int:
    """Withdraw posts of which nothing can be on the wire.

    Corrections stay: what they correct is out, whatever is decided about its event.
    """
    return tx.run(
        update(delivery)
        .where(
            delivery.c.id.in_([*ids]), delivery.c.state.in_(WAITING), delivery.c.action == "CREATE"
        )
        .values(state="CANCELLED", live_key=None, due_at=None)
    )


def of_event(tx: Reader, event_id: int) -> Sequence[Row[Any]]:
    """An event's deliveries with their channels, newest post last."""
    return tx.all(
        _with_channel().where(post.c.event_id == event_id).order_by(post.c.id, delivery.c.id)
    )


def on_the_way(tx: Reader) -> Sequence[Row[Any]]:
    """What has not ended yet, soonest first; what waits for a person last."""
    open_ = delivery.c.state.in_(("HELD", "QUEUED", "SENDING", "UNKNOWN"))
    order = delivery.c.due_at.is_(None), delivery.c.due_at, delivery.c.id
    return tx.all(_with_channel().where(open_).order_by(*order))


def change(tx: Writer, delivery_id: int, **values: Any) -> None:
    """Write what staff decided of a delivery. What is queued with old facts is held."""
    tx.run(update(delivery).where(delivery.c.id == delivery_id).values(**values))
    if values.get("state") == "QUEUED":
        _hold(tx, delivery.c.id == delivery_id)


def is_free(tx: Reader, live_key: str) -> bool:
    """Whether no other delivery is, or was, the one for that event, moment and channel."""
    return tx.first(select(delivery.c.id).where(delivery.c.live_key == live_key)) is None


def attempts(tx: Reader, delivery_id: int) -> list[Attempt]:
    """Every time it was on the wire, in order."""
    rows = tx.all(
        select(attempt.c.n, attempt.c.at, attempt.c.wire_deadline, attempt.c.outcome)
        .where(attempt.c.delivery_id == delivery_id)
        .order_by(attempt.c.n)
    )
    return [Attempt(*tuple(row)) for row in rows]


def receipt(tx: Reader, delivery_id: int) -> Row[Any] | None:
    """An attempt that we know went out, though the delivery may not say so yet."""
    return tx.first(
        select(attempt.c.detail)
        .where(attempt.c.delivery_id == delivery_id, attempt.c.outcome == "SENT")
        .limit(1)
    )


def begin_attempt(tx: Writer, delivery_id: int, at: datetime, wire_deadline: datetime) -> int:
    """Put on record, before the wire, that something may go out. Its number."""
    n = len(attempts(tx, delivery_id)) + 1
    tx.run(insert(attempt).values(delivery_id=delivery_id, n=n, at=at, wire_deadline=wire_deadline))
    return n


def end_attempt(tx: Writer, delivery_id: int, n: int, outcome: str, told: Any = None) -> None:
    """Write what came of it, once."""
    tx.run(
        update(attempt)
        .where(attempt.c.delivery_id == delivery_id, attempt.c.n == n, attempt.c.outcome.is_(None))
        .values(outcome=outcome, detail=told)
    )


def untidy(tx: Reader, now: datetime) -> bool:
    """Whether anything is to be expired or was lost while sending."""
    found = or_(
        and_(delivery.c.state == "SENDING", delivery.c.claim_until <= now),
        and_(delivery.c.state.in_(WAITING), delivery.c.not_after <= now),
    )
    return tx.first(select(delivery.c.id).where(found).limit(1)) is not None


def due(tx: Reader, now: datetime) -> bool:
    """Whether anything is to be sent or looked for, or is untidy."""
    return tx.first(select(delivery.c.id).where(_due(now)).limit(1)) is not None or untidy(tx, now)


def _held(held: Claimed, now: datetime) -> Any:
    return select(delivery.c.id).where(
        delivery.c.id == held.id,
        delivery.c.claim_by == held.by,
        delivery.c.claim_until > now,
        delivery.c.state == held.state,
    )


def _hold(tx: Writer, which: ColumnElement[bool]) -> int:
    """Hold of these what is queued and tells other facts than its event's."""
    stale = (
        select(post.c.id)
        .join(event, event.c.id == post.c.event_id)
        .where(post.c.id == delivery.c.post_id, post.c.facts_digest != event.c.material_digest)
    )
    return tx.run(
        update(delivery)
        .where(which, delivery.c.state == "QUEUED", delivery.c.action == "CREATE", stale.exists())
        .values(state="HELD", error_code="delivery.changed")
    )


def _due(now: datetime) -> ColumnElement[bool]:
    """What a worker may send or look for: nothing that a person does, or that is turned off."""
    able = select(channel.c.id).where(channel.c.way == "automatic", channel.c.state == "CONNECTED")
    free = or_(delivery.c.claim_until.is_(None), delivery.c.claim_until <= now)
    in_time = or_(delivery.c.not_after.is_(None), delivery.c.not_after > now)
    return and_(
        delivery.c.due_at <= now,
        delivery.c.channel_id.in_(able),
        or_(
            and_(delivery.c.state == "QUEUED", in_time),
            and_(delivery.c.state == "UNKNOWN", free),
        ),
    )


def _with_channel() -> Any:
    return (
        select(
            delivery,
            channel.c.network,
            channel.c.name.label("channel"),
            channel.c.settings,
            channel.c.when_unknown,
            channel.c.way,
            post.c.event_id,
            post.c.rid,
            post.c.moment,
            post.c.facts_digest,
        )
        .join(channel, channel.c.id == delivery.c.channel_id)
        .join(post, post.c.id == delivery.c.post_id)
    )
