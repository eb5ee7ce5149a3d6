"""Dates and times as feeds write them, and how start and end come together."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.event import Time
from feeds.when import Zones, clock_time, duration, english, moment, settle, shown

at = datetime.fromisoformat
EASTERN = timezone(timedelta(hours=-4))
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-07", date(2026, 3, 7)),
        ("20260307", date(2026, 3, 7)),
        ("2026-3-7", date(2026, 3, 7)),
        (" 2026-03-07T18:30 ", at("2026-03-07T18:30")),
        ("2026-03-07 18:30:15", at("2026-03-07T18:30:15")),
        ("20260307T183000", at("2026-03-07T18:30")),
        ("20260307T183000Z", datetime(2026, 3, 7, 18, 30, tzinfo=UTC)),
        ("2026-03-07T18:30:00.000Z", datetime(2026, 3, 7, 18, 30, tzinfo=UTC)),
        ("2026-03-07T18:30-04:00", datetime(2026, 3, 7, 18, 30, tzinfo=EASTERN)),
        ("2026-03-07T18:30:00-0400", datetime(2026, 3, 7, 18, 30, tzinfo=EASTERN)),
        ("2026-03-07 18:30:00 -04", datetime(2026, 3, 7, 18, 30, tzinfo=EASTERN)),
        ("2026-03-07T24:00", at("2026-03-08T00:00")),
        ("2026-3-7T09-09-30-00", at("2026-03-07T09:30")),
        ("2026-3-7T09-10-30-00", None),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("2026-03-07T25:00", None),
        ("2026-03-07T18:30+99:00", None),
        ("2026-03-07Z", None),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31", None),
        ("March 7", None),
        ("", None),
    ],
)
def test_moment_reads_iso_dates_and_nothing_else(text: str, read: Time | None) -> None:
    assert moment(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("September 13, 2026 - 3:00pm", at("2026-09-13T15:00")),
        ("Sunday, Sep 13th 2026 at 12:05 a.m.", at("2026-09-13T00:05")),
        ("September 13, 2026", date(2026, 9, 13)),
        ("Sept. 13, 2026", date(2026, 9, 13)),
        ("February 30, 2026", None),
        ("Fall 13, 2026", None),
        ("September 13", None),
        ("September 13, 2026 - 13:00pm", None),
    ],
)
def test_english_reads_a_date_with_its_year(text: str, read: Time | None) -> None:
    assert english(text) == read


def test_clock_time_reads_both_ways_of_writing_it() -> None:
    assert clock_time("12 AM") == time(0)
    assert clock_time("12:30 p.m.") == time(12, 30)
    assert clock_time("16:00:00") == time(16)
    assert clock_time("25:00") is clock_time("noon") is clock_time("9:75 am") is None


def test_duration_reads_weeks_to_seconds() -> None:
    assert duration("PT1H30M") == timedelta(minutes=90)
    assert duration("P1W2DT3S") == timedelta(days=9, seconds=3)
    assert duration("P") is duration("PT0S") is duration("-PT1H") is duration("1 hour") is None


def test_wall_time_takes_the_zone_of_the_feed_before_the_readers() -> None:
    start = at("2026-03-07T10:00")
    assert settle(start, None, Zones("Europe/Paris", "America/New_York"), inclusive=True).zone == (
        "Europe/Paris"
    )
    own = settle(start, None, Zones(None, "America/New_York"), inclusive=True)
    assert (own.start, own.zone) == (start.replace(tzinfo=NEW_YORK), "America/New_York")
    floating = settle(start, None, Zones(), inclusive=True)
    assert (floating.start, floating.zone) == (start, None)


def test_utc_keeps_its_instant_and_is_shown_on_the_local_clock() -> None:
    start = datetime(2026, 7, 7, 14, tzinfo=UTC)
    local = settle(start, start, Zones(None, "America/New_York"), inclusive=True)
    assert (local.start.isoformat(), local.zone) == (
        "2026-07-07T10:00:00-04:00",
        "America/New_York",
    )
    assert local.end == local.start
    assert settle(start, None, Zones(), inclusive=True).zone == "UTC"


def test_own_offset_is_kept_whatever_the_zones_are() -> None:
    start = datetime(2026, 7, 7, 14, tzinfo=timezone(timedelta(hours=2)))
    kept = settle(start, None, Zones("Europe/Paris", "America/New_York"), inclusive=True)
    assert (kept.start.isoformat(), kept.zone) == ("2026-07-07T14:00:00+02:00", None)


def test_dates_alone_end_on_the_day_after_the_last() -> None:
    first, last = date(2026, 3, 7), date(2026, 3, 9)
    assert settle(first, None, Zones(), inclusive=True).end == date(2026, 3, 8)
    assert settle(first, last, Zones(), inclusive=True).end == date(2026, 3, 10)
    assert settle(first, last, Zones(), inclusive=False).end == last
    same_day = settle(first, first, Zones(), inclusive=False)
    assert (same_day.end, same_day.doubt) == (date(2026, 3, 8), None)
    assert settle(first, at("2026-03-09T00:00"), Zones(), inclusive=True).end == last
    assert settle(first, at("2026-03-07T00:00"), Zones(), inclusive=True).end == date(2026, 3, 8)
    assert settle(first, at("2026-03-09T17:00"), Zones(), inclusive=False).end == date(2026, 3, 10)


def test_end_before_the_start_is_left_out_and_named() -> None:
    timed = settle(at("2026-03-07T10:00"), at("2026-03-07T09:00"), Zones(), inclusive=True)
    assert (timed.end, timed.doubt) == (None, "event.end_before_start")
    dated = settle(date(2026, 3, 7), date(2026, 3, 1), Zones(), inclusive=True)
    assert (dated.end, dated.doubt) == (date(2026, 3, 8), "event.end_before_start")


def test_a_time_alone_is_shown_by_the_same_rules() -> None:
    assert shown(date(2026, 3, 7), Zones()) == date(2026, 3, 7)
    zones = Zones(None, "America/New_York")
    assert shown(at("2026-03-07T00:00"), zones) == datetime(2026, 3, 7, tzinfo=NEW_YORK)


OFFSETS = st.sampled_from([UTC, EASTERN, timezone(timedelta(hours=5.75))])
TIMES = st.one_of(
    st.dates(date(1900, 1, 1), date(9998, 12, 31)),
    st.datetimes(at("1900-01-01"), at("9998-12-31")),
    st.datetimes(at("1900-01-01"), at("9998-12-31"), timezones=OFFSETS),
)


@given(TIMES, st.none() | TIMES, st.sampled_from([None, "America/New_York"]), st.booleans())
def test_any_start_and_end_come_together(
    start: Time, end: Time | None, zone: str | None, inclusive: bool
) -> None:
    span = settle(start, end, Zones(None, zone), inclusive=inclusive)
    assert span.all_day == (not isinstance(span.start, datetime))
    assert type(span.end) in ({type(span.start)} if span.all_day else {datetime, type(None)})
    assert span.end is None or span.end >= span.start
    assert not span.all_day or span.end != span.start
    if isinstance(span.start, datetime) and isinstance(span.end, datetime):
        assert (span.start.tzinfo is None) == (span.end.tzinfo is None)
