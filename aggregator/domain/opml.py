"""OPML 2.0 (opml.org/spec2.opml): the list of feeds that a feed reader gives away.

Read leniently, as HTML is: real lists hold bare ampersands and missing ends. No entity is ever
expanded but the five of XML, so a list can't grow.
"""

from html.parser import HTMLParser
from typing import NamedTuple

#: More feeds than a library would look at in one go.
MOST = 500


class Outline(NamedTuple):
    """One feed of the list: its address, what the list calls it ("" for nothing)."""

    url: str
    title: str


def looks_like_opml(text: str) -> bool:
    """Whether text is a list of feeds, by its first tags."""
    head = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    return "<opml" in head or (head.startswith("<") and "<outline" in head)


def outlines(text: str) -> list[Outline]:
    """Every feed of the list in its order, each address once; folders are looked into."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    found: dict[str, Outline] = {}
    for each in reader.found:
        found.setdefault(each.url, each)
    return [*found.values()][:MOST]


class _Reader(HTMLParser):
    """Hears the tags; the parser writes all names in small letters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Outline] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A feed is an outline with an xmlUrl; without one, type="link" names a page."""
        if tag != "outline":
            return
        told = {name: (value or "").strip() for name, value in attrs}
        url = told.get("xmlurl") or (told.get("url", "") if told.get("type") == "link" else "")
        if url:
            title = told.get("title") or told.get("text") or ""
            self.found.append(Outline(url, " ".join(title.split())[:200]))
