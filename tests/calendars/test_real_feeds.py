"""What real feeds say, written by us and read again, is the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.registry import Context, read
from tests.calendars.reading import calendar, ours, published, read_back

FEEDS = Path(__file__).parents[3] / "shared" / "corpus" / "ical" / "real-feeds"
TAKEN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.skipif(not FEEDS.exists(), reason="the corpus of real feeds is not beside the project")
def test_every_date_of_every_real_feed_is_read_back_from_our_calendar() -> None:
    begin, end = TAKEN, TAKEN.replace(year=2027)
    bodies = [each.read_bytes() for each in sorted(FEEDS.rglob("*.ics"))]
    events = [event for body in bodies for event in read(body, Context(now=TAKEN)).events]
    assert len(events) > 4_000
    numbered = (published(event, f"{number}@install") for number, event in enumerate(events))
    reading = read_back(calendar(*numbered))
    assert reading.problems == ()
    assert ours(reading.events, begin, end) == ours(events, begin, end)
