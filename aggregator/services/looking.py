"""Looking without deciding: what changed about an event has been seen."""

from aggregator.services.errors import MissingError
from aggregator.services.house import House
from aggregator.storage import events, revisions


def seen(house: House, event_id: int) -> None:
    """Staff have looked at what changed and leave everything as it is. Raises MissingError."""
    with house.database.writing() as tx:
        if events.pid(tx, event_id) is None:
            raise MissingError("event.missing")
        events.changes_seen(tx, event_id, house.clock())
        revisions.bump(tx, revisions.INBOX)
