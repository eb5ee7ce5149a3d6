"""Where and when the library is: what several services ask of the house's settings."""

from zoneinfo import ZoneInfo

from aggregator.storage import house as settings
from aggregator.storage.doors import Reader


def zone(tx: Reader) -> ZoneInfo:
    """The library's own zone."""
    return ZoneInfo(str(settings.get(tx, "zone", "UTC")))


def name(tx: Reader) -> str:
    """What the library is called."""
    return str(settings.get(tx, "library", "Townboard"))


def town(tx: Reader) -> str:
    """Where the library is; empty where nobody said."""
    return str(settings.get(tx, "town", ""))
