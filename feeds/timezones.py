"""Names of time zones as feeds write them → IANA zones.

The zones are those of the tzdata package, so that every machine knows the same ones.
"""

import re
from datetime import timedelta, timezone
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.core import get_global

from feeds.zone_names import VENDOR_ZONES

#: Names that IANA has for UTC itself. What is written in them is a time in UTC.
_UTC = frozenset({"UTC", "UCT", "Universal", "Zulu"}) | {
    f"Etc/{name}" for name in ("UTC", "UCT", "Universal", "Zulu")
}
#: How Outlook begins the names it shows: `(UTC-05:00) Eastern Time (US & Canada)`.
_SHOWN_OFFSET = re.compile(r"\((?:UTC|GMT)(?:[+-]\d{1,2}:?\d{2})?\)\s*", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE | re.ASCII)
#: Where the last part of a zone's name is a place. (In `Etc/GMT+5` it is not: that is UTC-5.)
_REGIONS = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
_NO_PLACES = frozenset({"Australia/North", "Australia/South", "Australia/West"})
#: Longer ones are no names; this bounds the work that a name can ask for.
_LONGEST = 100


@cache
def names() -> frozenset[str]:
    """Every zone that IANA names."""
    listed = files("tzdata").joinpath("zones").read_text("ascii").split()
    return frozenset(listed) - {"Factory"}


def iana(name: str | None) -> str | None:
    """The IANA zone that name means, else None.

    Known are IANA's own names in any case, Windows' ("W. Europe Standard Time"), vendors'
    ("Eastern Time (US & Canada)", "(UTC+01:00) Amsterdam, Berlin"), cities, and IANA's behind a
    vendor's prefix ("/freeassociation.sourceforge.net/America/New_York").
    """
    if not name or len(name) > _LONGEST:
        return None
    name = " ".join(name.strip(" \t\"'").split())
    return name if name in names() else _looked_up(name)


def is_utc(zone: str) -> bool:
    """Whether this IANA zone is UTC by another name."""
    return zone in _UTC


def offset(name: str) -> timezone | None:
    """The fixed offset that a name like `UTC+11` or `GMT-0330` means, else None."""
    found = _OFFSET.fullmatch(name.strip(" \t\"'"))
    if not found:
        return None
    away = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if away >= timedelta(days=1):
        return None
    return timezone(-away if found[1] == "-" else away)


@cache
def _by_lower_case() -> dict[str, str]:
    """Every other name in lower case; of two zones with one city, the one with the longer name."""
    places = (zone for zone in names() - _NO_PLACES if zone.startswith(_REGIONS))
    cities = {zone.rpartition("/")[2].replace("_", " "): zone for zone in sorted(places, key=len)}
    windows: dict[str, str] = dict(get_global("windows_zone_mapping"))
    known = cities | windows | {zone: zone for zone in names()}
    return {name.lower(): zone for name, zone in known.items()} | VENDOR_ZONES


def _looked_up(name: str) -> str | None:
    known = _by_lower_case()
    name = name.lower()
    shown = _SHOWN_OFFSET.sub("", name)
    for candidate in (name, name.replace(" ", "_"), shown, shown.partition(",")[0]):
        if candidate in known:
            return known[candidate]
    # A prefix ends before the zone's own slashes: take the longest end that is a zone.
    parts = name.split("/")
    ends = ("/".join(parts[start:]) for start in range(1, len(parts)))
    return next((known[end] for end in ends if end and _is_whole(end) and end in known), None)


def _is_whole(end: str) -> bool:
    """Behind a prefix only a zone's whole name counts; a city alone may be part of another's."""
    return "/" in end or end == "utc"


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises KeyError (ZoneInfoNotFoundError) where there is none."""
    return ZoneInfo(name)
