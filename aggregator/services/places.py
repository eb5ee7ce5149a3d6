"""The library's branches: what each is called and where it is.

Distances are shown from those with coordinates, which come out of a pasted map link; nobody is
asked for them.
"""

from dataclasses import dataclass
from typing import Any

from aggregator.domain.map_links import where
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import journal, places

#: Characters of a name and of an address.
NAME, ADDRESS = 120, 300


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as it is kept; latitude and longitude are both there or neither."""

    name: str
    address: str | None
    latitude: float | None
    longitude: float | None

    def columns(self) -> dict[str, Any]:
        """As the table keeps it."""
        return {
            "name": self.name,
            "address": self.address,
            "latitude": self.latitude,
            "longitude": self.longitude,
        }


def read(name: str, place: str) -> Branch:
    """What was typed: a name, and an address, a map link or both. Raises ServiceError."""
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= NAME:
        raise ServiceError("place.name", most=NAME)
    found = where(place)
    if found.is_short:
        raise ServiceError("place.short")
    address = found.address
    if not address.isprintable() or len(address) > ADDRESS:
        raise ServiceError("place.address", most=ADDRESS)
    point = found.point
    return Branch(
        name,
        address or None,
        point.latitude if point else None,
        point.longitude if point else None,
    )


def add(house: House, name: str, place: str, *, actor: str) -> int:
    """Remember a branch. Raises ServiceError."""
    branch = read(name, place)
    with house.database.writing() as tx:
        place_id = places.add(tx, **branch.columns())
        about = f"place:{place_id}"
        journal.add(tx, house.clock(), actor, "add_place", about, after=branch.columns())
    return place_id


def change(house: House, place_id: int, name: str, place: str, *, actor: str) -> None:
    """Write down anew what it is called and where it is. Raises MissingError, ServiceError."""
    branch = read(name, place)
    with house.database.writing() as tx:
        if not places.change(tx, place_id, **branch.columns()):
            raise MissingError("place.missing")
        about = f"place:{place_id}"
        journal.add(tx, house.clock(), actor, "change_place", about, after=branch.columns())


def remove(house: House, place_id: int, *, actor: str) -> None:
    """Forget a branch. Raises MissingError."""
    with house.database.writing() as tx:
        if not places.remove(tx, place_id):
            raise MissingError("place.missing")
        journal.add(tx, house.clock(), actor, "remove_place", f"place:{place_id}")
