"""Calendars cut off or changed anywhere: read or refused, and all that comes of it holds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.errors import UnreadableError
from feeds.facts import canonical, from_facts, to_facts
from feeds.formats.ical import read
from feeds.recurrence import expand, last_end
from feeds.registry import Context

BODIES = [
    path.read_bytes()
    for path in sorted((Path(__file__).parents[1] / "specimens/ical").glob("*.ics"))
]
ZONE = ZoneInfo("America/New_York")
CONTEXT = Context(datetime(2026, 3, 1, tzinfo=UTC), ZONE, "https://a.example/")
WINDOW = datetime(2026, 1, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE)

#: Pieces that mean something in a calendar, or that break arithmetic.
PIECES = st.sampled_from(
    [
        *(b"\n", b"\r\n ", b":", b";", b",", b'"', b"\\", b"\0", b"\xff", b"=", b"/P1D"),
        *(b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"BEGIN:VTIMEZONE\n", b"END:VCALENDAR\n"),
        *(b"19000101T000000Z", b"99981231T235959Z", b"20260308T023000", b"00000000", b"PT0S"),
        *(b"P999999999D", b"-PT1S", b"RRULE:FREQ=SECONDLY\n", b"COUNT=0", b"INTERVAL=-1"),
        *(b"TZID=Mars", b"+2359", b"-9999", b"RECURRENCE-ID:20260310T220000Z\n", b"VALUE=DATE:"),
    ]
)


def check(body: bytes) -> None:
    """Read body; whatever comes of it can be printed, stored and expanded."""
    try:
        reading = read(body, CONTEXT)
    except UnreadableError:
        return
    for event in reading.events:
        facts = to_facts(event)
        assert to_facts(from_facts(json.loads(canonical(facts)))) == facts
        assert "" not in facts.values()
        assert (event.start is None) == (event.kind == "notice")
        assert event.end is not None or not event.all_day
        for occurrence in expand(event, *WINDOW).occurrences:
            to_facts(occurrence.event)
        last_end(event)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BODIES), st.data())
def test_calendar_changed_in_a_few_places_never_fails(body: bytes, data: st.DataObject) -> None:
    mangled = bytearray(body)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, max(0, len(mangled) - 1)))
        length = data.draw(st.integers(0, 30))
        mangled[place : place + length] = data.draw(PIECES | st.binary(max_size=2))
    check(bytes(mangled))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BODIES), st.data())
def test_calendar_with_one_other_byte_never_fails(body: bytes, data: st.DataObject) -> None:
    place, byte = data.draw(st.integers(0, len(body) - 1)), data.draw(st.integers(0, 255))
    check(body[:place] + bytes([byte]) + body[place + 1 :])


@pytest.mark.parametrize("body", BODIES, ids=len)
def test_calendar_cut_off_anywhere_never_fails(body: bytes) -> None:
    for end in range(1, len(body), 1 + len(body) // 20):
        check(body[:end])


@pytest.mark.soak
@pytest.mark.parametrize("body", BODIES, ids=len)
def test_every_byte_changed_in_turn_never_fails(body: bytes) -> None:
    for place in range(len(body)):
        for byte in (0, 0x0A, 0x3A, 0xFF, body[place] ^ 1, body[place] ^ 8):
            check(body[:place] + bytes([byte]) + body[place + 1 :])
