"""What residents see: the list, one event, the calendar to subscribe to, pictures.

No cookie, nothing from elsewhere. Nothing here asks who looks.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.domain.dates import upcoming
from aggregator.services import calendar, library, pictures
from aggregator.storage import events, media, views
from aggregator.web import here, shapes, telling
from aggregator.web.telling import Dated, Facts
from calendars import jsonld
from feeds.facts import from_facts

blueprint = Blueprint("calendar", __name__)

#: Dates on one page of the list, and of a series on its page.
SIZE, DATES = 50, 11


class Item(NamedTuple):
    """One date in the list."""

    pid: str
    facts: Facts
    date: Dated
    image: str | None
    partner: str


class Day(NamedTuple):
    """One day's dates; what began earlier and goes on stands under today."""

    leaf: shapes.Leaf
    is_today: bool
    items: list[Item]


@blueprint.get("/")
def home() -> Response:
    """The calendar is the front door."""
    return redirect(url_for("calendar.listing"), 303)


@blueprint.get("/calendar")
def listing() -> Response:
    """What is on, day by day."""
    now, after = here.house().clock(), _key(request.args.get("after", ""))
    with here.house().database.reading() as tx:
        zone, name = library.zone(tx), library.name(tx)
        rows = views.listing(tx, now, after, SIZE + 1)
    shown = rows[:SIZE]
    later = _key_text(shown[-1]) if len(rows) > SIZE else None
    return _kept(
        render_template(
            "calendar/listing.html",
            library=name,
            days=_days(shown, zone, now.astimezone(zone).date()),
            later=later,
            first=after is None,
            address=_address(),
        )
    )


@blueprint.get("/event/<pid>")
def event(pid: str) -> Response:
    """One event, for whoever wants to come. One that was merged leads to what it became."""
    row = calendar.page(here.house(), pid)
    if row is None or row.kind != "event":
        raise NotFound
    with here.house().database.reading() as tx:
        if row.merged_into is not None:
            return redirect(url_for("calendar.event", pid=events.pid(tx, row.merged_into)), 301)
        zone, name, rows = library.zone(tx), library.name(tx), views.dates(tx, row.id)
    now = here.house().clock()
    to_come = [each for each in rows if each.end_at > now]
    shown = to_come or rows[-1:]
    today = now.astimezone(zone).date()
    return _kept(
        render_template(
            "calendar/event.html",
            library=name,
            facts=row.facts,
            partner=row.partner,
            image=row.image,
            dates=[
                telling.dated(each, telling.on_date(row.facts, each.rid), zone, today)
                for each in shown[:DATES]
            ],
            is_over=not to_come,
            rhythm=telling.rhythm(row.facts, to_come),
            data=_data(row, zone, name),
            address=_address(),
        )
    )


@blueprint.get("/calendar.ics")
def feed() -> Response:
    """The combined calendar. Whoever has it already costs one row."""
    etag = calendar.etag(here.house())
    if request.if_none_match.contains(etag):
        response = Response(status=304)
    else:
        body, etag = calendar.feed(here.house())
        response = Response(body, content_type="text/calendar; charset=utf-8")
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.get("/media/<sha256>")
def picture(sha256: str) -> Response:
    """One of our pictures; its name is its content, so it may be kept for ever."""
    with here.house().database.reading() as tx:
        row = media.by_digest(tx, sha256)
    data = pictures.load(here.house(), row.sha256) if row is not None else None
    if row is None or data is None:
        raise NotFound
    response = Response(data, content_type=row.mime)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(row.sha256)
    return response.make_conditional(request.environ)


def _days(rows: Sequence[Any], zone: ZoneInfo, today: date) -> list[Day]:
    def day(row: Any) -> date:
        start: datetime = row.start_at.astimezone(zone)
        return max(start.date(), today)

    return [
        Day(shapes.leaf(found, today), found == today, [_item(row, zone, today) for row in some])
        for found, some in groupby(rows, key=day)
    ]


def _item(row: Any, zone: ZoneInfo, today: date) -> Item:
    facts = telling.on_date(row.facts, row.rid)
    return Item(row.pid, facts, telling.dated(row, facts, zone, today), row.image, row.partner)


def _address() -> str | None:
    """Where residents subscribe; None while nobody has said how they reach us."""
    public = here.house().settings.public_url
    return f"{public}/calendar.ics" if public else None


def _kept(page: str) -> Response:
    response: Response = make_response(page)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _data(row: Any, zone: ZoneInfo, library: str) -> Markup:
    """The event, of a series its next date, as JSON-LD that can stand in a script block."""
    now, root = here.house().clock(), here.house().settings.public_url
    root = root or request.host_url.rstrip("/")
    whole = from_facts(row.facts)
    coming = next(upcoming(whole, now, zone), None)
    data = jsonld.event_jsonld(
        coming.event if coming else whole,
        url=root + url_for("calendar.event", pid=row.pid),
        image_url=root + url_for("calendar.picture", sha256=row.image) if row.image else None,
        library=library,
    )
    return Markup(jsonld.embed(data))  # noqa: S704 (embed lets nothing end the block)


def _key(text: str) -> views.Key | None:
    """The last row of the page before, as the address says it; None for the first page."""
    start, _, rest = text.partition("~")
    event_id, _, rid = rest.partition("~")
    try:
        moment = datetime.fromisoformat(start)
        return (moment, int(event_id), rid) if moment.tzinfo else None
    except ValueError:
        return None


def _key_text(row: Any) -> str:
    return f"{row.start_at.isoformat()}~{row.event_id}~{row.rid}"
