"""Which dates a series has in a window, how each is told, and when the last one is over."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feeds.event import Event, Occurrence, Override, Period, Place, Time
from feeds.facts import canonical, from_facts, to_facts
from feeds.recurrence import Expansion, expand, last_end

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
MILL = """BEGIN:VTIMEZONE
TZID:Mill
BEGIN:STANDARD
DTSTART:20001029T020000
TZOFFSETFROM:-0330
TZOFFSETTO:-0430
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
TZOFFSETFROM:-0430
TZOFFSETTO:-0330
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def at(text: str, zone: ZoneInfo | None = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def weekly(**told: object) -> Event:
    """Tuesdays from six to eight in New York, from 3 March 2026."""
    usual = {
        "uid": "knitting",
        "summary": "Knitting",
        "start": at("2026-03-03T18:00"),
        "end": at("2026-03-03T20:00"),
        "zone": "America/New_York",
        "rrule": "FREQ=WEEKLY",
    }
    return Event(**(usual | told))  # type: ignore[arg-type]


def within(event: Event, begin: str, stop: str, zone: ZoneInfo = NEW_YORK) -> Expansion:
    return expand(event, at(begin, zone), at(stop, zone))


def starts(event: Event, begin: str, stop: str, zone: ZoneInfo = NEW_YORK) -> list[str]:
    return [shown(each.event.start) for each in within(event, begin, stop, zone).occurrences]


def shown(value: Time | None) -> str:
    return "" if value is None else value.isoformat()


def span(occurrence: Occurrence) -> tuple[datetime, datetime]:
    start, end = occurrence.event.start, occurrence.event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start.astimezone(UTC), end.astimezone(UTC)


class TestWindow:
    def test_date_counts_when_it_overlaps(self) -> None:
        assert starts(weekly(), "2026-03-03T19:59", "2026-03-10T18:00") == [
            "2026-03-03T18:00:00-05:00"
        ]
        assert starts(weekly(), "2026-03-03T20:00", "2026-03-10T18:01") == [
            "2026-03-10T18:00:00-04:00"
        ]

    @pytest.mark.parametrize("end", [None, at("2026-03-03T18:00")])
    def test_date_of_no_length_counts_when_it_begins_in_the_window(self, end: Time | None) -> None:
        assert starts(weekly(end=end), "2026-03-03T18:00", "2026-03-10T18:00") == [
            "2026-03-03T18:00:00-05:00"
        ]

    def test_whole_day_is_compared_by_its_date_in_the_windows_zone(self) -> None:
        days = weekly(start=date(2026, 3, 3), end=date(2026, 3, 4), all_day=True, zone=None)
        for zone in (NEW_YORK, BERLIN, ZoneInfo("Pacific/Kiritimati")):
            assert starts(days, "2026-03-03", "2026-03-10", zone) == ["2026-03-03"]
            assert starts(days, "2026-03-04", "2026-03-11", zone) == ["2026-03-10"]

    def test_floating_time_is_compared_by_its_wall_clock(self) -> None:
        floating = weekly(start=at("2026-03-03T23:30", None), end=None, zone=None)
        for zone in (NEW_YORK, BERLIN):
            assert starts(floating, "2026-03-03", "2026-03-04", zone) == ["2026-03-03T23:30:00"]

    def test_single_event_is_one_date_with_its_start_as_original(self) -> None:
        single = weekly(rrule=None)
        [found] = within(single, "2026-03-01", "2026-04-01").occurrences
        assert found == Occurrence(
            at("2026-03-03T18:00"), replace(single, recurrence_id=at("2026-03-03T18:00"))
        )
        assert starts(single, "2026-03-04", "2026-04-01") == []

    def test_orphan_keeps_its_original_start(self) -> None:
        orphan = weekly(rrule=None, recurrence_id=at("2026-02-24T18:00"))
        [found] = within(orphan, "2026-03-01", "2026-04-01").occurrences
        assert found.recurrence_id == at("2026-02-24T18:00")

    def test_notice_has_no_date(self) -> None:
        assert expand(Event(kind="notice"), at("2026-01-01"), at("2027-01-01")) == Expansion()

    def test_long_date_that_began_before_the_window_counts(self) -> None:
        long = weekly(end=at("2026-03-20T20:00"), rrule="FREQ=MONTHLY")
        assert starts(long, "2026-03-19", "2026-03-20") == ["2026-03-03T18:00:00-05:00"]

    def test_more_dates_than_the_limit_are_cut_with_a_problem(self) -> None:
        found = within(weekly(rrule="FREQ=HOURLY", end=None), "2026-03-03", "2027-03-03")
        assert len(found.occurrences) == 2000
        assert [(each.code, each.params) for each in found.problems] == [
            ("recurrence.limit", {"limit": 2000})
        ]
        assert found.occurrences[-1].event.start == at("2026-03-03T18:00") + timedelta(hours=1999)

    def test_exactly_as_many_dates_as_the_limit_are_no_problem(self) -> None:
        found = expand(
            weekly(rrule="FREQ=WEEKLY;COUNT=5"), at("2026-01-01"), at("2027-01-01"), limit=5
        )
        assert (len(found.occurrences), found.problems) == (5, ())


class TestClock:
    def test_wall_time_stays_when_the_clocks_change(self) -> None:
        assert starts(weekly(), "2026-03-01", "2026-03-12") == [
            "2026-03-03T18:00:00-05:00",
            "2026-03-10T18:00:00-04:00",
        ]

    def test_time_that_the_clock_skips_moves_on_and_later_dates_do_not(self) -> None:
        nightly = weekly(start=at("2026-03-07T02:30"), end=None, rrule="FREQ=DAILY")
        assert starts(nightly, "2026-03-07", "2026-03-10") == [
            "2026-03-07T02:30:00-05:00",
            "2026-03-08T03:30:00-04:00",
            "2026-03-09T02:30:00-04:00",
        ]

    def test_series_that_begins_in_the_gap_goes_on_at_its_written_time(self) -> None:
        nightly = weekly(start=at("2026-03-08T02:30"), end=None, rrule="FREQ=DAILY;COUNT=2")
        assert starts(nightly, "2026-03-08", "2026-03-10") == [
            "2026-03-08T03:30:00-04:00",
            "2026-03-09T02:30:00-04:00",
        ]

    def test_of_a_time_that_comes_twice_the_first_is_meant(self) -> None:
        nightly = weekly(start=at("2026-10-31T01:30"), end=None, rrule="FREQ=DAILY;COUNT=2")
        assert starts(nightly, "2026-10-31", "2026-11-02") == [
            "2026-10-31T01:30:00-04:00",
            "2026-11-01T01:30:00-04:00",
        ]
        second = at("2026-11-01T01:15").replace(fold=1)
        assert len(expand(nightly, at("2026-11-01"), second).occurrences) == 1
        assert expand(nightly, second, at("2026-11-02")).occurrences == ()

    def test_end_keeps_its_wall_time_over_the_night_of_the_clocks(self) -> None:
        night = weekly(
            start=at("2026-03-06T22:00"), end=at("2026-03-07T06:00"), rrule="FREQ=DAILY;COUNT=2"
        )
        ends = [each.event.end for each in within(night, "2026-03-01", "2026-04-01").occurrences]
        assert ends == [at("2026-03-07T06:00"), at("2026-03-08T06:00")]

    def test_series_in_utc_stays_in_utc(self) -> None:
        utc = weekly(start=at("2026-03-03T23:00", ZoneInfo("UTC")), end=None, zone="UTC")
        assert starts(utc, "2026-03-01", "2026-03-12") == [
            "2026-03-03T23:00:00+00:00",
            "2026-03-10T23:00:00+00:00",
        ]

    def test_own_definition_of_a_zone_rules_its_series(self) -> None:
        start = datetime.fromisoformat("2026-03-28T02:30:00-04:30")
        own = weekly(start=start, end=None, zone=None, vtimezone=MILL, rrule="FREQ=DAILY")
        stored = from_facts(json.loads(canonical(to_facts(own))))
        for event in (own, stored):
            assert starts(event, "2026-03-28", "2026-03-31") == [
                "2026-03-28T02:30:00-04:30",
                "2026-03-29T03:30:00-03:30",
                "2026-03-30T02:30:00-03:30",
            ]

    def test_series_of_an_own_zone_that_begins_in_the_gap_goes_on_at_its_written_time(self) -> None:
        start = datetime.fromisoformat("2026-03-29T02:30:00-04:30")
        own = weekly(start=start, end=None, zone=None, vtimezone=MILL, rrule="FREQ=DAILY;COUNT=2")
        assert starts(own, "2026-03-28", "2026-04-01") == [
            "2026-03-29T03:30:00-03:30",
            "2026-03-30T02:30:00-03:30",
        ]

    def test_date_that_ends_in_the_second_of_two_equal_hours_lasts_until_then(self) -> None:
        end = at("2026-11-01T01:15").replace(fold=1)
        night = weekly(start=at("2026-11-01T01:30"), end=end, rrule=None)
        after_the_start = at("2026-11-01T01:50")
        assert len(expand(night, after_the_start, at("2026-11-02")).occurrences) == 1

    @pytest.mark.parametrize("night", ["2026-03-08", "2026-11-01"])
    def test_each_hour_of_a_night_of_the_clocks_holds_what_the_whole_year_holds_of_it(
        self, night: str
    ) -> None:
        midnight = at(night).astimezone(UTC)
        for minutes in range(0, 240, 30):
            start = at("2026-01-01") + timedelta(minutes=minutes)
            nightly = weekly(start=start, end=start + timedelta(minutes=30), rrule="FREQ=DAILY")
            year = expand(nightly, at("2026-01-01"), at("2027-01-01")).occurrences
            spans = [span(each) for each in year]
            for hours in range(6):
                begin = midnight + timedelta(hours=hours)
                stop = begin + timedelta(hours=1)
                found = expand(nightly, begin.astimezone(NEW_YORK), stop.astimezone(NEW_YORK))
                expected = [each for each in spans if each[0] < stop and each[1] > begin]
                assert [span(each) for each in found.occurrences] == expected


class TestRule:
    def test_counted_rule_without_parts_is_leapt_over_however_long_it_runs(self) -> None:
        found = within(
            weekly(start=at("1900-01-01T18:00"), end=None, rrule="FREQ=DAILY;COUNT=50000"),
            "2026-01-01",
            "2027-01-01",
        )
        assert (len(found.occurrences), found.problems) == (365, ())

    def test_counted_rule_counts_the_dates_there_are(self) -> None:
        last = weekly(start=at("2026-01-31T18:00"), end=None, rrule="FREQ=MONTHLY;COUNT=4")
        assert starts(last, "2026-06-01", "2027-01-01") == ["2026-07-31T18:00:00-04:00"]
        leap = weekly(start=at("2024-02-29T18:00"), end=None, rrule="FREQ=YEARLY;COUNT=3")
        assert starts(leap, "2030-01-01", "2040-01-01") == ["2032-02-29T18:00:00-05:00"]

    def test_until_as_a_date_means_that_whole_day(self) -> None:
        series = weekly(rrule="FREQ=WEEKLY;UNTIL=20260310")
        assert len(starts(series, "2026-01-01", "2027-01-01")) == 2

    def test_until_in_utc_is_an_instant(self) -> None:
        for until, count in (("20260310T215959Z", 1), ("20260310T220000Z", 2)):
            series = weekly(rrule=f"FREQ=WEEKLY;UNTIL={until}")
            assert len(starts(series, "2026-01-01", "2027-01-01")) == count

    def test_until_before_the_start_leaves_nothing(self) -> None:
        assert starts(weekly(rrule="FREQ=WEEKLY;UNTIL=20260201"), "2026-01-01", "2027-01-01") == []

    def test_date_left_out_still_counts(self) -> None:
        series = weekly(rrule="FREQ=WEEKLY;COUNT=3", exdates=(at("2026-03-10T18:00"),))
        assert starts(series, "2026-01-01", "2027-01-01") == [
            "2026-03-03T18:00:00-05:00",
            "2026-03-17T18:00:00-04:00",
        ]

    def test_counted_series_that_is_over_has_no_date_later(self) -> None:
        for rule in ("FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3;BYDAY=MO,TU,WE,TH,FR"):
            assert starts(weekly(rrule=rule), "2027-01-01", "2028-01-01") == []

    def test_exception_by_date_leaves_out_that_whole_day(self) -> None:
        series = weekly(rrule="FREQ=DAILY;COUNT=3;BYHOUR=9,18", exdates=(date(2026, 3, 4),))
        assert starts(series, "2026-01-01", "2027-01-01") == ["2026-03-03T18:00:00-05:00"]

    def test_start_counts_even_if_the_rule_does_not_give_it(self) -> None:
        series = weekly(rrule="FREQ=WEEKLY;BYDAY=WE;COUNT=1")
        assert starts(series, "2026-01-01", "2027-01-01") == [
            "2026-03-03T18:00:00-05:00",
            "2026-03-04T18:00:00-05:00",
        ]

    def test_extra_dates_stand_in_order_each_once_and_with_their_own_end(self) -> None:
        series = weekly(
            rdates=(
                Period(at("2026-03-17T18:00")),
                Period(at("2026-03-05T09:00"), at("2026-03-05T10:00")),
            ),
            rrule="FREQ=WEEKLY;COUNT=3",
        )
        found = within(series, "2026-01-01", "2027-01-01").occurrences
        assert [(shown(each.event.start)[:13], shown(each.event.end)[11:16]) for each in found] == [
            ("2026-03-03T18", "20:00"),
            ("2026-03-05T09", "10:00"),
            ("2026-03-10T18", "20:00"),
            ("2026-03-17T18", "20:00"),
        ]

    def test_hours_mean_nothing_for_whole_days(self) -> None:
        days = weekly(
            start=date(2026, 3, 3), end=None, zone=None, all_day=True,
            rrule="FREQ=DAILY;BYHOUR=9,18;COUNT=2",
        )  # fmt: skip
        assert starts(days, "2026-01-01", "2027-01-01") == ["2026-03-03", "2026-03-04"]

    @pytest.mark.parametrize(
        "rule", ["FREQ=WEEKLY;INTERVAL=0", "FREQ=SOMETIMES", "RSCALE=HEBREW;FREQ=YEARLY", "x"]
    )
    def test_rule_that_cannot_be_expanded_keeps_the_first_date_and_a_problem(
        self, rule: str
    ) -> None:
        found = within(weekly(rrule=rule), "2026-01-01", "2027-01-01")
        assert [each.recurrence_id for each in found.occurrences] == [at("2026-03-03T18:00")]
        assert [each.where for each in found.problems] == ["knitting"]


class TestOverrides:
    def test_date_is_told_as_its_override_says_and_as_the_series_where_it_says_nothing(
        self,
    ) -> None:
        place = Place("Branch Library")
        series = weekly(overrides=(Override(at("2026-03-10T18:00"), {"location": place}),))
        [_, told, _] = within(series, "2026-03-01", "2026-03-18").occurrences
        assert told.event == Event(
            uid="knitting",
            recurrence_id=at("2026-03-10T18:00"),
            summary="Knitting",
            start=at("2026-03-10T18:00"),
            end=at("2026-03-10T20:00"),
            zone="America/New_York",
            location=place,
        )

    def test_date_moved_into_the_window_counts_and_one_moved_out_does_not(self) -> None:
        moved = {"start": at("2026-04-01T18:00"), "end": at("2026-04-01T20:00")}
        series = weekly(overrides=(Override(at("2026-03-10T18:00"), moved),))
        assert starts(series, "2026-03-09", "2026-03-12") == []
        found = within(series, "2026-04-01", "2026-04-02").occurrences
        assert [each.recurrence_id for each in found] == [at("2026-03-10T18:00")]

    def test_cancelled_date_is_kept_with_its_status(self) -> None:
        cancelled = Override(at("2026-03-10T18:00"), {"status": "CANCELLED"})
        series = weekly(overrides=(cancelled,))
        found = within(series, "2026-03-01", "2026-03-18").occurrences
        assert [each.event.status for each in found] == [None, "CANCELLED", None]

    def test_override_is_found_by_its_instant_whatever_its_offset(self) -> None:
        original = datetime(2026, 3, 10, 22, tzinfo=UTC)
        series = weekly(overrides=(Override(original, {"summary": "Crochet"}),))
        found = within(series, "2026-03-01", "2026-03-18").occurrences
        assert [each.event.summary for each in found] == ["Knitting", "Crochet", "Knitting"]
        assert span(found[1]) == (original, original + timedelta(hours=2))

    def test_override_of_a_date_that_the_rule_does_not_give_is_one_more_date(self) -> None:
        extra = Override(at("2026-03-12T18:00"), {"summary": "Extra"})
        found = within(weekly(overrides=(extra,)), "2026-03-11", "2026-03-13").occurrences
        assert [each.event.summary for each in found] == ["Extra"]

    def test_exception_hides_the_override_of_the_same_date(self) -> None:
        hidden = Override(at("2026-03-10T18:00"), {"summary": "Hidden"})
        series = weekly(overrides=(hidden,), exdates=(at("2026-03-10T18:00"),))
        assert starts(series, "2026-03-09", "2026-03-12") == []

    def test_range_moves_and_renames_all_later_dates_until_told_otherwise(self) -> None:
        moved = {
            "summary": "Knitting and crochet",
            "start": at("2026-03-11T19:00"),
            "end": at("2026-03-11T22:00"),
        }
        series = weekly(
            rrule="FREQ=WEEKLY;COUNT=5",
            overrides=(
                Override(at("2026-03-10T18:00"), moved, "THISANDFUTURE"),
                Override(at("2026-03-24T18:00"), {"summary": "Film"}),
                Override(at("2026-03-31T18:00"), {"status": "CANCELLED"}, "THISANDFUTURE"),
            ),
        )
        found = within(series, "2026-01-01", "2027-01-01").occurrences
        assert [
            (shown(each.event.start)[5:16], shown(each.event.end)[11:16], each.event.summary)
            for each in found
        ] == [
            ("03-03T18:00", "20:00", "Knitting"),
            ("03-11T19:00", "22:00", "Knitting and crochet"),
            ("03-18T19:00", "22:00", "Knitting and crochet"),
            ("03-24T18:00", "20:00", "Film"),
            ("03-31T18:00", "20:00", "Knitting"),
        ]
        assert found[-1].event.status == "CANCELLED"
        assert found[2].recurrence_id == at("2026-03-17T18:00")

    def test_range_that_moves_dates_back_reaches_into_an_earlier_window(self) -> None:
        earlier = {"start": at("2026-03-05T18:00"), "end": at("2026-03-05T20:00")}
        series = weekly(overrides=(Override(at("2026-03-10T18:00"), earlier, "THISANDFUTURE"),))
        assert starts(series, "2026-03-12", "2026-03-13") == ["2026-03-12T18:00:00-04:00"]

    def test_date_that_becomes_a_whole_day_keeps_the_others_timed(self) -> None:
        day = {
            "start": date(2026, 3, 10), "end": date(2026, 3, 11), "all_day": True, "zone": None,
        }  # fmt: skip
        series = weekly(overrides=(Override(at("2026-03-10T18:00"), day, "THISANDFUTURE"),))
        assert starts(series, "2026-03-03", "2026-03-18") == [
            "2026-03-03T18:00:00-05:00",
            "2026-03-10",
            "2026-03-17T18:00:00-04:00",
        ]


class TestLastEnd:
    @pytest.mark.parametrize(
        ("event", "expected"),
        [
            (weekly(rrule=None), at("2026-03-03T20:00")),
            (weekly(rrule=None, end=None), at("2026-03-03T18:00")),
            (weekly(), None),
            (weekly(rrule="FREQ=WEEKLY;COUNT=3"), at("2026-03-17T20:00")),
            (weekly(rrule="FREQ=WEEKLY;UNTIL=20280101T000000Z"), at("2027-12-28T20:00")),
            (weekly(rrule="FREQ=YEARLY;INTERVAL=3;UNTIL=20400101"), at("2038-03-03T20:00")),
            (weekly(rrule="FREQ=DAILY;BYMONTH=5;UNTIL=20400101"), at("2039-05-31T20:00")),
            (weekly(rrule="nonsense"), at("2026-03-03T20:00")),
            (
                weekly(rrule="FREQ=WEEKLY;COUNT=3", exdates=(at("2026-03-17T18:00"),)),
                at("2026-03-10T20:00"),
            ),
            (
                weekly(
                    rrule="FREQ=WEEKLY;COUNT=3",
                    overrides=(Override(at("2026-03-17T18:00"), {"end": at("2026-03-17T23:00")}),),
                ),
                at("2026-03-17T23:00"),
            ),
            (
                weekly(rrule=None, rdates=(Period(at("2026-05-01T18:00")),)),
                at("2026-05-01T20:00"),
            ),
            (Event(kind="notice"), None),
        ],
    )
    def test_is_when_the_last_date_is_over(self, event: Event, expected: Time | None) -> None:
        assert last_end(event) == expected

    def test_of_whole_days_and_floating_times_counts_as_utc(self) -> None:
        day = Event(start=date(2026, 3, 3), all_day=True)
        floating = Event(start=at("2026-03-03T18:00", None))
        assert last_end(day) == datetime(2026, 3, 4, tzinfo=UTC)
        assert last_end(floating) == datetime(2026, 3, 3, 18, tzinfo=UTC)


EVERY = ",".join
HOSTILE = [
    "FREQ=SECONDLY",
    "FREQ=MINUTELY",
    "FREQ=SECONDLY;COUNT=1000000000",
    "FREQ=SECONDLY;COUNT=1000000000;BYMINUTE=1",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=SECONDLY;UNTIL=99991231T235959Z",
    "FREQ=SECONDLY;INTERVAL=999999999999",
    "FREQ=MINUTELY;BYSECOND=1;BYMINUTE=3;BYHOUR=4;BYDAY=MO",
    "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    "FREQ=HOURLY;BYSETPOS=2",
    "FREQ=SECONDLY;INTERVAL=7;BYHOUR=3;BYMINUTE=2;BYSECOND=1;COUNT=1000000",
    "FREQ=DAILY",
    "FREQ=DAILY;COUNT=1000000000",
    "FREQ=DAILY;COUNT=1000000000;BYDAY=MO",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=99981231",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20401231",
    "FREQ=DAILY;BYSETPOS=2;COUNT=3",
    "FREQ=DAILY;INTERVAL=7;BYDAY=SU,MO,TU,WE;BYMONTHDAY=31;BYMONTH=4",
    "FREQ=DAILY;INTERVAL=999999999999",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;COUNT=1000000000;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2;COUNT=2",
    "FREQ=MONTHLY;BYDAY=99MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;COUNT=9",
    "FREQ=YEARLY;INTERVAL=999999999999;COUNT=3",
    "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=" + EVERY(map(str, range(24)))
    + ";BYMINUTE=" + EVERY(map(str, range(60))) + ";BYSECOND=" + EVERY(map(str, range(60)))
    + ";BYSETPOS=-1",
    "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=" + EVERY(map(str, range(24)))
    + ";BYMINUTE=" + EVERY(map(str, range(60))) + ";BYSECOND=" + EVERY(map(str, range(60)))
    + ";COUNT=999999999",
]  # fmt: skip


@pytest.mark.parametrize(
    "first", ["0001-01-02T08:00", "1900-01-01T08:00", "2007-06-21T08:00", "9998-12-30T23:00"]
)
@pytest.mark.parametrize("rule", HOSTILE, ids=lambda rule: str(rule)[:50])
def test_hostile_rule_takes_no_longer_than_a_blink(rule: str, first: str) -> None:
    event = weekly(start=at(first), end=at(first) + timedelta(hours=9), rrule=rule)
    window = at("2026-11-24"), at("2027-12-29")
    assert len(expand(event, *window).occurrences) <= 2000
    assert seconds(lambda: expand(event, *window)) < 0.2
    assert seconds(lambda: last_end(event)) < 0.2


def seconds(act: Callable[[], object]) -> float:
    """How long act takes this process, without what others on the machine add to it."""
    taken = []
    for _ in range(4):
        begin = time.process_time()
        act()
        taken.append(time.process_time() - begin)
        if taken[-1] < 0.1:
            break
    return min(taken)
