"""The fields of a draft that say when: day, hours, repeat, dates left out or cancelled."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.drafts import LINE, Draft, Fault, Faults
from aggregator.domain.letters import days, hours, rhythms
from aggregator.domain.repeating import Repeat, first, rrule
from aggregator.domain.typed_times import YEARS
from feeds.event import Event, Override, Time
from feeds.rules import RuleError, parse

#: An end before this is of the next morning (a night that goes on).
_MORNING = time(6)


def start_day(value: Time) -> date:
    """The wall day of a time."""
    return value.date() if isinstance(value, datetime) else value


def is_night(start: Time, end: Time) -> bool:
    """Whether it ends in the early hours of the next day."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return False
    return (end.date() - start.date()).days == 1 and end.time() < _MORNING


def a_day(text: str, today: date) -> date | None:
    """The day that a field holds: 2026-12-12, or as people write it where that is certain."""
    said_ = days.exactly(text, today) if len(text) <= LINE else None
    sure = said_.sure if said_ else None
    return sure.first if sure and sure.last is None and sure.first.year in YEARS else None


def a_clock(text: str) -> time | None:
    """The time that a field holds: 18:30, or as people write it where that is certain."""
    text = text.strip()
    if re.fullmatch(r"\d\d:\d\d(:00)?", text):
        try:
            return time.fromisoformat(text)
        except ValueError:
            return None
    found = hours.find(f"at {text}") if text and len(text) < 40 else []
    sure = found[0].sure if len(found) == 1 and found[0].end == len(text) + 3 else None
    return sure.start if sure and sure.end is None else None


def times(
    draft: Draft, zone: ZoneInfo, today: date, faults: Faults
) -> tuple[Time | None, Time | None]:
    """Start and end. What can't be read is a fault of its field."""
    day = _read(draft, "day", faults, "entering.day", lambda text: a_day(text, today))
    last = _read(draft, "last", faults, "entering.unread_day", lambda text: a_day(text, today))
    if not draft.day.strip():
        faults["day"] = Fault("entering.no_day")
    if day and last and last < day:
        faults["last"] = Fault("entering.last")
    if draft.all_day:
        return day, (last or day) + timedelta(days=1) if day else None
    at = _read(draft, "start", faults, "entering.clock", a_clock)
    until = _read(draft, "end", faults, "entering.clock", a_clock)
    if not draft.start.strip():
        faults["start"] = Fault("entering.no_clock")
    if day is None or at is None:
        return None, None
    final = last or day
    if until is not None and last is None and until < at and until < _MORNING:
        final = day + timedelta(days=1)  # the night goes on
    start = _moment(day, at, zone, "start", faults)
    end = _moment(final, until, zone, "end", faults) if until is not None else None
    if until is None and last is not None and last > day:
        faults["end"] = Fault("entering.no_end")
    if start and end and end <= start and "last" not in faults:
        faults["end"] = Fault("entering.end")
    return start, end


def _read(draft: Draft, name: str, faults: Faults, code: str, how: Callable[[str], Any]) -> Any:
    text = getattr(draft, name).strip()
    found = how(text) if text else None
    if text and found is None:
        faults[name] = Fault(code, {"text": text[:60]})
    return found


def _moment(day: date, at: time, zone: ZoneInfo, name: str, faults: Faults) -> datetime | None:
    """That wall time; a fault where the clocks skip it."""
    moment = datetime.combine(day, at, zone)
    there = moment.astimezone(UTC).astimezone(zone)
    if there.replace(tzinfo=None) != moment.replace(tzinfo=None):
        faults[name] = Fault(
            "entering.gap", {"day": day.isoformat(), "at": f"{at:%H:%M}", "then": f"{there:%H:%M}"}
        )
        return None
    return moment


def repeat_of(
    draft: Draft, start: Time | None, today: date, faults: Faults
) -> tuple[Repeat | None, str, tuple[date, ...]] | None:
    """The repeat, its rule, and the days that its words leave out; None where it is one date."""
    words = " ".join(draft.repeat.split())[:LINE]
    if not words or words.casefold().strip(". ") in {"no", "once", "does not repeat", "never"}:
        return None
    if words.upper().startswith("FREQ="):
        return _own_rule(words, faults)
    try:
        told = rhythms.read(words, today)
    except rhythms.RepeatError as error:
        faults["repeat"] = Fault(error.code, error.params)
        return None
    if start is None:
        return None
    day = start_day(start)
    fitting = first(told.repeat, day)
    if fitting != day:
        params = {"first": fitting.isoformat()} if fitting else {}
        faults["day"] = Fault("entering.first", {"day": day.isoformat(), **params})
    until = told.repeat.until
    if until is not None and (until < day or until.year not in YEARS):
        faults["repeat"] = Fault("entering.until")
        return None
    return told.repeat, rrule(told.repeat, start), told.without


def _own_rule(text: str, faults: Faults) -> tuple[Repeat | None, str, tuple[date, ...]] | None:
    """A rule for which people have no short words, as it stands."""
    try:
        parse(text)
    except RuleError:
        faults["repeat"] = Fault("repeat.unknown", {"words": text[:100]})
        return None
    return None, text, ()


def series(
    draft: Draft,
    start: Time,
    repeat: tuple[Repeat | None, str, tuple[date, ...]] | None,
    base: Event,
) -> dict[str, Any]:
    """What the event says of its further dates."""
    if repeat is None:
        return {"rrule": None, "exdates": (), "overrides": (), "rdates": ()}
    _, rule, without = repeat
    left_out = {*_days(draft.without), *without}
    told = {start_day(each.recurrence_id): dict(each.changes) for each in base.overrides}
    off = {*_days(draft.off)}
    for day in {*told, *off}:
        changes = told.setdefault(day, {})
        if day in off:
            changes["status"] = "CANCELLED"
        elif changes.get("status") == "CANCELLED":
            del changes["status"]
    return {
        "rrule": rule,
        "exdates": tuple(_at(day, start) for day in sorted(left_out)),
        "overrides": tuple(
            Override(_at(day, start), told[day]) for day in sorted(told) if told[day]
        ),
    }


def _days(texts: Sequence[str]) -> list[date]:
    found = []
    for text in texts[:400]:
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return [each for each in found if each.year in YEARS]


def _at(day: date, start: Time) -> Time:
    return datetime.combine(day, start.time(), start.tzinfo) if isinstance(start, datetime) else day
