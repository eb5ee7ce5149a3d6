"""What a site's robots.txt (RFC 9309) allows us to read. A pure decision: fetching is elsewhere."""

from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

#: How much of a robots.txt is read, in characters (RFC 9309, 2.5 asks for 500 KiB at least).
CAP = 512 * 1024


def allowed(robots_txt: str, url: str, agent: str) -> bool:
    """Whether a site with this robots.txt lets agent read url; an address it cannot read, no."""
    rules = RobotFileParser()
    try:
        rules.parse(robots_txt[:CAP].splitlines())
        return rules.can_fetch(agent, url)
    except ValueError:
        return False


def robots_url(url: str) -> str:
    """The address of the robots.txt that speaks for url."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
