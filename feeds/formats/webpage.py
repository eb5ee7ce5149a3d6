"""Web pages with schema.org Events as JSON-LD. A page without them is an error, not "no events"."""

from feeds.embedded import blocks, top_nodes
from feeds.errors import UnreadableError
from feeds.event import Event, Problem, Reading
from feeds.identity import distinct
from feeds.registry import Context, Format
from feeds.schema import events, is_event
from feeds.text import decode
from feeds.when import Zones

#: The largest page that is read, in bytes, and the most events of one.
CAP = 3_000_000
MOST = 5_000

_TAGS = ("<!doctype html", "<html", "<head", "<body", "<script", "<title", "<meta", "<div", "<p>")


def sniff(head: bytes, media_type: str) -> bool:
    """Recognise HTML by its media type or by a tag in its first 4 KiB."""
    text = decode(head).lstrip().lower()
    told = media_type in {"text/html", "application/xhtml+xml"}
    return text.startswith("<") and (told or any(tag in text for tag in _TAGS))


def read(body: bytes, context: Context) -> Reading:
    """Read every event of the page's JSON-LD, in the page's order.

    Raises UnreadableError for a page without event data, or larger than CAP.
    """
    if len(body) > CAP:
        raise UnreadableError("feed.too_large", megabytes=CAP // 1_000_000)
    text = decode(body, context.media_type)
    if "ld+json" not in text.lower():  # finding this out costs nothing; a tree does
        raise UnreadableError("page.no_events")
    page = blocks(text, context.base_url)
    zones = Zones(reader=context.zone.key if context.zone else None)
    found, problems = list[Event](), page.problems
    for node in filter(is_event, top_nodes(page.roots)):
        if len(found) >= MOST:
            problems.append(Problem("feed.too_many", "page", {"most": MOST}))
            break
        told, doubts = events(node, page, zones)
        found += told
        problems += doubts
    if not found and page.problems:
        raise UnreadableError("page.blocks_unread", count=len(page.problems))
    if not found:
        raise UnreadableError("page.no_events")
    kept, doubles = distinct(found)
    return Reading(kept, (*problems, *doubles), "webpage")


FORMAT = Format("webpage", sniff, read, order=90)
