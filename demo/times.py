"""When things are on in the sample town: days that follow today, at wall times of its zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """The day on which somebody looks, in the town's zone, and where the site is served from."""

    today: date
    zone: ZoneInfo
    site: str  # without a slash at its end

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That wall time of that day."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)

    def next(self, weekday: int, weeks: int = 0) -> date:
        """The next such weekday after today, and so many weeks on; Monday is 0."""
        days = (weekday - self.today.weekday() - 1) % 7 + 1
        return self.today + timedelta(days=days, weeks=weeks)
