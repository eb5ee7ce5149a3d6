"""Parts of an event that several formats tell in the same ways: place, price, age."""

import math
import re

from feeds.event import Age, Place, Price
from feeds.text import clean_url, line

_NUMBER = re.compile(r"\d[\d.,]*", re.ASCII)
_FREE = re.compile(
    r"\W*(?:free|gratis|gratuit|gratuito|gratuita|kostenlos)(?: (?:admission|entry|event))?\W*",
    re.IGNORECASE,
)
_AGES = re.compile(
    r"(?P<min>\d{1,3})\s*(?:-|–|to)\s*(?P<max>\d{1,3})"
    r"|(?P<from>\d{1,3})\s*(?:\+|-|–|and up|and over)"
    r"|(?:-|–|up to|under)\s*(?P<upto>\d{1,3})|(?P<only>\d{1,3})",
    re.IGNORECASE | re.ASCII,
)


def place(
    name: str | None,
    address: str | None = None,
    *,
    latitude: object = None,
    longitude: object = None,
    url: str | None = None,
) -> tuple[Place | None, str | None]:
    """The place, and the online address: a name that is only a web address is no place."""
    name, address = line(name), line(address)
    online = clean_url(name) if name and " " not in name else None
    if online:
        name = None
    north, east = coordinates(latitude, longitude)
    found = Place(name, address, north, east, url)
    return (found if found != Place() else None), online


def coordinates(latitude: object, longitude: object) -> tuple[float | None, float | None]:
    """Degrees, both or neither; 0, 0 is what forms send that were never filled in."""
    north, east = number(latitude), number(longitude)
    if north is None or east is None or (not north and not east):
        return None, None
    if abs(north) > 90 or abs(east) > 180:
        return None, None
    return north, east


def number(value: object) -> float | None:
    """value as a finite number, where it is one or says nothing else; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def amount(value: object) -> float | None:
    """A sum of money, from a number or the first number of a text: `12.50`, `$1,200`, `12,50 €`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        found = number(value)
        return found if found is not None and found >= 0 else None
    digits = _NUMBER.search(value[:100]) if isinstance(value, str) else None
    if not digits:
        return None
    text = digits[0].rstrip(".,")
    mark = max(text.rfind(","), text.rfind("."))
    if mark < 0 or len(text) - mark == 4:  # no fraction; in 1,200 and 1.200 neither
        return number(re.sub("[.,]", "", text))
    return number(re.sub("[.,]", "", text[:mark]) + "." + text[mark + 1 :])


def is_free(text: str | None) -> bool:
    """Whether a text says "free" and nothing more (en, es, fr, de)."""
    return bool(text and _FREE.fullmatch(text))


def price(
    amounts: list[float], currency: str | None, *, free: bool | None, text: str | None
) -> Price | None:
    """The price of all offers together; free where said, or where nothing costs anything."""
    least, most = (min(amounts), max(amounts)) if amounts else (None, None)
    if free is None and amounts:
        free = True if most == 0 else (None if least == 0 else False)
    if free is None and is_free(text):
        free = True
    found = Price(least, most, currency, free, line(text))
    return found if found != Price(currency=currency) else None


def age(text: str | None) -> Age | None:
    """The ages that a text like `6-9`, `18+`, `-5` or `all ages` says; its wording is kept."""
    text = line(text)
    if not text:
        return None
    found = _AGES.search(text[:100])
    if not found:
        return Age(text=text)
    least = found["min"] or found["from"] or found["only"]
    most = found["max"] or found["upto"] or found["only"]
    low, high = (int(edge) if edge else None for edge in (least, most))
    if low is not None and high is not None and high < low:
        low = high = None
    return Age(low, high, text)
