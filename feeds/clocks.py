"""By what clock an event's times are told: naive wall times, and the Times that stand on them."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from feeds.event import Event, Time
from feeds.own_zones import OwnZone, own_zone
from feeds.timezones import zone as iana_zone

ONE_DAY = timedelta(days=1)
EARLIEST, LATEST = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001 (wall times)


class Clock:
    """The clock by which a series repeats: of its zone, its own VTIMEZONE or its offset; or
    none, for whole days and floating times."""

    def __init__(self, event: Event, start: Time) -> None:
        self.all_day = not isinstance(start, datetime)
        self.zone: tzinfo | None = None
        if isinstance(start, datetime) and start.tzinfo:
            own = own_zone(event.vtimezone) if event.vtimezone else None
            self.zone = iana_zone(event.zone) if event.zone else own or start.tzinfo

    def wall(self, value: Time) -> datetime:
        """value by this clock, naive."""
        moment = as_moment(value)
        if moment.tzinfo is None or self.zone is None:
            return moment.replace(tzinfo=None)
        here = moment.replace(tzinfo=self.zone)
        if here.utcoffset() == moment.utcoffset():
            return here.replace(tzinfo=None)  # as it was written, even where the clock skips it
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def length(self, start: Time, end: Time | None) -> timedelta | None:
        """How long it is from start to end on the wall clock; in the hour that comes twice, in
        truth."""
        if end is None:
            return None
        length = self.wall(end) - self.wall(start)
        return length if length >= timedelta() else instant(end, UTC) - instant(start, UTC)

    def shown(self, wall: datetime) -> Time:
        """The Time at this wall time. Raises OverflowError at the very ends of the calendar."""
        if self.all_day:
            return wall.date()
        if self.zone is None:
            return wall
        return settled(wall.replace(tzinfo=self.zone))

    def placed(self, value: Time) -> Time:
        """value as it stands on this clock. Raises OverflowError."""
        return self.shown(self.wall(value))

    def later(self, start: Time, length: timedelta | None) -> Time | None:
        """When it ends, by this clock, if it begins at a start that stands on it."""
        if length is None:
            return None
        return self.shown(moved(as_moment(start).replace(tzinfo=None), length))

    def key(self, value: Time) -> Time:
        """What is equal for equal dates of the series. Raises OverflowError."""
        return self.key_of(self.placed(value))

    def key_of(self, shown: Time) -> Time:
        """The same for what `shown` gave."""
        return instant(shown, UTC) if self.zone else shown


def settled(moment: datetime) -> datetime:
    """An aware moment that exists: a time that the clock skips moves on (RFC 5545, 3.3.5).

    One in a zone of the calendar's own gets its offset instead. Raises OverflowError.
    """
    moment = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return fixed(moment) if isinstance(moment.tzinfo, OwnZone) else moment


def fixed(moment: datetime) -> datetime:
    """moment with its offset instead of its zone."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)


def instant(value: Time, zone: tzinfo) -> datetime:
    """value in UTC; a whole day begins at midnight in zone, a floating time is in zone."""
    moment = as_moment(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # at the very ends of the calendar
        return moment.replace(tzinfo=UTC)


def is_before(one: Time, other: Time) -> bool:
    """Whether one is earlier, as instants: within one zone `<` compares wall times, which is
    wrong in the hour that comes twice."""
    return instant(one, UTC) < instant(other, UTC)


def as_moment(value: Time) -> datetime:
    """A date as its midnight, a time as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def end_of(start: Time, end: Time | None) -> Time:
    """When it is over: without an end a whole day, or at once (RFC 5545, 3.6.1)."""
    if end is not None:
        return end
    return start if isinstance(start, datetime) else start + ONE_DAY


def moved(wall: datetime, by: timedelta) -> datetime:
    """wall + by, or the end of the calendar that lies in that direction."""
    try:
        return wall + by
    except OverflowError:
        return LATEST if by > timedelta() else EARLIEST


def at_time_of(day: date, wall: datetime) -> datetime:
    """day at the time of day that wall has."""
    return datetime.combine(day, wall.time())
