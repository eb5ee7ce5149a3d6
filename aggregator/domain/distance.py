"""How far it is from one of our branches, as the crow flies."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

#: The Earth's mean radius (IUGG), in metres.
RADIUS = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Point:
    """Where something is, in degrees (WGS 84); its name, where it has one."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest of several places, and how far off it is in metres."""

    name: str
    metres: float


def metres(one: Point, other: Point) -> float:
    """The great-circle distance in metres (haversine; off by half a per cent at most)."""
    there = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    north = cos(radians(one.latitude)) * cos(radians(other.latitude))
    square = sin(there[0] / 2) ** 2 + north * sin(there[1] / 2) ** 2
    return 2 * RADIUS * asin(sqrt(min(1.0, square)))


def nearest(there: Point | None, places: Iterable[Point]) -> Near | None:
    """The place nearest to there; None where there is none, or nobody knows where it is."""
    if there is None:
        return None
    far = [Near(each.name, metres(there, each)) for each in places]
    return min(far, key=lambda near: near.metres, default=None)


def point(latitude: float | None, longitude: float | None, name: str = "") -> Point | None:
    """A point where both coordinates are known and can be; (0, 0) stands for "unknown" in feeds."""
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Point(latitude, longitude, name)
