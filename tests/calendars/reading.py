"""What several readers make of a calendar, in one form that can be compared."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events

from calendars.ical import Published, block, join, zones_used
from feeds.event import Event, Reading, Time
from feeds.recurrence import expand
from feeds.registry import Context, read

STAMP = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Seen(NamedTuple):
    """One date as a reader sees it. Instants in UTC end in Z, whole days and floating do not."""

    start: str
    end: str
    summary: str | None
    status: str | None


def published(event: Event, uid: str = "01ABC@install", **more: Any) -> Published:
    """event as we would publish it."""
    return Published(uid, event, more.pop("sequence", 1), more.pop("stamp", STAMP), **more)


def calendar(*several: Published, zone: str | None = None) -> bytes:
    """A whole calendar of these events, right from 2025 to 2028."""
    zones = {zone for each in several for zone in zones_used(each.event)}
    return join(
        map(block, several),
        zones,
        name="The Library",
        zone=zone,
        refresh=timedelta(hours=1),
        first=date(2025, 1, 1),
        last=date(2028, 1, 1),
    )


def ours(events: Iterable[Event], begin: datetime, end: datetime) -> list[Seen]:
    """What we say the dates are: what staff see."""
    found = [each.event for event in events for each in expand(event, begin, end).occurrences]
    return _sorted(_seen(each.start, each.end, each.summary, each.status) for each in found)


def theirs(body: bytes, begin: datetime, end: datetime) -> list[Seen]:
    """What icalendar and recurring-ical-events read."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(begin, end)
    return _sorted(
        _seen(each.start, each.end, _text(each, "SUMMARY"), _text(each, "STATUS")) for each in found
    )


def from_lines(output: str) -> list[Seen]:
    """What a peer printed, one JSON object a line."""
    told = [json.loads(each) for each in output.splitlines()]
    return _sorted(Seen(*(each[key] for key in Seen._fields)) for each in told)


def read_back(body: bytes) -> Reading:
    """What our own reader reads."""
    return read(body, Context(now=STAMP))


def lines(body: bytes) -> list[str]:
    """The content lines, unfolded."""
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def _sorted(several: Iterable[Seen]) -> list[Seen]:
    return sorted(several, key=lambda each: [part or "" for part in each])


def _text(component: Any, name: str) -> str | None:
    return str(component[name]) if name in component else None


def _seen(start: Time | None, end: Time | None, summary: str | None, status: str | None) -> Seen:
    assert start is not None
    if end is None:  # RFC 5545, 3.6.1: a date alone lasts one day, a time alone no time
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    status = "TENTATIVE" if status == "POSTPONED" else status
    begin, stop = _written(start), _written(end)
    # Where the clock skips the start, an end that it shows may come before: it counts as none.
    return Seen(begin, max(begin, stop), summary, status)


def _written(time: Time) -> str:
    if not isinstance(time, datetime):
        return time.isoformat()
    if time.tzinfo is None:
        return time.isoformat(timespec="seconds")
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
