"""Notes that colleagues leave about an event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import note, user


def add(tx: Writer, event_id: int, author_id: int, at: datetime, text: str) -> int:
    """Write a note; its id."""
    values = {"event_id": event_id, "author_id": author_id, "at": at, "text": text}
    return tx.insert(insert(note).values(values))


def remove(tx: Writer, note_id: int, author_id: int) -> bool:
    """Take one's own note away. False: it is gone, or somebody else's."""
    own = note.c.id == note_id, note.c.author_id == author_id
    return bool(tx.run(delete(note).where(*own)))


def listing(tx: Reader, event_id: int, limit: int = 50) -> Sequence[Row[Any]]:
    """The notes about an event with who wrote them, newest first."""
    return tx.all(
        select(note, user.c.name.label("author"))
        .join(user, user.c.id == note.c.author_id)
        .where(note.c.event_id == event_id)
        .order_by(note.c.id.desc())
        .limit(limit)
    )
