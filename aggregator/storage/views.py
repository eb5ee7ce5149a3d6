"""Plain rows for list pages: each function is one query, however many rows it finds.

Pages are taken by key, never by offset: `before` or `after` is the key of the last row shown.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    func,
    literal,
    select,
    tuple_,
)

from aggregator.domain.filtering import VIEWS, Filter
from aggregator.storage import narrowing, walking
from aggregator.storage.doors import Reader
from aggregator.storage.tables import (
    change,
    channel,
    delivery,
    event,
    fetch,
    occurrence,
    partner,
    post,
    review,
    sighting,
    source,
)

#: Beyond this a count says "1,000+": counting on would cost more than the number is worth.
MOST = 1000

#: The views with a number beside them: everything is more than anybody counts.
COUNTED = tuple(view for view in VIEWS if view != "all")

Key = tuple[datetime, int, str]

#: What a card shows of an event: of `event`, its `review` and its `partner`.
CARD = (
    event.c.id,
    event.c.pid,
    event.c.kind,
    event.c.facts,
    event.c.image,
    event.c.first_start,
    event.c.arrived_at,
    review.c.state,
    review.c.until,
    review.c.reason,
    review.c.version,
    partner.c.name.label("partner"),
)


def inbox(
    tx: Reader, wanted: Filter, now: datetime, before: int | None = None, limit: int = 30
) -> Sequence[Row[Any]]:
    """The events that are asked for, newest first, from below the id `before`."""
    some = walking.ids(tx, wanted, now, before).limit(limit).subquery()
    found = _cards().join(some, some.c.event_id == event.c.id).order_by(event.c.id.desc())
    return tx.all(found)


def counts(tx: Reader, now: datetime, most: int = MOST) -> Mapping[str, int]:
    """How many events each view of the rail holds, counted up to most + 1."""
    columns = [
        _counted(select(review.c.event_id).where(narrowing.in_view(view, now)), most).label(view)
        for view in COUNTED
    ]
    [row] = tx.all(select(*columns))
    return row._asdict()


def count(tx: Reader, wanted: Filter, now: datetime, most: int = MOST) -> int:
    """How many events are asked for, counted up to most + 1."""
    [[number]] = tx.all(select(_counted(walking.ids(tx, wanted, now, counted=True), most)))
    return int(number)


def dates_to_come(tx: Reader, event_ids: Collection[int], now: datetime) -> Sequence[Row[Any]]:
    """The dates of these events that are not over, by event, soonest first."""
    return tx.all(
        select(occurrence)
        .where(occurrence.c.event_id.in_([*event_ids]), occurrence.c.end_at > now)
        .order_by(occurrence.c.event_id, occurrence.c.start_at, occurrence.c.rid)
    )


def dates(tx: Reader, event_id: int) -> Sequence[Row[Any]]:
    """Every date of an event that is written down, soonest first."""
    return tx.all(
        select(occurrence)
        .where(occurrence.c.event_id == event_id)
        .order_by(occurrence.c.start_at, occurrence.c.rid)
    )


def unseen(tx: Reader, event_ids: Collection[int]) -> Sequence[Row[Any]]:
    """What changed about these events and nobody has looked at, oldest first."""
    return tx.all(
        select(change)
        .where(change.c.event_id.in_([*event_ids]), change.c.material, change.c.seen_at.is_(None))
        .order_by(change.c.event_id, change.c.id)
    )


def history(tx: Reader, event_id: int, limit: int = 20) -> Sequence[Row[Any]]:
    """The last changes of an event, newest first."""
    return tx.all(
        select(change)
        .where(change.c.event_id == event_id)
        .order_by(change.c.id.desc())
        .limit(limit)
    )


def accounts(tx: Reader, event_id: int) -> Sequence[Row[Any]]:
    """Which sources tell of an event, the oldest account first."""
    return tx.all(
        select(source.c.url, source.c.format, source.c.last_ok_at, sighting.c.presence)
        .join(source, source.c.id == sighting.c.source_id)
        .where(sighting.c.event_id == event_id)
        .order_by(sighting.c.id)
    )


def listing(
    tx: Reader, now: datetime, after: Key | None = None, limit: int = 50
) -> Sequence[Row[Any]]:
    """Dates on the public calendar that are not over, in order of start."""
    key = (occurrence.c.start_at, occurrence.c.event_id, occurrence.c.rid)
    found = (
        select(
            occurrence, event.c.pid, event.c.facts, event.c.image, partner.c.name.label("partner")
        )
        .join(event, event.c.id == occurrence.c.event_id)
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
        .where(occurrence.c.end_at > now, *_published())
        .order_by(*key)
        .limit(limit)
    )
    if after is not None:
        found = found.where(
            tuple_(*key)
            > tuple_(
                *(literal(value, column.type) for value, column in zip(after, key, strict=True))
            )
        )
    return tx.all(found)


def feeds(tx: Reader) -> Sequence[Row[Any]]:
    """Every source with its last poll, by partner."""
    later = fetch.alias()
    newest = (
        select(later.c.id)
        .where(later.c.source_id == source.c.id)
        .order_by(later.c.at.desc(), later.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return tx.all(
        select(
            source.c.id,
            source.c.partner_id,
            partner.c.name.label("partner"),
            source.c.url,
            source.c.format,
            source.c.last_ok_at,
            fetch.c.at,
            fetch.c.outcome,
            fetch.c.params,
            fetch.c.problems,
        )
        .select_from(source.outerjoin(fetch, fetch.c.id == newest))
        .join(partner, partner.c.id == source.c.partner_id)
        .order_by(source.c.partner_id, source.c.id)
    )


def waiting(tx: Reader, limit: int = 200) -> Sequence[Row[Any]]:
    """Posts that have not ended: soonest first, those that wait for a person before them."""
    open_states = ("HELD", "QUEUED", "SENDING", "UNKNOWN")
    return tx.all(
        _posts()
        .where(delivery.c.state.in_(open_states))
        .order_by(delivery.c.due_at.is_not(None), delivery.c.due_at, delivery.c.id)
        .limit(limit)
    )


def ended(tx: Reader, before: int | None = None, limit: int = 30) -> Sequence[Row[Any]]:
    """Posts that went out, failed or came too late, newest first."""
    found = (
        _posts()
        # said by what it is not, so that SQLite walks back by id and doesn't sort years of posts
        .where(delivery.c.state.not_in(("HELD", "QUEUED", "SENDING", "UNKNOWN", "CANCELLED")))
        .order_by(delivery.c.id.desc())
        .limit(limit)
    )
    return tx.all(found if before is None else found.where(delivery.c.id < before))


def posts_of(tx: Reader, event_id: int, limit: int = 20) -> Sequence[Row[Any]]:
    """The posts of one event, newest first, withdrawn ones left out."""
    return tx.all(
        _posts()
        .where(post.c.event_id == event_id, delivery.c.state != "CANCELLED")
        .order_by(delivery.c.id.desc())
        .limit(limit)
    )


def _counted(ids: Select[Any], most: int) -> Any:
    """How many, up to most + 1."""
    some = ids.limit(most + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _published() -> tuple[ColumnElement[bool], ...]:
    """What the public may see."""
    return (
        review.c.state == "APPROVED",
        event.c.kind == "event",
        event.c.merged_into.is_(None),
    )


def _cards() -> Select[Any]:
    return (
        select(*CARD)
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
    )


def _posts() -> Select[Any]:
    return (
        select(
            delivery.c.id,
            delivery.c.state,
            delivery.c.due_at,
            delivery.c.frozen,
            delivery.c.remote_url,
            delivery.c.error_code,
            delivery.c.error_detail,
            post.c.moment,
            post.c.rid,
            channel.c.name.label("channel"),
            channel.c.network,
            channel.c.way,
            delivery.c.action,
            event.c.pid,
            event.c.facts,
            event.c.first_start,
        )
        .join(post, post.c.id == delivery.c.post_id)
        .join(channel, channel.c.id == delivery.c.channel_id)
        .outerjoin(event, event.c.id == post.c.event_id)
    )
