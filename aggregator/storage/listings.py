"""What the public pages list: dates by day, what is on every week, one event with its partner.

Each function is one query, however many rows it finds. Only what was approved is found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from aggregator.domain.dates import LONG
from aggregator.domain.filtering import Filter
from aggregator.storage import narrowing
from aggregator.storage.doors import Reader
from aggregator.storage.tables import (
    change,
    event,
    occurrence,
    partner,
    review,
    setting,
    sighting,
    source,
)

#: The last row of the page before: start, event, rid.
Key = tuple[datetime, int, str]

_KEY = (occurrence.c.start_at, occurrence.c.event_id, occurrence.c.rid)


def dates(
    tx: Reader,
    wanted: Filter,
    since: datetime,
    until: datetime | None,
    *,
    after: Key | None = None,
    limit: int,
    folded: bool,
) -> Sequence[Row[Any]]:
    """Dates that are not over at `since` and begin before `until`, in order of start.

    `folded` leaves out what is on every week, unless that date is another than usual.
    """
    conditions = [*narrowing.narrowed(tx, wanted), *_published(tx, wanted, since), *_after(after)]
    if until is not None:
        conditions.append(occurrence.c.start_at < until)
    if folded:
        conditions.append(or_(~event.c.weekly, _is_unusual()))
    # three questions, so that each walks one index and stops; what is long has its own, which
    # is only taken where the order offers no other
    start, goes_on = occurrence.c.start_at, occurrence.c.end_at > since
    hidden = func.coalesce(start, start)
    parts = [
        _keys(*conditions, occurrence.c.long, goes_on, hidden < since).order_by(hidden, *_KEY[1:]),
        _keys(
            *conditions, ~occurrence.c.long, goes_on, start < since, start > since - LONG
        ).order_by(*_KEY),
        _keys(*conditions, start >= since).order_by(*_KEY),
    ]
    both = union_all(*(select(each.limit(limit).subquery()) for each in parts)).subquery()
    return tx.all(
        _shown()
        .join(both, and_(both.c.event_id == occurrence.c.event_id, both.c.rid == occurrence.c.rid))
        .order_by(*_KEY)
        .limit(limit)
    )


def weekly(
    tx: Reader, wanted: Filter, since: datetime, until: datetime, limit: int
) -> Sequence[Row[Any]]:
    """The usual dates between the two of what is on every week, in order of start."""
    return tx.all(
        _shown()
        .where(
            *narrowing.narrowed(tx, wanted),
            *_published(tx, wanted, since),
            event.c.weekly,
            ~_is_unusual(),
            occurrence.c.start_at >= since,
            occurrence.c.start_at < until,
        )
        .order_by(*_KEY)
        .limit(limit)
    )


def days(
    tx: Reader, wanted: Filter, since: datetime, until: datetime, limit: int
) -> Sequence[Row[Any]]:
    """The days between the two on which something begins, regulars left out, with how much."""
    first = (
        select(occurrence.c.local_date)
        .join(event, event.c.id == occurrence.c.event_id)
        .join(review, review.c.event_id == event.c.id)
        .where(
            *narrowing.narrowed(tx, wanted),
            *_published(tx, wanted, since),
            or_(~event.c.weekly, _is_unusual()),
            occurrence.c.start_at >= since,
            occurrence.c.start_at < until,
        )
        .order_by(occurrence.c.start_at)
        .limit(limit)
        .subquery()
    )
    return tx.all(
        select(first.c.local_date, func.count().label("n"))
        .group_by(first.c.local_date)
        .order_by(first.c.local_date)
    )


def moves(tx: Reader, event_ids: Sequence[int], since: datetime) -> Sequence[Row[Any]]:
    """Changes of start and place of these events since then, oldest first."""
    return tx.all(
        select(change)
        .where(
            change.c.event_id.in_(event_ids),
            change.c.field.in_(("start", "location")),
            change.c.material,
            change.c.at > since,
        )
        .order_by(change.c.event_id, change.c.id)
    )


def one(tx: Reader, pid: str) -> Row[Any] | None:
    """One event with its review, its partner, and when its source last answered."""
    checked = (
        select(func.max(source.c.last_ok_at))
        .join(sighting, sighting.c.source_id == source.c.id)
        .where(sighting.c.event_id == event.c.id, source.c.enabled, source.c.kind != "ours")
        .scalar_subquery()
    )
    return tx.first(
        select(
            event,
            review.c.state,
            partner.c.name.label("partner"),
            partner.c.ours,
            checked.label("checked_at"),
        )
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
        .where(event.c.pid == pid)
    )


def blocks(tx: Reader, wanted: Filter, ended_after: datetime) -> Sequence[Row[Any]]:
    """The rendered blocks of what is approved, asked for and not over, in a steady order."""
    return tx.all(
        select(event.c.ics_block, event.c.ics_zones)
        .join(review, review.c.event_id == event.c.id)
        .where(
            *narrowing.narrowed(tx, wanted),
            review.c.state == "APPROVED",
            review.c.kind == "event",
            review.c.ends_at > ended_after,
            event.c.ics_block.is_not(None),
        )
        .order_by(event.c.id)
    )


def partners(tx: Reader, limit: int) -> Sequence[Row[Any]]:
    """Who puts something on, by name."""
    return tx.all(
        select(partner.c.pid, partner.c.name)
        .where(partner.c.archived_at.is_(None))
        .order_by(func.lower(partner.c.name), partner.c.id)
        .limit(limit)
    )


def settings(tx: Reader, names: Sequence[str]) -> dict[str, Any]:
    """These of the house's settings, as far as they were made."""
    rows = tx.all(select(setting.c.name, setting.c.value).where(setting.c.name.in_(names)))
    return {row.name: row.value for row in rows}


def _keys(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_KEY)
        .join(event, event.c.id == occurrence.c.event_id)
        .join(review, review.c.event_id == event.c.id)
        .where(*conditions)
    )


def _shown() -> Select[Any]:
    return (
        select(
            occurrence,
            event.c.pid,
            event.c.facts,
            event.c.image,
            event.c.weekly,
            partner.c.name.label("partner"),
            partner.c.ours,
        )
        .join(event, event.c.id == occurrence.c.event_id)
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
    )


def _after(key: Key | None) -> list[ColumnElement[bool]]:
    if key is None:
        return []
    values = (literal(value, column.type) for value, column in zip(key, _KEY, strict=True))
    return [tuple_(*_KEY) > tuple_(*values)]


def _is_unusual() -> ColumnElement[bool]:
    """A date of a series that its partner cancelled, or moved."""
    return or_(
        func.coalesce(occurrence.c.status, "") == "CANCELLED",
        occurrence.c.rid != occurrence.c.start_wall,
    )


def _published(tx: Reader, wanted: Filter, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """What the public may see and is not over.

    What is rare is looked up event by event, by the index of review. What is common is met soon
    on a walk along the dates: there the state has no index to begin with, whatever a planner
    that knows no numbers would choose.
    """
    state: ColumnElement[str] = review.c.state
    kind: ColumnElement[str] = review.c.kind
    if not (tx.postgres or wanted.partner or wanted.tag or wanted.place or wanted.q):
        state, kind = func.coalesce(state, ""), func.coalesce(kind, "")
    return (state == "APPROVED", kind == "event", review.c.ends_at > since)
