"""Distances as people say them where they live: "0.8 mi", "350 m", "12 km"."""

from babel.core import get_global

from words.say import translate as _

#: Where roads are measured in miles.
_MILES = frozenset({"US", "GB", "PR", "VI", "GU", "AS", "MP", "LR"})

_METRES = 1609.344  # of a mile


def far(metres: float, zone: str) -> str:
    """A distance, in the measure of the country that the zone is in."""
    if get_global("zone_territories").get(zone) in _MILES:
        return _("{n} mi").format(n=_short(metres / _METRES))
    if metres < 950:
        return _("{n} m").format(n=max(50, round(metres / 50) * 50))
    return _("{n} km").format(n=_short(metres / 1000))


def _short(number: float) -> str:
    return f"{max(number, 0.1):.1f}" if number < 9.95 else f"{number:.0f}"
