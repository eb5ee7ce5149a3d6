"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).

It has no field for the date of an event, and none of its documented extensions has one: every
item is a notice, and its linked page may tell more.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from feeds.errors import UnreadableError
from feeds.event import Event, Problem, Reading
from feeds.identity import distinct
from feeds.registry import Context, Format
from feeds.text import clean_url, decode, given, line, marker, plain
from feeds.when import moment

#: The largest feed that is read, in bytes, and the most items of one.
CAP = 5_000_000
MOST = 5_000

Item = Mapping[str, Any]


def sniff(head: bytes, media_type: str) -> bool:
    """Recognise a JSON Feed by its version, or by its media type."""
    text = decode(head).lstrip()
    told = media_type == "application/feed+json" or "jsonfeed.org/version" in text
    return told and text.startswith("{")


def read(body: bytes, context: Context) -> Reading:
    """Read every item as a notice and name every item that is none.

    Raises UnreadableError for what is no JSON Feed, or larger than CAP.
    """
    if len(body) > CAP:
        raise UnreadableError("feed.too_large", megabytes=CAP // 1_000_000)
    try:
        feed = json.loads(decode(body, context.media_type), strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("jsonfeed.unreadable") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise UnreadableError("jsonfeed.unreadable")
    base = context.base_url or clean_url(_text(feed, "home_page_url"))
    language = line(_text(feed, "language"))
    events, problems = list[Event](), list[Problem]()
    for number, item in enumerate(items[:MOST], start=1):
        if isinstance(item, dict):
            events.append(_notice(item, base, language))
        else:
            problems.append(Problem("jsonfeed.item", f"item {number}"))
    if len(items) > MOST:
        problems.append(Problem("feed.too_many", "feed", {"most": MOST}))
    kept, doubles = distinct(events)
    return Reading(kept, (*problems, *doubles), "jsonfeed", line(_text(feed, "title")))


def _notice(item: Item, base: str | None, language: str | None) -> Event:
    link = clean_url(_text(item, "url") or _text(item, "external_url"), base)
    content = _text(item, "content_html") or _text(item, "content_text") or _text(item, "summary")
    summary = line(_text(item, "title"))
    image = _text(item, "image") or _text(item, "banner_image")
    tags = item.get("tags")
    words = (line(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    return Event(
        uid=given(_text(item, "id")),
        summary=summary,
        description=plain(content, link or base),
        status=marker(summary),
        url=link,
        image=clean_url(image, link or base),
        categories=tuple(dict.fromkeys(word for word in words if word)),
        language=line(_text(item, "language")) or language,
        published=_instant(_text(item, "date_published")),
        updated=_instant(_text(item, "date_modified")),
        kind="notice",
    )


def _text(item: Item, key: str) -> str | None:
    """The text under key; a number is taken for one, as the specification asks of an id."""
    value = item.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def _instant(text: str | None) -> datetime | None:
    """A time with its offset (RFC 3339; some write RFC 822), in UTC."""
    if not text:
        return None
    found = moment(text)
    if found is None:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
    aware = isinstance(found, datetime) and found.tzinfo is not None
    return found.astimezone(UTC) if isinstance(found, datetime) and aware else None


FORMAT = Format("jsonfeed", sniff, read)
