"""What a calendar says, line by line. That it is read back the same: test_round_trip.py."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calendars.ical import block, join, zones_used
from feeds.event import Event, Organizer, Override, Period, Place, Time
from tests.calendars.reading import STAMP, calendar, lines, ours, published, read_back, theirs
from tests.calendars.strategies import OWN_ZONE

EAST = timezone(timedelta(hours=2))
NEW_YORK = ZoneInfo("America/New_York")
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]


def weekly(**changes: Any) -> Event:
    """Mondays at ten in New York, endless."""
    usual = Event(
        uid="x",
        summary="Chess",
        start=local(2026, 10, 5, 10),
        end=local(2026, 10, 5, 11),
        zone="America/New_York",
        rrule="FREQ=WEEKLY;BYDAY=MO",
    )
    return replace(usual, **changes)


def said(event: Event, *names: str, **more: Any) -> list[str]:
    """The lines of its block with these names."""
    written = lines(block(published(event, **more)).encode())
    return [each for each in written if each.split(":")[0].split(";")[0] in names]


def test_one_event_is_written_whole() -> None:
    event = Event(
        uid="theirs",
        summary="Tea; cake",
        description="Bring a cup,\nplease.",
        start=local(2026, 10, 5, 10),
        end=local(2026, 10, 5, 11, 30),
        zone="America/New_York",
        status="CONFIRMED",
        location=Place("The Barn", "1 Main St", 40.5, -73.25),
        online_url="https://video.example/1",
        organizer=Organizer("Garden Club", "hello@garden.example"),
        url="https://garden.example/tea",
        image="https://garden.example/tea.jpg",
        categories=("Food, drink", "Talks"),
    )
    written = block(published(event, sequence=3, created=STAMP - timedelta(days=1)))
    assert lines(written.encode()) == [
        "BEGIN:VEVENT",
        "UID:01ABC@install",
        "DTSTAMP:20260301T120000Z",
        "DTSTART;TZID=America/New_York:20261005T100000",
        "DTEND;TZID=America/New_York:20261005T113000",
        "SEQUENCE:3",
        "STATUS:CONFIRMED",
        "SUMMARY:Tea\\; cake",
        "DESCRIPTION:Bring a cup\\,\\nplease.",
        "LOCATION:The Barn\\, 1 Main St",
        "GEO:40.500000;-73.250000",
        "CONFERENCE;VALUE=URI:https://video.example/1",
        "URL:https://garden.example/tea",
        "CATEGORIES:Food\\, drink,Talks",
        "CONTACT:Garden Club\\, hello@garden.example",
        'ORGANIZER;CN="Garden Club":mailto:hello@garden.example',
        "CREATED:20260228T120000Z",
        "LAST-MODIFIED:20260301T120000Z",
        "END:VEVENT",
    ]
    [read] = read_back(calendar(published(event))).events
    same = replace(event, uid="01ABC@install", sequence=1, updated=STAMP, image=None)
    assert read == replace(same, location=Place("The Barn, 1 Main St", None, 40.5, -73.25))


def test_our_own_page_stands_before_the_events_address() -> None:
    event = weekly(url="https://theirs.example")
    assert said(event, "URL", url="https://ours.example/e/1") == ["URL:https://ours.example/e/1"]


def test_an_organizer_without_an_address_is_a_contact_and_so_is_the_partner() -> None:
    assert said(weekly(organizer=Organizer("Bob")), "CONTACT", "ORGANIZER") == ["CONTACT:Bob"]
    assert said(weekly(), "CONTACT", "ORGANIZER", partner="Museum") == ["CONTACT:Museum"]
    assert said(weekly(), "CONTACT", "ORGANIZER") == []


def test_an_event_that_is_only_online_has_its_address_as_place() -> None:
    event = weekly(online_url="https://video.example/1")
    assert said(event, "LOCATION") == ["LOCATION:https://video.example/1"]
    assert read_back(calendar(published(event))).events[0].online_url == "https://video.example/1"


@pytest.mark.parametrize(
    ("status", "written"),
    [
        (None, []),
        ("CONFIRMED", ["STATUS:CONFIRMED"]),
        ("TENTATIVE", ["STATUS:TENTATIVE"]),
        ("CANCELLED", ["STATUS:CANCELLED"]),
        ("POSTPONED", ["STATUS:TENTATIVE"]),
    ],
)
def test_status_is_said_with_the_words_that_there_are(
    status: str | None, written: list[str]
) -> None:
    assert said(weekly(status=status), "STATUS") == written


@pytest.mark.parametrize(
    ("start", "zone", "written"),
    [
        (
            local(2026, 10, 5, 10),
            "America/New_York",
            "DTSTART;TZID=America/New_York:20261005T100000",
        ),
        (datetime(2026, 10, 5, 10, tzinfo=UTC), "UTC", "DTSTART:20261005T100000Z"),
        (datetime(2026, 10, 5, 10, tzinfo=ZoneInfo("Zulu")), "Zulu", "DTSTART:20261005T100000Z"),
        (
            datetime(2026, 10, 5, 10, tzinfo=timezone(timedelta(hours=2))),
            None,
            "DTSTART:20261005T080000Z",
        ),
        (date(2026, 10, 5), None, "DTSTART;VALUE=DATE:20261005"),
        (datetime(2026, 10, 5, 10), None, "DTSTART:20261005T100000"),  # noqa: DTZ001
        # The hour that is skipped, and the hour that comes twice: its first and its second time.
        (local(2026, 3, 8, 2, 30), "America/New_York", "DTSTART:20260308T073000Z"),
        (local(2026, 11, 1, 1, 30), "America/New_York", "DTSTART:20261101T053000Z"),
        (local(2026, 11, 1, 1, 30).replace(fold=1), "America/New_York", "DTSTART:20261101T063000Z"),
    ],
)
def test_one_date_is_written_by_its_clock(start: Time, zone: str | None, written: str) -> None:
    assert said(Event(summary="x", start=start, zone=zone), "DTSTART") == [written]


@pytest.mark.parametrize(
    "end",
    [local(2026, 10, 5, 10), local(2026, 10, 5, 9), date(2026, 10, 6), datetime(2026, 10, 5, 12)],  # noqa: DTZ001
)
def test_an_end_that_does_not_follow_the_start_is_not_written(end: Time) -> None:
    event = Event(summary="x", start=local(2026, 10, 5, 10), end=end, zone="America/New_York")
    assert said(event, "DTEND") == []


def test_the_same_data_gives_the_same_bytes() -> None:
    event = weekly(overrides=(Override(local(2026, 10, 12, 10), {"summary": "Final"}),))
    assert calendar(published(event)) == calendar(published(event))


def test_what_has_no_date_is_not_written() -> None:
    assert block(published(Event(summary="Some day", kind="notice"))) == ""
    assert block(published(weekly(rrule=None, rdates=(), overrides=(), start=None))) == ""
    gone = weekly(rrule="FREQ=WEEKLY;COUNT=1", exdates=(local(2026, 10, 5, 10),))
    assert theirs(calendar(published(gone)), BEGIN, END) == []


def test_a_date_without_its_series_is_an_event_of_its_own() -> None:
    event = weekly(recurrence_id=local(2026, 10, 5, 9), rrule=None)
    assert said(event, "RECURRENCE-ID", "RRULE") == []
    assert theirs(calendar(published(event)), BEGIN, END) == ours([event], BEGIN, END)


@pytest.mark.parametrize(
    ("rrule", "written"),
    [
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=9", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=9"),
        # A date means that whole day, by the clock of the series.
        ("FREQ=WEEKLY;UNTIL=20261109", "RRULE:FREQ=WEEKLY;UNTIL=20261110T045959Z"),
        ("FREQ=WEEKLY;UNTIL=20261012T100000", "RRULE:FREQ=WEEKLY;UNTIL=20261012T140000Z"),
        ("FREQ=WEEKLY;UNTIL=20261012T140000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261012T140000Z"),
        ("freq=weekly;x-more=1;skip=omit;rscale=gregorian", "RRULE:FREQ=WEEKLY"),
        ("FREQ=WEEKLY;COUNT=9;UNTIL=20261012T140000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261012T140000Z"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20291012T140000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261012T140000Z"),
    ],
)
def test_the_end_of_a_rule_is_of_the_kind_its_start_is(rrule: str, written: str) -> None:
    assert said(weekly(rrule=rrule), "RRULE") == [written]


def test_the_end_of_a_rule_of_whole_days_is_a_day() -> None:
    event = Event(start=date(2026, 10, 5), end=date(2026, 10, 6), all_day=True)
    event = replace(event, rrule="FREQ=DAILY;UNTIL=20261007T120000Z;BYHOUR=9")
    assert said(event, "RRULE") == ["RRULE:FREQ=DAILY;UNTIL=20261007"]


@pytest.mark.parametrize(
    "rrule",
    ["FREQ=NEVER", "FREQ=DAILY;INTERVAL=0", "BYDAY=MO", "FREQ=HOURLY;BYSETPOS=3", ";;="],
)
def test_what_is_no_rule_leaves_the_first_date(rrule: str) -> None:
    event = weekly(rrule=rrule)
    assert said(event, "RRULE") == []
    [only] = theirs(calendar(published(event)), BEGIN, END)
    assert only.start == "2026-10-05T14:00:00Z"


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSETPOS=300;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=DAILY;UNTIL=99991231T235959Z",
    ],
)
def test_no_rule_takes_long(rrule: str) -> None:
    began = datetime.now(UTC)
    extra = (Override(local(2036, 10, 5, 9), {}, "THISANDFUTURE"),)
    assert block(published(weekly(rrule=rrule, overrides=extra)))
    assert datetime.now(UTC) - began < timedelta(seconds=4)


def test_an_exdate_that_leaves_nothing_out_and_an_rdate_that_adds_nothing_are_not_written() -> None:
    event = weekly(
        rdates=(Period(local(2026, 10, 12, 10)), Period(local(2026, 10, 13, 10))),
        exdates=(local(2026, 10, 20, 10), local(2026, 10, 26, 10), date(2026, 11, 2)),
    )
    assert said(event, "RDATE") == ["RDATE;TZID=America/New_York:20261013T100000"]
    assert said(event, "EXDATE") == [
        "EXDATE;TZID=America/New_York:20261026T100000",
        "EXDATE;TZID=America/New_York:20261102T100000",
    ]


def test_a_first_date_outside_the_rule_stands_in_rdate_and_count_becomes_until() -> None:
    event = weekly(rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=2")
    assert said(event, "DTSTART", "RRULE", "RDATE") == [
        "DTSTART;TZID=America/New_York:20261005T100000",
        "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261013T140000Z",
        "RDATE;TZID=America/New_York:20261005T100000",
    ]


def test_extra_dates_without_a_rule_are_all_told() -> None:
    event = weekly(rrule=None, rdates=(Period(local(2026, 10, 7, 10)),))
    assert said(event, "RDATE") == [
        "RDATE;TZID=America/New_York:20261005T100000",
        "RDATE;TZID=America/New_York:20261007T100000",
    ]


def test_an_extra_date_with_its_own_end_is_told_anew() -> None:
    event = weekly(rdates=(Period(local(2026, 10, 6, 10), local(2026, 10, 6, 15)),))
    assert said(event, "RDATE", "RECURRENCE-ID", "DTEND") == [
        "DTEND;TZID=America/New_York:20261005T110000",
        "RDATE;TZID=America/New_York:20261006T100000",
        "RECURRENCE-ID;TZID=America/New_York:20261006T100000",
        "DTEND;TZID=America/New_York:20261006T150000",
    ]


def test_an_override_of_a_date_that_the_rule_does_not_give_is_a_date_too() -> None:
    event = weekly(overrides=(Override(local(2026, 10, 7, 10), {"summary": "Extra"}),))
    assert "RDATE;TZID=America/New_York:20261007T100000" in said(event, "RDATE")
    assert said(event, "SUMMARY") == ["SUMMARY:Chess", "SUMMARY:Extra"]


def test_an_override_without_a_start_stays_where_it_is() -> None:
    event = weekly(overrides=(Override(local(2026, 10, 12, 10), {"start": None}),))
    assert said(event, "DTSTART")[1] == "DTSTART;TZID=America/New_York:20261012T100000"


def test_an_override_of_a_date_that_is_left_out_is_not_written() -> None:
    out = local(2026, 10, 12, 10)
    event = weekly(overrides=(Override(out, {"summary": "Extra"}),), exdates=(out,))
    assert said(event, "RECURRENCE-ID") == []


def test_from_this_and_future_on_it_is_a_series_of_its_own() -> None:
    later = {
        "summary": "Late",
        "start": local(2026, 11, 2, 18),
        "end": local(2026, 11, 2, 20),
    }
    event = weekly(
        overrides=(
            Override(local(2026, 11, 2, 10), later, "THISANDFUTURE"),
            Override(local(2026, 11, 9, 10), {"status": "CANCELLED"}),
        ),
        exdates=(local(2026, 11, 16, 10),),
    )
    assert said(
        event, "UID", "DTSTART", "DTEND", "RRULE", "EXDATE", "RECURRENCE-ID", "SUMMARY"
    ) == [
        "UID:01ABC@install",
        "DTSTART;TZID=America/New_York:20261005T100000",
        "DTEND;TZID=America/New_York:20261005T110000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261026T140000Z",
        "SUMMARY:Chess",
        "UID:01ABC-20261102T100000@install",
        "DTSTART;TZID=America/New_York:20261102T180000",
        "DTEND;TZID=America/New_York:20261102T200000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "EXDATE;TZID=America/New_York:20261116T180000",
        "SUMMARY:Late",
        "UID:01ABC-20261102T100000@install",
        "RECURRENCE-ID;TZID=America/New_York:20261109T180000",
        "DTSTART;TZID=America/New_York:20261109T100000",
        "DTEND;TZID=America/New_York:20261109T110000",
        "SUMMARY:Chess",
    ]
    assert theirs(calendar(published(event)), BEGIN, END) == ours([event], BEGIN, END)


def test_a_rest_that_moves_to_another_day_is_written_date_by_date_for_a_thousand_dates() -> None:
    change = Override(local(2026, 11, 2, 10), {"start": local(2026, 11, 3, 10)}, "THISANDFUTURE")
    dates = said(weekly(overrides=(change,)), "RDATE")
    assert len(dates) == 1000
    assert dates[:2] == [
        "RDATE;TZID=America/New_York:20261103T100000",
        "RDATE;TZID=America/New_York:20261110T100000",
    ]


def test_a_series_in_utc_keeps_its_instants_under_the_librarys_zone() -> None:
    start = datetime(2026, 10, 5, 14, tzinfo=UTC)
    event = Event(summary="x", start=start, end=start, zone="UTC", rrule="FREQ=WEEKLY;COUNT=9")
    assert said(event, "DTSTART", "RRULE") == [
        "DTSTART;TZID=Etc/GMT:20261005T140000",
        "RRULE:FREQ=WEEKLY;COUNT=9",
    ]
    assert zones_used(event) == {"Etc/GMT"}
    body = calendar(published(event), zone="America/New_York")
    expected = ours([event], BEGIN, END)
    assert theirs(body, BEGIN, END) == ours(read_back(body).events, BEGIN, END) == expected


def test_a_series_at_an_offset_or_by_its_own_clock_brings_that_clock_along() -> None:
    start = datetime(2026, 10, 5, 14, tzinfo=timezone(timedelta(hours=2, minutes=30)))
    plain = Event(summary="x", start=start, rrule="FREQ=WEEKLY;COUNT=9")
    own = replace(plain, vtimezone=OWN_ZONE)
    for event in (plain, own):
        assert zones_used(event) == set()
        body = calendar(published(event, "a@b"), published(event, "c@d"))
        tzids = [each for each in lines(body) if each.startswith("TZID:")]
        assert len(set(tzids)) == len(tzids) == 2
        assert theirs(body, BEGIN, END) == ours([event, event], BEGIN, END)
    assert said(own, "TZOFFSETTO") == ["TZOFFSETTO:+0230", "TZOFFSETTO:+0330"]
    assert said(plain, "TZOFFSETTO") == ["TZOFFSETTO:+0230"]


def test_a_clock_without_names_is_not_taken_for_floating_under_the_librarys_zone() -> None:
    start = datetime(2026, 10, 5, 14, tzinfo=timezone(timedelta(hours=2, minutes=30)))
    event = Event(summary="x", start=start, rrule="FREQ=WEEKLY;COUNT=9", vtimezone=OWN_ZONE)
    assert said(event, "TZNAME") == ["TZNAME:+02:30", "TZNAME:+03:30"]
    body = calendar(published(event), zone="America/New_York")
    assert theirs(body, BEGIN, END) == ours([event], BEGIN, END)


def test_a_rule_that_ends_before_it_starts_leaves_only_what_is_said_besides() -> None:
    event = weekly(
        rrule="FREQ=WEEKLY;UNTIL=20250101T000000Z", rdates=(Period(local(2026, 12, 1, 9)),)
    )
    assert said(event, "DTSTART", "RDATE", "RRULE") == [
        "DTSTART;TZID=America/New_York:20261201T090000"
    ]
    assert theirs(calendar(published(event)), BEGIN, END) == ours([event], BEGIN, END)


def test_a_series_that_ends_in_the_hour_that_comes_twice_says_which() -> None:
    event = weekly(start=local(2026, 10, 31, 22), end=local(2026, 11, 1, 1, 30))
    assert said(event, "DTEND") == ["DTEND:20261101T053000Z"]
    assert theirs(calendar(published(event)), BEGIN, END) == ours([event], BEGIN, END)


def test_a_series_that_starts_in_an_hour_that_is_skipped_keeps_its_hour() -> None:
    event = weekly(start=local(2026, 3, 8, 2, 30), end=None, rrule="FREQ=DAILY")
    assert said(event, "DTSTART") == ["DTSTART;TZID=America/New_York:20260308T023000"]
    assert theirs(calendar(published(event)), BEGIN, END) == ours([event], BEGIN, END)


def test_a_series_that_starts_at_the_second_of_two_equal_hours_tells_that_date_anew() -> None:
    event = weekly(start=local(2026, 11, 1, 1, 30).replace(fold=1), end=None, rrule="FREQ=DAILY")
    assert said(event, "RECURRENCE-ID", "DTSTART") == [
        "DTSTART;TZID=America/New_York:20261101T013000",
        "RECURRENCE-ID;TZID=America/New_York:20261101T013000",
        "DTSTART:20261101T063000Z",
    ]
    assert theirs(calendar(published(event)), BEGIN, END) == ours([event], BEGIN, END)


@pytest.mark.parametrize(
    "broken",
    [
        "no clock at all",
        OWN_ZONE.replace("YEARLY", "SECONDLY"),
        OWN_ZONE.replace("TZOFFSETTO", "X"),
    ],
)
def test_a_clock_that_cannot_be_read_leaves_the_offset_of_the_start(broken: str) -> None:
    start = datetime(2026, 10, 5, 14, tzinfo=EAST)
    event = Event(summary="x", start=start, rrule="FREQ=WEEKLY;COUNT=9", vtimezone=broken)
    assert said(event, "TZOFFSETTO") == ["TZOFFSETTO:+0200"]


def test_zones_used_are_those_of_the_series_and_of_its_overrides() -> None:
    paris = datetime(2026, 10, 12, 16, tzinfo=ZoneInfo("Europe/Paris"))
    moved = Override(local(2026, 10, 12, 10), {"start": paris, "zone": "Europe/Paris"})
    assert zones_used(weekly(overrides=(moved,))) == {"America/New_York", "Europe/Paris"}
    assert zones_used(Event(start=date(2026, 1, 1))) == set()


def test_a_calendar_says_its_name_its_zone_and_how_often_to_ask() -> None:
    body = join(
        [],
        [],
        name="Library; events",
        zone="America/New_York",
        refresh=timedelta(minutes=90),
        first=date(2026, 1, 1),
        last=date(2027, 1, 1),
    )
    assert lines(body) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Townboard//Townboard//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Library\\; events",
        "X-WR-CALNAME:Library\\; events",
        "X-WR-TIMEZONE:America/New_York",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H30M",
        "X-PUBLISHED-TTL:PT1H30M",
        "END:VCALENDAR",
    ]
    read = read_back(body)
    assert (read.name, read.zone, read.refresh) == (
        "Library; events",
        "America/New_York",
        timedelta(minutes=90),
    )


def test_a_zone_is_defined_once_however_many_events_need_it() -> None:
    body = calendar(published(weekly(), "a@b"), published(weekly(), "c@d"))
    assert body.count(b"TZID:America/New_York") == 1
