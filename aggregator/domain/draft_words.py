"""The fields of a draft that are no times: place, price, ages, addresses, access."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from aggregator.domain.drafts import ACCESS, BOOKING, LINE, TEXT, Draft, Fault, Faults
from feeds.event import Age, Event, Organizer, Place, Price

_FREE = re.compile(r"free(?: (?:of charge|admission|entry|entrance))?", re.IGNORECASE)


def words(draft: Draft, places: Sequence[Place], base: Event, faults: Faults) -> dict[str, Any]:
    """The fields that are no times."""
    line = {
        name: " ".join(getattr(draft, name).split())[:LINE]
        for name in ("title", "place", "address", "organizer", "price", "access_more", "image_alt")
    }
    if not line["title"]:
        faults["title"] = Fault("entering.title")
    links = {
        name: _link(getattr(draft, name), name, faults)
        for name in ("booking_url", "online_url", "url", "image")
    }
    place = _place(line["place"], line["address"], places, base.location)
    booking = draft.booking if draft.booking in BOOKING else None
    if links["booking_url"] and booking is None:
        booking = "OPEN"
    low, high = (_age(draft, name, faults) for name in ("age_from", "age_to"))
    if low is not None and high is not None and low > high:
        faults["age_to"] = Fault("entering.ages")
    access = ", ".join([*(each for each in ACCESS if each in draft.access), line["access_more"]])
    attendance = "MIXED" if place and links["online_url"] else "ONLINE"
    return {
        "summary": line["title"],
        "description": draft.description.strip()[:TEXT].replace("\r\n", "\n") or None,
        "location": place,
        "attendance": attendance if links["online_url"] else None,
        "online_url": links["online_url"],
        "organizer": Organizer(line["organizer"]) if line["organizer"] else None,
        "price": _price(line["price"]),
        "audience": draft.audience,
        "age": None if low is None and high is None else Age(low, high),
        "registration": booking,
        "registration_url": links["booking_url"],
        "access": access.strip(", ") or None,
        "url": links["url"],
        "image": links["image"],
        "image_alt": line["image_alt"] or None,
    }


def _place(name: str, address: str, places: Sequence[Place], before: Place | None) -> Place | None:
    """A place of ours by its name brings its address and where it lies."""
    if not (name or address):
        return None
    known = {each.name.casefold(): each for each in (*places, before) if each and each.name}
    found = known.get(name.casefold())
    if found is not None and address in {"", found.address or ""}:
        return replace(found, name=name)
    return Place(name or None, address or None)


def _price(text: str) -> Price | None:
    if not text:
        return None
    return Price(free=True) if _FREE.fullmatch(text.rstrip(".! ")) else Price(free=False, text=text)


def _age(draft: Draft, name: str, faults: Faults) -> int | None:
    text = getattr(draft, name).strip()
    if not text:
        return None
    if not (text.isdecimal() and len(text) <= 3 and int(text) <= 120):
        faults[name] = Fault("entering.age")
        return None
    return int(text)


def _link(text: str, name: str, faults: Faults) -> str | None:
    """A web address, with https:// where nothing stands before it."""
    text = text.strip()
    if not text:
        return None
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        well = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    except ValueError:
        well = False
    if not well or len(url) > 2000 or not url.isprintable() or " " in url:
        faults[name] = Fault("entering.address", {"text": text[:100]})
        return None
    return url


def access_of(text: str | None) -> tuple[tuple[str, ...], str]:
    """Which of the words we offer it holds, and the rest."""
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    named = tuple(each for each in ACCESS if each in parts)
    return named, ", ".join(part for part in parts if part not in named)
