"""Posts: what is told, once, wherever it is delivered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.ids import new_pid
from aggregator.storage.tables import post


def add(tx: Writer, now: datetime, **values: Any) -> int:
    """A new post."""
    return tx.insert(insert(post).values(pid=new_pid(now), created_at=now, **values))


def of_event(tx: Reader, event_id: int, rid: str, moment: str) -> Row[Any] | None:
    """The newest post of that moment of an event."""
    return tx.first(
        select(post)
        .where(post.c.event_id == event_id, post.c.rid == rid, post.c.moment == moment)
        .order_by(post.c.id.desc())
        .limit(1)
    )


def tells(tx: Writer, post_id: int, facts_digest: str) -> None:
    """The post's words tell these facts now."""
    tx.run(update(post).where(post.c.id == post_id).values(facts_digest=facts_digest))
