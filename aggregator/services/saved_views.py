"""Views that somebody keeps under a name, to come back to: each person their own."""

from urllib.parse import parse_qsl

from aggregator.domain.filtering import Filter
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import saved_views
from aggregator.storage.doors import Reader

#: More is no help to find one again.
MOST = 30
#: Letters of a name: it stands in a narrow column.
LONGEST = 60


def add(house: House, user_id: int, name: str, query: str) -> str:
    """Keep the view of an address (what stands after "?"). Returns the name as it is kept.

    Raises ServiceError for a name that is empty, too long or taken, and for too many.
    """
    name = _name(name)
    with house.database.writing() as tx:
        if len(saved_views.of(tx, user_id)) >= MOST:
            raise ServiceError("saved.many", most=MOST)
        if not saved_views.add(tx, user_id, name, steady(query)):
            raise ServiceError("saved.known", name=name)
    return name


def rename(house: House, user_id: int, view_id: int, name: str) -> str:
    """Call a view something else. Raises MissingError or ServiceError as `add` does."""
    name = _name(name)
    with house.database.writing() as tx:
        if _taken(tx, user_id, view_id, name):
            raise ServiceError("saved.known", name=name)
        if not saved_views.change(tx, user_id, view_id, name=name):
            raise MissingError("saved.missing")
    return name


def remove(house: House, user_id: int, view_id: int) -> None:
    """Forget a view. Raises MissingError."""
    with house.database.writing() as tx:
        if not saved_views.remove(tx, user_id, view_id):
            raise MissingError("saved.missing")


def steady(query: str) -> str:
    """An address as a filter writes it: equal views are equal text, nothing foreign stays."""
    return Filter.parse(dict(parse_qsl(query.lstrip("?")))).query()


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= LONGEST:
        raise ServiceError("saved.name")
    return name


def _taken(tx: Reader, user_id: int, view_id: int, name: str) -> bool:
    return any(row.name == name and row.id != view_id for row in saved_views.of(tx, user_id))
