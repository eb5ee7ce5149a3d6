"""ical.js and libical see the same dates in our calendar as we do."""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calendars.ical import zones_used
from feeds.event import Event
from tests.calendars.reading import Seen, calendar, lines, ours, published, read_back, theirs
from tests.peers.events import all_events
from tests.peers.readers import occurrences

BEGIN, END = date(2026, 1, 1), date(2027, 6, 1)
HOUR = timedelta(hours=1)


def test_a_peer_sees_the_dates_that_we_see(peer: list[str], tmp_path: Path) -> None:
    events = all_events()
    file = tmp_path / "calendar.ics"
    numbered = (published(event, f"{number}@install") for number, event in enumerate(events))
    file.write_bytes(calendar(*numbered))
    expected = _seen_by_us(events, BEGIN, END)
    assert len(expected) > 10_000
    zones = {zone for event in events for zone in zones_used(event)}
    _compare(expected, occurrences(peer, file, BEGIN, END), zones)


def test_a_peer_sees_texts_and_states_as_they_were_said(peer: list[str], tmp_path: Path) -> None:
    summary = ('Tea; cake, \\ jam: "really" 😀 — ' + "très long " * 20).strip()
    start = datetime(2026, 5, 4, 10, tzinfo=ZoneInfo("Europe/Paris"))
    event = Event(summary=summary, start=start, zone="Europe/Paris", status="CANCELLED")
    file = tmp_path / "calendar.ics"
    file.write_bytes(calendar(published(event)))
    moment = "2026-05-04T08:00:00Z"
    assert occurrences(peer, file, BEGIN, END) == [Seen(moment, moment, summary, "CANCELLED")]


def test_a_peer_sees_the_dates_of_the_given_calendar(peer: list[str]) -> None:
    given = os.environ.get("PEERS_CALENDAR")
    if not given:
        pytest.skip("no calendar was given (tests/peers/run.sh FILE.ics)")
    today = datetime.now(UTC).date()
    begin = date.fromisoformat(os.environ.get("PEERS_FROM") or str(today - timedelta(days=30)))
    end = date.fromisoformat(os.environ.get("PEERS_TO") or str(today + timedelta(days=370)))
    agree(peer, Path(given), begin, end)


def agree(peer: list[str], file: Path, begin: date, end: date) -> int:
    """Fail unless we, the reference and the peer see the same dates in file; how many."""
    body = file.read_bytes()
    zones = {each.removeprefix("TZID:") for each in lines(body) if each.startswith("TZID:")}
    expected = _seen_by_us(read_back(body).events, begin, end)
    assert expected, "that calendar has no date in that time"
    reference = _window(theirs(body, *_around(begin, end)), begin, end)
    _compare(expected, reference, set())
    _compare(expected, occurrences(peer, file, begin, end), zones)
    return len(expected)


def _compare(expected: list[Seen], found: list[Seen], zones: Iterable[str]) -> None:
    """The same dates; only while the clock of one of zones is changed an hour may differ.

    Of an hour that is skipped or comes twice ical.js and libical take the other one than RFC 5545
    (3.3.5) says, libical also a day later; and libical measures an end in hours that pass, where
    we go by the wall clock.
    """
    missing = sorted((Counter(expected) - Counter(found)).elements(), key=str)
    more = sorted((Counter(found) - Counter(expected)).elements(), key=str)
    nights = _nights(zones, {int(each.start[:4]) for each in expected})
    for seen in missing.copy():
        other = next((each for each in more if _is_an_hour_off(seen, each)), None)
        if other and any(seen.start[:10] <= night <= seen.end[:10] for night in nights):
            missing.remove(seen)
            more.remove(other)
    assert (missing[:5], more[:5]) == ([], [])
    assert len(found) == len(expected)


def _is_an_hour_off(one: Seen, other: Seen) -> bool:
    if one[2:] != other[2:] or len(one.start) != len(other.start):
        return False
    pairs = ((one.start, other.start), (one.end, other.end))
    return all(
        abs(datetime.fromisoformat(first) - datetime.fromisoformat(second)) <= HOUR
        for first, second in pairs
    )


def _nights(zones: Iterable[str], years: set[int]) -> set[str]:
    """The days in UTC around a change of any of zones in years."""
    found = set()
    for zone in (ZoneInfo(name) for name in zones if not name.startswith("own-clock-")):
        noon = datetime(min(years), 1, 1, 12, tzinfo=UTC)
        while noon.year <= max(years):
            following = noon + timedelta(days=1)
            if noon.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
                found |= {str((noon + timedelta(days=n)).date()) for n in (0, 1, 2)}
            noon = following
    return found


def _seen_by_us(events: Iterable[Event], begin: date, end: date) -> list[Seen]:
    return _window(ours(events, *_around(begin, end)), begin, end)


def _around(begin: date, end: date) -> tuple[datetime, datetime]:
    """A window that surely holds what starts in these days."""
    two_days = timedelta(days=2)
    first, last = (datetime.combine(each, time(), UTC) for each in (begin, end))
    return first - two_days, last + two_days


def _window(several: list[Seen], begin: date, end: date) -> list[Seen]:
    """Those that start in these days, in UTC."""
    return [each for each in several if str(begin) <= each.start < str(end)]
