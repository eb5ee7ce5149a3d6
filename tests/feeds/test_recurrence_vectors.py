"""Recurrence rules against 536 vectors of libical, ical.js, dateutil and rust-rrule.

Each goes the whole way: written as a calendar, read, stored as facts, taken from them, expanded.
recurrence_vectors_that_differ.tsv names every vector where we answer otherwise, and why.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feeds.event import Event
from feeds.facts import canonical, from_facts, to_facts
from feeds.formats.ical import read
from feeds.recurrence import expand
from feeds.registry import Context

VECTORS = Path(__file__).parents[3] / "shared/corpus/rrule-vectors/rrule-vectors.jsonl"
DIFFERENT = Path(__file__).with_name("recurrence_vectors_that_differ.tsv")
pytestmark = pytest.mark.skipif(
    not VECTORS.is_file(), reason="the corpus is not beside the project"
)

BASELINE = "baseline_recurring_ical_events_3_8_2"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stored(vector: dict[str, Any]) -> Event:
    """The vector's series, after reading and storing."""
    zone, start = vector["tz"], vector["dtstart"]
    line = {
        "floating": f"DTSTART:{start}",
        "date": f"DTSTART;VALUE=DATE:{start}",
        "UTC": f"DTSTART:{start}Z",
    }.get(zone, f"DTSTART;TZID={zone}:{start}")
    lines = [line, f"RRULE:{vector['rrule']}", *vector.get("extra", [])]
    body = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    [event] = read(body.encode(), Context(datetime(2026, 3, 1, tzinfo=UTC))).events
    return from_facts(json.loads(canonical(to_facts(event))))


def starts(vector: dict[str, Any], expected: list[datetime]) -> list[datetime]:
    """The wall times that we give, as far as the vector looks."""
    event = stored(vector)
    zone = ZoneInfo("UTC" if vector["tz"] in {"floating", "date"} else vector["tz"])
    begin = wall(vector["dtstart"])
    last = expected[-1] if expected else begin
    beyond = 1 if expected and not vector["expected_is_complete"] else 20 * 366
    stop = min(last, wall("9970-01-01")) + timedelta(days=beyond)
    window = (begin - timedelta(days=1)).replace(tzinfo=zone), stop.replace(tzinfo=zone)
    found = expand(event, *window, limit=10_000).occurrences
    walls = [wall(each.event.start.isoformat()) for each in found if each.event.start]
    return [each.replace(tzinfo=None) for each in walls]


@cache
def vectors() -> list[dict[str, Any]]:
    return [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]


@cache
def different() -> list[str]:
    """The ids of the vectors where we answer otherwise."""
    return [each["id"] for each in vectors() if not comes_out(each)]


def comes_out(vector: dict[str, Any]) -> bool:
    """Whether we agree; a DTSTART that the rule does not give is not looked at."""
    expected = [wall(each) for each in vector["expected"]]
    ours = starts(vector, expected)
    if "dtstart-not-generated-by-rule" in vector["flags"] or not expected:
        first = wall(vector["dtstart"])
        ours, expected = ([each for each in side if each != first] for side in (ours, expected))
    if not vector["expected_is_complete"]:
        ours = ours[: len(expected)]
    return ours == expected


@pytest.mark.parametrize("baseline", ["pass", "pass-apart-from-dtstart"])
def test_every_vector_that_the_reference_passes_comes_out_as_expected(baseline: str) -> None:
    passed = [each for each in vectors() if each[BASELINE] == baseline]
    assert len(passed) > 240
    assert {each["id"] for each in passed}.isdisjoint(different())


def test_every_vector_that_comes_out_otherwise_is_listed_with_its_reason() -> None:
    rows = [line.split("\t") for line in DIFFERENT.read_text("utf-8").splitlines()]
    assert all(len(row) == 2 and row[1] for row in rows)
    assert [row[0] for row in rows] == different()
