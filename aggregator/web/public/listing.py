"""The list by day: filters as links and one form, regulars folded, paging by key."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from babel.dates import get_day_names
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator.domain.filtering import Filter
from aggregator.domain.tagging import ACCESS
from aggregator.storage import choices as choosing
from aggregator.storage import listings, revisions
from aggregator.web import here, shapes, sound, telling
from aggregator.web.public import asking, month, news
from aggregator.web.public.around import SPAN, Around, around, etag, is_known, kept, panel
from aggregator.web.public.asking import Known
from aggregator.web.public.near import near
from aggregator.web.telling import Dated, Facts
from words.say import translate as _
from words.when import LOCALE

#: Dates on one page; partners in the form; regulars under "Every week".
SIZE, PARTNERS, REGULARS = 25, 50, 30

#: Dates of regulars that are looked at: beyond, nobody counts them.
MOST = 240

#: So far ahead a regular's next date is looked for: a holiday may leave one out.
AHEAD = timedelta(days=14)


class Item(NamedTuple):
    """One date in the list."""

    address: str
    facts: Facts
    date: Dated
    image: str | None
    partner: str
    where: str
    near: str
    price: str
    audience: str
    moved: str


class Day(NamedTuple):
    """One day's dates; what began earlier and goes on stands under the first day shown."""

    leaf: shapes.Leaf
    is_today: bool
    items: list[Item]


class Regular(NamedTuple):
    """What is on every week at this hour."""

    address: str
    title: str
    hours: str
    where: str


class Weekday(NamedTuple):
    """What is on every week on this day; `more` had no room."""

    name: str
    items: list[Regular]
    more: int


def home() -> Response:
    """The calendar is the front door."""
    return redirect(url_for("calendar.listing"), 303)


def listing() -> Response:
    """What is on, day by day."""
    wanted, after = asking.asked(), _key(request.args.get("after", ""))
    with here.house().database.reading() as tx:
        about = _rounded(around(tx))
        known = Known(choosing.audiences(tx), listings.partners(tx, PARTNERS))
        number = revisions.current(tx, revisions.CALENDAR)
        tag = etag(number, about.now, about.named(), wanted, after, _names(known))
        if is_known(tag):
            return kept(Response(status=304), tag)
        since, until = asking.span(wanted, about.now, about.zone)
        folded = not asking.is_short(wanted, about.today)
        rows = listings.dates(tx, wanted, since, until, after=after, limit=SIZE + 1, folded=folded)
        regulars = (
            listings.weekly(tx, wanted, since, since + AHEAD, MOST)
            if folded and after is None
            else []
        )
        moves = news.moves(tx, rows[:SIZE], about.now)
        marked = month.days(tx, wanted, about, since)
    shown = rows[:SIZE]
    page = render_template(
        "calendar/listing.html",
        around=about,
        panel=panel(about.library, wanted, asking.in_words(wanted, known)),
        wanted=wanted,
        known=known,
        access=[*ACCESS],
        choices=asking.choices(wanted, known, about.today),
        told=asking.told(wanted, known, about.today),
        days=_days(shown, moves, about, since),
        weekdays=_weekdays(regulars, about),
        regulars=len({row.event_id for row in regulars}) if len(regulars) < MOST else 0,
        month=marked,
        first=after is None,
        restart=asking.address(wanted),
        later=_later(wanted, shown[-1]) if len(rows) > SIZE else None,
        whole_week=asking.address(wanted, when="week", from_day=None, to_day=None),
    )
    return kept(make_response(page), tag)


def _rounded(about: Around) -> Around:
    """The same for the moment that this span of a few minutes began."""
    past = timedelta(seconds=about.now.timestamp() % SPAN.total_seconds())
    return Around(
        about.library, about.town, about.logo, about.branches, about.zone, about.now - past
    )


def _names(known: Known) -> tuple[Any, ...]:
    return (
        *((row.id, row.name) for row in known.audiences),
        *((row.pid, row.name) for row in known.partners),
    )


def _days(
    rows: Sequence[Any], moves: Mapping[int, Sequence[Any]], about: Around, since: datetime
) -> list[Day]:
    first = since.astimezone(about.zone).date()

    def day(row: Any) -> date:
        start: datetime = row.start_at.astimezone(about.zone)
        return max(start.date(), first)

    return [
        Day(
            shapes.leaf(found, about.today),
            found == about.today,
            [_item(row, moves.get(row.event_id, ()), about) for row in some],
        )
        for found, some in groupby(rows, key=day)
    ]


def _item(row: Any, moves: Sequence[Any], about: Around) -> Item:
    facts = telling.on_date(row.facts, row.rid)
    found = telling.dated(row, facts, about.zone, about.today)
    return Item(
        address=_address(row),
        facts=facts,
        date=found,
        image=row.image,
        partner=row.partner,
        where=telling.place(facts),
        near=near(facts, about),
        price=telling.price(facts),
        audience=telling.audience(facts),
        moved=news.moved(row, facts, moves, about),
    )


def _address(row: Any) -> str:
    """The event's page, of a series opened at this date."""
    return url_for("calendar.event", pid=row.pid, **({"on": row.rid} if row.rid else {}))


def _weekdays(rows: Iterable[Any], about: Around) -> list[Weekday]:
    """What is on every week, each once a weekday; what is on every day stands first."""
    found: dict[int, dict[tuple[int, str], Any]] = {}
    spread: dict[int, set[int]] = {}
    for row in rows:
        weekday = date.fromisoformat(row.local_date).weekday()
        found.setdefault(weekday, {}).setdefault((row.event_id, row.start_wall[10:]), row)
        spread.setdefault(row.event_id, set()).add(weekday)
    daily = {event_id for event_id, days in spread.items() if len(days) == 7}
    first = {row.event_id: row for rows in found.values() for row in rows.values()}
    groups = [(_("Every day"), [first[each] for each in sorted(daily)])]
    names = get_day_names("wide", locale=LOCALE)
    for weekday, some in sorted(found.items()):
        items = [row for row in some.values() if row.event_id not in daily]
        name = _("{weekday}s").format(weekday=names[weekday])
        groups.append((name, sorted(items, key=lambda row: row.start_wall[10:])))
    most = max(len(some) for _name, some in groups)
    while most > 1 and sum(min(most, len(some)) for _name, some in groups) > REGULARS:
        most -= 1
    return [
        Weekday(name, [_regular(row, about) for row in some[:most]], max(0, len(some) - most))
        for name, some in groups
        if some
    ]


def _regular(row: Any, about: Around) -> Regular:
    facts = telling.on_date(row.facts, row.rid)
    found = telling.dated(row, facts, about.zone, about.today)
    return Regular(_address(row), telling.title(facts), found.hours, telling.place(facts))


def _later(wanted: Filter, row: Any) -> str:
    key = f"{row.start_at.isoformat()}~{row.event_id}~{row.rid}"
    return url_for("calendar.listing", **asking.arguments(wanted), after=key)


def _key(text: str) -> listings.Key | None:
    """The last row of the page before, as the address says it; None for the first page."""
    start, _sign, rest = text.partition("~")
    event_id, _sign, rid = rest.partition("~")
    try:
        moment = sound.moment(start)
        return (moment, sound.whole(event_id), rid) if moment.tzinfo else None
    except ValueError:
        return None
