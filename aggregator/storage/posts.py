"""Posts: what is told, once, wherever it is delivered, and the pictures that go with it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.ids import new_pid
from aggregator.storage.tables import channel, delivery, event_tag, post, post_media

#: States of a delivery whose moment nothing else may take.
TAKES = ("HELD", "QUEUED", "SENDING", "SENT", "UNKNOWN")


def add(tx: Writer, now: datetime, **values: Any) -> int:
    """A new post."""
    return tx.insert(insert(post).values(pid=new_pid(now), created_at=now, **values))


def add_picture(tx: Writer, post_id: int, sha256: str, alt: str) -> None:
    """The picture that goes with a post, and its description."""
    tx.run(insert(post_media).values(post_id=post_id, position=0, sha256=sha256, alt=alt))


def by_id(tx: Reader, post_id: int) -> Row[Any] | None:
    """One post."""
    return tx.first(select(post).where(post.c.id == post_id))


def by_pid(tx: Reader, pid: str) -> Row[Any] | None:
    """One post by its public name."""
    return tx.first(select(post).where(post.c.pid == pid))


def of_event(tx: Reader, event_id: int, rid: str, moment: str) -> Row[Any] | None:
    """The newest post of that moment of an event."""
    return tx.first(
        select(post)
        .where(post.c.event_id == event_id, post.c.rid == rid, post.c.moment == moment)
        .order_by(post.c.id.desc())
        .limit(1)
    )


def with_keys(tx: Reader, live_keys: Collection[str]) -> Sequence[Row[Any]]:
    """Deliveries that hold one of these live keys, with their channel and post."""
    return tx.all(_deliveries().where(delivery.c.live_key.in_([*live_keys])))


def deliveries_of(tx: Reader, post_id: int) -> Sequence[Row[Any]]:
    """A post's deliveries, in the order of their channels."""
    return tx.all(_deliveries().where(delivery.c.post_id == post_id))


def taken(tx: Reader, after: datetime) -> Mapping[int, list[datetime]]:
    """The moments after that at which something goes out already, by channel."""
    rows = tx.all(
        select(delivery.c.channel_id, delivery.c.due_at).where(
            delivery.c.state.in_(TAKES), delivery.c.due_at > after
        )
    )
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for row in rows:
        found[row.channel_id].append(row.due_at)
    return found


def audiences_of(tx: Reader, event_id: int) -> set[int]:
    """The groups that an event is for, by its tags."""
    wanted = event_tag.c.event_id == event_id, event_tag.c.kind == "audience"
    return {int(row.value) for row in tx.all(select(event_tag.c.value).where(*wanted))}


def tells(tx: Writer, post_id: int, facts_digest: str) -> None:
    """The post's words tell these facts now."""
    tx.run(update(post).where(post.c.id == post_id).values(facts_digest=facts_digest))


def _deliveries() -> Any:
    return (
        select(
            delivery.c.id,
            delivery.c.post_id,
            delivery.c.channel_id,
            delivery.c.state,
            delivery.c.due_at,
            channel.c.name.label("channel"),
            post.c.pid,
        )
        .join(channel, channel.c.id == delivery.c.channel_id)
        .join(post, post.c.id == delivery.c.post_id)
        .order_by(delivery.c.id)
    )
