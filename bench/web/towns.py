"""An invented region with many partners: events as feeds would tell them, in any number.

Everything follows from the seed. Prototypes are made by the house's own code (facts, words,
tags, calendar block); an event is a prototype on another day.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aggregator.domain import tagging
from aggregator.domain.regular import is_weekly
from aggregator.domain.tagging import Group
from aggregator.services import deriving
from aggregator.services.publishing import rendered
from feeds.event import Age, Event, Place, Price
from feeds.facts import canonical, to_facts

ZONE = ZoneInfo("America/New_York")
PARTNERS, PLACES, TITLES = 200, 5, 40
#: Of all events so many are to come.
AHEAD = 0.1
#: The day of every prototype, which no other text of theirs holds.
DAY = date(2001, 1, 15)

_WHAT = (
    *("Story Time", "Chess Club", "Open Knitting Table", "Jazz Evening", "Farmers’ Market"),
    *("Book Sale", "Lantern Walk", "Choir Rehearsal", "Science Saturday", "Film Night"),
    *("Poetry Reading", "Blood Drive", "Repair Café", "Yoga", "Tax Help", "Garden Tour"),
    *("Old Maps Evening", "Teen Game Night", "Baby Rhymes", "Public Hearing", "Winter Concert"),
    *("Bird Walk", "Spanish Conversation", "Job Clinic", "Puppet Show", "Quilt Exhibition"),
    *("Robot Workshop", "Genealogy Desk", "Town Meeting", "Craft Fair", "Ukulele Circle"),
    *("Astronomy Night", "History Talk", "Art Class", "Walking Group", "Board Meeting"),
    *("Dance Lesson", "Cooking for Two", "E-Book Help", "Open House"),
)
_WHO = ("River", "Mill", "Elm", "Carver", "Harbor", "Wren", "Stone", "Maple", "North", "Union")
_KIND = (
    *("Museum", "Playhouse", "School", "Parks", "Society", "Centre", "Club", "Church", "Gallery"),
    *("Farm", "Theater", "College", "Council", "Library Friends", "Choir", "Band", "Market"),
    *("Garden", "Hospital", "Station"),
)
_WHERE = ("Hall", "Hearth Room", "Main Street Stage", "Garden", "Room 2")
_CATEGORIES = (
    *("Families", "Music", "Arts", "Books", "Outdoors", "Health", "Civic", "Kids", "Adult"),
    "Seniors",
)


class When(NamedTuple):
    """When an event came, when it begins, and how many dates it has."""

    arrived: datetime
    day: date
    dates: int
    is_long: bool


@dataclass(frozen=True, slots=True)
class Prototype:
    """An event's columns on DAY; what names the day is replaced in the texts."""

    facts: str
    block: str
    zones: str
    words: str
    title: str
    tags: tuple[tuple[str, str], ...]
    marks: str
    hour: int


def partner(number: int) -> str:
    """A partner's name."""
    return f"{_WHO[number % 10]} {_KIND[number // 10 % 20]}"


def moments(events: int, now: datetime) -> list[When]:
    """So many, in the order of their arrival: a tenth to come, the others of five years."""
    dice, ahead = random.Random(events), int(events * AHEAD)
    found = [_coming(dice, now) for _ in range(ahead)]
    found += [_past(dice, now) for _ in range(events - ahead)]
    return sorted(found)


def _coming(dice: random.Random, now: datetime) -> When:
    """Most begin in the next weeks; they came in the last half year."""
    day = now.astimezone(ZONE).date() + timedelta(days=1 + int(dice.expovariate(1 / 40)) % 250)
    dates = dice.choice((12, 30, 52)) if dice.random() < 0.05 else 1
    arrived = now - timedelta(seconds=dice.randrange(180 * 86400))
    return When(arrived, day, dates, dates == 1 and dice.random() < 0.01)


def _past(dice: random.Random, now: datetime) -> When:
    start = now - timedelta(days=3) - timedelta(seconds=dice.randrange(5 * 365 * 86400))
    arrived = start - timedelta(days=dice.randrange(1, 60))
    return When(arrived, start.astimezone(ZONE).date(), 1, dice.random() < 0.01)


@cache
def prototype(
    who: int, place: int, title: int, *, is_series: bool, groups: tuple[Group, ...]
) -> Prototype:
    """One of a partner's events."""
    event = _event(who, place, title, is_series=is_series)
    facts = to_facts(event)
    derived = deriving.columns(facts, partner(who), groups)
    block = rendered(
        event,
        pid="PID",
        install_id="bench",
        sequence=0,
        changed_at=datetime(2000, 1, 1, tzinfo=UTC),
        arrived_at=datetime(2000, 1, 1, tzinfo=UTC),
        partner=partner(who),
    )
    assert is_series == is_weekly(event)
    return Prototype(
        canonical(facts),
        block["ics_block"],
        block["ics_zones"],
        derived["search_text"],
        event.summary or "",
        tuple(sorted(derived["tags"])),
        tagging.marks(derived["tags"]),
        event.start.hour if isinstance(event.start, datetime) else 0,
    )


def _event(who: int, place: int, title: int, *, is_series: bool) -> Event:
    start = datetime(DAY.year, DAY.month, DAY.day, 9 + (title + place) % 11, tzinfo=ZONE)
    name = f"{partner(who)} {_WHERE[place]}"
    return Event(
        uid=f"UID-{who}@bench",
        summary=f"{_WHAT[title]} at {_WHERE[place]}" if place % 2 else _WHAT[title],
        description=f"{_WHAT[title]} by {partner(who)}. Everybody is welcome, come as you are.",
        start=start,
        end=start + timedelta(hours=1 + title % 2),
        zone=ZONE.key,
        location=Place(name, f"{who + 1} Main Street", 41.5 + who / 1000, -72.5),
        url=f"https://partner-{who}.example/events/UID",
        image=f"https://partner-{who}.example/{title}.jpg" if title % 3 == 0 else None,
        categories=(_CATEGORIES[title % 10],),
        age=Age(min=title % 12, max=title % 12 + 6) if title % 4 == 0 else None,
        price=Price(free=True) if title % 2 else Price(min=5, currency="USD"),
        access="Wheelchair accessible" if title % 5 == 0 else None,
        rrule="FREQ=WEEKLY" if is_series else None,
    )


def texts(made: Prototype, day: date, uid: str) -> tuple[str, str]:
    """Facts and calendar block of a prototype on another day."""
    start = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    offset = f"{start:%z}"[:3] + ":00"
    facts = made.facts.replace(DAY.isoformat(), day.isoformat()).replace("-05:00", offset)
    block = made.block.replace(f"{DAY:%Y%m%d}", f"{day:%Y%m%d}").replace("PID", uid)
    return facts.replace("UID", uid), block


def spread(events: int) -> Iterator[tuple[int, int, int]]:
    """Who, where and what: a few partners offer a lot."""
    dice = random.Random(events + 1)
    for _ in range(events):
        who = min(int(dice.paretovariate(0.7)) - 1, PARTNERS * 10) % PARTNERS
        yield who, dice.randrange(PLACES), dice.randrange(TITLES)
