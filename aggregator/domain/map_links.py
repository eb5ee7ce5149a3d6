"""Where a place is, from what people paste: a map's address, a geo: URI, or two numbers.

Reads OpenStreetMap, Google Maps, Apple Maps, Bing and HERE links as their sites write them, and
RFC 5870. Nothing is asked of anybody: a short link that only its site can open is no place.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(
    rf"^\s*({_NUMBER})°?\s*([NS])?\s*[,;/ ]\s*({_NUMBER})°?\s*([EW])?\s*$", re.IGNORECASE
)
_LINK = re.compile(
    r"(?:https?://|geo:|(?:www\.|maps\.)?(?:google|openstreetmap|apple)\.)\S+", re.IGNORECASE
)
#: google.com/maps/…/@lat,lon,zoom and the marker's own !3dlat!4dlon
_AT = re.compile(rf"/@({_NUMBER}),({_NUMBER})")
_MARKER = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
#: openstreetmap.org/#map=zoom/lat/lon
_HASH = re.compile(rf"map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})")
_SHORT = frozenset({"maps.app.goo.gl", "goo.gl", "g.co", "osm.org", "bit.ly", "maps.apple"})
#: Query keys that hold "lat,lon", the surest first.
_KEYS = ("coordinate", "ll", "query", "q", "destination", "daddr", "center", "cp", "map")


class Point(NamedTuple):
    """Degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


class Where(NamedTuple):
    """What was typed about a place: the address in words, and the point if it names one.

    `is_short` says that a link was pasted which only its own site could open.
    """

    address: str
    point: Point | None
    is_short: bool = False


def where(text: str) -> Where:
    """What a person typed: an address, a map link, two numbers, or an address and a link."""
    text = " ".join(text.split())
    if found := _pair(text):
        return Where("", found)
    link = _LINK.search(text)
    if link is None:
        return Where(text, None)
    address = " ".join(text.replace(link[0], " ").split()).strip(",;")
    found = point(link[0])
    return Where(address, found, found is None and _is_short(link[0]))


def point(link: str) -> Point | None:
    """The point that a map's address names; None where it names none."""
    if link.lower().startswith("geo:"):
        return _pair(re.split(r"[;?]", link[4:])[0].replace("%2C", ","))
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        query = parse_qs(parts.query)
    except ValueError:
        return None
    return next((found for found in _candidates(link, parts, query) if found), None)


def _candidates(
    link: str, parts: SplitResult, query: dict[str, list[str]]
) -> Iterable[Point | None]:
    """What may be the point, the surest first: the marker before the middle of the map."""
    plain = unquote(link)
    if "mlat" in query and "mlon" in query:
        yield _made(query["mlat"][0], query["mlon"][0])
    if found := _MARKER.search(plain):
        yield _made(*found.groups())
    for key in _KEYS:
        for value in query.get(key, ()):
            yield _pair(value.removeprefix("loc:").replace("~", ","))
    for piece in unquote(parts.path).split("/"):
        yield _pair(piece.lstrip("@"))
    for pattern, text in ((_HASH, parts.fragment), (_AT, plain)):
        if found := pattern.search(text):
            yield _made(*found.groups())


def _pair(text: str) -> Point | None:
    """Two numbers beside each other; what follows them (a zoom, a height) says nothing here."""
    found = _PAIR.match(",".join(text.split(",")[:2]))
    if found is None or not re.search(r"[.°,]", text):
        return None
    latitude, south, longitude, west = found.groups()
    return _made(
        f"-{latitude}" if (south or "").upper() == "S" else latitude,
        f"-{longitude}" if (west or "").upper() == "W" else longitude,
    )


def _made(latitude: str, longitude: str) -> Point | None:
    """The point, if it is on the earth."""
    try:
        found = Point(float(latitude), float(longitude))
    except ValueError:
        return None
    return found if abs(found.latitude) <= 90 and abs(found.longitude) <= 180 else None


def _is_short(link: str) -> bool:
    try:
        host = urlsplit(link if "://" in link else f"https://{link}").hostname or ""
    except ValueError:
        return False
    return host.removeprefix("www.") in _SHORT
