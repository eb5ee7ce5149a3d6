"""The sample town: eight invented partners of an invented place, and where each publishes.

What they publish follows today. One of them answers with a page that is no feed, one has fallen
silent, two tell of the same walk, and a school and the museum clash on a Saturday.
"""

from collections.abc import Callable
from dataclasses import dataclass

from demo import centre, museum, needles, parks, pictures, playhouse, schools, society
from demo.times import Moment
from demo.writing import page

ICAL, RSS, ATOM = "text/calendar; charset=utf-8", "application/rss+xml", "application/atom+xml"
JSON, HTML, PNG = "application/feed+json", "text/html; charset=utf-8", "image/png"


@dataclass(frozen=True, slots=True)
class Partner:
    """An invented partner: where its events are, as what, and who would read a message."""

    name: str
    path: str
    media_type: str
    content: Callable[[Moment], str]
    contact: str


def _market(_now: Moment) -> str:
    """Where the feed of the farmers' market was, until they built a new page."""
    return page("Millbrook Farmers’ Market", "<p>Our new page is coming. Come back soon!</p>")


PARTNERS = (
    Partner(museum.NAME, "/museum/events.ics", ICAL, museum.feed, "events@museum.example"),
    Partner(schools.NAME, "/schools/calendar.ics", ICAL, schools.feed, "office@schools.example"),
    Partner(centre.NAME, "/centre", HTML, centre.feed, "hello@harbour.example"),
    Partner(parks.NAME, "/parks/events.rss", RSS, parks.feed, "parks@city.example"),
    Partner(playhouse.NAME, "/playhouse/feed.json", JSON, playhouse.feed, "box@playhouse.example"),
    Partner(needles.NAME, "/needles/feed.atom", ATOM, needles.feed, "needles@club.example"),
    Partner("Millbrook Farmers’ Market", "/market/events.ics", HTML, _market, "hi@market.example"),
    Partner(society.NAME, "/society/events.ics", ICAL, society.feed, "society@town.example"),
)

_BY_PATH = {each.path: each for each in PARTNERS}


def answer(path: str, now: Moment) -> tuple[bytes, str] | None:
    """What stands at that path of the site, and its media type; None: nothing."""
    if path in _BY_PATH:
        partner = _BY_PATH[path]
        return partner.content(now).encode(), partner.media_type
    room, _, name = path.strip("/").partition("/")
    if room == "picture":
        drawn = pictures.picture(name.removesuffix(".png"))
        return None if drawn is None else (drawn, PNG)
    found = _page(room, name, now)
    return None if found is None else (found.encode(), HTML)


def _page(room: str, name: str, now: Moment) -> str | None:
    """A page for people: of a show, a club's entry, or anything a partner links to."""
    if room == "playhouse" and name:
        return playhouse.show(now, name)
    if room == "needles" and name:
        return needles.entry(now, name)
    known = {each.path.strip("/").partition("/")[0]: each.name for each in PARTNERS}
    if room not in known:
        return None
    return page(name.replace("-", " ").capitalize() or known[room], f"<p>{known[room]}</p>")
