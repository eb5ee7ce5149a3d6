"""The public corpus: what real calendars hold, and what must never break us."""

import csv
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from feeds.clocks import instant
from feeds.errors import UnreadableError
from feeds.event import Reading
from feeds.facts import from_facts, to_facts
from feeds.formats.ical import read
from feeds.recurrence import expand
from feeds.registry import Context
from feeds.registry import read as read_any

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")

CONTEXT = Context(datetime(2026, 3, 26, tzinfo=UTC))
EXPECTED = re.compile(
    r"VEVENT=(?P<events>\d+);.*distinct UID=(?P<uids>\d+);"
    r"(?:.*DTSTART (?P<first>\d{8})\.\.(?P<last>\d{8}))?"
)


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((CORPUS / folder).rglob("*")) if path.is_file())


@cache
def expected() -> dict[str, str]:
    """What SOURCES.tsv expects of each file."""
    with (CORPUS / "SOURCES.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: row["expected"] for row in rows}


def days(reading: Reading, path: Path) -> list[str]:
    """The day of every start that we give, overrides' too; in UTC where the feed writes UTC."""
    utc = re.search(r"^DTSTART[^:\n]*:\d{8}T\d{6}Z", path.read_text("utf-8"), re.MULTILINE)
    starts = [event.start for event in reading.events]
    starts += [
        each.changes.get("start", each.recurrence_id)
        for event in reading.events
        for each in event.overrides
    ]
    told = [start for start in starts if start is not None]
    assert len(told) == len(starts), path
    return [
        f"{instant(each, UTC) if utc and isinstance(each, datetime) else each:%Y%m%d}"
        for each in told
    ]


@pytest.mark.parametrize("folder", ["asheville", "lancaster", "raleighdurham"])
def test_real_feed_holds_the_events_the_identities_and_the_days_that_are_known(
    folder: str,
) -> None:
    seen = 0
    for path in files("ical/real-feeds"):
        if not path.parent.name.startswith(folder):
            continue
        seen += 1
        known = EXPECTED.match(expected()[path.relative_to(CORPUS).as_posix()])
        assert known, path
        reading = read_any(path.read_bytes(), CONTEXT)
        count = sum(1 + len(event.overrides) for event in reading.events)
        uids = {event.uid for event in reading.events}
        assert (count, len(uids)) == (int(known["events"]), int(known["uids"])), path
        assert reading.problems == (), path
        if known["first"]:
            found = days(reading, path)
            assert (min(found), max(found)) == (known["first"], known["last"]), path
    assert seen > 5


def test_every_file_is_read_or_refused_in_time_and_can_be_stored_and_expanded() -> None:
    window = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    refused = set()
    for path in files("ical", "hostile/ical-fuzz", "hostile/ical-rrule-bombs", "hostile/ical-xss"):
        begin = time.process_time()
        try:
            reading = read(path.read_bytes(), CONTEXT)
        except UnreadableError:
            refused.add(path.relative_to(CORPUS).parts[1])
            continue
        for event in reading.events:
            assert from_facts(to_facts(event)) == event, path
            expand(event, *window)
        assert time.process_time() - begin < 2.0, path
    assert refused == {"not-a-calendar", "ical-fuzz"}


def test_nothing_that_could_run_comes_out_of_a_hostile_calendar() -> None:
    for path in files("hostile/ical-xss"):
        for event in read(path.read_bytes(), CONTEXT).events:
            place = event.location
            assert event.url is None, path
            assert place is None or place.url is None, path
            assert "<img" not in f"{event.summary} {event.description}", path


def test_what_is_no_calendar_is_refused_by_the_format_and_by_all_formats() -> None:
    bodies = [path.read_bytes() for path in files("ical/not-a-calendar")]
    assert len(bodies) == 12
    for body in bodies:
        with pytest.raises(UnreadableError):
            read(body, CONTEXT)
        with pytest.raises(UnreadableError):
            read_any(body, CONTEXT)


def meaning(path: Path) -> list[dict[str, Any]]:
    """What the events of a calendar say."""
    return [to_facts(event) for event in read(path.read_bytes(), CONTEXT).events]


def test_calendar_with_x_wr_timezone_means_the_same_as_with_its_zone_written_out() -> None:
    given = sorted((CORPUS / "ical/library-fixtures/x-wr-timezone").glob("*.in.ics"))
    assert len(given) == 8
    for path in given:
        other = path.with_name(path.name.replace(".in.ics", ".out.ics"))
        assert meaning(path) == meaning(other), path


def test_values_that_people_checked_are_read() -> None:
    labels = json.loads((CORPUS / "html/city-scrapers-labels.json").read_text("utf-8"))
    [told] = [each for each in labels if "low_income_housing" in each["test"]]
    checked = {each["field"]: each["value"] for each in told["expect"] if each["index"] == 0}
    [path] = files("ical/labelled")
    walls = {
        (event.summary, *(f"{each:%Y-%m-%dT%H:%M:%S}" for each in (event.start, event.end) if each))
        for event in read(path.read_bytes(), CONTEXT).events
    }
    assert (checked["title"], checked["start"], checked["end"]) in walls
