"""Times as an iCalendar writes them → the Event's times (RFC 5545, 3.3.4, 3.3.5 and 3.8.2).

A time is first taken as it stands (a Spot), then placed on the clock of its event (a Frame).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from feeds.clocks import ONE_DAY, fixed, settled
from feeds.event import Time
from feeds.ical_lines import Line
from feeds.own_zones import OwnZone, own_zone
from feeds.timezones import iana, is_utc, offset
from feeds.timezones import zone as iana_zone
from feeds.when import moment

#: How many zones of its own one calendar may use.
_MOST_ZONES = 50

_LIC_LOCATION = re.compile(r"^X-LIC-LOCATION[^:\n]*:(.+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Zone:
    """What a TZID stands for: a tzinfo, with its IANA name, or with the text that defines it."""

    info: tzinfo
    name: str | None = None
    text: str | None = None


@dataclass(slots=True)
class Zones:
    """The zones of one calendar.

    `feed` is the zone that it names for itself, `repeats` the same where X-WR-TIMEZONE says it;
    `reader` is the reader's own (all IANA). `own` are its VTIMEZONEs by TZID. `unknown` collects
    TZIDs that mean nothing.
    """

    feed: str | None = None
    repeats: str | None = None
    reader: str | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    _known: dict[str, Zone | None] = field(default_factory=dict)

    @property
    def best(self) -> str | None:
        """The zone of times that have none."""
        return self.feed or self.reader

    def named(self, tzid: str) -> Zone | None:
        """The zone of a TZID; None, and noted, where it is unknown."""
        tzid = tzid.strip()
        if tzid not in self._known:
            self._known[tzid] = self._resolved(tzid)
        found = self._known[tzid]
        if found is None:
            self.unknown[tzid] = None
        return found

    def _resolved(self, tzid: str) -> Zone | None:
        text = self.own.get(tzid)
        stated = _LIC_LOCATION.search(text) if text else None
        name = iana(tzid) or iana(stated[1] if stated else None)
        if name:
            return Zone(UTC if is_utc(name) else iana_zone(name), name)
        if text and len(self._known) < _MOST_ZONES and (own := own_zone(text)):
            return Zone(own, text=text)
        away = offset(tzid)
        return Zone(away) if away else None


@dataclass(frozen=True, slots=True)
class Spot:
    """A time as it stands: a date, or a wall time with its zone, None when it floats.

    A time in UTC has UTC's zone, whether it ends in Z or its TZID says so.
    """

    value: Time
    zone: Zone | None = None

    @property
    def is_utc(self) -> bool:
        """Whether it is an instant, in nobody's zone."""
        return self.zone is not None and self.zone.info is UTC

    @property
    def is_date(self) -> bool:
        """Whether it is a whole day."""
        return not isinstance(self.value, datetime)


def spot(text: str, line: Line, zones: Zones) -> Spot | None:
    """The time that text, a value of line, says; None for what is none.

    A TZID rules, even over a Z behind it: so writers mean it.
    """
    value = moment(text)
    if value is None:
        return None
    if not isinstance(value, datetime):
        return Spot(value)
    named = zones.named(line.params["TZID"]) if line.params.get("TZID") else None
    if named is None and value.tzinfo is not None:
        info = value.tzinfo if value.utcoffset() else UTC
        named = Zone(info, "UTC" if info is UTC else None)
    return Spot(value.replace(tzinfo=None), named)


@dataclass(frozen=True, slots=True)
class Frame:
    """The clock of one event: a zone, or none for whole days and floating times.

    `moves` is whether a time that the clock skips is moved on at once; in a series it stays as it
    is written, since its other dates begin then.
    """

    all_day: bool
    zone: Zone | None
    moves: bool

    def place(self, at: Spot) -> Time:
        """A time on this clock; of a time only its date in a frame of whole days. A date stays
        one. Raises OverflowError at the ends of the calendar."""
        value = at.value
        if not isinstance(value, datetime):
            return value
        if self.all_day:
            return value.date()
        if self.zone is None:
            return value
        info = self.zone.info
        own = at.zone.info if at.zone else info
        found = value.replace(tzinfo=own)
        if own is not info:
            found = found.astimezone(info)
        if self.moves:
            return settled(found)
        return fixed(found) if isinstance(info, OwnZone) else found


def frame(start: Spot, zones: Zones, *, series: bool, within: Frame | None = None) -> Frame:
    """The clock of an event that begins at start; `within` is that of the series it belongs to.

    A time in UTC is shown in the feed's zone, else the reader's, else UTC; a series repeats in
    UTC unless X-WR-TIMEZONE says otherwise. An override in UTC, or floating, is shown by its
    series' clock.
    """
    if start.is_date:
        return Frame(True, None, False)
    if within and not within.all_day and (start.zone is None or start.is_utc):
        return Frame(False, within.zone, True)
    zone = start.zone
    if start.is_utc:
        name = zones.repeats if series else zones.best
        zone = _iana(name or "UTC")
    elif zone is None and zones.best:
        zone = _iana(zones.best)
    return Frame(False, zone, not series)


def _iana(name: str) -> Zone:
    return Zone(iana_zone(name), name)


def instant(at: Spot, zones: Zones) -> datetime:
    """A stamp (CREATED, LAST-MODIFIED) in UTC. Raises OverflowError."""
    value = at.value
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    info = at.zone.info if at.zone else iana_zone(zones.best or "UTC")
    return value.replace(tzinfo=info).astimezone(UTC)


def ended(start: Time, end: Spot | None, length: timedelta | None, within: Frame) -> Time | None:
    """The end by DTEND, else by DURATION; None when none is given. Raises OverflowError.

    Of a whole day it is always there: an end on the first day, as written by those who do not
    know that it is exclusive, means that day.
    """
    if not isinstance(start, datetime):
        last = start + ONE_DAY
        if end is not None:
            value = end.value
            partly = isinstance(value, datetime) and value.time() != time()
            last = within.place(end) + (ONE_DAY if partly else timedelta())
        elif length is not None:
            last = start + timedelta(days=-(-length // ONE_DAY))
        return last
    if end is not None:
        found = within.place(end)
        return found if isinstance(found, datetime) else None
    if length is None:
        return None
    days = timedelta(days=length.days)  # days by the wall clock, the rest as it passes (3.3.6)
    if start.tzinfo is None:
        return start + length
    passed = (start + days).astimezone(UTC) + (length - days)
    return passed.astimezone(start.tzinfo)
