"""What of the calendar is asked for: from the address, and in words that can be taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import request, url_for

from aggregator.domain.filtering import Filter
from aggregator.domain.tagging import ACCESS
from words import when
from words.say import say
from words.say import translate as _

#: What a filter asks for beside days, in the order in which it is told.
FIELDS = ("audience", "access", "partner", "tag", "place", "q")

#: Days that a list without end has no need to fold.
_FEW = timedelta(days=8)


class Choice(NamedTuple):
    """One link that narrows the list, or widens it again where it is chosen already."""

    words: str
    address: str
    chosen: bool
    kind: str


class Taken(NamedTuple):
    """One thing that is asked for, and the address without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a filter may name: groups and partners."""

    audiences: Sequence[Any]
    partners: Sequence[Any]

    def audience(self, number: str) -> str:
        """The name of a group; "" for one that is not there any more."""
        return next((str(row.name) for row in self.audiences if str(row.id) == number), "")

    def partner(self, pid: str) -> str:
        """The name of a partner; "" for one that is not there."""
        return next((str(row.name) for row in self.partners if row.pid == pid), "")


def asked() -> Filter:
    """What this request asks for. What only staff filter by is left out; typed days win."""
    found = replace(Filter.parse(request.args), view=Filter().view, state="")
    return replace(found, when="") if found.from_day or found.to_day else found


def arguments(wanted: Filter, **changed: Any) -> dict[str, Any]:
    """The arguments of an address that asks for this, with some of it changed."""
    return dict(parse_qsl(wanted.query(**changed)))


def without_days(wanted: Filter) -> Filter:
    """The same for every day: what a subscription holds."""
    return replace(wanted, when="", from_day=None, to_day=None)


def address(wanted: Filter, **changed: Any) -> str:
    """The list that asks for this, with some of it changed."""
    return url_for("calendar.listing", **arguments(wanted, **changed))


def is_short(wanted: Filter, today: date) -> bool:
    """Whether a few days are asked for, of which everything is listed."""
    first, last = wanted.days(today)
    return last is not None and last - max(first or today, today) < _FEW


def span(wanted: Filter, now: datetime, zone: Any) -> tuple[datetime, datetime | None]:
    """From when to when the list goes; what is over is never listed."""
    first, last = wanted.span(now, zone)
    return max(now, first) if first else now, last


def choices(wanted: Filter, known: Known, today: date) -> list[Choice]:
    """The line of links above the list."""
    monday = today + timedelta(days=7 - today.weekday())
    nothing = {"when": "", "from_day": None, "to_day": None}
    spans: list[tuple[str, Mapping[str, Any]]] = [
        (_("Today"), {**nothing, "when": "today"}),
        (_("Tomorrow"), {**nothing, "when": "tomorrow"}),
        (_("This weekend"), {**nothing, "when": "weekend"}),
        (
            _("Next week"),
            {**nothing, "from_day": monday, "to_day": monday + timedelta(days=6)},
        ),
    ]
    found = [Choice(_("Everything"), url_for("calendar.listing"), wanted == Filter(), "all")]
    for words, change in spans:
        chosen = all(getattr(wanted, name) == value for name, value in change.items())
        found.append(
            Choice(words, address(wanted, **(nothing if chosen else change)), chosen, "days")
        )
    free = wanted.access == "free"
    found.append(
        Choice(
            say("public.access.free"), address(wanted, access="" if free else "free"), free, "free"
        )
    )
    for row in known.audiences:
        number = str(row.id)
        chosen = wanted.audience == number
        where = address(wanted, audience="" if chosen else number)
        found.append(Choice(row.name, where, chosen, "group"))
    return found


def told(wanted: Filter, known: Known, today: date) -> list[Taken]:
    """All that is asked for, each with the way to take it away."""
    found = list[Taken]()
    if wanted.has_days:
        without = address(wanted, when="", from_day=None, to_day=None)
        found.append(Taken(_days(wanted, today), without))
    for field, words in lasting(wanted, known):
        found.append(Taken(words, address(wanted, **{field: ""})))
    return found


def lasting(wanted: Filter, known: Known) -> list[tuple[str, str]]:
    """What is asked for without the days: the field, and its words."""
    words = {
        "audience": known.audience(wanted.audience) or _("A group that is no more"),
        "access": say(f"public.access.{wanted.access}") if wanted.access in ACCESS else "",
        "partner": known.partner(wanted.partner) or _("Somebody we don’t know"),
        "q": _("“{words}”").format(words=wanted.q),
    }
    asked_for = (field for field in FIELDS if getattr(wanted, field))
    return [(field, words.get(field) or getattr(wanted, field)) for field in asked_for]


def in_words(wanted: Filter, known: Known) -> str:
    """What a subscription to this holds, as one line; "" for everything."""
    return ", ".join(words for _field, words in lasting(wanted, known))


def _days(wanted: Filter, today: date) -> str:
    if wanted.when:
        return say(f"public.when.{wanted.when}")
    first, last = wanted.from_day, wanted.to_day
    if first is not None and last is not None:
        return when.when(first, last + timedelta(days=1), today)
    if first is not None:
        return _("From {day}").format(day=when.day(first, today))
    return _("Until {day}").format(day=when.day(last or today, today))
