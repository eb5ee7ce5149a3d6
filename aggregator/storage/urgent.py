"""What Today begins with: changed after it was shared, soon and not looked at. One query each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, literal_column, select

from aggregator.domain.filtering import SOON
from aggregator.storage import narrowing
from aggregator.storage.doors import Reader
from aggregator.storage.joining import Walked
from aggregator.storage.tables import (
    change,
    delivery,
    event,
    occurrence,
    partner,
    post,
    review,
)
from aggregator.storage.views import CARD


def changed(tx: Reader, now: datetime, limit: int = 20) -> Sequence[Row[Any]]:
    """Approved events with material changes nobody has looked at, the latest change first.

    `out` counts their posts that are out, or may be.
    """
    out = (
        select(func.count())
        .select_from(post.join(delivery, delivery.c.post_id == post.c.id))
        .where(post.c.event_id == event.c.id, delivery.c.state.in_(("SENT", "UNKNOWN", "SENDING")))
        .where(delivery.c.action == "CREATE")
        .scalar_subquery()
    )
    last = select(func.max(change.c.id)).where(
        change.c.event_id == review.c.event_id, change.c.material, change.c.seen_at.is_(None)
    )
    some = (
        select(review.c.event_id, last.scalar_subquery().label("last"))
        .where(narrowing.in_view("changed", now))
        .order_by(literal_column("last").desc())
        .limit(limit)
        .subquery()
    )
    return tx.all(
        select(*CARD, out.label("out"))
        .join(some, some.c.event_id == event.c.id)
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
        .order_by(some.c.last.desc())
    )


def soon(tx: Reader, now: datetime, limit: int = 20) -> Sequence[Row[Any]]:
    """Undecided events that begin within three days, soonest first; `start_at` is their date."""
    some = (
        select(occurrence.c.event_id, func.min(occurrence.c.start_at).label("start_at"))
        .select_from(Walked(occurrence, review))
        .where(
            review.c.event_id == occurrence.c.event_id,
            occurrence.c.start_at >= now,
            occurrence.c.start_at < now + SOON,
            narrowing.undecided(now),
            review.c.ends_at > now,
        )
        .group_by(occurrence.c.event_id)
        .order_by(func.min(occurrence.c.start_at), occurrence.c.event_id)
        .limit(limit)
        .subquery()
    )
    return tx.all(
        select(*CARD, some.c.start_at)
        .join(some, some.c.event_id == event.c.id)
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
        .order_by(some.c.start_at, event.c.id)
    )
