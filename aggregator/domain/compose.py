"""One event in the words of one network. The preview and the post are made here, once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from aggregator.domain.dates import Date
from feeds.event import Event
from feeds.recurrence import is_series
from networks.counting import count, shorten
from networks.post import Limits, Wording
from words.say import translate as _
from words.when import series, when


class TagSet(Protocol):
    """One set of hashtags, as the settings page keeps it."""

    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def always(self) -> bool: ...
    @property
    def audience_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Composed:
    """What goes out: `text` whole, `link` beside it or inside it, counted as the network does."""

    text: str
    link: str | None
    count: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the network will take it."""
        return self.count <= self.limit


@dataclass(frozen=True, slots=True)
class Told:
    """What a post tells: the event, the date it invites to, and from whom it comes."""

    event: Event
    dates: Sequence[Date]  # still to come, soonest first; at least one
    partner: str
    link: str | None
    tags: tuple[str, ...] = ()  # of the house; the event's own categories come after them


def compose(told: Told, wording: Wording, limits: Limits, today: date) -> Composed:
    """Title, when, where, credit, link and hashtags, as much of it as fits.

    What does not fit leaves in this order: hashtags, credit, place; then the title is cut.
    """
    for leave_out in range(4):
        text = _text(told, wording, today, leave_out)
        composed = _counted(text, told.link, limits)
        if composed.fits:
            return composed
    room = limits.characters - count(_text(told, wording, today, 3, title=""), limits)
    title = shorten(_title(told.event), max(room, 1), limits)
    return _counted(_text(told, wording, today, 3, title=title), told.link, limits)


def written(words: str, link: str | None, limits: Limits) -> Composed:
    """Words that a person wrote, counted like composed ones."""
    return _counted(words, link, limits)


def free(
    words: str, link: str | None, tags: Sequence[str], wording: Wording, limits: Limits
) -> Composed:
    """A post without an event: what a person wrote, with link and hashtags as the network wants.

    Hashtags leave when there is no room for them; the person's words are never cut.
    """
    beside = link if wording.link == "text" and link and link not in words else None
    plain = "\n".join(filter(None, (words, beside)))
    marks = " ".join(tag for tag in hashtags(tags, wording.tags) if tag not in words.split())
    whole = _counted("\n".join(filter(None, (plain, marks))), link, limits)
    return whole if whole.fits else _counted(plain, link, limits)


def tags_for(sets: Iterable[TagSet], audience_id: int | None) -> tuple[str, ...]:
    """The hashtags of a post for that group: the sets that every post carries, and the group's."""
    return tuple(
        tag
        for each in sets
        if each.always or (audience_id is not None and each.audience_id == audience_id)
        for tag in each.tags
    )


def cleaned(words: str) -> str:
    """Words as they came from a form: one kind of line end, nothing around them."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def hashtags(categories: Sequence[str], number: int) -> tuple[str, ...]:
    """Categories as hashtags, at most number: "Kids & Family" → "#KidsFamily".

    Words begin with a capital, so that a screen reader speaks them apart.
    """
    found: dict[str, str] = {}
    for category in categories:
        parts = re.findall(r"\w+", category)
        tag = "".join(part[:1].upper() + part[1:] for part in parts)
        if tag and not tag.isdecimal() and len(tag) <= 30:
            found.setdefault(tag.casefold(), f"#{tag}")
    return tuple(found.values())[:number]


def _text(
    told: Told, wording: Wording, today: date, leave_out: int, title: str | None = None
) -> str:
    tags = hashtags([*told.tags, *told.event.categories], wording.tags)
    lines: list[str | None] = [
        _title(told.event) if title is None else title,
        _when(told, today),
        _where(told.event) if leave_out < 3 else None,
        _credit(told) if leave_out < 2 else None,
        told.link if wording.link == "text" else None,
        " ".join(tags) if leave_out < 1 else None,
    ]
    return "\n".join(line for line in lines if line is not None and line != "")


def _title(event: Event) -> str:
    return event.summary or _("An event")


def _when(told: Told, today: date) -> str:
    """The next date in words; of a series its rhythm beside it."""
    first = told.dates[0].event
    text = when(first.start, first.end, today)
    if not is_series(told.event) or len(told.dates) < 2:
        return text
    days = [date.fromisoformat(each.local_date) for each in told.dates]
    rule = told.event.rrule or ""
    endless = bool(rule) and "COUNT=" not in rule and "UNTIL=" not in rule
    return f"{text} ({series(days, endless=endless)})"


def _credit(told: Told) -> str | None:
    """From whom it comes, unless the place says so already."""
    if told.partner.casefold() == (_where(told.event) or "").casefold():
        return None
    return _("With {partner}").format(partner=told.partner)


def _where(event: Event) -> str | None:
    """The place's name, and "online" where one can come that way."""
    place = event.location.name or event.location.address if event.location else None
    if event.attendance == "ONLINE":
        return _("Online")
    if event.attendance == "MIXED" and place:
        return _("{place}, and online").format(place=place)
    return " ".join(place.split()) if place else (_("Online") if event.online_url else None)


def _counted(text: str, link: str | None, limits: Limits) -> Composed:
    return Composed(text, link, count(text, limits), limits.characters)
