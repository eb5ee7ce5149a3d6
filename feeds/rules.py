"""A recurrence rule (RFC 5545, 3.3.10): from its text to a Rule that can be trusted.

What is unknown, out of range or of another calendar (RFC 7529) is refused rather than guessed:
a rule half understood gives wrong dates.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from feeds.event import Time

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_UNTIL = re.compile(r"\d{8}(T\d{4}(?:\d{2})?Z?)?", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_LONGEST = 2000  # characters; a rule that names every day of a year has 1,500


class Frequency(IntEnum):
    """How long one period of the rule is, from the longest."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


class RuleError(ValueError):
    """This rule can't be expanded. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A BYxxx part that is not given is empty; `weekdays` are (nth or 0, 0 = Monday)."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: Time | None = None
    week_start: int = 0
    months: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()

    @property
    def endless(self) -> bool:
        """Whether nothing in the rule ends it."""
        return self.count is None and self.until is None

    @property
    def bare(self) -> bool:
        """Whether only frequency, interval and an end are given."""
        return not (
            self.months
            or self.week_numbers
            or self.year_days
            or self.month_days
            or self.weekdays
            or self.hours
            or self.minutes
            or self.seconds
            or self.positions
        )


def tidy(text: str) -> str:
    """The rule as it stands, less blanks and parts that say nothing (`UNTIL=`, `COUNT=-1`)."""
    parts = "".join(text.split()).upper().split(";")
    kept = [part.rstrip(",") for part in parts]
    return ";".join(
        part
        for part in kept
        if part and not part.endswith("=") and not part.startswith(("COUNT=-", "X-"))
    )


def parse(text: str) -> Rule:
    """The rule that text says. Raises RuleError where that is not wholly clear."""
    text = tidy(text)
    if len(text) > _LONGEST:
        raise RuleError("recurrence.unreadable")
    parts = dict[str, str]()
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if parts.setdefault(name, value) != value:
            raise RuleError("recurrence.unreadable")
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        raise RuleError("recurrence.calendar")
    if parts.keys() - _KNOWN:
        raise RuleError("recurrence.unreadable")
    try:
        return _rule(parts)
    except (KeyError, ValueError) as error:
        raise RuleError("recurrence.unreadable") from error


_KNOWN = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY"),
    *("BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"),
}


def _rule(parts: dict[str, str]) -> Rule:
    """Raises KeyError or ValueError for what is missing or out of range."""
    count = parts.get("COUNT")
    return Rule(
        frequency=Frequency[parts["FREQ"]],
        interval=_number(parts.get("INTERVAL", "1"), 1, 10**12),
        count=_number(count, 1, 10**12) if count else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        months=frozenset(_numbers(parts, "BYMONTH", 1, 12)),
        week_numbers=frozenset(_signed(parts, "BYWEEKNO", 53)),
        year_days=frozenset(_signed(parts, "BYYEARDAY", 366)),
        month_days=frozenset(_signed(parts, "BYMONTHDAY", 31)),
        weekdays=frozenset(map(_weekday, _listed(parts, "BYDAY"))),
        hours=_numbers(parts, "BYHOUR", 0, 23),
        minutes=_numbers(parts, "BYMINUTE", 0, 59),
        # The second 60 exists only now and then; the one before it always does.
        seconds=tuple(sorted({min(each, 59) for each in _numbers(parts, "BYSECOND", 0, 60)})),
        positions=_signed(parts, "BYSETPOS", 366),
    )


def _listed(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _numbers(parts: dict[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(sorted({_number(each, least, most) for each in _listed(parts, name)}))


def _signed(parts: dict[str, str], name: str, most: int) -> tuple[int, ...]:
    """Numbers that count from the front, or from the end with a minus; 0 is neither."""
    found = _numbers(parts, name, -most, most)
    if 0 in found:
        raise ValueError(name)
    return found


def _weekday(text: str) -> tuple[int, int]:
    found = _WEEKDAY.fullmatch(text)
    if not found or found[1] in {"0", "+0", "-0", "00"}:
        raise ValueError(text)
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _until(text: str) -> Time:
    found = _UNTIL.fullmatch(text)
    if not found:
        raise ValueError(text)
    return datetime.fromisoformat(text) if found[1] else date.fromisoformat(text)
