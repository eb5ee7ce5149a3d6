"""A zone that a calendar defines for itself (VTIMEZONE, RFC 5545, 3.6.5) as a tzinfo.

Only for definitions whose TZID names no IANA zone. Changes are written out up to the year 2100;
after that the last one stays.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from feeds.rule_starts import starts
from feeds.rules import Frequency, RuleError, parse

_SINCE, _TO = datetime(1970, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 (wall times)
#: Changes, and rules, of one definition; the longest real ones have some 200, and 10.
_MOST, _MOST_RULES = 2000, 20

_LINE = re.compile(r"([A-Z-]+)(?:;[^:]*)?:(.*)", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?", re.ASCII)
_WALL = re.compile(r"(\d{8}T\d{4}(?:\d\d)?)Z?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """From `at`, a wall time by the old offset, the offset is another."""

    at: datetime
    old: timedelta
    new: timedelta


@dataclass(slots=True)
class _Observance:
    """One STANDARD or DAYLIGHT part, as far as it is read."""

    old: timedelta | None = None
    new: timedelta | None = None
    first: datetime | None = None
    rules: list[str] = field(default_factory=list)
    dates: list[datetime] = field(default_factory=list)


class OwnZone(tzinfo):
    """The zone of these changes, of which there is at least one."""

    def __init__(self, changes: list[_Change]) -> None:
        self._offsets = [changes[0].old, *(change.new for change in changes)]
        # A wall time that the clock skips or shows twice belongs to the old offset when fold is
        # 0 (RFC 5545, 3.3.5), to the new one when it is 1 (PEP 495).
        moved = [(change.at, change.at + (change.new - change.old)) for change in changes]
        self._walls = ([max(pair) for pair in moved], [min(pair) for pair in moved])
        self._instants = [change.at - change.old for change in changes]

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset at a wall time."""
        if moment is None:
            return None
        wall = moment.replace(tzinfo=None, fold=0)
        return self._offsets[bisect_right(self._walls[moment.fold], wall)]

    def fromutc(self, moment: datetime) -> datetime:
        """The wall time of an instant."""
        offset = self._offsets[bisect_right(self._instants, moment.replace(tzinfo=None))]
        wall = moment + offset
        return wall if wall.utcoffset() == offset else wall.replace(fold=1)

    def dst(self, moment: datetime | None) -> None:
        """Not known: what counts as summer time is of no use here."""

    def tzname(self, moment: datetime | None) -> str:
        """The offset, as a name."""
        return str(self.utcoffset(moment))


@lru_cache(maxsize=256)
def own_zone(text: str) -> OwnZone | None:
    """The zone that the text of a VTIMEZONE (unfolded) defines; None where it defines none."""
    changes, rules = set[_Change](), 0
    for part in _observances(text):
        new = part.new
        if new is None:
            continue
        first, old = part.first or _SINCE, new if part.old is None else part.old
        found = {first, *part.dates}
        rules += len(part.rules)
        if rules > _MOST_RULES:
            return None
        for rule in part.rules:
            found.update(_repeated(rule, first, old))
        changes.update(_Change(at, old, new) for at in found)
        if len(changes) > _MOST:
            return None
    return OwnZone(sorted(changes)) if changes else None


def _observances(text: str) -> Iterator[_Observance]:
    part = _Observance()
    for raw in text.splitlines():
        found = _LINE.fullmatch(raw.strip())
        if not found:
            continue
        name, value = found[1].upper(), found[2].strip()
        match name:
            case "BEGIN":
                part = _Observance()
            case "END" if value.upper() in {"STANDARD", "DAYLIGHT"}:
                yield part
            case "TZOFFSETFROM":
                part.old = _offset(value)
            case "TZOFFSETTO":
                part.new = _offset(value)
            case "DTSTART":
                part.first = _wall(value)
            case "RDATE":
                part.dates += [wall for each in value.split(",") if (wall := _wall(each))]
            case "RRULE":
                part.rules.append(value)


def _repeated(text: str, first: datetime, old: timedelta) -> list[datetime]:
    """The onsets that a rule adds; none where it is not of the kind that clocks follow."""
    try:
        rule = parse(text)
        if rule.frequency != Frequency.YEARLY or not (rule.bare or 0 < len(rule.months) <= 2):
            return []
        until = rule.until
        if until is not None and not isinstance(until, datetime):
            until = datetime.combine(until, datetime.max.time())
        elif until is not None:  # RFC 5545 wants it in UTC
            until = until.replace(tzinfo=None) + (old if until.tzinfo is UTC else timedelta())
        return list(starts(rule, first, _SINCE, _TO, until))
    except (RuleError, OverflowError):
        return []


def _offset(text: str) -> timedelta | None:
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = (int(each or 0) for each in found.groups()[1:])
    away = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if away >= timedelta(days=1):
        return None
    return -away if found[1] == "-" else away


def _wall(text: str) -> datetime | None:
    found = _WALL.fullmatch(text.strip())
    try:
        wall = datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    # Changes at the very ends of the calendar would break the arithmetic of offsets.
    return wall if wall and 1 < wall.year < 9999 else None
