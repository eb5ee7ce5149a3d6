"""What lists go by and what follows from facts: words, tags, twins. Written with the event.

When something else changes that they are made of (the groups of patrons, a partner's name, this
version of Townboard), `anew` leaves a mark, and the workers go through all events in the
background. Where they are is on record, so that a stop costs nothing.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.domain import searching, tagging, twins
from aggregator.domain.tagging import Group
from aggregator.services.house import House
from aggregator.storage import choices, events, links, revisions
from aggregator.storage import house as settings
from aggregator.storage.doors import Reader, Writer

#: Events that are looked at in one transaction: a click waits no longer than for these.
BATCH = 300


def groups(tx: Reader) -> tuple[Group, ...]:
    """The groups of patrons, made ready to hold events against."""
    return tuple(Group.of(row) for row in choices.audiences(tx))


def columns(facts: Mapping[str, Any], partner: str, held: Sequence[Group]) -> dict[str, Any]:
    """`search_text`, `twin_key` and `tags` of an event, as storage/events.py writes them."""
    names = [each.name for each in tagging.groups_of(facts, held)]
    return {
        "search_text": searching.text(facts, partner, names),
        "twin_key": twins.key(facts),
        "tags": tagging.tags(facts, held),
    }


def anew(tx: Writer) -> None:
    """Go through all events once more, soon. To be called when groups or names have changed."""
    settings.mark(tx, "derive", "0")
    tx.wake("collect")


def is_behind(tx: Reader) -> bool:
    """Whether that is still to be done."""
    return settings.marked(tx, "derive") is not None


def catch_up(house: House, end: float) -> None:
    """Go on with that until it is done or the time (monotonic) is up."""
    while time.monotonic() < end:
        with house.database.reading() as tx:
            at = settings.marked(tx, "derive")
        if at is None:
            return
        with house.database.writing() as tx:
            _next(tx, house, int(at))


def _next(tx: Writer, house: House, after: int) -> None:
    """The events behind that id. A mark set back to 0 meanwhile is left as it is."""
    if settings.marked(tx, "derive") != str(after):
        return
    held, rows = groups(tx), events.batch(tx, after, None, BATCH)
    locked = events.lock_all(tx, [row.id for row in rows])
    changed = {
        event_id: values
        for event_id, row in locked.items()
        if (values := columns(row.facts, row.partner, held))
    }
    events.change_events(tx, [{"event_id": n, **values} for n, values in changed.items()])
    links.ask(tx, house.clock(), changed)
    settings.mark(tx, "derive", str(rows[-1].id) if rows else None)
    revisions.bump(tx, revisions.INBOX)
    revisions.bump(tx, revisions.CALENDAR)  # its filtered parts go by the groups
