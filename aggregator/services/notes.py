"""Notes for colleagues about an event."""

from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import events, notes

#: The longest note, in characters.
LONGEST = 1000


def add(house: House, event_id: int, text: str, *, author_id: int) -> int:
    """Leave a note; its id. Raises ServiceError for an empty or too long one, MissingError."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ServiceError("note.empty")
    if len(text) > LONGEST:
        raise ServiceError("note.long", most=LONGEST)
    with house.database.writing() as tx:
        if events.pid(tx, event_id) is None:
            raise MissingError("event.missing")
        return notes.add(tx, event_id, author_id, house.clock(), text)


def remove(house: House, note_id: int, *, author_id: int) -> None:
    """Take one's own note away. Raises MissingError: it is gone, or somebody else's."""
    with house.database.writing() as tx:
        if not notes.remove(tx, note_id, author_id):
            raise MissingError("note.missing")
