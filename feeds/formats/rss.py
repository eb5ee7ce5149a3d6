"""RSS 2.0, 1.0, 0.9x and Atom, with the event modules that `feeds.vocabularies` knows.

The date of an item is never the date of its event, with two exceptions: Localist writes the
start into pubDate, and so does Drupal Views, whose pubDate is then no RFC 822 date.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from email.utils import parsedate_to_datetime
from itertools import islice, zip_longest
from typing import Any

from feeds import modules
from feeds.errors import UnreadableError
from feeds.event import Event, Place, Problem, Reading, Time
from feeds.identity import distinct
from feeds.parts import coordinates
from feeds.registry import HEAD, Context, Format
from feeds.syndication import categories, instant, merged, parse, pictures, refresh, xml_text
from feeds.text import clean_url, decode, given, line, marker, plain
from feeds.vocabularies import Told, told
from feeds.when import Zones, english, moment, settle

#: The largest feed that is read, in bytes, in tags and references, and the most entries of one.
CAP = 5_000_000
MOST_TAGS = 300_000
MOST = 5_000

_ROOT = re.compile(r"<(?:\w+:)?(rss|rdf|feed|entry|html|body)\b", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_MEDIA_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/rss")
)
_LOCALIST = "images.localist.com/"


def sniff(head: bytes, media_type: str) -> bool:
    """Recognise a feed by its root element, or by its media type where that is further down."""
    root = _ROOT.search(_COMMENT.sub("", decode(head)))
    if root:
        return root[1].lower() in {"rss", "rdf", "feed", "entry"}
    return media_type in _MEDIA_TYPES


def read(body: bytes, context: Context) -> Reading:
    """Read every entry; one without an event date is a notice.

    Raises UnreadableError for what is no feed, or larger than CAP or MOST_TAGS.
    """
    if len(body) > CAP or max(body.count(b"<"), body.count(b"&")) > MOST_TAGS:
        raise UnreadableError("feed.too_large", megabytes=CAP // 1_000_000)
    whole = xml_text(body, context.media_type)
    text, problems = _first_entries(whole)
    if _is_cut_off(whole):
        problems.append(Problem("feed.cut_off", "feed"))
    found, fields = parse(text), modules.items(text)
    if fields and len(fields) != len(found.entries):
        # So broken that two parsers count differently: whose date is whose is not guessed.
        fields = []
        problems.append(Problem("rss.dates_unread", "feed"))
    feed, events = _Feed(found.feed, found.entries, context), list[Event]()
    for number, (entry, said) in enumerate(zip_longest(found.entries, fields), start=1):
        event, doubts = feed.event(entry, said, number)
        events.append(event)
        problems += doubts
    kept, doubles = distinct(events)
    name = line(found.feed.get("title"))
    return Reading(kept, (*problems, *doubles), "rss", name, refresh=refresh(found.feed))


def _is_cut_off(text: str) -> bool:
    """Whether its root element is never closed: what stood behind the cut is not known."""
    root = _ROOT.search(_COMMENT.sub("", text[:HEAD]))
    if root is None:
        return False
    return re.search(rf"</(?:\w+:)?{root[1]}\s*>", text, re.IGNORECASE) is None


def _first_entries(text: str) -> tuple[str, list[Problem]]:
    """text up to its last entry that is read."""
    further = next(islice(_ENTRY.finditer(text), MOST, None), None)
    if further is None:
        return text, []
    return text[: further.start()], [Problem("feed.too_many", "feed", {"most": MOST})]


class _Feed:
    """What all entries of a feed share."""

    def __init__(self, feed: Any, entries: Sequence[Any], context: Context) -> None:
        self._base = context.base_url or clean_url(feed.get("link"))
        self._language = line(feed.get("language"))
        self._zones = Zones(reader=context.zone.key if context.zone else None)
        self._localist = _is_localist(feed, entries)

    def event(
        self, entry: Any, said: Mapping[str, str] | None, number: int
    ) -> tuple[Event, list[Problem]]:
        """The event of one entry, or a notice, and what is doubtful about it."""
        told_of = told(said or {}) or Told(None)
        keys = self._plain_keys(entry)
        # The identity and the link are the entry's own; what happens, a module knows better.
        keys |= {
            name: value
            for name, value in told_of.keys.items()
            if value and (name == "description" or not keys.get(name))
        }
        keys["categories"] = merged(keys["categories"], told_of.keys.get("categories", ()))
        keys["location"] = _located(told_of.keys.get("location"), entry)
        start, end = told_of.start, told_of.end
        if "x-trumba:localstart" in (said or {}):
            keys["published"] = None  # Trumba writes the start there, or the last edit: a setting
        if start is None and (start := self._published_start(entry)):
            keys["published"] = None
        keys["status"] = marker(keys.get("summary")) or keys.get("status")
        where = f"entry {number}" + (f" “{keys['summary'][:60]}”" if keys.get("summary") else "")
        if start is None:
            unread = line(told_of.unread)
            doubt = [Problem("event.date_unread", where, {"text": unread[:60]})] if unread else []
            return Event(**keys, kind="notice"), doubt
        span = settle(start, end, self._zones, inclusive=told_of.inclusive)
        doubt = [Problem(span.doubt, where)] if span.doubt else []
        return Event(**keys, **span.fields()), doubt

    def _plain_keys(self, entry: Any) -> dict[str, Any]:
        """The keys that every feed has, modules or not."""
        link = clean_url(entry.get("link"), self._base)
        content = next((part.get("value") for part in entry.get("content") or ()), None)
        return {
            "uid": given(entry.get("id")),
            "summary": line(entry.get("title")),
            "description": plain(content or entry.get("summary"), link or self._base),
            "url": link,
            "image": next(filter(None, (clean_url(each, link) for each in pictures(entry))), None),
            "categories": categories(entry),
            "language": line(entry.get("language")) or self._language,
            "published": instant(entry, "published"),
            "updated": instant(entry, "updated"),
        }

    def _published_start(self, entry: Any) -> Time | None:
        """The start where the vendor writes it into pubDate."""
        text = str(entry.get("published") or "")
        if not self._localist:
            return english(text)
        try:
            start = moment(parsedate_to_datetime(text).isoformat())
        except ValueError:
            return None
        if isinstance(start, datetime) and start.time() == time():
            return start.date()
        return start


def _is_localist(feed: Any, entries: Sequence[Any]) -> bool:
    """Whether a feed is Localist's own: it says so, or its pictures all are.

    A feed that only collects from Localist, among others, keeps its own dates of publication.
    """
    if "localist" in str(feed.get("generator", "")).lower():
        return True
    found = [address for entry in entries for address in pictures(entry)]
    return bool(found) and all(_LOCALIST in address for address in found)


def _located(told_place: Place | None, entry: Any) -> Place | None:
    """The place that the modules name, with geo: or georss: degrees where it has none."""
    point = entry.get("where") or {}
    east, north = point.get("coordinates", ("", "")) if point.get("type") == "Point" else ("", "")
    latitude, longitude = coordinates(entry.get("geo_lat", north), entry.get("geo_long", east))
    if latitude is None or (told_place and told_place.latitude is not None):
        return told_place
    return replace(told_place or Place(), latitude=latitude, longitude=longitude)


FORMAT = Format("rss", sniff, read)
