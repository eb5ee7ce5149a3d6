"""What residents see of an event: its block in the calendar, kept beside it."""

from datetime import datetime
from typing import Any

from calendars.ical import Published, block, zones_used
from feeds.event import Event


def rendered(
    event: Event,
    *,
    pid: str,
    install_id: str,
    sequence: int,
    changed_at: datetime,
    arrived_at: datetime,
    partner: str,
) -> dict[str, Any]:
    """The columns `ics_block` and `ics_zones` of an event; a notice has no block."""
    if event.kind == "notice" or event.start is None:
        return {"ics_block": None, "ics_zones": ""}
    published = Published(
        uid=f"{pid}@{install_id}",
        event=event,
        sequence=sequence,
        stamp=changed_at,
        created=arrived_at,
        url=event.url,
        partner=partner,
    )
    return {"ics_block": block(published), "ics_zones": " ".join(sorted(zones_used(event)))}
