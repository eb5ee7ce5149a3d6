"""Feeds and pages cut off or changed anywhere: read or refused, and nothing of it is lost."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.errors import UnreadableError
from feeds.facts import canonical, from_facts, to_facts
from feeds.recurrence import expand
from feeds.registry import Context, read

SPECIMENS = Path(__file__).parents[1] / "specimens"
BODIES = [
    path.read_bytes()
    for path in sorted(SPECIMENS.glob("*/*"))
    if path.parent.name != "ical" and path.suffix != ".json"
]
ZONE = ZoneInfo("America/New_York")
CONTEXT = Context(datetime(2026, 3, 1, tzinfo=UTC), ZONE, "https://a.example/")
WINDOW = datetime(2026, 1, 1, tzinfo=ZONE), datetime(2027, 1, 1, tzinfo=ZONE)

#: Pieces that mean something in one of the formats, or that break arithmetic.
PIECES = st.sampled_from(
    (
        *(b"<", b">", b"&", b'"', b"null", b"[]", b"{}", b"-1", b"1e999", b"true", b"\0", b"\xff"),
        *(b"]]>", b"<!--", b"9999-12-31", b"&#x110000;", b"\\ud800", b"T25:00", b"+99:99"),
        *(b"<xcal:dtstart>", b"1900-01-01T00:00:00+23:59", b"9998-12-31T23:59:59-23:59"),
    )
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
        expand(event, *WINDOW)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BODIES), st.data())
def test_body_changed_in_a_few_places_never_fails(body: bytes, data: st.DataObject) -> None:
    mangled = bytearray(body)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, max(0, len(mangled) - 1)))
        length = data.draw(st.integers(0, 30))
        mangled[place : place + length] = data.draw(PIECES | st.binary(max_size=2))
    check(bytes(mangled))


@pytest.mark.parametrize("body", BODIES, ids=len)
def test_body_cut_off_anywhere_never_fails(body: bytes) -> None:
    for end in range(1, len(body), 1 + len(body) // 25):
        check(body[:end])


@pytest.mark.soak
@pytest.mark.parametrize("body", BODIES, ids=len)
def test_every_byte_changed_in_turn_never_fails(body: bytes) -> None:
    for place in range(len(body)):
        for byte in (0, 0x22, 0x3C, 0xFF, body[place] ^ 1):
            check(body[:place] + bytes([byte]) + body[place + 1 :])
