"""The notes about an event, ready to be shown."""

from typing import Any

from aggregator.storage import notes
from aggregator.storage.doors import Reader
from aggregator.web import here
from aggregator.web.here import Clock
from words import when


def of(tx: Reader, row: Any, clock: Clock) -> dict[str, Any]:
    """Values for templates/events/notes.html."""
    listed = [(each, when.ago(each.at, clock.now)) for each in notes.listing(tx, row.id)]
    return {"pid": row.pid, "listed": listed, "typed": "", "problem": "", "me": here.author()}
