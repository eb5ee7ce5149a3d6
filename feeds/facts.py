"""An Event as plain JSON values, by the keys of the contract, and back again without loss.

Times are text: RFC 3339 with the offset, or a date. Beside `zone` that is enough to get the
Event's own times back.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from feeds.event import Age, Event, Organizer, Override, Period, Place, Price, Time

_NAMES = tuple(each.name for each in fields(Event))


def to_facts(event: Event) -> dict[str, Any]:
    """Every key of the contract in its order, then "vtimezone". Absent is None, a list []."""
    return {name: _written(getattr(event, name)) for name in _NAMES}


def from_facts(facts: Mapping[str, Any]) -> Event:
    """The Event that to_facts wrote. Missing keys are absent; unknown ones raise TypeError.

    Times get `ZoneInfo(zone)` where their offset is that zone's, else the offset they have.
    """
    zone = ZoneInfo(facts["zone"]) if facts.get("zone") else None
    return Event(**{name: _read(name, value, zone) for name, value in facts.items()})


def canonical(value: object) -> str:
    """value as JSON with sorted keys and no spaces, so that equal values are equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of value, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def time_text(time: Time) -> str:
    """A date as YYYY-MM-DD, a time as RFC 3339; without offset when it is floating."""
    if not isinstance(time, datetime):
        return time.isoformat()
    offset = time.utcoffset()
    if offset and offset % timedelta(minutes=1):
        # Local mean time of old dates has seconds, which RFC 3339 cannot write.
        minutes = round(offset / timedelta(minutes=1))
        time = time.astimezone(timezone(timedelta(minutes=minutes)))
    return time.isoformat()


def _written(value: Any) -> Any:
    match value:
        case "":
            return None
        case date():
            return time_text(value)
        case Place() | Organizer() | Age() | Price():
            part = {key: None if item == "" else item for key, item in asdict(value).items()}
            return part if any(item is not None for item in part.values()) else None
        case Override() | Period():
            return _written_date(value)
        case tuple():
            return [_written(item) for item in value]
        case _:
            return value


def _written_date(told: Override | Period) -> dict[str, Any]:
    """One date of a series: an extra one, or one told anew."""
    if isinstance(told, Period):
        return {"start": time_text(told.start), "end": _written(told.end)}
    changes = {name: _written(told.changes[name]) for name in _NAMES if name in told.changes}
    return {"recurrence_id": time_text(told.recurrence_id), "range": told.range, **changes}


def _read(name: str, value: Any, zone: ZoneInfo | None) -> Any:
    if name in _LISTS:
        return tuple(_LISTS[name](item, zone) for item in value)
    if value is None or name not in _SINGLE:
        return value
    return _SINGLE[name](value, zone)


def _moment(text: str, _: ZoneInfo | None) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _period(facts: Mapping[str, Any], zone: ZoneInfo | None) -> Period:
    end = facts.get("end")
    return Period(_time(facts["start"], zone), _time(end, zone) if end else None)


def _override(facts: Mapping[str, Any], zone: ZoneInfo | None) -> Override:
    own = zone
    if "zone" in facts:
        own = ZoneInfo(facts["zone"]) if facts["zone"] else None
    told = {name: value for name, value in facts.items() if name not in {"recurrence_id", "range"}}
    changes = {name: _read(name, value, own) for name, value in told.items()}
    return Override(_time(facts["recurrence_id"], zone), changes, facts["range"])


def _time(text: str, zone: ZoneInfo | None) -> Time:
    if "T" not in text:
        return date.fromisoformat(text)
    time = datetime.fromisoformat(text)
    if zone is None or time.tzinfo is None:
        return time
    for fold in (0, 1):  # also finds a wall time that the clock skipped, as it was written
        wall = time.replace(tzinfo=zone, fold=fold)
        if wall.utcoffset() == time.utcoffset():
            return wall
    return time


_SINGLE: Mapping[str, Callable[[Any, ZoneInfo | None], Any]] = {
    **dict.fromkeys(
        ("recurrence_id", "start", "end", "previous_start", "registration_closes"), _time
    ),
    **dict.fromkeys(("published", "updated"), _moment),
    "location": lambda value, _: Place(**value),
    "organizer": lambda value, _: Organizer(**value),
    "age": lambda value, _: Age(**value),
    "price": lambda value, _: Price(**value),
}
_LISTS: Mapping[str, Callable[[Any, ZoneInfo | None], Any]] = {
    **dict.fromkeys(("categories", "audience"), lambda value, _: value),
    "rdates": _period,
    "exdates": _time,
    "overrides": _override,
}
