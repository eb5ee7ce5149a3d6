"""A repeat as a person means it, and as RFC 5545 writes it (RRULE): both ways without loss.

The words are read in `letters/rhythms.py`, and made in `words/repeats.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from feeds.event import Event, Time
from feeds.recurrence import expand
from feeds.rules import WEEKDAYS as CODES
from feeds.rules import Frequency, Rule, RuleError, parse
from words import repeats

Unit = Literal["day", "week", "month", "year"]
_UNITS: dict[Frequency, Unit] = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
_FREQUENCIES = {unit: frequency.name for frequency, unit in _UNITS.items()}


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every so many units; until a date, so many times, or without end.

    `weekdays` (0 = Monday): of a week, or the one that `nth` counts within a month (-1 the
    last). `month_day` -1 is the last day. What is not said follows the first date.
    """

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    month_day: int = 0
    until: date | None = None
    times: int | None = None

    @property
    def endless(self) -> bool:
        return self.until is None and self.times is None


def rrule(repeat: Repeat, start: Time) -> str:
    """The rule for a series that begins at start, whose zone its end is told by."""
    parts = [f"FREQ={_FREQUENCIES[repeat.unit]}"]
    if repeat.interval > 1:
        parts.append(f"INTERVAL={repeat.interval}")
    full = settled(repeat, start)
    if repeat.unit == "week":
        parts.append("BYDAY=" + ",".join(CODES[each] for each in full.weekdays))
    elif repeat.nth:
        parts.append(f"BYDAY={repeat.nth}{CODES[full.weekdays[0]]}")
    elif repeat.unit == "month":
        parts.append(f"BYMONTHDAY={full.month_day}")
    if repeat.times is not None:
        parts.append(f"COUNT={repeat.times}")
    elif repeat.until is not None:
        parts.append(f"UNTIL={_until(repeat.until, start)}")
    return ";".join(parts)


def of_rule(rule_text: str, start: Time) -> Repeat | None:
    """The repeat that a rule writes; None for one that people have no short words for."""
    try:
        rule = parse(rule_text)
    except RuleError:
        return None
    unit = _UNITS.get(rule.frequency)
    if unit is None or _says_more(rule, unit):
        return None
    nths = {nth for nth, _ in rule.weekdays}
    weekdays = tuple(sorted(day for _, day in rule.weekdays))
    nth = next(iter(nths)) if unit == "month" and nths else 0
    if (unit == "month" and weekdays and (len(weekdays) > 1 or not -1 <= nth <= 5 or nth == 0)) or (
        unit == "week" and nths - {0}
    ):
        return None
    until = rule.until
    if isinstance(until, datetime):
        zone = start.tzinfo if isinstance(start, datetime) else None
        until = (until.astimezone(zone) if until.tzinfo and zone else until).date()
    month_day = next(iter(rule.month_days), 0)
    if month_day < -1:
        return None
    found = Repeat(unit, rule.interval, weekdays, nth, month_day, until, rule.count)
    return settled(found, start)


def settled(repeat: Repeat, start: date) -> Repeat:
    """The repeat with what follows from its first date said."""
    if repeat.unit == "week" and not repeat.weekdays:
        return replace(repeat, weekdays=(start.weekday(),))
    if repeat.unit == "month" and not (repeat.nth or repeat.month_day):
        return replace(repeat, month_day=start.day)
    return repeat


def first(repeat: Repeat, start: date) -> date | None:
    """The first day from start on that the repeat names; None if there is none in a year."""
    full = settled(repeat, start)
    ahead = (start + timedelta(days=n) for n in range(400))
    return next((day for day in ahead if _names(full, day)), None)


def said(repeat: Repeat, start: date, today: date | None = None) -> str:
    """In words that `read` understands: "Every Tuesday, 12 times"."""
    full = settled(repeat, start)
    if full.unit == "week":
        words = repeats.weekly(full.interval, full.weekdays)
    elif full.unit == "month":
        weekday = full.weekdays[0] if full.nth else 0
        words = repeats.monthly(
            full.interval, nth=full.nth, weekday=weekday, month_day=full.month_day
        )
    else:
        words = repeats.every(full.unit, full.interval)
    if full.times is not None:
        words = f"{words}, {repeats.times(full.times)}"
    if full.until is not None:
        words = f"{words}, {repeats.until(full.until, today)}"
    return words


def next_dates(event: Event, now: datetime, most: int) -> list[Time]:
    """The starts of the dates from now on, the first so many."""
    found = expand(event, now, now + timedelta(days=3700), limit=most).occurrences
    return [each.event.start for each in found if each.event.start is not None]


def _names(repeat: Repeat, day: date) -> bool:
    """Whether the repeat names that day, its interval aside."""
    if repeat.unit == "week":
        return day.weekday() in repeat.weekdays
    if repeat.unit == "month" and repeat.nth:
        if day.weekday() != repeat.weekdays[0]:
            return False
        if repeat.nth == -1:
            return (day + timedelta(days=7)).month != day.month
        return (day.day + 6) // 7 == repeat.nth
    if repeat.unit == "month":
        last = (day + timedelta(days=1)).month != day.month
        return last if repeat.month_day == -1 else day.day == repeat.month_day
    return True


def _until(last: date, start: Time) -> str:
    """The value of UNTIL, of the kind that the start has (RFC 5545, 3.3.10)."""
    if not isinstance(start, datetime):
        return f"{last:%Y%m%d}"
    moment = datetime.combine(last, start.time(), start.tzinfo)
    if moment.tzinfo is None:
        return f"{moment:%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _says_more(rule: Rule, unit: Unit) -> bool:
    """Whether the rule has parts that no Repeat has."""
    parts: Sequence[object] = (
        *(rule.months, rule.week_numbers, rule.year_days, rule.hours, rule.minutes, rule.seconds),
        rule.positions,
        len(rule.month_days) > 1,
        rule.month_days and unit != "month",
        rule.weekdays and unit not in {"week", "month"},
        rule.weekdays and rule.month_days,
        rule.count and rule.until,
    )
    return any(parts)
