"""What to call a partner whom we only know by a page: from its title, without the page's own."""

import re
from urllib.parse import urlsplit

#: Words that say what a page is, not whose it is.
_PAGE = re.compile(
    r"(?:all |our |upcoming |public |community |master )*(?:events?|calendars?|home(?: ?page)?"
    r"|welcome|news|feeds?|rss|blog|what[’']?s on|whats on|agenda|programs?|programmes?|archives?"
    r"|events? (?:calendar|list|archive|feed)|calendar of events|things to do|ical|main|index"
    r"|website|web ?site|link|here|click here|more|more info(?:rmation)?|visit(?: website)?"
    r"|learn more|details|untitled)",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"\s+[-–—|•·»«›:/]+\s+|\s*[|•·»«]\s*|:\s+")
LONGEST = 120


def partner_name(*told: str | None, url: str) -> str:
    """The first of what was told that names somebody; else the site's own name."""
    for text in told:
        if name := _named(text or ""):
            return name[:LONGEST]
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    return host[:LONGEST]


def _named(text: str) -> str:
    """The part of a title that is no page's."""
    text = " ".join(text.split())
    if "://" in text or text.startswith("www."):
        return ""
    parts = [part for part in _BREAKS.split(text) if part and not _PAGE.fullmatch(part)]
    return parts[-1] if parts and _begins_with_page(text) else parts[0] if parts else ""


def _begins_with_page(text: str) -> bool:
    """ "Events | River Museum" names the page first, then whose it is."""
    first = next((part for part in _BREAKS.split(text) if part), "")
    return bool(_PAGE.fullmatch(first))
