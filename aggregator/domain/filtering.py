"""What a list shows: one value, read from an address and written back to it.

The address holds the view, so that it can be kept, sent to a colleague and saved. What it says
and nobody knows (an old code, a day that is none) is left out, never an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

#: The views of the inbox, in the order of its rail; "all" is every event, also what is over.
VIEWS = ("new", "soon", "changed", "calendar", "snoozed", "declined", "dateless", "all")

STATES = ("NEW", "HELD", "APPROVED", "DECLINED", "SNOOZED")

#: Days that a saved view means anew each day.
WHENS = ("today", "tomorrow", "weekend", "week", "month")

#: How soon is soon: an undecided event that begins within this time is urgent.
SOON = timedelta(days=3)

#: Longer than any name that a list filters by; what is longer was typed by no person.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for. "" and None ask for nothing; several narrow the list together."""

    view: str = "new"
    q: str = ""  # words of title, place, partner and tags
    partner: str = ""  # pid
    tag: str = ""  # a partner's category, as domain.tagging writes it
    audience: str = ""  # id of a group of patrons
    access: str = ""  # free, online, wheelchair …: domain.tagging.ACCESS
    place: str = ""  # a place's name, as domain.tagging writes it
    state: str = ""
    when: str = ""  # one of WHENS; stands in place of the two days
    from_day: date | None = None  # the library's days, both included
    to_day: date | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """From the arguments of an address."""
        plain = {name: " ".join(args.get(name, "").split())[:LONGEST] for name in _WORDS}
        for name, known in _KNOWN.items():
            if plain[name] not in known:
                del plain[name]
        days = {f"{end}_day": _day(args.get(end, "")) for end in ("from", "to")}
        return cls(**plain, **days)  # type: ignore[arg-type]

    def query(self, **changed: str | date | None) -> str:
        """The address after "?", in a steady order; what asks for nothing is left out."""
        wanted = replace(self, **changed)  # type: ignore[arg-type]
        pairs = [(each.name, getattr(wanted, each.name), each.default) for each in fields(self)]
        told = [
            (name.removesuffix("_day"), value) for name, value, usual in pairs if value != usual
        ]
        return urlencode([(name, value) for name, value in told if value])

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than its whole view."""
        return self != Filter(view=self.view)

    @property
    def has_days(self) -> bool:
        """Whether it asks for certain days."""
        return bool(self.when or self.from_day or self.to_day)

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day that are asked for; None: no end on that side."""
        match self.when:
            case "today":
                return today, today
            case "tomorrow":
                return today + timedelta(days=1), today + timedelta(days=1)
            case "weekend":
                sunday = today + timedelta(days=6 - today.weekday())
                return max(today, sunday - timedelta(days=1)), sunday
            case "week":
                return today, today + timedelta(days=6)
            case "month":
                return today, today + timedelta(days=30)
            case _:
                return self.from_day, self.to_day

    def span(self, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The same as instants in the library's zone: from the first on, before the second."""
        first, last = self.days(now.astimezone(zone).date())
        return (
            datetime.combine(first, time(), zone) if first else None,
            datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
        )


_WORDS = tuple(each.name for each in fields(Filter) if not each.name.endswith("_day"))
_KNOWN = {"view": VIEWS, "state": ("", *STATES), "when": ("", *WHENS)}


def _day(text: str) -> date | None:
    """YYYY-MM-DD; within what a calendar can count on from."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None
