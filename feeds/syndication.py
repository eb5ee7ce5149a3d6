"""The XML of a feed, read by feedparser without what could hurt: clean text in, entries out."""

import io
import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.entities import html5
from typing import Any
from xml.sax.saxutils import escape

import feedparser
from lxml import etree

from feeds.errors import UnreadableError
from feeds.text import decode, line

#: The longest interval that a feed may ask for.
LONGEST = timedelta(days=7)

_PROLOG = re.compile(r"<\?xml\b[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*>")
_ROOT = re.compile(r"<[A-Za-z]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,8}))\w*;?", re.IGNORECASE | re.ASCII)
_AMPERSAND = re.compile(
    r"(?P<cdata><!\[CDATA\[(?:[^\]]|\](?!\]>))*+(?:\]\]>|$)|&#\w{1,12};)|(?P<name>&\w{1,32};)|&",
    re.ASCII,
)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Trumba files an event under its date, too: 2026/02/18 (Wed).
_DATE = re.compile(r"\d{4}/\d\d/\d\d \(\w+\)")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


@dataclass(frozen=True, slots=True)
class Syndicated:
    """What feedparser made of a feed: one mapping for the feed, one for each entry."""

    feed: Any
    entries: list[Any]


def xml_text(body: bytes, media_type: str | None) -> str:
    """body as text that an XML parser accepts: one encoding, no DOCTYPE, no forbidden characters.

    Without a DOCTYPE there are no entities to swell and none that name a file or an address.
    """
    head = decode(body[:400])
    named = _PROLOG.search(head)
    text = decode(body, f"text/xml; charset={named[1]}" if named else media_type)
    text = text[max(0, text.find("<")) :]
    text = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    root = _ROOT.search(text)
    if root and re.search("<!(?:DOCTYPE|ENTITY)", text[: root.start()], re.IGNORECASE):
        text = text[root.start() :]
    text = _REFERENCE.sub(_sound_reference, _FORBIDDEN.sub("", text))
    return text if _well_formed(text) else _AMPERSAND.sub(_escaped, text)


def _well_formed(text: str) -> bool:
    try:
        etree.fromstring(
            text.encode("utf-8"), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except etree.LxmlError:
        return False
    return True


def _escaped(found: re.Match[str]) -> str:
    """A bare & as &amp;, and HTML's own names, which XML does not know, as their letters."""
    name = found["name"]
    if found["cdata"] or (name and name[1:-1] in _XML_NAMES):
        return found[0]
    letters = html5.get(name[1:]) if name else None
    return escape(letters) if letters else "&amp;" + found[0][1:]


def _sound_reference(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    sound = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return found[0] if sound or 0x10000 <= code <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"


def parse(text: str) -> Syndicated:
    """Read the feed in text. Raises UnreadableError where there is none in it."""
    try:
        # A stream: given text or bytes feedparser opens the file or address of that name.
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8")), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # whatever a mangled feed meets in there, it is the feed's fault
        raise UnreadableError("rss.unreadable") from error
    if not parsed.get("version") and not parsed.entries:
        raise UnreadableError("rss.unreadable")
    return Syndicated(parsed.feed, parsed.entries)


def refresh(feed: Any) -> timedelta | None:
    """How seldom the feed asks to be read: sy:updatePeriod and its frequency, else ttl."""
    hours = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    try:
        if hours:
            often = int(feed.get("sy_updatefrequency") or 1)
            asked = timedelta(hours=hours) / max(often, 1)
        else:
            asked = timedelta(minutes=int(feed.get("ttl") or 0))
    except (ValueError, OverflowError):
        return None
    return min(asked, LONGEST) if asked > timedelta() else None


def instant(entry: Any, key: str) -> datetime | None:
    """The instant of `published` or `updated`, which feedparser gives as UTC."""
    parsed = dict.get(entry, f"{key}_parsed")  # its own get answers "updated" with "published"
    try:
        found = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError):
        return None
    return found if found and 1900 <= found.year < 9999 else None


def categories(entry: Any) -> tuple[str, ...]:
    """The entry's categories, each once."""
    terms = (line(tag.get("term")) for tag in entry.get("tags") or ())
    return tuple(dict.fromkeys(term for term in terms if term and not _DATE.fullmatch(term)))


def merged(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Both, each word once whatever its case, as it is first written."""
    kept = dict[str, str]()
    for word in (*words, *others):
        kept.setdefault(word.casefold(), word)
    return tuple(kept.values())


def pictures(entry: Any) -> list[str]:
    """The addresses of the entry's pictures, as given, the best first."""
    media = [each for each in entry.get("media_content") or () if _is_picture(each)]
    enclosed = [link for link in entry.get("links") or () if link.get("rel") == "enclosure"]
    found = [
        *(each.get("url") for each in media),
        *(link.get("href") for link in enclosed if _is_picture(link)),
        *(each.get("url") for each in entry.get("media_thumbnail") or ()),
        (entry.get("image") or {}).get("href"),
    ]
    return [address for address in found if address]


def _is_picture(media: Any) -> bool:
    kind = media.get("medium") or str(media.get("type") or "").partition("/")[0]
    address = str(media.get("url") or media.get("href") or "").lower().partition("?")[0]
    return kind == "image" or (not kind and address.endswith(_PICTURES))
