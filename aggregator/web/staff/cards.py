"""Events as cards: what the inbox shows of each, from plain rows and a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from aggregator.domain import distance
from aggregator.domain.distance import Point
from aggregator.domain.filtering import Filter
from aggregator.storage import places, views
from aggregator.storage.doors import Reader
from aggregator.web import telling
from aggregator.web.here import Clock
from aggregator.web.telling import Dated, Facts, Told
from words import when
from words.far import far
from words.say import say
from words.say import translate as _

#: Cards on one page, which has to stay small; further ones come as one walks or scrolls down.
#: Changed events stand above the new ones.
SIZE, CHANGED = 9, 2


@dataclass(frozen=True, slots=True)
class Card:
    """One event of a list; a series is one card."""

    id: int
    pid: str
    version: int
    facts: Facts
    next: Dated | None  # None without a date
    rhythm: str
    partner: str
    image: str | None
    arrived: date
    state: str
    reason: str  # why it is held
    is_back: bool  # a snooze that is over
    changes: Sequence[Told]
    away: str  # "0.8 mi"; "" where one end is unknown
    missing: Sequence[str]  # what somebody who wants to come would ask


class Group(NamedTuple):
    """Cards under one heading; `day` is when they arrived, "" for what changed."""

    title: str
    day: str
    cards: list[Card]


class Listed(NamedTuple):
    """A page of a list."""

    groups: list[Group]
    more: int | None  # the key of the next page
    first: bool
    newest: int  # the highest id of the list: what is above it came later

    @property
    def cards(self) -> list[Card]:
        """All of them, in order."""
        return [card for group in self.groups for card in group.cards]


def rows(
    tx: Reader, wanted: Filter, clock: Clock, before: int | None = None, limit: int = SIZE
) -> Sequence[Any]:
    """The events that the filter asks for, newest first."""
    return views.inbox(tx, wanted, clock.now, before, limit)


def listed(tx: Reader, wanted: Filter, clock: Clock, before: int | None = None) -> Listed:
    """One page of the list, grouped by the day of arrival."""
    found = [*rows(tx, wanted, clock, before, SIZE + 1)]
    shown, more = found[:SIZE], len(found) > SIZE
    on_top: Sequence[Any] = ()
    if wanted == Filter() and before is None:
        on_top = rows(tx, Filter(view="changed"), clock, None, CHANGED)
    made = cards(tx, [*on_top, *shown], clock)
    changed, newest = made[: len(on_top)], made[len(on_top) :]
    groups = [Group(_("Changed since it was approved"), "", changed)] if changed else []
    groups += [
        Group(_arrived(day, clock.today), day.isoformat(), [*some])
        for day, some in groupby(newest, key=lambda card: card.arrived)
    ]
    top = max((row.id for row in shown), default=0)
    return Listed(groups, shown[-1].id if more else None, before is None, top)


def cards(tx: Reader, rows: Sequence[Any], clock: Clock) -> list[Card]:
    """A card for each row of `views.inbox`; three queries for all of them."""
    ids = [row.id for row in rows]
    dates = _by_event(views.dates_to_come(tx, ids, clock.now))
    changed = _by_event(views.unseen(tx, ids))
    near = branches(tx)
    return [_card(row, dates[row.id], changed[row.id], clock, near) for row in rows]


def branches(tx: Reader) -> list[Point]:
    """The library's branches whose place on the map is known."""
    found = (distance.point(row.latitude, row.longitude, row.name) for row in places.branches(tx))
    return [each for each in found if each is not None]


def away(facts: Facts, near: Iterable[Point], clock: Clock) -> str:
    """How far it is from the nearest branch; "" where one end is unknown."""
    told = facts["location"] or {}
    there = distance.point(told.get("latitude"), told.get("longitude"))
    found = distance.nearest(there, near)
    return far(found.metres, clock.zone.key) if found else ""


def missing(facts: Facts) -> list[str]:
    """What the source does not say and somebody who wants to come would ask."""
    asked = {
        _("price"): telling.price(facts),
        _("ages"): telling.audience(facts),
        _("access"): facts["access"],
        _("booking"): facts["registration"] or facts["registration_url"],
    }
    return [name for name, told in asked.items() if not told]


def next_date(facts: Facts, rows: Sequence[Any], clock: Clock) -> Dated | None:
    """The first date to come that takes place; else the first that was called off."""
    standing = [row for row in rows if row.status != "CANCELLED"] or rows
    if not standing:
        return None
    row = standing[0]
    told = telling.on_date(facts, row.rid)
    return telling.dated(row, told, clock.zone, clock.today, series=telling.is_series(facts))


def why(row: Any) -> str:
    """Why an event is held; "" where it is not."""
    if row.state != "HELD":
        return ""
    return say(row.reason) if row.reason else _("It waits for a person")


def _card(
    row: Any, dates: Sequence[Any], changed: Sequence[Any], clock: Clock, near: Iterable[Point]
) -> Card:
    return Card(
        id=row.id,
        pid=row.pid,
        version=row.version,
        facts=row.facts,
        next=next_date(row.facts, dates, clock),
        rhythm=telling.rhythm(row.facts, dates),
        partner=row.partner,
        image=row.image,
        arrived=row.arrived_at.astimezone(clock.zone).date(),
        state=row.state,
        reason=why(row),
        is_back=row.state == "SNOOZED" and row.until <= clock.now,
        changes=telling.changes(_brief(changed), clock.today),
        away=away(row.facts, near, clock),
        missing=missing(row.facts) if row.kind == "event" else [],
    )


def _brief(changed: Sequence[Any]) -> list[Any]:
    """What fits on a card: an event that begins at another time ends at another time, too."""
    fields = {row.field for row in changed}
    return [row for row in changed if row.field != "end" or "start" not in fields]


def _arrived(day: date, today: date) -> str:
    if day == today:
        return _("Arrived today")
    return _("Arrived {day}").format(day=when.day(day, today))


def _by_event(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.event_id].append(row)
    return found
