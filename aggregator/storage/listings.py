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
    conditions = [*narrowing.narrowed(tx, wanted), *_after(after)]
    if until is not None:
        conditions.append(occurrence.c.start_at < until)
    if folded:
        conditions.append(or_(~event.c.weekly, _is_unusual()))
    # three questions, so that each walks one index and stops
    start, goes_on = occurrence.c.start_at, occurrence.c.end_at > since
    spans = (
        (occurrence.c.long, goes_on, start < since),
        (~occurrence.c.long, goes_on, start < since, start > since - LONG),
        (start >= since,),
    )
    parts = [_keys(*conditions, *each).order_by(*_KEY).limit(limit).subquery() for each in spans]
    both = union_all(*(select(each) for each in parts)).subquery()
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
            *_published(),
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
            *_published(),
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
            *_published(),
            event.c.ics_block.is_not(None),
            (event.c.last_end.is_(None)) | (event.c.last_end > ended_after),
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
        .where(*conditions, *_published())
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


def _published() -> tuple[ColumnElement[bool], ...]:
    """What the public may see."""
    return (
        review.c.state == "APPROVED",
        event.c.kind == "event",
        event.c.merged_into.is_(None),
    )
