"""What a look-up found, ready to be shown: ways in, cards of events, tallies, messages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from aggregator.domain.naming import partner_name
from aggregator.services import messages
from aggregator.web import shapes, telling
from aggregator.web.here import Clock
from words import when
from words.say import ngettext, say
from words.say import translate as _

#: Said in a list, where the advice stands in the message beside it.
_SHORT = {"page.no_events": "look.no_feed"}
#: An event of more days than this is asked about.
LONG = 62


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of a preview."""

    leaf: shapes.Leaf
    title: str
    line: str  # when and where
    rhythm: str
    doubts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, in words."""

    number: int
    name: str
    line: str  # "9 events until May"
    url: str
    upcoming: int
    events: Sequence[Shown]
    problems: Sequence[str]

    @property
    def sound(self) -> int:
        """How many of the shown events lack nothing."""
        return sum(not each.doubts for each in self.events)


@dataclass(frozen=True, slots=True)
class Line:
    """One link of a page of links."""

    id: int
    state: str
    name: str
    url: str
    how: str  # which way in; why there is none
    upcoming: int
    events: str  # "38 events"
    mail: str | None
    message: str  # ready to be sent, "" where none helps
    partner_id: int | None


def ways(link: Any, clock: Clock) -> list[Way]:
    """Every way into an address, the best first."""
    told = [link.found, *link.found["others"]]
    return [_way(number, each, clock) for number, each in enumerate(told)]


def _way(number: int, told: Mapping[str, Any], clock: Clock) -> Way:
    return Way(
        number,
        say(f"format.{told['format']}"),
        _holds(told, clock.today),
        told["url"],
        told["upcoming"],
        [_shown(each, clock) for each in told["events"]],
        _problems(told["problems"]),
    )


def _holds(told: Mapping[str, Any], today: date) -> str:
    """How much is in it, and how far it reaches."""
    if not told["upcoming"] and told["notices"]:
        return ngettext(
            "{n} entry, without a date", "{n} entries, none with a date to come", told["notices"]
        ).format(n=told["notices"])
    if not told["upcoming"]:
        return _("No events to come just now")
    counted = events(told["upcoming"])
    if not told["until"]:
        return counted
    last = when.day(date.fromisoformat(told["until"]), today)
    return _("{events}, the last on {day}").format(events=counted, day=last)


def events(number: int) -> str:
    """ "9 events" """
    return ngettext("{n} event", "{n} events", number).format(n=number)


def _problems(problems: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each sentence once, with how often it was true."""
    counted = Counter(say(each["code"], each["params"]) for each in problems)
    return [
        text if number == 1 else _("{text} ({number} times)").format(text=text, number=number)
        for text, number in counted.items()
    ]


def _shown(told: Mapping[str, Any], clock: Clock) -> Shown:
    facts = told["facts"]
    row = SimpleNamespace(
        **{
            **told["date"],
            "start_at": datetime.fromisoformat(told["date"]["start_at"]),
            "end_at": datetime.fromisoformat(told["date"]["end_at"]),
        }
    )
    series = telling.is_series(facts)
    dated = telling.dated(row, facts, clock.zone, clock.today, series=series)
    days = [SimpleNamespace(local_date=day, status=None) for day in told["days"]]
    place = telling.place(facts)
    return Shown(
        dated.leaf,
        telling.title(facts),
        " · ".join(part for part in (dated.words, place) if part),
        telling.rhythm(facts, days),
        [say(code, params) for code, params in _doubts(facts, row, place)],
    )


def _doubts(facts: Mapping[str, Any], row: Any, place: str) -> list[tuple[str, dict[str, Any]]]:
    """What somebody who wants to come would miss."""
    found: list[tuple[str, dict[str, Any]]] = []
    if "CANCELLED" in {row.status, facts["status"]}:
        return [("doubt.cancelled", {})]
    if not facts["summary"]:
        found.append(("doubt.title", {}))
    if not place:
        found.append(("doubt.place", {}))
    if not row.all_day and row.end_at == row.start_at:
        found.append(("doubt.end", {}))
    if (days := (row.end_at - row.start_at) // timedelta(days=1)) > LONG:
        found.append(("doubt.over_long", {"days": days}))
    return found


def proposed_name(link: Any, *, first: bool = False) -> str:
    """What the partner is likely called. first: nobody gave the link a name of its own."""
    found = link.found or {}
    page = found.get("page") or (link.outcome or {}).get("page")
    own = None if first else link.title
    return partner_name(own, page, found.get("title"), url=found.get("url") or link.url)


def line(link: Any, sender: str, library: str) -> Line:
    """A link of a page of links."""
    outcome, found = link.outcome or {}, link.found or {}
    how = say(f"format.{found['format']}") if found else ""
    if outcome:
        how = say(_SHORT.get(outcome["code"], outcome["code"]), outcome.get("params"))
    return Line(
        link.id,
        link.state,
        proposed_name(link),
        found.get("url") or link.url,
        how,
        found.get("upcoming", 0),
        events(found["upcoming"]) if found.get("upcoming") else _("none just now"),
        outcome.get("mail"),
        message(link, sender, library) if link.state == "WORD_NEEDED" else "",
        link.partner_id,
    )


def is_closed(link: Any) -> bool:
    """Whether looking there once more finds nothing either: members only."""
    return (link.outcome or {}).get("code") == "look.closed"


def message(link: Any, sender: str, library: str) -> str:
    """What to write to the people behind a link that can't be read."""
    told = messages.about(link.outcome["code"], link.url, sender=sender, library=library)
    return say(told.code, told.params)
