"""An RRULE (RFC 5545, 3.3.10) by the wall clock of its series."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr

from calendars.clock import Clock

#: Dates of one rule that are looked at. Nobody names a date of a series beyond them.
MOST = 20_000
#: The calendar repeats after 400 years, weekdays too.
_ROUND = timedelta(days=146_097)
_LATEST = datetime.max  # noqa: DTZ901 - a wall time

_UNTIL = re.compile(r"(\d{8})(?:T(\d{4}(?:\d{2})?)(Z?))?", re.ASCII)
_WITHIN_A_DAY = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_OF_THE_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_KNOWN = frozenset(
    {"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY"}
    | {"BYMONTHDAY", "BYDAY", "BYSETPOS", *_OF_THE_CLOCK}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`parts` is the rule without its end, which is `until`, `count`, or neither (endless)."""

    parts: str
    until: datetime | None = None
    count: int | None = None

    def dates(self, start: datetime) -> Iterator[datetime]:
        """Its dates from start on, in order, at most MOST."""
        # dateutil looks for a date that never comes (30 February) up to the year 9999, which
        # takes a minute; from a start that is 100 to 500 years before it a blink.
        later = (MAXYEAR - 100 - start.year) // 400 * _ROUND
        ending = f";COUNT={self.count}" if self.count else ""
        if self.until and self.until <= _LATEST - later:
            ending = f";UNTIL={self.until + later:%Y%m%dT%H%M%S}"
        found = rrulestr(self.parts + ending, dtstart=start + later)
        return (each - later for each in islice(_to_the_end(iter(found)), MOST))

    def dates_to(self, start: datetime, last: datetime) -> list[datetime]:
        """Its dates from start to last, which counts too."""
        return list(takewhile(lambda each: each <= last, self.dates(start)))

    def without_count(self, start: datetime) -> "Rule":
        """The same dates, their end said by UNTIL: a COUNT means them only from one start on."""
        if self.count is None:
            return self
        *_, last = self.dates(start)
        return Rule(self.parts, last)

    def cut(self, until: datetime) -> "Rule":
        """The same rule, which ends at until."""
        return Rule(self.parts, until)

    @property
    def names_hours(self) -> bool:
        """The rule itself says at which hour; so it cannot be moved to another one."""
        names = (*_OF_THE_CLOCK, *(f"FREQ={each}" for each in _WITHIN_A_DAY))
        return any(name in self.parts for name in names)

    def text(self, clock: Clock) -> str:
        """The value of RRULE, with UNTIL of the kind that the start has."""
        if self.until:
            return f"{self.parts};UNTIL={clock.until(self.until)}"
        return f"{self.parts};COUNT={self.count}" if self.count else self.parts


def _to_the_end(dates: Iterator[datetime]) -> Iterator[datetime]:
    """dates; dateutil may fall over the end of the calendar."""
    with suppress(ValueError, OverflowError):
        yield from dates


def read(text: str | None, start: datetime, clock: Clock) -> Rule | None:
    """The rule that text writes; None for none, and for one that cannot be read.

    BYSETPOS within a day counts as one that cannot: dateutil may look for hours.
    """
    if not text:
        return None
    pairs = [part.partition("=") for part in "".join(text.split()).upper().split(";")]
    found = {name: value.rstrip(",") for name, _, value in pairs if name in _KNOWN and value}
    until, count = found.pop("UNTIL", None), found.pop("COUNT", None)
    within_a_day = found.get("FREQ") in _WITHIN_A_DAY
    if within_a_day and (clock.all_day or "BYSETPOS" in found):
        return None
    if not found.get("INTERVAL", "1").strip("0").isdecimal():
        return None  # dateutil would count 0 for ever
    if clock.all_day:  # hours mean nothing for whole days (RFC 5545, 3.3.10)
        found = {name: value for name, value in found.items() if name not in _OF_THE_CLOCK}
    try:
        rule = Rule(
            ";".join(f"{name}={value}" for name, value in found.items()),
            _until(until, clock) if until else None,
            int(count) if count and int(count) > 0 else None,
        )
        next(rule.dates(start), None)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    if rule.until and rule.count:  # both, which RFC 5545 forbids: whichever comes first
        *_, last = [start, *replace(rule, until=None).dates(start)]
        return rule.cut(min(rule.until, last))
    return rule


def _until(text: str, clock: Clock) -> datetime:
    """The last moment a rule may give, by clock. A date means that whole day."""
    found = _UNTIL.fullmatch(text)
    if not found:
        raise ValueError(text)
    day = date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
    if clock.all_day:
        return datetime.combine(day, time())
    if not found[2]:
        return datetime.combine(day, time(23, 59, 59))
    moment = datetime.combine(day, time.fromisoformat(found[2]))
    return clock.wall(moment.replace(tzinfo=UTC)) if found[3] and clock.tz else moment
