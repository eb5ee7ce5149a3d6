"""The week on one page of paper, A4 or Letter, to hang up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from babel.dates import format_date
from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from aggregator.domain.filtering import Filter
from aggregator.storage import listings
from aggregator.web import here, shapes, telling
from aggregator.web.public.around import Around, around, base, kept, root
from words.when import LOCALE

#: Lines on the sheet; what is more is counted at the day's end.
LINES = 28

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
    days = _days(rows, monday, about)
    page = render_template(
        "calendar/week.html",
        around=about,
        paper="letter" if request.args.get("paper") == "letter" else "a4",
        days=days,
        size=_size(days),
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


def _days(rows: Sequence[Any], monday: date, about: Around) -> list[Day]:
    """Each day with as many lines as the sheet has room for, shared out fairly."""
    found: list[list[Any]] = [[] for _ in range(7)]
    for row in rows:
        start = row.start_at.astimezone(about.zone).date()
        found[max(0, (start - monday).days)].append(row)
    room = _shared_out([len(some) for some in found], LINES)
    listed = []
    for number, some in enumerate(found):
        day = monday + timedelta(days=number)
        lines = [_line(row, about) for row in some[: room[number]]]
        name = str(format_date(day, "EEEE d MMMM", locale=LOCALE))
        listed.append(Day(shapes.leaf(day, about.today), name, lines, len(some) - len(lines)))
    return listed


def _shared_out(wanted: Sequence[int], room: int) -> list[int]:
    """How many lines each day gets: one after the other takes one more until the room is full."""
    given = [0] * len(wanted)
    while room > 0 and given != [*wanted]:
        for number, most in enumerate(wanted):
            if given[number] < most and room > 0:
                given[number] += 1
                room -= 1
    return given


def _line(row: Any, about: Around) -> Line:
    facts = telling.on_date(row.facts, row.rid)
    dated = telling.dated(row, facts, about.zone, about.today)
    price = telling.price(facts)
    free = (facts["price"] or {}).get("free")
    return Line(
        dated.hours,
        telling.title(facts),
        telling.place(facts),
        "" if free else price,
        dated.cancelled,
    )


def _size(days: Sequence[Day]) -> str:
    """How tight the sheet has to be set."""
    number = sum(len(day.lines) for day in days)
    return "" if number <= 14 else "is-full" if number <= 20 else "is-packed"


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
