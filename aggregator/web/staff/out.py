"""An event's posts, and which of them goes out at this moment: values for sharing/posts.html."""

from typing import Any, NamedTuple

from aggregator.storage import views
from aggregator.storage.doors import Reader
from aggregator.web.here import Clock
from aggregator.web.staff import said


class Out(NamedTuple):
    """One post; `is_going`: it will have moved on in seconds."""

    post: said.Post
    is_going: bool


def posts_of(tx: Reader, event_id: int, clock: Clock) -> list[Out]:
    """The posts of one event, newest first."""
    rows = views.posts_of(tx, event_id)
    return [Out(said.post(row, clock), _is_going(row, clock)) for row in rows]


def _is_going(row: Any, clock: Clock) -> bool:
    due_now = row.due_at is not None and row.due_at <= clock.now
    return row.state == "SENDING" or (row.state == "QUEUED" and due_now)
