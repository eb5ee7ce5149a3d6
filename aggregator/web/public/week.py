"""The week on one page of paper, A4 or Letter, to hang up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any, NamedTuple

from babel.dates import format_date
from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from aggregator.domain.filtering import Filter
from aggregator.storage import listings
from aggregator.web import here, shapes, telling
from aggregator.web.public.around import Around, around, base, kept, root
from words.when import LOCALE

#: How tight the sheet is set, the airiest first: the class in wall.css, the room for its days on
#: the smaller of the two papers, in the sheet's own em, and how many letters a line takes.
SIZES = (("", 47.5, 48), ("is-full", 63.5, 65), ("is-packed", 76.5, 77))

#: A longer name of the town takes a second line of the heading, so many em high.
SHORT_TOWN, SECOND_LINE = 12, 4.0

#: Longer titles and places are cut: two lines say enough.
LONGEST = 120

#: More than a sheet ever shows, to count by.
MOST = 400


class Line(NamedTuple):
    """One date on the sheet."""

    hours: str
    title: str
    where: str
    price: str
    cancelled: bool


class Day(NamedTuple):
    """One day of the sheet; `more` says how many dates had no room."""

    leaf: shapes.Leaf
    name: str
    lines: list[Line]
    more: int


def week() -> Response:
    """Monday to Sunday, of this week or the one in which `from` lies."""
    asked = Filter.parse(request.args).from_day
    with here.house().database.reading() as tx:
        about = around(tx)
        monday = _monday(asked or about.today)
        since, until = (_midnight(monday + timedelta(days=n), about) for n in (0, 7))
        rows = listings.dates(tx, Filter(), since, until, limit=MOST, folded=False)
    size, days = _set(_lines(rows, monday, about), monday, about)
    page = render_template(
        "calendar/week.html",
        around=about,
        paper="letter" if request.args.get("paper") == "letter" else "a4",
        days=days,
        size=size,
        monday=monday,
        is_now=monday == _monday(about.today),
        before=monday - timedelta(days=7) if monday > about.today else None,
        after=monday + timedelta(days=7),
        span=_span(monday),
        address=f"{base()}/calendar".partition("://")[2],
        reachable=root() is not None,
        as_of=about.now.astimezone(about.zone),
    )
    return kept(make_response(page))


def _lines(rows: Sequence[Any], monday: date, about: Around) -> list[list[Line]]:
    """Each day's lines; what goes on since before stands under Monday."""
    found: list[list[Line]] = [[] for _ in range(7)]
    for row in rows:
        start = row.start_at.astimezone(about.zone).date()
        found[max(0, (start - monday).days)].append(_line(row, about))
    return found


def _set(lines: Sequence[Sequence[Line]], monday: date, about: Around) -> tuple[str, list[Day]]:
    """The airiest size that holds everything; else the tightest, with what has no room counted."""
    whole = [len(some) for some in lines]
    less = SECOND_LINE if len(about.town) > SHORT_TOWN else 0
    for size, room, letters in SIZES:
        if _height(lines, whole, letters) <= room - less:
            return size, _days(lines, whole, monday, about)
    size, room, letters = SIZES[-1]
    given = [0] * len(lines)
    while True:  # one more line for one day after the other, until the sheet is full
        short = [number for number in range(len(lines)) if given[number] < whole[number]]
        fewest = min(short, key=lambda number: given[number])
        wanted = [each + (number == fewest) for number, each in enumerate(given)]
        if _height(lines, wanted, letters) > room - less:
            return size, _days(lines, given, monday, about)
        given = wanted


def _height(lines: Sequence[Sequence[Line]], given: Sequence[int], letters: int) -> float:
    """How high the days stand with so many lines each, in em; wall.css says how they are set."""
    total = 0.0
    for some, number in zip(lines, given, strict=True):
        heights = [_line_height(each, letters) for each in some[:number]]
        if number < len(some):
            heights.append(1.25)  # "and 3 more"
        total += max(5.4, sum(heights) + 0.45 * max(0, len(heights) - 1) + 1.2)
    return total


def _line_height(line: Line, letters: int) -> float:
    title = len(line.title) + (12 if line.cancelled else 0)
    where = len(line.where) + len(line.price)
    return 1.35 * ceil(max(1, title) / letters) + 1.2 * ceil(where / letters)


def _days(
    lines: Sequence[Sequence[Line]], given: Sequence[int], monday: date, about: Around
) -> list[Day]:
    found = []
    for number, some in enumerate(lines):
        day = monday + timedelta(days=number)
        name = str(format_date(day, "EEEE d MMMM", locale=LOCALE))
        leaf, shown = shapes.leaf(day, about.today), [*some[: given[number]]]
        found.append(Day(leaf, name, shown, len(some) - len(shown)))
    return found


def _line(row: Any, about: Around) -> Line:
    facts = telling.on_date(row.facts, row.rid)
    dated = telling.dated(row, facts, about.zone, about.today)
    price = telling.price(facts)
    free = (facts["price"] or {}).get("free")
    return Line(
        dated.hours,
        _short(telling.title(facts)),
        _short(telling.place(facts)),
        "" if free else price,
        dated.cancelled,
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date, about: Around) -> datetime:
    return datetime.combine(day, time(), about.zone)


def _span(monday: date) -> tuple[str, str]:
    """The first and the last day in words."""
    sunday = monday + timedelta(days=6)
    first, last = ("EEEE d MMMM", "EEEE d MMMM y")
    if monday.year != sunday.year:
        first = last
    return (
        str(format_date(monday, first, locale=LOCALE)),
        str(format_date(sunday, last, locale=LOCALE)),
    )
