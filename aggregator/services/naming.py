"""What the library is called, and where it is: told at set-up, changed on the settings page."""

from zoneinfo import available_timezones

from aggregator.services import dating, entering, library
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage import journal, revisions

#: Characters of a name.
LONGEST = 120


def change(house: House, *, name: str, town: str, zone: str, actor: str) -> None:
    """Name the library anew; another zone moves whole days. Raises ServiceError."""
    name, town = " ".join(name.split()), " ".join(town.split())
    if not name.isprintable() or not 0 < len(name) <= LONGEST:
        raise ServiceError("library.name", most=LONGEST)
    if not town.isprintable() or len(town) > LONGEST:
        raise ServiceError("library.town", most=LONGEST)
    if zone not in available_timezones():
        raise ServiceError("account.zone")
    with house.database.writing() as tx:
        before = {
            "library": library.name(tx),
            "town": library.town(tx),
            "zone": library.zone(tx).key,
        }
        after = {"library": name, "town": town, "zone": zone}
        for key, value in after.items():
            settings.put(tx, key, value)
        if zone != before["zone"]:
            dating.anew(tx, house.clock())
        entering.renamed(tx)
        journal.add(
            tx, house.clock(), actor, "rename_library", "library:1", before=before, after=after
        )
        revisions.bump(tx, revisions.CALENDAR)  # the calendar carries the name
