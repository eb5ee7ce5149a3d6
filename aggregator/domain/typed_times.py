"""Start and end as staff type them: wall times of the event's own zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from feeds.facts import time_text
from words import when

Facts = Mapping[str, Any]
Form = Mapping[str, str]

#: Years that a date may lie in: beyond, no calendar counts on.
YEARS = range(1900, 2201)


class Fault(NamedTuple):
    """What is wrong with one input, as a code with parameters."""

    code: str
    params: Mapping[str, str] = {}


class TypedError(Exception):
    """It can't be kept like this; `faults` by the input's name."""

    def __init__(self, **faults: Fault) -> None:
        super().__init__(faults)
        self.faults: Mapping[str, Fault] = faults


def written(facts: Facts) -> dict[str, str]:
    """Start and end on the wall clock of the event; the last day of whole days inclusive."""
    zone = ZoneInfo(facts["zone"]) if facts["zone"] else None
    start, end = (_wall(facts[key], zone) for key in ("start", "end"))
    if facts["all_day"]:
        last = date.fromisoformat(end) - timedelta(days=1) if end else None
        return {
            "day": start,
            "time": "",
            "end_day": last.isoformat() if last and last.isoformat() > start else "",
            "end_time": "",
            "all_day": "yes",
        }
    return {
        "day": start[:10],
        "time": start[11:16],
        "end_day": end[:10] if end[:10] != start[:10] else "",
        "end_time": end[11:16],
        "all_day": "",
    }


def _wall(text: str | None, zone: ZoneInfo | None) -> str:
    if not text or "T" not in text:
        return text or ""
    moment = datetime.fromisoformat(text)
    if zone is not None and moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None).isoformat()


def read(told: Form, facts: Facts, library: ZoneInfo, one: bool) -> dict[str, Any]:
    """Start and end; of one date of a series these alone."""
    whole = bool(facts["all_day"]) if one else bool(told.get("all_day"))
    first = _day(told, "day")
    if whole:
        last = _day(told, "end_day") if told.get("end_day") else first
        if last < first:
            raise TypedError(end_day=Fault("typed.end_day"))
        plain = facts["end"] is None and last == first
        end = None if plain else (last + timedelta(days=1)).isoformat()
        found = {"start": first.isoformat(), "end": end}
        return found if one else {**found, "all_day": True, "zone": facts["zone"]}
    clock, name = _clock(facts, library)
    start, end_at = _moment(told, "time", first, clock), None
    if told.get("end_time"):
        last = _day(told, "end_day") if told.get("end_day") else first
        if not told.get("end_day") and _time(told, "end_time") <= start.time():
            last += timedelta(days=1)  # past midnight
        end_at = _moment(told, "end_time", last, clock)
        if _instant(end_at) <= _instant(start):
            raise TypedError(end_time=Fault("typed.end_before"))
    found = {"start": time_text(start), "end": time_text(end_at) if end_at else None}
    return found if one else {**found, "all_day": False, "zone": name}


def _clock(facts: Facts, library: ZoneInfo) -> tuple[tzinfo | None, str | None]:
    """By what clock its times are told, and the zone's name: its own, else the library's."""
    if facts["zone"]:
        return ZoneInfo(facts["zone"]), facts["zone"]
    if not facts["start"] or "T" not in facts["start"]:
        return library, library.key
    start = datetime.fromisoformat(facts["start"])
    if start.tzinfo is None:
        return None, None  # floating: the same wall time wherever one is
    if start.astimezone(library).utcoffset() == start.utcoffset():
        return library, library.key
    return start.tzinfo, None


def _moment(told: Form, name: str, day: date, clock: tzinfo | None) -> datetime:
    """A wall time that exists; of one that comes twice the first."""
    moment = datetime.combine(day, _time(told, name), tzinfo=clock)
    if clock is not None and not _is_real(moment):
        later = moment.astimezone(UTC).astimezone(clock)
        params = {"time": when.clock(moment), "later": when.clock(later), "day": when.day(day)}
        raise TypedError(**{name: Fault("typed.gap", params)})
    return moment


def _is_real(moment: datetime) -> bool:
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _instant(moment: datetime) -> datetime:
    """Comparable: within one zone Python compares wall times, also in the hour that comes twice."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _day(told: Form, name: str) -> date:
    try:
        day = date.fromisoformat(told.get(name, ""))
    except ValueError:
        raise TypedError(**{name: Fault("typed.day")}) from None
    if day.year not in YEARS:
        raise TypedError(**{name: Fault("typed.day")})
    return day


def _time(told: Form, name: str) -> time:
    try:
        return time.fromisoformat(told.get(name, "")).replace(tzinfo=None)
    except ValueError:
        raise TypedError(**{name: Fault("typed.time")}) from None


def comes_twice(value: str, zone: str | None) -> bool:
    """Whether the wall clock shows that time twice, since the clocks go back."""
    if zone is None or "T" not in value:
        return False
    wall = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return _is_real(wall) and wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def clock_of(value: str, zone: str | None) -> str:
    """ "1:30 am": a time of facts by the wall clock of its zone."""
    moment = datetime.fromisoformat(value)
    return when.clock(moment.astimezone(ZoneInfo(zone)) if zone else moment)
