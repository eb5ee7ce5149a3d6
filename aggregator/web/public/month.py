"""The month beside the list: days on which something is on are links."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from babel.dates import format_date, get_day_names

from aggregator.domain.filtering import Filter
from aggregator.storage import listings
from aggregator.storage.doors import Reader
from aggregator.web.public import asking
from aggregator.web.public.around import Around
from words.when import LOCALE

#: So many dates of a month are counted.
MOST = 2000


class Cell(NamedTuple):
    """One day; `address` is "" where nothing begins, `number` how much does, 0 if not counted."""

    day: int
    address: str
    number: int
    is_today: bool
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of days, Monday first, with the ways to the months beside it."""

    name: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell, ...], ...]
    before: tuple[str, str] | None
    after: tuple[str, str]


def days(tx: Reader, wanted: Filter, about: Around, since: datetime) -> Month:
    """The month in which the list begins. One query."""
    start = since.astimezone(about.zone).date()
    first = start.replace(day=1)
    following = _following(first)
    grid = first - timedelta(days=first.weekday())
    begin = max(about.now, datetime.combine(grid, time(), about.zone))
    end = datetime.combine(following, time(), about.zone)
    counted = {row.local_date: row.n for row in listings.days(tx, wanted, begin, end, MOST)}
    # so much that counting stopped: from there on every day is taken to have something
    uncounted = max(counted) if sum(counted.values()) == MOST else None
    cells = []
    while grid < following or grid.weekday():
        is_outside, day = not first <= grid < following, grid.isoformat()
        number = counted.get(day, 0) if day != uncounted else 0
        is_on = number or (uncounted is not None and day >= uncounted)
        where = _from(wanted, grid) if is_on and not is_outside else ""
        cells.append(Cell(grid.day, where, number, grid == about.today, is_outside))
        grid += timedelta(days=1)
    previous = max((first - timedelta(days=1)).replace(day=1), about.today)
    return Month(
        _name(first),
        _weekdays(),
        tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7)),
        (_name(previous), _from(wanted, previous)) if first > about.today else None,
        (_name(following), _from(wanted, following)),
    )


def _from(wanted: Filter, day: date) -> str:
    return asking.address(wanted, when="", from_day=day, to_day=None)


def _following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _name(day: date) -> str:
    return str(format_date(day, "LLLL y", locale=LOCALE))


def _weekdays() -> tuple[tuple[str, str], ...]:
    """Each weekday's letter and name."""
    letters, names = (get_day_names(width, "stand-alone", LOCALE) for width in ("narrow", "wide"))
    return tuple((letters[each], names[each]) for each in range(7))
