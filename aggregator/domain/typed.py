"""What staff type into a part's form: from facts to plain text, and back to facts.

Times are wall times of the event's own zone, a day is 2026-12-15, a time 18:30.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain import typed_times
from aggregator.domain.parts import PARTS
from aggregator.domain.typed_times import Fault, Form, TypedError
from feeds.event import Age, Event, Place, Price
from feeds.facts import to_facts

Facts = Mapping[str, Any]

#: The longest text that is kept, by field, in characters.
LONGEST = {"description": 20_000, "title": 300}
LONG = 2_000

_PRICE = re.compile(r"(\d+(?:\.\d+)?)(?:\s*[-–]\s*(\d+(?:\.\d+)?))?\s*([A-Z]{3})")


def written(facts: Facts) -> dict[str, str]:
    """Every input's text for an event, or one date of it, as it is."""
    place, price, age = (facts[key] or {} for key in ("location", "price", "age"))
    return {
        "title": facts["summary"] or "",
        **typed_times.written(facts),
        "status": _STATUS.get(facts["status"] or "", facts["status"] or ""),
        "place": place.get("name") or "",
        "address": place.get("address") or "",
        "online_url": facts["online_url"] or "",
        "attendance": facts["attendance"] or "",
        "cost": {True: "free", False: "costs", None: "costs" if price else ""}[price.get("free")],
        "price": "" if price.get("free") else _price_words(price),
        "audience": ", ".join(facts["audience"]),
        "age_from": "" if age.get("min") is None else str(age["min"]),
        "age_to": "" if age.get("max") is None else str(age["max"]),
        "registration": facts["registration"] or "",
        "registration_url": facts["registration_url"] or "",
        "access": facts["access"] or "",
        "url": facts["url"] or "",
        "description": facts["description"] or "",
        "image_alt": facts["image_alt"] or "",
        "categories": ", ".join(facts["categories"]),
    }


def read(part: str, form: Form, facts: Facts, library: ZoneInfo, rid: str = "") -> dict[str, Any]:
    """The part's fields as typed, as facts hold them; what was not touched stays as it is.

    `facts` are those of the event, or of its one date. Raises TypedError.
    """
    told = {key: _clean(key, value) for key, value in form.items()}
    before = {key: _clean(key, value) for key, value in written(facts).items()}
    if all(told.get(key, "") == before[key] for key in INPUTS[part]):
        fields = PARTS[part].dated if rid else PARTS[part].fields
        return {field: facts[field] for field in fields}
    return _READERS[part](told, facts, library, bool(rid))


def _clean(key: str, value: str) -> str:
    """Lines kept where there are several, spaces at the ends and control characters not."""
    value = value.replace("\r\n", "\n").strip()
    kept = "".join(sign for sign in value if sign.isprintable() or sign == "\n")
    if key != "description":
        kept = " ".join(kept.split())
    if len(kept) > LONGEST.get(key, LONG):
        raise TypedError(**{key: Fault("typed.long", {"most": str(LONGEST.get(key, LONG))})})
    return kept


def _title(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    if not told.get("title"):
        raise TypedError(title=Fault("typed.title"))
    return {"summary": told["title"]}


def _status(told: Form, facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    value = told.get("status", "")
    if value not in {"", "CANCELLED", "POSTPONED"}:
        raise TypedError(status=Fault("typed.choice"))
    planned = facts["status"] if facts["status"] in {"CONFIRMED", "TENTATIVE"} else "CONFIRMED"
    return {"status": value or planned}


def _place(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    """Another place has other coordinates, which nobody typed."""
    place = Place(told.get("place") or None, told.get("address") or None)
    return {"location": to_facts(Event(location=place))["location"]}


def _online(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    if (how := told.get("attendance", "")) not in {"", "OFFLINE", "ONLINE", "MIXED"}:
        raise TypedError(attendance=Fault("typed.choice"))
    return {"online_url": _address(told, "online_url"), "attendance": how or None}


def _price(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    text, cost = told.get("price", ""), told.get("cost", "")
    if cost == "free":
        return {"price": _fact("price", Price(free=True))}
    if cost == "costs" and not text:
        raise TypedError(price=Fault("typed.price"))
    if cost != "costs":
        return {"price": None}
    if found := _PRICE.fullmatch(text):
        low, high = float(found[1]), float(found[2] or found[1])
        return {"price": _fact("price", Price(low, high, found[3], free=False))}
    return {"price": _fact("price", Price(free=False, text=text))}


def _price_words(price: Mapping[str, Any]) -> str:
    """ "12–18 USD", or the feed's own words."""
    numbers = [f"{each:g}" for each in (price.get("min"), price.get("max")) if each is not None]
    if not numbers or not price.get("currency"):
        return str(price.get("text") or "–".join(numbers))
    return f"{'–'.join(dict.fromkeys(numbers))} {price['currency']}"


def _audience(told: Form, facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    low, high = _number(told, "age_from"), _number(told, "age_to")
    if low is not None and high is not None and high < low:
        raise TypedError(age_to=Fault("typed.ages"))
    before = facts["age"] or {}
    age = facts["age"]
    if (low, high) != (before.get("min"), before.get("max")):
        age = _fact("age", Age(low, high))
    return {"audience": _names(told.get("audience", "")), "age": age}


def _booking(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    if (how := told.get("registration", "")) not in {"", "OPEN", "CLOSED", "FULL", "WAITLIST"}:
        raise TypedError(registration=Fault("typed.choice"))
    return {"registration": how or None, "registration_url": _address(told, "registration_url")}


def _plain(name: str) -> "Reader":
    return lambda told, _facts, _zone, _one: {name: told.get(name) or None}


def _page(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    return {"url": _address(told, "url")}


def _categories(told: Form, _facts: Facts, _zone: ZoneInfo, _one: bool) -> dict[str, Any]:
    return {"categories": _names(told.get("categories", ""))}


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (each.strip() for each in text.split(",")))))


def _number(told: Form, name: str) -> int | None:
    text = told.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or int(text) > 120:
        raise TypedError(**{name: Fault("typed.age")})
    return int(text)


def _address(told: Form, name: str) -> str | None:
    text = told.get(name, "")
    if text and (not text.startswith(("https://", "http://")) or " " in text):
        raise TypedError(**{name: Fault("typed.address")})
    return text or None


def _fact(name: str, value: Any) -> Any:
    """A value of the contract as facts hold it."""
    return to_facts(Event(**{name: value}))[name]


Reader = Callable[[Form, Facts, ZoneInfo, bool], dict[str, Any]]

#: "As planned", in whatever word the source has for it.
_STATUS = {"CONFIRMED": "", "TENTATIVE": ""}
_READERS: Mapping[str, Reader] = {
    "title": _title,
    "when": typed_times.read,
    "status": _status,
    "place": _place,
    "online": _online,
    "price": _price,
    "audience": _audience,
    "booking": _booking,
    "access": _plain("access"),
    "page": _page,
    "text": _plain("description"),
    "picture": _plain("image_alt"),
    "categories": _categories,
}
#: The inputs of each part's form.
INPUTS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "when": ("day", "time", "end_day", "end_time", "all_day"),
    "status": ("status",),
    "place": ("place", "address"),
    "online": ("online_url", "attendance"),
    "price": ("cost", "price"),
    "audience": ("audience", "age_from", "age_to"),
    "booking": ("registration", "registration_url"),
    "access": ("access",),
    "page": ("url",),
    "text": ("description",),
    "picture": ("image_alt",),
    "categories": ("categories",),
}
