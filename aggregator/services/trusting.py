"""Partners whose events go straight on the calendar: approved as they arrive, with undo.

Left for staff are notices, what is cancelled already, and what is over.
"""

from collections.abc import Sequence
from datetime import datetime

from aggregator.services.preparing import NewEvent
from aggregator.storage import journal, partners, reviews
from aggregator.storage.doors import Writer

ACTOR, VERB = "townboard", "list"
_BEFORE = {"state": "NEW", "until": None, "reason": None, "decided_digest": None}


def list_new(
    tx: Writer, now: datetime, partner_id: int, ids: Sequence[int], new: Sequence[NewEvent]
) -> bool:
    """Put a trusted partner's new events on the calendar. Whether residents see any of it."""
    row = partners.by_id(tx, partner_id) if ids else None
    if row is None or row.trust != "list":
        return False
    listed = {
        event_id: str(each.row["material_digest"])
        for event_id, each in zip(ids, new, strict=True)
        if _goes_up(each, now)
    }
    reviews.approve_new(tx, listed.keys())
    journal.add_all(
        tx,
        [
            {
                "at": now,
                "actor": ACTOR,
                "verb": VERB,
                "subject": f"event:{event_id}",
                "before": _BEFORE,
                "after": {**_BEFORE, "state": "APPROVED", "decided_digest": digest},
            }
            for event_id, digest in listed.items()
        ],
    )
    return bool(listed)


def _goes_up(new: NewEvent, now: datetime) -> bool:
    row = new.row
    over = row["last_end"] is not None and row["last_end"] <= now
    return row["kind"] == "event" and not over and row["facts"]["status"] != "CANCELLED"
