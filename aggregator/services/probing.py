"""One address: what is there for us? Fetches and reads, with no transaction open.

A feed is read; a page is read for its own events and for the feeds that it offers, each of which
is tried, one at a time with a pause. What we found ourselves is asked only where robots.txt
allows it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.dates import Date, dates
from aggregator.services import robots
from aggregator.services.house import House
from aggregator.storage import hosts
from feeds.discover import Page, look_through
from feeds.errors import FeedError, RefusedError, UnreadableError
from feeds.event import Event, Reading
from feeds.facts import to_facts
from feeds.fetch import Fetched, fetch
from feeds.formats import webpage
from feeds.pages import Pages
from feeds.recurrence import is_series
from feeds.registry import HEAD, Context, read

#: Seconds for one address in all, and for one request.
SECONDS, REQUEST = 25.0, 12.0
#: Feeds of a page that are tried, events shown of each, notices whose page is asked for a date.
TRIED, SHOWN, NOTICES = 4, 10, 5
#: What is listed of a feed's problems, and the dates that say how often a series is.
PROBLEMS, DAYS = 20, 60
_ORDER = {"ical": 0, "jsonfeed": 1, "rss": 2, "webpage": 3}
#: Facts that a preview does not show, and that may be long.
_LONG: Mapping[str, Any] = {"description": None, "vtimezone": None, "overrides": [], "exdates": []}

Hold = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: a feed, or a page with event data, and what it holds. Kept as JSON."""

    url: str
    format: str
    title: str
    upcoming: int  # events that are not over
    notices: int  # entries without a date
    until: str | None  # the last day that is known of, None for none or for ever
    events: Sequence[dict[str, Any]]
    problems: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Probed:
    """What an address gave: ways in, the best first; else `code` and `params` say why none."""

    ways: Sequence[Way] = ()
    page: Page | None = None
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """A page without any way in: the people who run it can be asked for one."""
        return self.page is not None and not self.ways


@dataclass(slots=True)
class _Probe:
    """What every step of one probe needs."""

    house: House
    now: datetime
    zone: ZoneInfo
    pause: float
    hold: Hold
    end: float

    def left(self) -> float:
        """Seconds for the next request."""
        return min(max(self.end - time.monotonic(), 1.0), REQUEST)


def probe(
    house: House, url: str, zone: ZoneInfo, *, named: bool, pause: float, hold: Hold
) -> Probed:
    """Look at an address whose host is held. Never raises FeedError.

    named: a person named the address to us, so it is asked like a browser would; hold takes the
    host of another address, False when somebody else is there.
    """
    here = _Probe(house, house.clock(), zone, pause, hold, time.monotonic() + SECONDS)
    try:
        if not named and not robots.ask(house, url, here.now, here.left()):
            return Probed(code="look.robots")
        fetched = fetch(house.feed_door(url), url, now=here.now, within=here.left())
    except FeedError as error:
        return Probed(code=error.code, params=dict(error.params))
    body = fetched.body or b""
    ways, code, params = _read(here, fetched)
    media_type = (fetched.media_type or "").partition(";")[0].strip().lower()
    if not webpage.sniff(body[:HEAD], media_type):
        return Probed(ways, None, code, params)
    page = look_through(body, fetched.url, fetched.media_type)
    more, refused = _offered(here, page)
    ways = sorted([*ways, *more], key=_rank)
    if refused is not None and not ways:
        code, params = refused.code, dict(refused.params)
    return Probed(ways, page, code, params)


def _offered(here: _Probe, page: Page) -> tuple[list[Way], FeedError | None]:
    """The feeds that a page offers, as far as they can be read, and why the last could not."""
    found: list[Way] = []
    refused: FeedError | None = None
    for url in page.feeds[:TRIED]:
        if time.monotonic() > here.end or not here.hold(hosts.name_of(url)):
            break
        time.sleep(here.pause)
        try:
            if not robots.ask(here.house, url, here.now, here.left()):
                refused = RefusedError("look.robots")
                continue
            fetched = fetch(here.house.feed_door(url), url, now=here.now, within=here.left())
        except FeedError as error:
            refused = error
            continue
        ways, code, params = _read(here, replace(fetched, url=url))
        found += [way for way in ways if way.format != "webpage"]
        if not ways:
            refused = RefusedError(code, **params)
    return found, refused


def _read(here: _Probe, fetched: Fetched) -> tuple[list[Way], str, dict[str, Any]]:
    """The way in that this answer is; else the reason in code and parameters."""
    context = Context(here.now, here.zone, fetched.url, fetched.media_type)
    try:
        reading = read(fetched.body or b"", context)
    except UnreadableError as error:
        return [], error.code, dict(error.params)
    if not any(event.kind == "event" for event in reading.events):
        reading = _completed(here, fetched.url, reading)
    return [_way(here, fetched.url, reading)], "", {}


def _completed(here: _Probe, url: str, reading: Reading) -> Reading:
    """Entries without a date, the first few looked up on their pages, as each poll will do."""
    host = hosts.name_of(url)
    first = [each for each in reading.events if each.url and hosts.name_of(each.url) == host]
    if not first or time.monotonic() > here.end:
        return reading
    pages = Pages(here.house.feed_door(url), now=here.now, zone=here.zone, clock=time.monotonic)
    told = pages.complete(replace(reading, events=tuple(first[:NOTICES]), problems=()))
    rest = [each for each in reading.events if each not in first[:NOTICES]]
    return replace(reading, events=(*told.events, *rest))


def _way(here: _Probe, url: str, reading: Reading) -> Way:
    listed = [
        (event, to_come)
        for event in reading.events
        if (
            to_come := [each for each in dates(event, here.now, here.zone) if _is_ahead(each, here)]
        )
    ]
    listed.sort(key=lambda each: each[1][0].start_at)
    last = [each[1][-1].local_date for each in listed if not is_series(each[0])]
    return Way(
        url=url,
        format=reading.format,
        title=reading.name or "",
        upcoming=len(listed),
        notices=sum(event.kind == "notice" for event in reading.events),
        until=max(last, default=None),
        events=[_shown(event, to_come) for event, to_come in listed[:SHOWN]],
        problems=[
            {"code": each.code, "where": each.where, "params": dict(each.params)}
            for each in reading.problems[:PROBLEMS]
        ],
    )


def _is_ahead(date: Date, here: _Probe) -> bool:
    return date.end_at > here.now


def _shown(event: Event, to_come: Sequence[Date]) -> dict[str, Any]:
    """What a card needs: the facts of the next date, that date, and the days of a series."""
    to_come = sorted(to_come, key=lambda each: each.start_at)
    standing = next((each for each in to_come if each.status != "CANCELLED"), to_come[0])
    facts = {**to_facts(standing.event), **_LONG}
    whole = to_facts(event)
    facts |= {"rrule": whole["rrule"], "rdates": whole["rdates"][:1]}
    date = {
        "rid": standing.rid,
        "start_at": standing.start_at.isoformat(),
        "end_at": standing.end_at.isoformat(),
        "start_wall": standing.start_wall,
        "local_date": standing.local_date,
        "all_day": standing.all_day,
        "status": standing.status,
    }
    days = [each.local_date for each in to_come if each.status != "CANCELLED"][:DAYS]
    return {"facts": facts, "date": date, "days": days if is_series(event) else []}


def _rank(way: Way) -> tuple[bool, int, int]:
    """Something to come before nothing, a calendar before news before a page."""
    return not way.upcoming, _ORDER.get(way.format, 9), -way.upcoming


def as_json(way: Way) -> dict[str, Any]:
    """A way as it is kept with its link."""
    return asdict(way)
