"""The dates of whole calendars against recurring-ical-events, an independent reader.

recurrence_differences.tsv names every event whose dates differ, and why.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from feeds.event import Time
from feeds.formats.ical import read
from feeds.recurrence import expand
from feeds.registry import Context
from feeds.timezones import names

ICAL = Path(__file__).parents[3] / "shared" / "corpus" / "ical"
DIFFERENCES = Path(__file__).with_name("recurrence_differences.tsv")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ICAL.is_dir(), reason="the corpus is not beside the project"),
]

NEW_YORK = ZoneInfo("America/New_York")
Window = tuple[datetime, datetime]
#: UID, start and end of one date.
Date = tuple[str | None, str, str]


def told(uid: str | None, start: Time, end: Time) -> Date:
    """A date in a form that both readers can be brought to: instants, days, floating times."""
    if isinstance(start, datetime) and start.tzinfo:
        start = start.astimezone(UTC)
    if isinstance(end, datetime) and end.tzinfo:
        end = end.astimezone(UTC)
    return uid, start.isoformat(), end.isoformat()


def ours(path: Path, window: Window) -> Iterator[Date]:
    for event in read(path.read_bytes(), Context(window[0])).events:
        for each in expand(event, *window).occurrences:
            start = each.event.start
            assert start is not None
            yield told(event.uid, start, start if each.event.end is None else each.event.end)


def theirs(path: Path, window: Window) -> Iterator[Date]:
    # They refuse a whole calendar for a REFRESH-INTERVAL that is none.
    body = path.read_bytes().replace(b":P15M", b":PT15M")
    for calendar in icalendar.Calendar.from_ical(body, multiple=True):
        if calendar.get("X-WR-TIMEZONE") not in names():
            # A zone by a vendor's name, over which they stumble; its calendars say all times
            # in UTC, and have no series.
            calendar.pop("X-WR-TIMEZONE", None)
        for each in recurring_ical_events.of(calendar).between(*window):
            start, end = each["DTSTART"].dt, each["DTEND"].dt
            if not isinstance(start, datetime) and end == start:
                end = start + timedelta(days=1)
            yield told(str(each["UID"]) if each.get("UID") else None, start, end)


def differences(folder: str, window: Window | None = None) -> set[tuple[str, str]]:
    """File and UID of each event whose dates differ; with "-" where the reference fails."""
    found = set[tuple[str, str]]()
    for path in sorted((ICAL / folder).rglob("*.ics")):
        name = path.relative_to(ICAL).as_posix()
        span = window or year_from(path)
        try:
            expected = Counter(theirs(path, span))
        except (ValueError, KeyError, AttributeError, TypeError, icalendar.error.InvalidCalendar):
            found.add((name, "-"))
            continue
        actual = Counter(ours(path, span))
        found |= {(name, each[0] or "") for each in (actual - expected) + (expected - actual)}
    return found


def year_from(path: Path) -> Window:
    """The year that begins on the day the feed was taken, which its folder names."""
    day = re.search(r"\d{4}-\d\d-\d\d", path.parent.name)
    assert day, path
    begin = datetime.fromisoformat(day[0]).replace(tzinfo=NEW_YORK)
    return begin, begin.replace(year=begin.year + 1)


def known(folder: str) -> set[tuple[str, str]]:
    """The differences that are listed, each of them with a reason."""
    rows = [line.split("\t") for line in DIFFERENCES.read_text("utf-8").splitlines()]
    assert all(len(row) == 3 and row[2] for row in rows)
    return {(name, uid) for name, uid, _ in rows if name.startswith(folder)}


def test_real_feeds_have_the_same_dates_for_a_year() -> None:
    assert differences("real-feeds") == known("real-feeds")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_calendars_made_to_be_difficult_have_the_same_dates() -> None:
    folder = "library-fixtures/recurring-ical-events"
    found = set[tuple[str, str]]()
    for first, years in ((2018, 3), (2022, 4)):
        begin = datetime(first, 1, 1, tzinfo=NEW_YORK)
        found |= differences(folder, (begin, begin.replace(year=first + years)))
    assert found == known(folder)
