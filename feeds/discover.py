"""A page → the feeds it offers, the sites it links to, and whom to write to.

Feeds by `link rel=alternate` (RSS Advisory Board, autodiscovery) and by links that are spelt as
feeds. Pure; nothing here says whether an offer can be read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree

from feeds.fetch import https_address
from feeds.text import clean_url, decode, line

#: How much of a page is looked at, in characters, and how many of each kind are kept.
CAP, MOST = 3_000_000, 500

_TYPES = {
    "text/calendar": 0,
    "application/rss+xml": 1,
    "application/atom+xml": 1,
    "application/feed+json": 1,
}
_FEED_PATH = re.compile(r"\.(?:ics|ical|rss|atom)$|/(?:feed|rss|atom|ical|ics)/?$", re.IGNORECASE)
_FEED_QUERY = re.compile(r"(?:^|&)(?:outlook-)?ical=1|(?:^|&)format=ical|(?:^|&)feed=\w+")
_SCHEME = re.compile(r"(?:webcals?|feed):", re.IGNORECASE)
_SUBSCRIBE = re.compile(
    r"subscribe|ical|\bics\b|webcal|\bfeed\b|\brss\b|calendar|google|outlook|export", re.IGNORECASE
)
_CALENDAR = re.compile(r"ical|\.ics|webcal", re.IGNORECASE)
#: Feeds of what readers wrote, never of events.
_COMMENTS = re.compile(r"comments?/feed|/comments?\b|oembed|wp-json", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+){1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: where it leads, and the words that a person clicks on."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page offers. `feeds` stand the likeliest first; `links` lead to other sites."""

    title: str
    feeds: tuple[str, ...]
    links: tuple[Link, ...]
    mail: str | None


def look_through(body: bytes, url: str, media_type: str | None = None) -> Page:
    """What the page at url offers; a body that is no page offers nothing."""
    heard = _Heard()
    parser = etree.HTMLParser(target=heard, encoding="utf-8")
    try:
        parser.feed(decode(body, media_type)[:CAP].encode("utf-8", "ignore"))
        parser.close()
    except etree.LxmlError:
        pass  # what was heard so far is what there is
    base = _joined(url, heard.base) or url
    return Page(
        line(heard.title[:1000]) or "",
        tuple(_feeds(heard, base, url)),
        tuple(_outside(heard, base, url)),
        next((found[0] for each in heard.mails if (found := _MAIL.match(each))), None),
    )


def site_of(url: str) -> str:
    """The site that an address belongs to: its host without "www."."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def _feeds(heard: "_Heard", base: str, url: str) -> Iterable[str]:
    """Announced feeds first, calendars before news; then links that look like feeds."""
    announced = sorted(heard.alternates, key=lambda each: _TYPES[each[0]])
    spelt = [href for href, words in heard.anchors if _is_offered(href, words, base)]
    spelt.sort(key=lambda href: not _CALENDAR.search(href))
    seen = {url}
    for href in (*(each[1] for each in announced), *spelt):
        found = _joined(base, https_address(href) if _SCHEME.match(href) else href)
        if found and found not in seen and not _COMMENTS.search(found):
            seen.add(found)
            yield found
        if len(seen) > MOST:
            break


def _is_offered(href: str, words: str, base: str) -> bool:
    """Whether a link leads to a feed of this page; one elsewhere has to say that it is one.

    A page that lists its neighbours' feeds names the neighbours instead.
    """
    if not _is_spelt_as_feed(href):
        return False
    there = site_of(_joined(base, https_address(href) if _SCHEME.match(href) else href) or "")
    return there == site_of(base) or _SUBSCRIBE.search(words) is not None


def _is_spelt_as_feed(href: str) -> bool:
    if _SCHEME.match(href):
        return True
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _outside(heard: "_Heard", base: str, url: str) -> Iterable[Link]:
    """Links to other sites, each address once, with the longest words that lead there."""
    found: dict[str, str] = {}
    for href, words in heard.anchors:
        there = _joined(base, href)
        if there and site_of(there) not in {"", site_of(url)} and len(found) < MOST:
            title = line(words[:1000]) or ""
            found[there] = max(found.get(there, ""), title, key=len)
    return [Link(there, title[:200]) for there, title in found.items()]


def _joined(base: str, href: str) -> str | None:
    """The whole address, without fragment and trackers; None for what is no web address."""
    try:
        whole = urljoin(base, href.strip())
    except ValueError:
        return None
    found = clean_url(whole.partition("#")[0])
    return found if found and found.startswith(("http://", "https://")) else None


class _Heard:
    """Hears the parser's events and keeps what leads somewhere."""

    def __init__(self) -> None:
        self.title = ""
        self.base = ""
        self.alternates: list[tuple[str, str]] = []
        self.anchors: list[tuple[str, str]] = []
        self.mails: list[str] = []
        self._in_title = False
        self._open: tuple[str, list[str]] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        href = (attributes.get("href") or "").strip()
        if tag == "title":
            self._in_title = not self.title
        elif tag == "base" and href and not self.base:
            self.base = href
        elif tag == "link" and href:
            kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
            if "alternate" in (attributes.get("rel") or "").lower().split() and kind in _TYPES:
                self.alternates.append((kind, href))
        elif tag == "a":
            self._close()
            if href.lower().startswith("mailto:"):
                self.mails.append(href[7:].partition("?")[0])
            elif href:
                self._open = (href, [attributes.get("title") or ""])
        elif tag == "img" and self._open is not None:
            self._open[1].append(attributes.get("alt") or "")

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag == "title":
            self._in_title = False
        elif tag == "a":
            self._close()

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._in_title:
            self.title += text
        elif self._open is not None:
            self._open[1].append(text)

    def comment(self, text: str) -> None:
        """A comment leads nowhere."""

    def close(self) -> None:
        """The end of the input."""
        self._close()

    def _close(self) -> None:
        if self._open is not None:
            (href, words), self._open = self._open, None
            said = " ".join("".join(words[1:]).split()) or words[0]
            self.anchors.append((href, said))
