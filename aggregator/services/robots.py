"""robots.txt of a host: asked once a day, kept with the host, obeyed for what nobody named."""

from datetime import datetime, timedelta

from aggregator.services.house import House
from aggregator.storage import hosts
from feeds.errors import FeedError, LaterError
from feeds.fetch import AGENT, fetch
from feeds.robots import CAP, allowed, robots_url

KEPT = timedelta(days=1)


def may_read(house: House, url: str, now: datetime, within: float) -> bool:
    """Whether the site lets us read url; one that can't be reached doesn't (RFC 9309, 2.3.1.4)."""
    try:
        return ask(house, url, now, within)
    except LaterError:
        _remember(house, url, "User-agent: *\nDisallow: /", now)
        return False


def ask(house: House, url: str, now: datetime, within: float) -> bool:
    """The same, for whoever wants to know why not. Raises LaterError for a site out of reach."""
    with house.database.reading() as tx:
        text = hosts.robots(tx, hosts.name_of(url), now)
    if text is None:
        text = _asked(house, url, now, within)
        _remember(house, url, text, now)
    return allowed(text, url, AGENT)


def _asked(house: House, url: str, now: datetime, within: float) -> str:
    """Without a robots.txt everything is allowed (RFC 9309, 2.3.1.3)."""
    try:
        fetched = fetch(house.feed_door(url), robots_url(url), now=now, within=within)
    except LaterError:
        raise
    except FeedError:
        return ""
    return (fetched.body or b"")[:CAP].decode("utf-8", "replace").replace("\0", "")


def _remember(house: House, url: str, text: str, now: datetime) -> None:
    with house.database.writing() as tx:
        hosts.remember_robots(tx, hosts.name_of(url), text, now + KEPT)
