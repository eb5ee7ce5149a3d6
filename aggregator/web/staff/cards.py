"""Events as cards: what the inbox shows of each, from plain rows and a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aggregator.storage import views
from aggregator.storage.doors import Reader
from aggregator.web import telling
from aggregator.web.here import Clock
from aggregator.web.telling import Dated, Facts, Told


@dataclass(frozen=True, slots=True)
class Card:
    """One event of a list; a series is one card."""

    pid: str
    facts: Facts
    next: Dated | None  # None without a date
    rhythm: str
    partner: str
    image: str | None
    arrived: date
    state: str
    is_back: bool  # a snooze that is over
    changes: Sequence[Told]


def cards(tx: Reader, rows: Sequence[Any], clock: Clock) -> list[Card]:
    """A card for each row of `views.inbox`; two queries for all of them."""
    ids = [row.id for row in rows]
    dates = _by_event(views.dates_to_come(tx, ids, clock.now))
    changed = _by_event(views.unseen(tx, ids))
    return [_card(row, dates[row.id], changed[row.id], clock) for row in rows]


def next_date(facts: Facts, rows: Sequence[Any], clock: Clock) -> Dated | None:
    """The first date to come that takes place; else the first that was called off."""
    standing = [row for row in rows if row.status != "CANCELLED"] or rows
    if not standing:
        return None
    row = standing[0]
    told = telling.on_date(facts, row.rid)
    return telling.dated(row, told, clock.zone, clock.today, series=telling.is_series(facts))


def _card(row: Any, dates: Sequence[Any], changed: Sequence[Any], clock: Clock) -> Card:
    return Card(
        pid=row.pid,
        facts=row.facts,
        next=next_date(row.facts, dates, clock),
        rhythm=telling.rhythm(row.facts, dates),
        partner=row.partner,
        image=row.image,
        arrived=row.arrived_at.astimezone(clock.zone).date(),
        state=row.state,
        is_back=row.state == "SNOOZED" and row.until <= clock.now,
        changes=telling.changes(changed, clock.today),
    )


def _by_event(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.event_id].append(row)
    return found
