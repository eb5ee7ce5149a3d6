"""Time zones to choose from: a city for each clock, by continent, and a proposal."""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel.core import get_global

FALLBACK = "UTC"
#: Zones of one country that are offered first: some have dozens.
MOST = 8


@cache
def regions() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Each continent with its zones: the IANA name and how it reads, both in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zone for zones in _by_country().values() for zone in zones):
        region, _, city = zone.partition("/")
        found.setdefault(region, []).append((zone, city.replace("_", " ").replace("/", ", ")))
    found["UTC"] = [("UTC", "UTC")]
    return [(region, sorted({*zones})) for region, zones in found.items()]


def likely(languages: Sequence[str], machine: str = "") -> list[tuple[str, str]]:
    """The zones to offer first: this machine's, and those of the country that the browser names."""
    found = [machine] if machine in _all() else []
    for language in languages:
        if zones := _by_country().get(_country(language)):
            found += zones[:MOST]
            break
    return [
        (zone, zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone)
        for zone in dict.fromkeys(found)
    ]


def proposal(languages: Sequence[str], machine: str = "") -> str:
    """The likeliest zone: the machine's if it lies in the country of the browser's language.

    A server is often far away or on UTC, so what the browser says comes first: "en-GB" is in
    Great Britain. Where it says nothing, the machine's own.
    """
    for language in languages:
        if zones := _by_country().get(_country(language)):
            return machine if machine in zones else zones[0]
    return machine if machine in _all() else FALLBACK


def machine_zone() -> str:
    """The zone that this machine is set to, "" where it does not say. Only ever proposed."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named:
        return named
    try:
        return str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
    except OSError:
        return ""


def _country(language: str) -> str:
    """The country that the tag names, else where most readers of the language live (CLDR)."""
    first, *rest = language.replace("_", "-").split("-")
    named = next((part.upper() for part in rest if len(part) == 2), "")
    return named or get_global("likely_subtags").get(first.lower(), "").rpartition("_")[2]


@cache
def _all() -> frozenset[str]:
    return frozenset(zone for zones in _by_country().values() for zone in zones)


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
