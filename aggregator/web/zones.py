"""Time zones to choose from: a city for each clock, by continent, and a proposal."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from babel.core import get_global

FALLBACK = "UTC"


@cache
def regions() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Each continent with its zones: the IANA name and how it reads, both in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zone for zones in _by_country().values() for zone in zones):
        region, _, city = zone.partition("/")
        found.setdefault(region, []).append((zone, city.replace("_", " ").replace("/", ", ")))
    found["UTC"] = [("UTC", "UTC")]
    return [(region, sorted({*zones})) for region, zones in found.items()]


def proposal(languages: Sequence[str]) -> str:
    """The likeliest zone for the languages a browser asks for: "en-GB" is in Great Britain."""
    for language in languages:
        if zones := _by_country().get(_country(language)):
            return zones[0]
    return FALLBACK


def _country(language: str) -> str:
    """The country that the tag names, else where most readers of the language live (CLDR)."""
    first, *rest = language.replace("_", "-").split("-")
    named = next((part.upper() for part in rest if len(part) == 2), "")
    return named or get_global("likely_subtags").get(first.lower(), "").rpartition("_")[2]


@cache
def _by_country() -> Mapping[str, Sequence[str]]:
    """Each country's zones, the one with most people first where the table can (zone.tab)."""
    found: dict[str, list[str]] = {}
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found
