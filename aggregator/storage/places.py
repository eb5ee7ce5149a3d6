"""Places: the library's branches."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import place


def branches(tx: Reader) -> Sequence[Row[Any]]:
    """The library's branches in their order; latitude and longitude are both there or neither."""
    return tx.all(select(place).where(place.c.branch).order_by(place.c.position, place.c.id))


def add(
    tx: Writer,
    name: str,
    address: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> int:
    """Remember a branch, behind those that are there."""
    last = tx.value(select(func.max(place.c.position)).where(place.c.branch))
    return tx.insert(
        insert(place).values(
            name=name,
            address=address,
            latitude=latitude,
            longitude=longitude,
            branch=True,
            position=0 if last is None else last + 1,
        )
    )


def change(tx: Writer, place_id: int, **values: Any) -> bool:
    """Write what a branch is called and where it is. False: there is no such place."""
    return bool(tx.run(update(place).where(place.c.id == place_id).values(**values)))


def remove(tx: Writer, place_id: int) -> bool:
    """Forget a branch. False: there is no such place."""
    return bool(tx.run(delete(place).where(place.c.id == place_id)))
