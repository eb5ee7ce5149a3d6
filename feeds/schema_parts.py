"""Parts of a schema.org Event: what stands in them may be a text, a node, a reference, a list."""

import re
from collections.abc import Iterator
from typing import Any

from feeds.embedded import Blocks, Node, types
from feeds.event import Age, Organizer, Place
from feeds.parts import age, coordinates, number, place
from feeds.text import clean_url, line

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")


def every(value: Any, page: Blocks) -> Iterator[Any]:
    """The values of a property, one or many, with references followed; no None, no nested lists."""
    for item in value if isinstance(value, list) else [value]:
        if item is not None and not isinstance(item, list):
            yield page.resolve(item)


def first(value: Any) -> Any:
    """The first of several values."""
    return next(iter(value), None) if isinstance(value, list) else value


def text(value: Any) -> str | None:
    """The text of a value: itself, a literal's @value, a node's name; of several the first."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("@value") or value.get("name"))
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def texts(value: Any) -> tuple[str, ...]:
    """The words of keywords: several values, or one text with commas; each once."""
    many = value if isinstance(value, list) else (text(value) or "").split(",")
    words = (line(text(each)) for each in many)
    return tuple(dict.fromkeys(word for word in words if word))


def where(value: Any, page: Blocks) -> tuple[Place | None, str | None]:
    """The first real place among locations, and the first online address."""
    found: Place | None = None
    online: str | None = None
    for each in every(value, page):
        if isinstance(each, str):
            at, address = place(each)
        elif not isinstance(each, dict):
            continue
        elif "VirtualLocation" in types(each):
            at, address = None, clean_url(text(each.get("url") or each.get("sameAs")), page.base)
        else:
            at, address = _place(each, page)
        found, online = found or at, online or address
    return found, online


def _place(node: Node, page: Blocks) -> tuple[Place | None, str | None]:
    geo = first(page.resolve(node.get("geo")))
    geo = geo if isinstance(geo, dict) else {}
    north, east = coordinates(geo.get("latitude"), geo.get("longitude"))
    if north is None:
        north, east = coordinates(node.get("latitude"), node.get("longitude"))
    return place(
        text(node.get("name")),
        _postal(first(page.resolve(node.get("address")))),
        latitude=north,
        longitude=east,
        url=clean_url(text(node.get("url")), page.base),
    )


def _postal(value: Any) -> str | None:
    """A PostalAddress as one line; a text as it is."""
    if not isinstance(value, dict):
        return text(value)
    told = {key: line(text(value.get(key))) for key in _POSTAL}
    town = " ".join(filter(None, (told["addressRegion"], told["postalCode"])))
    parts = (told["streetAddress"], told["addressLocality"], town, told["addressCountry"])
    return ", ".join(filter(None, parts)) or text(value.get("name"))


_POSTAL = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")


def organizer(value: Any, page: Blocks) -> Organizer | None:
    """The first organiser, as published."""
    node = next(every(value, page), None)
    if not isinstance(node, dict):
        name = line(text(node))
        return Organizer(name=name) if name else None
    email = (line(text(node.get("email"))) or "").removeprefix("mailto:")
    found = Organizer(
        line(text(node.get("name"))),
        email if "@" in email else None,
        clean_url(text(node.get("url") or node.get("sameAs")), page.base),
    )
    return found if found != Organizer() else None


def picture(value: Any, page: Blocks) -> tuple[str | None, str | None]:
    """The address of the first picture, and what its caption says."""
    for each in every(value, page):
        caption = None
        if isinstance(each, dict):
            caption = line(text(each.get("caption")))
            each = text(each.get("url") or each.get("contentUrl") or each.get("@id"))  # noqa: PLW2901
        if address := clean_url(text(each), page.base):
            return address, caption
    return None, None


def audiences(value: Any, page: Blocks) -> tuple[str, ...]:
    """For whom: the names of the audiences, each once."""
    told = (
        each.get("audienceType") or each.get("name") if isinstance(each, dict) else each
        for each in every(value, page)
    )
    return tuple(dict.fromkeys(word for each in told for word in texts(text(each))))


def ages(node: Node, page: Blocks) -> Age | None:
    """typicalAgeRange, else the ages of a PeopleAudience."""
    if found := age(text(node.get("typicalAgeRange"))):
        return found
    for each in every(node.get("audience"), page):
        if isinstance(each, dict):
            least = number(each.get("suggestedMinAge") or each.get("requiredMinAge"))
            most = number(each.get("suggestedMaxAge") or each.get("requiredMaxAge"))
            if least is not None or most is not None:
                low, high = (None if edge is None else int(edge) for edge in (least, most))
                return Age(low, high)
    return None


def language(value: Any, page: Blocks) -> str | None:
    """A language tag (BCP 47); a Language node gives it as its alternateName."""
    node = next(every(value, page), None)
    told = node.get("alternateName") or node.get("name") if isinstance(node, dict) else node
    tag = text(told) or ""
    return tag.replace("_", "-") if _LANGUAGE.fullmatch(tag) else None
