"""What became of each partner's events: offered, shared, declined."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select

from aggregator.storage.doors import Reader
from aggregator.storage.tables import event, post, review


class Tally(NamedTuple):
    """Events of one partner that came since a day, and what staff did with them."""

    offered: int = 0
    shared: int = 0
    declined: int = 0


def by_partner(tx: Reader, since: datetime) -> Mapping[int, Tally]:
    """Of every partner that offered something since then, by its id.

    Ids rise with arrival, so what came since is one range of `review`, however old the house is.
    """
    came = event.c.arrived_at >= since
    earliest = select(event.c.id).where(came).order_by(event.c.arrived_at, event.c.id).limit(1)
    first = earliest.scalar_subquery()
    shared = select(post.c.event_id).where(post.c.event_id >= first).distinct().subquery()
    rows = tx.all(
        select(
            review.c.partner_id,
            func.count().label("offered"),
            func.count(shared.c.event_id).label("shared"),
            func.count(case((review.c.state == "DECLINED", 1))).label("declined"),
        )
        .select_from(review)
        .outerjoin(shared, shared.c.event_id == review.c.event_id)
        .where(review.c.event_id >= first, review.c.kind == "event")
        .group_by(review.c.partner_id)
    )
    return {row.partner_id: Tally(row.offered, row.shared, row.declined) for row in rows}
