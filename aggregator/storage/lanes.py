"""Plain rows for the queue, for what is done by hand, and of one channel's posts.

Each function is one query, however many rows it finds; each row has the post's channel and event.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from aggregator.storage.doors import Reader
from aggregator.storage.tables import channel, delivery, event, partner, post

#: On their way, or out: what stands in a lane.
HUNG = ("HELD", "QUEUED", "SENDING", "UNKNOWN", "SENT")
#: A key to read on from: when it is due, and its id.
Key = tuple[datetime, int]


def hung(tx: Reader, start: datetime, end: datetime, limit: int = 400) -> Sequence[Row[Any]]:
    """Everything that goes or went out within that time, by channel and then by time."""
    return tx.all(
        _rows()
        .where(
            delivery.c.state.in_(HUNG),
            delivery.c.action == "CREATE",
            delivery.c.due_at >= start,
            delivery.c.due_at < end,
        )
        .order_by(delivery.c.channel_id, delivery.c.due_at, delivery.c.id)
        .limit(limit)
    )


def in_order(tx: Reader, after: Key | None = None, limit: int = 30) -> Sequence[Row[Any]]:
    """What goes out by itself or is put up by hand, soonest first; not what waits for a person."""
    found = (
        _rows()
        .where(
            delivery.c.state.in_(("QUEUED", "SENDING", "UNKNOWN")), delivery.c.due_at.is_not(None)
        )
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(limit)
    )
    if after is not None:
        at, number = after
        later = and_(delivery.c.due_at == at, delivery.c.id > number)
        found = found.where(or_(delivery.c.due_at > at, later))
    return tx.all(found)


def asking(tx: Reader, now: datetime, limit: int = 30) -> Sequence[Row[Any]]:
    """What waits for a person: held, unknown and not to be found out, or failed and not over."""
    to_come = or_(event.c.id.is_(None), event.c.last_end.is_(None), event.c.last_end > now)
    return tx.all(
        _rows()
        .where(
            or_(
                delivery.c.state == "HELD",
                and_(delivery.c.state == "UNKNOWN", delivery.c.due_at.is_(None)),
                and_(delivery.c.state == "FAILED", to_come),
            )
        )
        .order_by(delivery.c.state != "UNKNOWN", delivery.c.state != "HELD", delivery.c.id)
        .limit(limit)
    )


def one(tx: Reader, delivery_id: int) -> Row[Any] | None:
    """One post on its way, with all that its page and its task show."""
    return tx.first(_rows().where(delivery.c.id == delivery_id))


def tasks(tx: Reader, now: datetime, limit: int = 30) -> Sequence[Row[Any]]:
    """What a person has to put up or to correct by now, longest due first."""
    return tx.all(_by_hand().where(delivery.c.due_at <= now).limit(limit))


def tasks_to_come(tx: Reader, now: datetime, limit: int = 10) -> Sequence[Row[Any]]:
    """What a person will have to put up later, soonest first."""
    return tx.all(_by_hand().where(delivery.c.due_at > now).limit(limit))


def out_by_hand(tx: Reader, event_ids: Collection[int]) -> Sequence[Row[Any]]:
    """Posts of these events that a person put up, and their corrections, done and open; in order.

    Each with its event's `last_end` and what the event says now.
    """
    open_ = and_(delivery.c.state == "QUEUED", delivery.c.action == "EDIT")
    these = post.c.event_id.in_([*event_ids]), channel.c.way == "by_hand"
    return tx.all(
        _rows().where(*these, or_(delivery.c.state == "SENT", open_)).order_by(delivery.c.id)
    )


def corrections(tx: Reader, delivery_id: int) -> Sequence[Row[Any]]:
    """The corrections of a post, made (SENT) and not yet made (QUEUED): id and state."""
    mine = delivery.c.target_delivery == delivery_id, delivery.c.state.in_(("QUEUED", "SENT"))
    return tx.all(select(delivery.c.id, delivery.c.state).where(*mine).order_by(delivery.c.id))


def done_by_hand(tx: Reader, since: datetime, limit: int = 10) -> Sequence[Row[Any]]:
    """What a person put up or corrected since then, newest first."""
    done = channel.c.way == "by_hand", delivery.c.state == "SENT", delivery.c.due_at >= since
    return tx.all(_rows().where(*done).order_by(delivery.c.due_at.desc()).limit(limit))


def waiting_on(tx: Reader, channel_id: int) -> Sequence[Row[Any]]:
    """What is queued or held for a channel, soonest first."""
    waits = delivery.c.channel_id == channel_id, delivery.c.state.in_(("HELD", "QUEUED"))
    return tx.all(_rows().where(*waits).order_by(delivery.c.due_at, delivery.c.id))


def is_used(tx: Reader, channel_id: int, *states: str) -> bool:
    """Whether a channel has deliveries, of these states if any are named."""
    wanted = select(delivery.c.id).where(delivery.c.channel_id == channel_id).limit(1)
    if states:
        wanted = wanted.where(delivery.c.state.in_(states))
    return tx.first(wanted) is not None


def _by_hand() -> Select[Any]:
    able = channel.c.way == "by_hand", channel.c.state == "CONNECTED"
    return (
        _rows()
        .where(delivery.c.state == "QUEUED", *able)
        .order_by(delivery.c.due_at, delivery.c.id)
    )


def _rows() -> Select[Any]:
    return (
        select(
            delivery,
            channel.c.network,
            channel.c.name.label("channel"),
            channel.c.way,
            channel.c.state.label("channel_state"),
            channel.c.settings,
            channel.c.account,
            channel.c.limits,
            channel.c.slots,
            channel.c.quiet,
            post.c.event_id,
            post.c.moment,
            post.c.audience_id,
            post.c.facts_digest,
            event.c.pid,
            event.c.kind,
            event.c.facts,
            event.c.first_start,
            event.c.last_end,
            event.c.material_digest,
            event.c.image,
            partner.c.name.label("partner"),
            partner.c.credit,
        )
        .join(post, post.c.id == delivery.c.post_id)
        .join(channel, channel.c.id == delivery.c.channel_id)
        .outerjoin(event, event.c.id == post.c.event_id)
        .outerjoin(partner, partner.c.id == event.c.partner_id)
    )
