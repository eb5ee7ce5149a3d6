"""What is done by hand, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.domain.correcting import Piece, marked
from aggregator.services.by_hand import Task
from aggregator.web import shapes
from aggregator.web.here import Clock
from aggregator.web.staff import said
from networks.counting import count
from networks.post import Limits
from words.say import say
from words.say import translate as _


@dataclass(frozen=True, slots=True)
class Shown:
    """A task; `old` and `new` are its words in pieces where it is a correction."""

    id: int
    correction: bool
    channel: str
    network: str
    kind: str
    opens: str | None
    mails: str | None
    due: str
    title: str
    pid: str | None
    leaf: shapes.Leaf | None
    about: str  # whose event, when and where
    text: str
    old: Sequence[Piece]
    new: Sequence[Piece]
    changes: Sequence[tuple[str, str, str]]  # which part, before, after
    fields: Sequence[tuple[str, str, str]]  # code, label, value
    theirs: bool
    image: str | None
    alt: str
    cover: tuple[int, int] | None
    url: str | None
    version: str
    size: str


def shown(task: Task, clock: Clock) -> Shown:
    """A task in words."""
    row, hand, correction = task.row, task.hand, task.before is not None
    images = row.frozen["images"]
    old, new = marked(task.before or "", task.said.text) if correction else ((), ())
    start = row.first_start.astimezone(clock.zone) if row.first_start is not None else None
    return Shown(
        id=row.id,
        correction=correction,
        channel=row.channel,
        network=row.network,
        kind=say(f"network.{row.network}.kind.{hand.kind}"),
        opens=hand.opens,
        mails=hand.mails,
        due=said.moment(row.due_at, clock) if row.due_at else "",
        title=said.title(row),
        pid=row.pid,
        leaf=shapes.leaf(start, clock.today) if start is not None else None,
        about=_about(task),
        text=task.said.text,
        old=old,
        new=new,
        changes=[(say(f"part.{code}"), before, after) for code, before, after in task.changes],
        fields=[(code, say(f"part.{code}"), value) for code, value in task.fields.items()],
        theirs=hand.theirs and not correction,
        image=images[0]["sha256"] if images else None,
        alt=images[0]["alt"] if images else "",
        cover=hand.cover,
        url=row.remote_url,
        version=task.digest,
        size=_size(row, task.said.text),
    )


def _about(task: Task) -> str:
    parts = task.said.parts
    return ", ".join(filter(None, (task.row.partner, parts.get("when"), parts.get("place"))))


def _size(row: Any, text: str) -> str:
    """ "65 of 120 words" """
    limits = Limits(**row.limits)
    told = _("{n} of {most} words") if limits.unit == "words" else _("{n} of {most} characters")
    return told.format(n=count(text, limits), most=limits.characters)
