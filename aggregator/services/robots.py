"""robots.txt of a host: asked once a day, kept with the host, obeyed for what nobody named."""

from datetime import datetime, timedelta

from aggregator.services.house import House
from aggregator.storage import hosts
from feeds.errors import FeedError, LaterError
from feeds.fetch import AGENT, fetch
from feeds.robots import CAP, allowed, robots_url

KEPT = timedelta(days=1)


def may_read(house: House, url: str, now: datetime, within: float) -> bool:
    """Whether the site lets us read url; without a robots.txt it does (RFC 9309, 2.3.1.3)."""
    host = hosts.name_of(url)
    with house.database.reading() as tx:
        text = hosts.robots(tx, host, now)
    if text is None:
        text = _asked(house, url, now, within)
        with house.database.writing() as tx:
            hosts.remember_robots(tx, host, text, now + KEPT)
    return allowed(text, url, AGENT)


def _asked(house: House, url: str, now: datetime, within: float) -> str:
    try:
        fetched = fetch(house.feed_door(url), robots_url(url), now=now, within=within)
    except LaterError:  # RFC 9309, 2.3.1.4: unreachable means everything is disallowed
        return "User-agent: *\nDisallow: /"
    except FeedError:
        return ""
    return (fetched.body or b"")[:CAP].decode("utf-8", "replace").replace("\0", "")
