"""Reviews: what staff decided about an event. The version is an optimistic lock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from aggregator.domain.tagging import marks
from aggregator.storage import tags
from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import change, event, review
from aggregator.storage.types import Instant

#: The end of what never ends, so that "not over" is one range of an index.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

#: Columns of an event that its review repeats for lists to sort out by.
FOLLOWS = frozenset(
    {"kind", "partner_id", "last_end", "merged_into", "first_start", "expanded_until", "tags"}
)

_OURS = ("kind", "partner_id", "ends_at", "starts_at", "is_series")


def add_new(tx: Writer, event_ids: Iterable[int]) -> None:
    """New events wait for a decision."""
    for some in _batches(event_ids):
        rows = tx.all(select(event.c.id, *_followed()).where(event.c.id.in_(some)))
        kept = tags.of(tx, some)
        tx.run(
            insert(review),
            [
                {
                    **dict(zip(("event_id", *_OURS), tuple(row), strict=True)),
                    "state": "NEW",
                    "version": 0,
                    "marks": marks(kept[row.id]),
                }
                for row in rows
            ],
        )


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
    names = tuple_(*(review.c[each] for each in _OURS))
    for some in _batches(event_ids):
        tx.run(update(review).where(review.c.event_id.in_(some)).values({names: mine}))
        told = [{"n": n, "told": marks(each)} for n, each in tags.of(tx, some).items()]
        anew = update(review).where(review.c.event_id == bindparam("n"))
        tx.run(anew.values(marks=bindparam("told")), told)


def follow_changes(tx: Writer, event_ids: Iterable[int]) -> None:
    """Something changed about events, or somebody looked at it."""
    for some in _batches(event_ids):
        these = update(review).where(review.c.event_id.in_(some))
        tx.run(these.values(unseen=_unseen(review.c.event_id)))


def wrong(tx: Reader) -> Sequence[Row[Any]]:
    """Events whose review says something else than they do."""
    mine = (*(review.c[each] for each in _OURS), review.c.unseen)
    theirs = (*_followed(), _unseen(event.c.id))
    other = [each.is_distinct_from(told) for each, told in zip(mine, theirs, strict=True)]
    joined = select(event.c.pid).join(review, review.c.event_id == event.c.id)
    return tx.all(joined.where(or_(*other)).order_by(event.c.id))


def marked(tx: Reader, event_ids: Iterable[int]) -> dict[int, str]:
    """The marks of these events, as lists go by them."""
    found: dict[int, str] = {}
    for some in _batches(event_ids):
        rows = tx.all(select(review.c.event_id, review.c.marks).where(review.c.event_id.in_(some)))
        found |= {row.event_id: row.marks for row in rows}
    return found


def _followed() -> tuple[ColumnElement[Any], ...]:
    """_OURS, as the event says them."""
    ends = case((event.c.merged_into.is_(None), func.coalesce(event.c.last_end, _never())))
    return (
        event.c.kind,
        event.c.partner_id,
        type_coerce(ends, Instant()),
        event.c.first_start,
        event.c.expanded_until.is_not(None),
    )


def _unseen(event_id: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(
        change.c.event_id == event_id, change.c.material, change.c.seen_at.is_(None)
    )


def _never() -> ColumnElement[Any]:
    return literal(NEVER, Instant())


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
