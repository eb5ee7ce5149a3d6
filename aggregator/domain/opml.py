"""OPML 2.0 (opml.org/spec2.opml): the list of feeds that a feed reader gives away.

Read leniently, as HTML is: real lists hold bare ampersands and missing ends. No entity is ever
expanded but the five of XML, so a list can't grow.
"""

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

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
    parser = etree.HTMLParser(target=reader, encoding="utf-8")
    try:
        parser.feed(text.encode("utf-8", "ignore"))
        parser.close()
    except etree.LxmlError:
        pass  # what was heard so far is what there is
    found: dict[str, Outline] = {}
    for each in reader.found:
        found.setdefault(each.url, each)
    return [*found.values()][:MOST]


class _Reader:
    """Hears the tags; the parser writes all names in small letters, and takes time linear in the
    text, whatever it holds."""

    def __init__(self) -> None:
        self.found: list[Outline] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A feed is an outline with an xmlUrl; without one, type="link" names a page."""
        if tag != "outline":
            return
        told = {name: (value or "").strip() for name, value in attributes.items()}
        url = told.get("xmlurl") or (told.get("url", "") if told.get("type") == "link" else "")
        if url:
            title = told.get("title") or told.get("text") or ""
            self.found.append(Outline(url, " ".join(title.split())[:200]))

    def close(self) -> None:
        """The end of the text."""
