"""One VEVENT as it was found: its properties, what it may know, and what went wrong in it."""

from dataclasses import dataclass, field
from datetime import datetime

from feeds.event import Problem
from feeds.ical_lines import Properties
from feeds.ical_times import Spot, Zones, instant, spot
from feeds.text import given


@dataclass(slots=True)
class Source:
    """One VEVENT as it was found, and what went wrong while it was read."""

    number: int
    properties: Properties
    zones: Zones
    base: str | None = None
    cancelled: bool = False  # METHOD:CANCEL: the calendar takes its events back
    problems: list[Problem] = field(default_factory=list)

    @property
    def uid(self) -> str | None:
        """The UID as given."""
        return given(self.properties.text("UID"))

    @property
    def where(self) -> str:
        """How problems name it."""
        return self.uid or f"VEVENT {self.number}"

    def doubt(self, code: str, **params: str | int) -> None:
        """Note what went wrong."""
        self.problems.append(Problem(code, self.where, params))

    def unread(self, name: str) -> None:
        """Note a property that can't be understood."""
        self.doubt("ical.property", name=name)

    def spot(self, name: str) -> Spot | None:
        """The time of a property; one that can't be understood is noted."""
        found = self.properties.first(name)
        if found is None:
            return None
        read = spot(found.value.strip(), found, self.zones)
        if read is None:
            self.unread(name)
        return read

    def stamp(self, name: str) -> datetime | None:
        """A moment in UTC."""
        found = self.spot(name)
        try:
            return instant(found, self.zones) if found else None
        except OverflowError:  # at the very ends of the calendar
            return None


def is_override(source: Source) -> bool:
    """Whether it tells one date of a series."""
    return source.properties.has("RECURRENCE-ID")


def reaches_on(source: Source) -> bool:
    """Whether it tells all later dates too (RANGE=THISANDFUTURE)."""
    found = source.properties.first("RECURRENCE-ID")
    return found is not None and found.params.get("RANGE", "").upper() == "THISANDFUTURE"


def is_private(source: Source) -> bool:
    """Whether it is not meant for the public."""
    return source.properties.value("CLASS") in {"PRIVATE", "CONFIDENTIAL"}


def is_busy(source: Source) -> bool:
    """Whether it says no more than that somebody is busy, as free/busy calendars do."""
    read = source.properties
    more = ("DESCRIPTION", "X-ALT-DESC", "LOCATION", "URL", "CATEGORIES")
    return read.value("SUMMARY") == "BUSY" and not any(read.has(name) for name in more)
