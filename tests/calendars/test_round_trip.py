"""What we write is read back the same: by our own reader, and by icalendar with its expander.

The same dates, texts and states, for events of every kind that hypothesis makes up.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from calendars.lines import clean
from feeds.event import Event
from feeds.recurrence import expand
from feeds.text import line, plain
from tests.calendars.reading import (
    Seen,
    calendar,
    lines,
    ours,
    published,
    read_back,
    theirs,
)
from tests.calendars.strategies import BEGIN, END, series, singles

QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
LONG = settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
#: A rest of a series that follows no rule is written for so long, at two dates a day.
UNTIL = datetime(2026, 6, 1, tzinfo=UTC)

_TZID = re.compile(r"^[A-Z-]+;TZID=([^:]+):")


@QUICK
@given(singles())
def test_a_single_date_is_read_back_as_it_was(event: Event) -> None:
    _check(event, END)


@QUICK
@given(series(), st.sampled_from([None, "America/Chicago"]))
def test_a_series_is_read_back_with_the_same_dates(event: Event, zone: str | None) -> None:
    floating = isinstance(event.start, datetime) and event.start.tzinfo is None
    _check(event, END, None if floating else zone)


@QUICK
@given(series(ranges=True))
def test_a_series_that_changes_for_good_is_read_back_with_the_same_dates(event: Event) -> None:
    _check(event, UNTIL)


@pytest.mark.soak
@LONG
@given(series(ranges=True) | singles())
def test_any_event_is_read_back_with_the_same_dates(event: Event) -> None:
    _check(event, UNTIL)


@QUICK
@given(singles())
def test_texts_are_read_back_as_they_were_said(event: Event) -> None:
    event = replace(event, summary=event.summary or "x", status=None)
    [read] = read_back(calendar(published(event))).events
    place = event.location.name if event.location else None
    assert read.summary == line(clean(event.summary or ""))
    assert read.description == plain(clean(event.description or ""))
    assert (read.location.name if read.location else None) == line(clean(place or ""))
    said = [line(clean(each)) for each in event.categories]
    assert read.categories == tuple(dict.fromkeys(each for each in said if each))


def _check(event: Event, end: datetime, zone: str | None = None) -> None:
    assume(not _confuses_the_reference(event))
    body = calendar(published(event), zone=zone)
    expected = _cleaned(ours([event], BEGIN, end))
    assert _cleaned(theirs(body, BEGIN, end)) == expected
    reading = read_back(body)
    assert _cleaned(ours(reading.events, BEGIN, end)) == expected
    assert reading.problems == ()
    _check_lines(body)


def _check_lines(body: bytes) -> None:
    """What no reader complains about, and RFC 5545 asks for all the same."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n")
    assert all(len(each) <= 75 for each in body.split(b"\r\n"))
    whole = lines(body)
    assert not any(re.search(r"[\x00-\x08\x0a-\x1f\x7f]", each) for each in whole)
    defined = [each.removeprefix("TZID:") for each in whole if each.startswith("TZID:")]
    assert len(defined) == len(set(defined))
    assert {found[1] for each in whole if (found := _TZID.match(each))} <= set(defined)
    begun = [each.removeprefix("BEGIN:") for each in whole if each.startswith("BEGIN:")]
    ended = [each.removeprefix("END:") for each in whole if each.startswith("END:")]
    assert sorted(begun) == sorted(ended)


def _cleaned(several: list[Seen]) -> list[Seen]:
    """With summaries as our reader tidies them."""
    tidied = [each._replace(summary=line(clean(each.summary or ""))) for each in several]
    return sorted(tidied, key=str)


def _confuses_the_reference(event: Event) -> bool:
    """recurring-ical-events takes a RECURRENCE-ID for UTC and for wall time at once.

    So it goes wrong where one date's wall time is another one's time in UTC.
    """
    told = {
        each.recurrence_id.replace(tzinfo=None) + timedelta(hours=around)
        for each in event.overrides
        if isinstance(each.recurrence_id, datetime)
        for around in (-1, 0, 1)
    }
    dates = [each.recurrence_id for each in expand(event, BEGIN, END).occurrences] if told else []
    return any(
        isinstance(each, datetime)
        and bool(each.utcoffset())
        and each.astimezone(UTC).replace(tzinfo=None) in told
        for each in dates
    )
