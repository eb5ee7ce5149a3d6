"""Reviews: what staff decided about an event. The version is an optimistic lock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, insert, literal, or_, select, tuple_, update

from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import event, review

#: The end of what never ends, so that "not over" is one range of an index.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

#: Columns of an event that its review repeats for lists to sort out by.
FOLLOWS = frozenset({"kind", "partner_id", "last_end", "merged_into"})


def add_new(tx: Writer, event_ids: Iterable[int]) -> None:
    """New events wait for a decision."""
    for some in _batches(event_ids):
        columns = ("event_id", "state", "version", "kind", "partner_id", "ends_at")
        rows = select(event.c.id, literal("NEW"), literal(0), *_followed()).where(
            event.c.id.in_(some)
        )
        tx.run(insert(review).from_select(columns, rows.order_by(event.c.id)))


def approve_new(tx: Writer, event_ids: Iterable[int]) -> None:
    """New events that nobody has to look at: approved as they are."""
    digest = select(event.c.material_digest).where(event.c.id == review.c.event_id)
    for some in _batches(event_ids):
        new = review.c.event_id.in_(some), review.c.state == "NEW"
        values = {"state": "APPROVED", "decided_digest": digest.scalar_subquery()}
        tx.run(update(review).where(*new).values(**values))


def approve_new(tx: Writer, event_ids: Iterable[int]) -> None:
    """New events that nobody has to look at: approved as they are."""
    digest = select(event.c.material_digest).where(event.c.id == review.c.event_id)
    for some in _batches(event_ids):
        untouched = review.c.event_id.in_(some), review.c.state == "NEW"
        values = {"state": "APPROVED", "decided_digest": digest.scalar_subquery()}
        tx.run(update(review).where(*untouched).values(**values))


def follow(tx: Writer, event_ids: Iterable[int]) -> None:
    """Events have changed in what lists sort out by."""
    mine = select(*_followed()).where(event.c.id == review.c.event_id).scalar_subquery()
    for some in _batches(event_ids):
        names = tuple_(review.c.kind, review.c.partner_id, review.c.ends_at)
        tx.run(update(review).where(review.c.event_id.in_(some)).values({names: mine}))


def wrong(tx: Reader) -> Sequence[Row[Any]]:
    """Events whose review says something else than they do."""
    mine = review.c.kind, review.c.partner_id, review.c.ends_at
    other = [
        each.is_distinct_from(followed) for each, followed in zip(mine, _followed(), strict=True)
    ]
    joined = select(event.c.pid).join(review, review.c.event_id == event.c.id)
    return tx.all(joined.where(or_(*other)).order_by(event.c.id))


def _followed() -> tuple[ColumnElement[Any], ...]:
    ends = case((event.c.merged_into.is_(None), func.coalesce(event.c.last_end, _never())))
    return event.c.kind, event.c.partner_id, ends


def _never() -> ColumnElement[Any]:
    return literal(NEVER, review.c.ends_at.type)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rising = sorted(ids)
    for start in range(0, len(rising), BATCH):
        yield rising[start : start + BATCH]


def put(
    tx: Writer,
    event_id: int,
    version: int,
    *,
    state: str,
    until: datetime | None = None,
    reason: str | None = None,
    decided_digest: str | None = None,
) -> bool:
    """Write a decision. False: somebody else has decided since that version."""
    return bool(
        tx.run(
            update(review)
            .where(review.c.event_id == event_id, review.c.version == version)
            .values(
                state=state,
                until=until,
                reason=reason,
                decided_digest=decided_digest,
                version=version + 1,
            )
        )
    )


def as_json(row: Any) -> dict[str, Any]:
    """A review as the journal keeps it, to be put back by undo."""
    return {
        "state": row.state,
        "until": row.until.isoformat() if row.until else None,
        "reason": row.reason,
        "decided_digest": row.decided_digest,
    }
