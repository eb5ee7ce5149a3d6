"""What a page says once after something was done, and posts in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from flask import session

from aggregator.services.errors import DecidedError, ServiceError
from aggregator.services.sharing import Shared
from aggregator.web import here, shapes, telling
from aggregator.web.here import Clock
from words import when
from words.say import ngettext, say
from words.say import translate as _


def decided(verb: str, row: Any, version: int, back: str = "") -> None:
    """Say what was decided about an event and, of a snooze, when it comes back; with undo."""
    text = say(f"done.{verb}", {"title": telling.title(row.facts), "when": back})
    _keep(text=text, pid=row.pid, version=version)


def shared(row: Any, done: Shared, clock: Clock) -> None:
    """Say where a post goes and when, with undo."""
    told = say("done.share", {"title": telling.title(row.facts)})
    text = " ".join(filter(None, (told, ways(done.queued, clock))))
    _keep(text=text, pid=row.pid, version=done.version)


def ways(queued: Iterable[tuple[str, datetime]], clock: Clock) -> str:
    """Which channel posts when: "Practice: today, 5:30 pm." """
    return " ".join(
        _("{channel}: {when}.").format(channel=channel, when=moment(max(due, clock.now), clock))
        for channel, due in queued
    )


def plainly(text: str) -> None:
    """Say what happened."""
    _keep(text=text)


def with_way_back(text: str, address: str) -> None:
    """Say what happened, with a button that takes it back: a form sent to that address."""
    _keep(text=text, back=address)


def fault(error: ServiceError) -> None:
    """Say what was not done, and why."""
    _keep(fault=why(error))


def why(error: ServiceError) -> str:
    """Why it was not done, in words; who was faster, and when."""
    if isinstance(error, DecidedError):
        ago = when.ago(error.at, here.house().clock())
        return say(error.code, {**error.params, "when": ago})
    return say(error.code, error.params)


def take() -> list[dict[str, Any]]:
    """What is to be said on this page, and then no more."""
    found: list[dict[str, Any]] = session.pop("said", [])
    return found


def _keep(**what: Any) -> None:
    session["said"] = [*session.get("said", []), what]


def undone(title: str, out: int) -> str:
    """A decision was taken back; posts that are out stay out."""
    text = _("“{title}” is as it was before.").format(title=title)
    if not out:
        return text
    stays = ngettext(
        "{n} post is out already, or on its way, and stays.",
        "{n} posts are out already, or on their way, and stay.",
        out,
    )
    return f"{text} {stays.format(n=out)}"


@dataclass(frozen=True, slots=True)
class Post:
    """One delivery, ready to be shown."""

    id: int
    channel: str
    network: str
    state: str
    words: str  # the state in words, with the reason
    due: str
    day: shapes.Leaf | None
    title: str
    event: str | None  # pid
    text: str
    url: str | None
    detail: str | None


def post(row: Any, clock: Clock) -> Post:
    """A row of `views` that is about a delivery."""
    state, code, detail = row.state, row.error_code, row.error_detail
    words = say(_way(row))
    if code and state != "SENT":
        words = say(code, {"detail": detail or ""})
    return Post(
        id=row.id,
        channel=row.channel,
        network=row.network,
        state=state,
        words=words,
        due=moment(row.due_at, clock) if row.due_at else "",
        day=shapes.leaf(row.due_at.astimezone(clock.zone), clock.today) if row.due_at else None,
        title=title(row),
        event=row.pid,
        text=row.frozen["text"],
        url=row.remote_url,
        detail=detail if detail and state != "SENT" and detail not in words else None,
    )


def title(row: Any) -> str:
    """What a post is called: as its event, else by its first words."""
    if row.facts:
        return telling.title(row.facts)
    line = next(iter(row.frozen["text"].strip().splitlines()), "")
    return shorten(line, 60, placeholder=" …") or _("A post without an event")


def _way(row: Any) -> str:
    """The code of a post's state: what a person does is not said to go out by itself."""
    if getattr(row, "way", "") == "by_hand" and row.state in {"QUEUED", "SENT"}:
        if row.state == "SENT":
            return "posted.hand.SENT"
        return "posted.correct" if row.action == "EDIT" else "posted.hand"
    return f"posted.{row.state}"


def moment(at: datetime, clock: Clock) -> str:
    """ "today, 5:30 pm" """
    return when.when(at.astimezone(clock.zone), None, clock.today, relative=True)
