"""What the offers of a schema.org Event say: the price, and whether one can still register."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feeds.embedded import Blocks, Node
from feeds.event import Price, Registration, Time
from feeds.facts import time_text
from feeds.parts import amount, price
from feeds.schema_parts import every, first, text
from feeds.text import clean_url
from feeds.when import Zones, moment, shown

_CURRENCY = re.compile(r"[A-Z]{3}")
_PRICES = ("price", "lowPrice", "highPrice", "minPrice", "maxPrice")
#: schema.org/ItemAvailability
_AVAILABILITY: Mapping[str, Registration] = {
    "InStock": "OPEN",
    "LimitedAvailability": "OPEN",
    "OnlineOnly": "OPEN",
    "PreOrder": "OPEN",
    "PreSale": "OPEN",
    "SoldOut": "FULL",
    "OutOfStock": "FULL",
    "BackOrder": "WAITLIST",
    "Discontinued": "CLOSED",
}
#: Of several offers the one that still lets people in.
_BEST: tuple[Registration, ...] = ("OPEN", "WAITLIST", "FULL", "CLOSED")


@dataclass(frozen=True, slots=True)
class Offered:
    """All offers of one event together, in the Event's words."""

    price: Price | None = None
    registration: Registration | None = None
    url: str | None = None
    closes: Time | None = None


def offered(node: Node, page: Blocks, zones: Zones) -> Offered:
    """What node's offers say, those within them (AggregateOffer) and their prices included."""
    offers = list(_nodes(node.get("offers"), page))
    offers += [part for each in offers for part in _nodes(each.get("offers"), page)]
    priced = [part for each in offers for part in _nodes(each.get("priceSpecification"), page)]
    priced = [*offers, *priced]
    free = free_of_charge(node)
    told = [text(each.get(key)) for each in priced for key in _PRICES]
    amounts = [found for each in told if (found := amount(each)) is not None]
    words = next((each for each in told if each and amount(each) is None), None)
    currencies = {(text(each.get("priceCurrency")) or "").upper() for each in priced} - {""}
    currency = currencies.pop() if len(currencies) == 1 else ""
    states = [_AVAILABILITY.get(_availability(each)) for each in offers]
    urls = [clean_url(text(each.get("url")), page.base) for each in offers]
    return Offered(
        price(amounts, currency if _CURRENCY.fullmatch(currency) else None, free=free, text=words),
        _registration(states),
        _best_url(urls, states),
        _closes(offers, zones),
    )


def free_of_charge(node: Node) -> bool | None:
    """isAccessibleForFree, in all the ways it is written."""
    told = first(node.get("isAccessibleForFree"))
    if isinstance(told, bool):
        return told
    word = (text(told) or "").rstrip("/").rpartition("/")[2].lower()
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)


def _nodes(value: Any, page: Blocks) -> Iterator[Node]:
    return (each for each in every(value, page) if isinstance(each, dict))


def _registration(states: list[Registration | None]) -> Registration | None:
    """The best of several offers; "full" only where none leaves it open whether it is."""
    best = next((state for state in _BEST if state in states), None)
    return best if best == "OPEN" or None not in states else None


def _availability(offer: Node) -> str:
    told = first(offer.get("availability"))
    told = told.get("@id") if isinstance(told, dict) else told
    return str(told or "").rstrip("/").rpartition("/")[2].removeprefix("schema:")


def _best_url(urls: list[str | None], states: list[Registration | None]) -> str | None:
    open_ones = (url for url, state in zip(urls, states, strict=True) if url and state == "OPEN")
    return next(open_ones, next(filter(None, urls), None))


def _closes(offers: list[Node], zones: Zones) -> Time | None:
    """When the last offer ends."""
    told = (text(each.get("validThrough") or each.get("availabilityEnds")) for each in offers)
    ends = (moment(each) for each in told if each)
    return max((shown(end, zones) for end in ends if end), key=time_text, default=None)
