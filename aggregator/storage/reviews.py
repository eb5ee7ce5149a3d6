"""Reviews: what staff decided about an event. The version is an optimistic lock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from aggregator.storage.doors import Writer
from aggregator.storage.tables import review


def add_new(tx: Writer, event_ids: Iterable[int]) -> None:
    """New events wait for a decision."""
    rows = [{"event_id": each, "state": "NEW", "version": 0} for each in event_ids]
    if rows:
        tx.run(insert(review), rows)


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
