"""What the XML modules in the items of an RSS or Atom feed say, as flat names and texts.

feedparser flattens modules too, but drops the text of elements with attributes
(`<xcal:dtstart tzid="…">`) and mixes nested ones, so these are read from the tree itself.
"""

import re
from collections.abc import Mapping

from lxml import etree

#: A tell-tale part of a namespace → the prefix used here; others keep the feed's own prefix.
_NAMESPACES = (
    ("purl.org/rss/1.0/modules/event", "ev"),
    ("xcal", "xcal"),
    ("libcal", "libcal"),
    ("bibliocommons", "bc"),
    ("trumba", "x-trumba"),
    ("schemas.microsoft.com", "x-microsoft"),
)
_TELLTALE = re.compile(
    r"purl\.org/rss/1\.0/modules/event|xcal|libcal|bibliocommons|trumba|calendarEvent",
    re.IGNORECASE,
)
_ITEMS = frozenset(("item", "entry"))


def items(text: str) -> list[Mapping[str, str]]:
    """For each item, in order: `ev:startdate` → text, `bc:location/bc:name` → text of a nested
    element, `xcal:dtstart@tzid` → attribute; of repetitions the first. Empty without modules.
    """
    if not _TELLTALE.search(text):
        return []
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True
    )
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:
        return []
    found = (element for element in root.iter(etree.Element) if _local(element.tag) in _ITEMS)
    return [dict(_fields(element)) for element in found]


def _fields(item: etree._Element) -> Mapping[str, str]:
    fields = dict[str, str]()
    for element in item.iter(etree.Element):
        name = _name(element)
        if ":" not in name:
            continue
        text = (element.text or "").strip()
        if text:
            fields.setdefault(name, text)
            fields.setdefault(f"{_name(element.getparent())}/{name}", text)
        for attribute, value in element.attrib.items():
            fields.setdefault(f"{name}@{_local(attribute)}", value)
    return fields


def _local(name: object) -> str:
    """A name without its namespace, or without a prefix that nobody declared, in lower case."""
    return str(name).rpartition("}")[2].rpartition(":")[2].lower()


def _name(element: etree._Element) -> str:
    """prefix:name in lower case; only the name where there is no prefix."""
    tag = str(element.tag)
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, local = tag[1:].partition("}")
    known = (prefix for part, prefix in _NAMESPACES if part in namespace.lower())
    prefix = next(known, element.prefix)
    return (f"{prefix}:{local}" if prefix else local).lower()
