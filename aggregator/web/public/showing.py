"""One event, for whoever wants to come: what to know before, what changed, how to keep it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.domain.dates import upcoming
from aggregator.services import calendar
from aggregator.storage import events, listings, views
from aggregator.web import here, telling
from aggregator.web.public import news
from aggregator.web.public.around import Around, around, base, kept, panel
from aggregator.web.public.near import near
from aggregator.web.telling import Dated, Facts, Told
from calendars import adding, jsonld
from feeds.facts import from_facts
from words import when
from words.say import say
from words.say import translate as _

#: Further dates of a series that its page lists.
DATES = 12

#: What search engines and messengers show of a text.
_SHORT = 200


class Other(NamedTuple):
    """Another date of the series, and how it differs."""

    date: Dated
    address: str
    notes: tuple[str, ...]


class Adding(NamedTuple):
    """Ways to put it into one's own calendar."""

    file: str
    google: str
    outlook: str


class Shared(NamedTuple):
    """What a link to the page shows where it is shared."""

    url: str
    text: str
    image: str | None


def event(pid: str) -> Response:
    """One event. One that was merged leads to what it became."""
    with here.house().database.reading() as tx:
        row = listings.one(tx, pid)
        if row is not None and row.merged_into is not None:
            return redirect(url_for("calendar.event", pid=events.pid(tx, row.merged_into)), 301)
        if row is None or row.state != "APPROVED" or row.kind != "event":
            raise NotFound
        about, rows = around(tx), views.dates(tx, row.id)
        changes = listings.moves(tx, [row.id], about.now - news.NEWS)
    lead, others = _chosen(rows, about)
    facts = telling.on_date(row.facts, lead.rid)
    dated = telling.dated(lead, facts, about.zone, about.today)
    page = render_template(
        "calendar/event.html",
        around=about,
        panel=panel(about.library),
        pid=row.pid,
        facts=facts,
        row=row,
        date=dated,
        is_over=lead.end_at <= about.now,
        moved=news.moved(lead, facts, changes, about),
        elsewhere=_elsewhere(changes, about, is_series=bool(lead.rid)),
        differs=_differs(row.facts, facts),
        others=[_other(each, row, changes, about) for each in others[:DATES]],
        rhythm=_rhythm(row.facts, rows, about),
        price=telling.price(facts),
        who=telling.audience(facts),
        where=telling.place(facts),
        near=near(facts, about),
        booking=_booking(facts, about),
        missing=_missing(facts),
        map=_map(facts),
        checked=when.ago(row.checked_at, about.now) if row.checked_at else "",
        adding=_adding(row, facts, lead, dated),
        shared=_shared(row, facts, dated),
        data=_data(row, about),
    )
    return kept(make_response(page))


def one(pid: str) -> Response:
    """This event alone, a series whole, as a calendar file."""
    found = calendar.single(here.house(), pid)
    if found is None:
        raise NotFound
    body, title = found
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(title)}.ics"'
    return kept(response)


def _chosen(rows: Sequence[Any], about: Around) -> tuple[Any, list[Any]]:
    """The date that the page leads with: the one asked for, else the next, else the last.

    And the others that are still to come.
    """
    to_come = [each for each in rows if each.end_at > about.now]
    wanted = request.args.get("on")
    lead = next((each for each in rows if each.rid == wanted), None)
    lead = lead or (to_come[0] if to_come else rows[-1])
    return lead, [each for each in to_come if each.rid != lead.rid]


def _rhythm(facts: Facts, rows: Sequence[Any], about: Around) -> str:
    """How often it comes, by the dates that are as usual: a moved one makes no second weekday."""
    to_come = [each for each in rows if each.end_at > about.now]
    usual = [each for each in to_come if each.rid == each.start_wall]
    return telling.rhythm(facts, usual or to_come)


def _other(each: Any, row: Any, changes: Sequence[Any], about: Around) -> Other:
    facts = telling.on_date(row.facts, each.rid)
    notes = [news.moved(each, facts, changes, about), *_differs(row.facts, facts)]
    return Other(
        telling.dated(each, facts, about.zone, about.today),
        url_for("calendar.event", pid=row.pid, on=each.rid),
        tuple(filter(None, notes)),
    )


def _differs(series: Facts, facts: Facts) -> tuple[str, ...]:
    """What one date tells otherwise than its series, its time aside."""
    pairs = [
        (telling.title, _("This time: {value}")),
        (telling.place, _("This time at: {value}")),
        (telling.price, _("This time it costs: {value}")),
        (telling.audience, _("This time for: {value}")),
    ]
    return tuple(
        words.format(value=told(facts))
        for told, words in pairs
        if told(facts) and told(facts) != told(series)
    )


def _elsewhere(changes: Sequence[Any], about: Around, *, is_series: bool) -> Told | None:
    """The place before and now, where that changed lately."""
    places = [each for each in changes if each.field == "location" and each.before]
    if not places or is_series:
        return None
    return telling.changes(places[-1:], about.today)[0]


def _booking(facts: Facts, about: Around) -> str:
    """Whether and until when one can book; "" when nothing says so."""
    parts = [say(f"public.registration.{facts['registration']}")] if facts["registration"] else []
    if closes := facts["registration_closes"]:
        told = from_facts({"zone": facts["zone"], "registration_closes": closes})
        moment = told.registration_closes
        parts.append(_("until {when}").format(when=when.when(moment, None, about.today)))
    return ", ".join(parts)


def _missing(facts: Facts) -> str:
    """What somebody who wants to come would ask, and nobody told us."""
    asked = [
        (telling.price(facts), _("the price")),
        (telling.place(facts), _("the place")),
        (facts["access"], _("how accessible it is")),
    ]
    return ", ".join(words for told, words in asked if not told)


def _map(facts: Facts) -> str:
    """A link that shows the place on a map; "" without a place. Nothing is asked of it before."""
    place = facts["location"] or {}
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if latitude is not None and longitude is not None:
        spot = f"mlat={latitude:.5f}&mlon={longitude:.5f}#map=17/{latitude:.5f}/{longitude:.5f}"
        return f"https://www.openstreetmap.org/?{spot}"
    words = place.get("address") or place.get("name")
    if not words or facts["attendance"] == "ONLINE":
        return ""
    return f"https://www.openstreetmap.org/search?{urlencode({'query': ' '.join(words.split())})}"


def _adding(row: Any, facts: Facts, lead: Any, dated: Dated) -> Adding:
    """One date for a form elsewhere: instants, or whole days."""
    told = from_facts({name: facts[name] for name in ("summary", "description", "location")})
    end = lead.end_at if lead.end_at > lead.start_at else None
    start, end = (dated.start, dated.end) if lead.all_day else (lead.start_at, end)
    date = replace(told, start=start, end=end, online_url=facts["online_url"])
    address = base() + url_for("calendar.event", pid=row.pid)
    return Adding(
        url_for("calendar.one", pid=row.pid),
        adding.google_event(date, address),
        adding.outlook_event(date, address),
    )


def _shared(row: Any, facts: Facts, dated: Dated) -> Shared:
    root = base()
    parts = [dated.words, telling.place(facts), " ".join((facts["description"] or "").split())]
    text = " · ".join(part for part in parts if part)
    return Shared(
        root + url_for("calendar.event", pid=row.pid),
        text if len(text) <= _SHORT else f"{text[: _SHORT - 2].rstrip()} …",
        root + url_for("calendar.picture", sha256=row.image) if row.image else None,
    )


def _data(row: Any, about: Around) -> Markup:
    """The event, of a series its next date, as JSON-LD that can stand in a script block."""
    root, whole = base(), from_facts(row.facts)
    coming = next(upcoming(whole, about.now, about.zone), None)
    data = jsonld.event_jsonld(
        coming.event if coming else whole,
        url=root + url_for("calendar.event", pid=row.pid),
        image_url=root + url_for("calendar.picture", sha256=row.image) if row.image else None,
        library=about.library,
    )
    return Markup(jsonld.embed(data))  # noqa: S704 (embed lets nothing end the block)


def _file_name(title: str) -> str:
    """The title as a name that every system takes."""
    words = "".join(each if each.isascii() and each.isalnum() else " " for each in title).split()
    return "-".join(words)[:60].lower() or "event"
