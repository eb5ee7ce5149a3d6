"""What a list is narrowed by, in words; and the views that its reader keeps."""

from typing import Any, NamedTuple

from aggregator.domain.filtering import Filter
from aggregator.storage import choices, partners
from aggregator.storage import saved_views as kept
from aggregator.storage.doors import Reader
from aggregator.web import here
from words import when
from words.say import say
from words.say import translate as _


class Asked(NamedTuple):
    """One thing that the list is narrowed by, in words, and the address without it."""

    words: str
    query: str  # what then stands behind the "?"


def told(tx: Reader, asked: Filter) -> list[Asked]:
    """What the list is narrowed by, each with the address that takes it away."""
    if not asked.is_narrowed:
        return []
    days = [each and when.day(each) for each in (asked.from_day, asked.to_day)]
    words = {
        "q": asked.q and _("“{words}”").format(words=asked.q),
        "partner": asked.partner and _partner(tx, asked.partner),
        "tag": asked.tag,
        "audience": asked.audience and _audience(tx, asked.audience),
        "access": asked.access and say(f"public.access.{asked.access}"),
        "place": asked.place,
        "state": asked.state and say(f"state.{asked.state}"),
        "when": asked.when and say(f"public.when.{asked.when}"),
        "from_day": days[0] and _("from {day}").format(day=days[0]),
        "to_day": days[1] and _("until {day}").format(day=days[1]),
    }
    return [Asked(text, _without(asked, name)) for name, text in words.items() if text]


def beside(tx: Reader, asked: Filter) -> list[tuple[str, str, bool]]:
    """This person's kept views for the rail: name, address after "?", whether it is shown."""
    query = asked.query()
    return [(row.name, row.query, row.query == query) for row in kept.of(tx, here.author() or 0)]


def _without(asked: Filter, name: str) -> str:
    return asked.query(**{name: None if name.endswith("_day") else ""})


def _partner(tx: Reader, pid: str) -> str:
    row: Any = partners.by_pid(tx, pid)
    return row.name if row is not None else _("A partner who is gone")


def _audience(tx: Reader, number: str) -> str:
    found = (row.name for row in choices.audiences(tx) if str(row.id) == number)
    return next(found, _("A group that is gone"))
