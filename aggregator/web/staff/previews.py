"""The posts that Share would send, drawn and editable: values for sharing/previews.html."""

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Row

from aggregator.domain.compose import cleaned
from aggregator.services import library, previewing
from aggregator.services.previewing import ChannelPreview, Wanted
from aggregator.storage.doors import Reader
from aggregator.web import here, sound, telling
from aggregator.web.here import Clock
from aggregator.web.staff import drawn, said
from aggregator.web.staff.drawn import Drawn
from feeds.facts import digest
from words.say import say

#: Why a post can't go out that whoever looks at it can mend.
MENDABLE = {"share.too_long", "share.empty", "share.none_chosen"}

#: The longest text that is counted; no network takes more.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Post:
    """One channel's post: as drawn, as typed, and whether it goes."""

    channel_id: int
    drawn: Drawn
    words: str  # in the field
    was: str  # names the composed words that the field began with
    is_written: bool
    chosen: bool
    already: str | None
    fault: str  # why it can't go out like this


@dataclass(frozen=True, slots=True)
class Previews:
    """All channels' posts of one event, and what staff choose beside them."""

    pid: str
    version: int
    shown: str  # names what was composed, so that exactly this goes out
    posts: tuple[Post, ...]
    problem: str  # why the event can't be shared; "" if it can
    is_unconnected: bool
    can_share: bool  # or could, with other words
    image: str | None
    with_picture: bool
    alt: str
    purposes: tuple[tuple[int, str], ...]
    purpose_id: int | None
    audiences: tuple[tuple[int, str], ...]
    audience_id: int | None
    is_chosen: bool  # somebody chose something already
    query: str  # the list of the inbox that it was opened from, as it stands behind the "?"


def values(
    tx: Reader, row: Row[Any], clock: Clock, wanted: Wanted | None = None, query: str = ""
) -> Previews:
    """What sharing/previews.html is given as `previews`, for one row of `events.by_pid`."""
    wanted = wanted or Wanted()
    shown = previewing.look(here.house(), tx, row, clock.now, wanted)
    name, title = library.name(tx), telling.title(row.facts)
    problem = shown.problem
    posts = tuple(_post(each, name, title, clock) for each in shown.channels)
    return Previews(
        pid=row.pid,
        version=row.version,
        shown=shown.digest,
        posts=posts,
        problem=say(problem.code, problem.params) if problem else "",
        is_unconnected=problem is not None and problem.code == "share.no_channel",
        can_share=any(each.already is None for each in posts)
        and (problem is None or problem.code in MENDABLE),
        image=shown.image,
        with_picture=wanted.picture,
        alt=shown.alt,
        purposes=_named(shown.purposes),
        purpose_id=shown.purpose_id,
        audiences=_named(shown.audiences),
        audience_id=shown.audience_id,
        is_chosen=wanted.audience_id is not None,
        query=query,
    )


def wanted() -> Wanted:
    """What the form of sharing/previews.html asks for. A field that did not come is left alone."""
    form = request.form
    offered = {int(name[4:]): was for name, was in form.items() if _is_for(name, "was-")}
    words = {
        number: form[f"words-{number}"][:LONGEST]
        for number, was in offered.items()
        if f"words-{number}" in form and name_of(form[f"words-{number}"]) != was
    }
    chosen = frozenset(number for number in offered if f"channel-{number}" in form)
    return Wanted(
        words=words,
        channels=chosen if offered else None,
        picture="picture" in form or "alt" not in form,
        alt=" ".join(form["alt"].split())[:1500] if "alt" in form else None,
        purpose_id=number("purpose"),
        audience_id=number("audience"),
    )


def name_of(words: str) -> str:
    """A short name of words, the same before and after they went through a form."""
    return digest(cleaned(words))[:16]


def _post(each: ChannelPreview, name: str, title: str, clock: Clock) -> Post:
    fault = previewing.at_fault(each.composed, each.channel)
    return Post(
        channel_id=each.channel_id,
        drawn=drawn.draw(
            each.channel_id,
            each,
            each.composed.text,
            library=name,
            counted=each.composed.count,
            limit=each.composed.limit,
            link=each.composed.link,
            title=title,
            image=each.image,
            alt=each.image_alt,
            when=said.moment(each.due_at, clock),
        ),
        words=each.composed.text,
        was=name_of(each.plain),
        is_written=each.words is not None,
        chosen=each.chosen,
        already=each.already,
        fault=say(fault.code, fault.params) if fault and each.already is None else "",
    )


def _named(rows: Any) -> tuple[tuple[int, str], ...]:
    return tuple((row.id, row.name) for row in rows)


def number(name: str) -> int | None:
    """A whole number of the form, where it came."""
    return request.form.get(name, type=sound.whole)


def _is_for(name: str, prefix: str) -> bool:
    number = name.removeprefix(prefix)
    return name.startswith(prefix) and number.isascii() and number.isdecimal() and len(number) < 10
