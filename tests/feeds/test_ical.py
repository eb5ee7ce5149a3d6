"""What of an iCalendar stream is read, refused and left out (single quirks: the specimens)."""

import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feeds.errors import UnreadableError
from feeds.event import Event, Reading
from feeds.facts import canonical, to_facts
from feeds.formats.ical import read, sniff
from feeds.ical_stream import MOST
from feeds.registry import Context
from feeds.registry import read as read_any

CONTEXT = Context(datetime(2026, 3, 1, tzinfo=UTC))


def vevent(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *parts, "END:VCALENDAR", ""]).encode()


def events(*parts: str, zone: str | None = None) -> tuple[Event, ...]:
    return reading(calendar(*parts), zone).events


def reading(body: bytes, zone: str | None = None) -> Reading:
    return read(body, Context(CONTEXT.now, ZoneInfo(zone) if zone else None))


def codes(found: Reading) -> list[str]:
    return [problem.code for problem in found.problems]


class TestRecognition:
    @pytest.mark.parametrize(
        ("head", "media_type"),
        [
            (b"BEGIN:VCALENDAR\r\nVERSION:2.0", ""),
            (b"\xef\xbb\xbfbegin:vcalendar\n", "text/html"),
            ("BEGIN:VCALENDAR\r\n".encode("utf-16"), ""),
            (b"<br />Warning: of the server's\nBEGIN:VCALENDAR\n", "text/plain"),
            (b"BEGIN:VEVENT\n", ""),
            (b"\n\n", "text/calendar"),
        ],
    )
    def test_calendar_is_recognised(self, head: bytes, media_type: str) -> None:
        assert sniff(head, media_type)

    @pytest.mark.parametrize(
        ("head", "media_type"),
        [
            (b"<!doctype html><html>", "text/calendar"),
            (b'{"message": "Group not found"}', "text/calendar"),
            (b"<a href='data:text/calendar,BEGIN:VCALENDAR'>", ""),
            (b"Story time", "text/plain"),
        ],
    )
    def test_what_is_none_is_not(self, head: bytes, media_type: str) -> None:
        assert not sniff(head, media_type)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "feed.empty"),
            (b" \r\n", "feed.empty"),
            (b"<html><title>Just a moment...</title></html>", "ical.is_page"),
            (b'{"message": "Invalid feed signature"}', "ical.is_data"),
            (b"Not found", "ical.not_calendar"),
        ],
    )
    def test_what_is_no_calendar_is_refused_by_what_it_is(self, body: bytes, code: str) -> None:
        with pytest.raises(UnreadableError) as refused:
            read(body, CONTEXT)
        assert refused.value.code == code

    def test_calendar_without_events_is_a_fine_reading(self) -> None:
        assert read_any(calendar(), CONTEXT) == Reading(format="ical")

    def test_name_zone_and_rhythm_are_read(self) -> None:
        body = calendar(
            "X-WR-CALNAME:Caf&eacute; Riverton", "X-WR-TIMEZONE:Eastern Time (US & Canada)",
            "REFRESH-INTERVAL;VALUE=DURATION:P15M",
        )  # fmt: skip
        found = reading(body)
        assert (found.name, found.zone) == ("Café Riverton", "America/New_York")
        assert found.refresh == timedelta(minutes=15)


class TestLeftOut:
    def test_feed_of_private_events_alone_is_one_problem(self) -> None:
        parts = [
            vevent("UID:1", "CLASS:PRIVATE", "DTSTART:20260601T100000Z"),
            vevent("UID:2", "CLASS:CONFIDENTIAL", "DTSTART:20260601T100000Z"),
        ]
        found = reading(calendar(*parts))
        assert (found.events, codes(found)) == ((), ["ical.private"])

    def test_feed_that_says_only_busy_is_one_problem(self) -> None:
        busy = vevent("UID:1", "SUMMARY:Busy", "DTSTART:20260601T100000Z")
        free = "BEGIN:VFREEBUSY\r\nFREEBUSY:20260601T100000Z/PT1H\r\nEND:VFREEBUSY"
        found = reading(calendar(busy, free))
        assert (found.events, codes(found)) == ((), ["ical.busy"])

    def test_people_invited_and_alarms_never_travel(self) -> None:
        [event] = events(
            vevent(
                "UID:1",
                "DTSTART:20260601T100000Z",
                "SUMMARY:Talk",
                "ATTENDEE;CN=Ann Reader:mailto:ann@home.example",
                "BEGIN:VALARM",
                "DESCRIPTION:Ring Ann",
                "SUMMARY:Ring",
                "END:VALARM",
            )
        )
        assert "ann" not in canonical(to_facts(event)).lower()

    def test_more_events_than_the_most_are_left_out_with_a_problem(self) -> None:
        body = calendar(*(vevent(f"UID:{number}") for number in range(MOST + 1)))
        begin = time.process_time()
        found = reading(body)
        assert time.process_time() - begin < 12
        assert (len(found.events), codes(found)) == (MOST, ["feed.too_many"])


def told_twice() -> list[str]:
    """Events that compete: by sequence, by change, by start, and by nothing."""
    stamps = ("20260101T000000Z", "20260201T000000Z")
    parts = [
        vevent("UID:a", f"SUMMARY:{start} {sequence} {stamp}", f"DTSTART:{start}",
               f"SEQUENCE:{sequence}", f"LAST-MODIFIED:{stamp}", "RRULE:FREQ=WEEKLY;COUNT=3")
        for start in ("20260601T100000Z", "20260602T100000Z")
        for sequence in (1, 2)
        for stamp in stamps
    ]  # fmt: skip
    parts += [
        vevent("UID:a", f"SUMMARY:{text}", "DTSTART:20260602T100000Z", "SEQUENCE:2",
               f"LAST-MODIFIED:{stamps[1]}")
        for text in "xyz"
    ]  # fmt: skip
    parts += [
        vevent("UID:a", f"RECURRENCE-ID:{original}", f"SUMMARY:Date {text}",
               "DTSTART:20260609T120000Z", "SEQUENCE:3")
        for original in ("20260608T100000Z", "20260615T100000Z")
        for text in "pq"
    ]  # fmt: skip
    return [*parts, vevent("SUMMARY:Nameless", "DTSTART:20260601T100000Z")]


def by_content(found: Iterable[Event]) -> list[str]:
    return sorted(canonical(to_facts(event)) for event in found)


class TestIdentity:
    def test_order_of_the_feed_does_not_matter(self) -> None:
        parts = told_twice()
        expected = by_content(events(*parts))
        assert len(expected) == 3
        for seed in range(20):
            random.Random(seed).shuffle(parts)
            assert by_content(events(*parts)) == expected

    def test_events_stand_in_the_order_of_the_feed(self) -> None:
        parts = [vevent(f"UID:{number}", "DTSTART:20260601T100000Z") for number in (3, 1, 2)]
        assert [event.uid for event in events(*parts)] == ["3", "1", "2"]

    def test_override_before_its_series_stands_inside_it(self) -> None:
        override = vevent("UID:a", "RECURRENCE-ID:20260608T100000Z", "DTSTART:20260608T110000Z")
        series = vevent("UID:a", "DTSTART:20260601T100000Z", "RRULE:FREQ=WEEKLY")
        [event] = events(override, series)
        assert [each.changes for each in event.overrides] == [
            {"start": datetime(2026, 6, 8, 11, tzinfo=UTC)}
        ]

    def test_override_in_another_calendar_of_the_stream_stands_inside_its_series(self) -> None:
        series = vevent("UID:a", "DTSTART:20260601T100000Z", "RRULE:FREQ=WEEKLY")
        override = vevent("UID:a", "RECURRENCE-ID:20260608T100000Z", "DTSTART:20260608T110000Z")
        [event] = reading(calendar(series) + calendar(override)).events
        assert len(event.overrides) == 1


class TestZones:
    def test_two_feeds_with_one_name_for_two_zones_do_not_mix(self) -> None:
        for away in ("+0500", "-0700"):
            zone = (
                "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\n"
                f"TZOFFSETFROM:{away}\r\nTZOFFSETTO:{away}\r\nEND:STANDARD\r\nEND:VTIMEZONE"
            )
            [event] = events(zone, vevent("UID:1", "DTSTART;TZID=Ours:20260601T100000"))
            assert isinstance(event.start, datetime)
            assert event.start.strftime("%z") == away

    def test_readers_zone_never_overrides_what_the_feed_says(self) -> None:
        head = "X-WR-TIMEZONE:America/New_York"
        for line in ("DTSTART:20260601T100000", "DTSTART:20260601T140000Z"):
            [event] = events(head, vevent("UID:1", line), zone="Europe/Berlin")
            assert (event.zone, event.start) == (
                "America/New_York",
                datetime(2026, 6, 1, 14, tzinfo=UTC),
            )


MANY = 200_000
HOSTILE = {
    "line feeds": b"BEGIN:VCALENDAR" + b"\n" * 3_000_000,
    "carriage returns": b"BEGIN:VCALENDAR" + b"\r" * 3_000_000,
    "folds": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"\n x" * 500_000,
    "blank folds": b"BEGIN:VCALENDAR" + b"\n " * 1_000_000,
    "text that runs on": calendar(vevent("DESCRIPTION:a", *["<b>"] * MANY)),
    "parts inside parts": b"BEGIN:VEVENT\n" + b"BEGIN:A\n" * MANY + b"END:B\n" * MANY,
    "calendars": b"BEGIN:VCALENDAR\n" * (MANY // 4),
    "parameters": calendar(vevent("DTSTART" + ";X=1" * MANY + ":20260601T100000Z")),
    "quotes": calendar(vevent('SUMMARY;X="' + '"' * MANY + ":a")),
    "backslashes": calendar(vevent("SUMMARY:" + "\\" * 1_000_000)),
    "commas": calendar(vevent("CATEGORIES:" + "," * 1_000_000, "EXDATE:" + "," * 1_000_000)),
    "exceptions": calendar(
        vevent("DTSTART:20260601T100000Z", "RRULE:FREQ=DAILY",
               *["EXDATE:" + ",".join(["20260601T100000Z"] * 1000)] * 100)
    ),
    "rule": calendar(
        vevent("DTSTART:20260601T100000Z", "RRULE:FREQ=DAILY;BYSECOND=" + "1," * MANY)
    ),
    "at signs": calendar(vevent("ORGANIZER;CN=A:mailto:a@b.example", "DESCRIPTION:" + "a@" * MANY)),
    "zones": calendar(
        *(
            f"BEGIN:VTIMEZONE\nTZID:Z{number}\n"
            + "BEGIN:STANDARD\nDTSTART:19000101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
            "RRULE:FREQ=YEARLY;BYDAY=MO,TU;BYMONTH=3,4\nEND:STANDARD\n" * 20
            + f"END:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Z{number}:20260601T100000\nEND:VEVENT"
            for number in range(100)
        )
    ),
    "overrides": calendar(
        vevent("UID:a", "DTSTART:20260601T100000Z", "RRULE:FREQ=DAILY"),
        *(
            vevent("UID:a", f"RECURRENCE-ID;RANGE=THISANDFUTURE:20{year}0601T100000Z")
            for year in range(26, 99)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_stream_is_read_in_time(name: str) -> None:
    begin = time.process_time()
    reading(HOSTILE[name])
    assert time.process_time() - begin < 2.0
