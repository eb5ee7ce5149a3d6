"""Zones by the names that feeds give them, and zones that calendars define themselves."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feeds.own_zones import own_zone
from feeds.timezones import iana, names, offset, zone
from feeds.zone_names import VENDOR_ZONES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("America/New_York", "America/New_York"),
        ("america/new york", "America/New_York"),
        (' "Europe/Berlin" ', "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("CENTRAL STANDARD TIME", "America/Chicago"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("/freeassociation.sourceforge.net/America/New_York", "America/New_York"),
        (
            "/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
        ),
        ("/mozilla.org/20070129_1/Europe/Paris", "Europe/Paris"),
        ("posix/Europe/Vaduz", "Europe/Vaduz"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Berlin", "Europe/Berlin"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("US/Eastern", "US/Eastern"),
    ],
)
def test_zone_is_known_by_its_other_names(name: str, expected: str) -> None:
    assert iana(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        *(None, "", " ", "/", "x" * 500, "../../etc/passwd", "localtime", "posixrules", "Factory"),
        *("Customized Time Zone", "custom_America/New_York", "/Europe/CUSTOM", "West"),
        *("GMT+5", "UTC+11"),
    ],
)
def test_name_that_means_no_zone_is_none(name: str | None) -> None:
    assert iana(name) is None


def test_every_name_of_a_vendor_leads_to_a_zone_of_iana() -> None:
    assert set(VENDOR_ZONES.values()) <= names()
    assert all(name == name.lower() for name in VENDOR_ZONES)
    assert all(iana(name) == found for name, found in VENDOR_ZONES.items())


def test_every_zone_of_iana_can_be_had() -> None:
    for name in names():
        assert zone(name).key == name


@pytest.mark.parametrize(
    ("name", "minutes"), [("UTC+11", 660), ("GMT-0330", -210), ("+01:00", 60), ("GMT+5", 300)]
)
def test_name_of_an_offset_is_that_offset(name: str, minutes: int) -> None:
    found = offset(name)
    assert found is not None
    assert found.utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("name", ["UTC", "GMT+99:00", "+1 hour", "Etc/GMT+5"])
def test_name_of_no_offset_is_none(name: str) -> None:
    assert offset(name) is None


def definition(*lines: str) -> str:
    return "\n".join(["BEGIN:VTIMEZONE", "TZID:Ours", *lines, "END:VTIMEZONE"])


NEW_YORK = definition(
    "BEGIN:DAYLIGHT", "DTSTART:20070311T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "END:DAYLIGHT",
    "BEGIN:STANDARD", "DTSTART:20071104T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
    "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "END:STANDARD",
)  # fmt: skip


def test_definition_tells_the_same_time_as_the_zone_it_describes() -> None:
    own, real = own_zone(NEW_YORK), ZoneInfo("America/New_York")
    assert own is not None
    for hours in range(0, 24 * 366, 1):
        instant = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
        ours, theirs = instant.astimezone(own), instant.astimezone(real)
        assert (ours.replace(tzinfo=None), ours.fold) == (theirs.replace(tzinfo=None), theirs.fold)
        wall = instant.replace(tzinfo=None)
        for fold in (0, 1):
            there = wall.replace(tzinfo=real, fold=fold).utcoffset()
            assert wall.replace(tzinfo=own, fold=fold).utcoffset() == there
        assert ours.astimezone(UTC) == instant


def test_definition_by_single_dates_and_until_is_followed() -> None:
    own = own_zone(
        definition(
            "BEGIN:STANDARD", "DTSTART:20000101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100",
            "END:STANDARD",
            "BEGIN:DAYLIGHT", "DTSTART:20200329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20210328T010000Z", "END:DAYLIGHT",
            "BEGIN:STANDARD", "DTSTART:20201025T030000", "RDATE:20211031T030000",
            "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
        )
    )  # fmt: skip
    assert own is not None
    summers = [datetime(year, 7, 1, tzinfo=own).utcoffset() for year in range(2019, 2024)]
    assert summers == [timedelta(hours=hours) for hours in (1, 2, 2, 1, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        definition(),
        definition("BEGIN:STANDARD", "DTSTART:20000101T000000", "END:STANDARD"),
        definition("BEGIN:STANDARD", "TZOFFSETFROM:+5744", "TZOFFSETTO:+5744", "END:STANDARD"),
        definition(
            *["BEGIN:STANDARD", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY", "END:STANDARD"] * 99
        ),
    ],
)
def test_definition_that_defines_nothing_is_none(text: str) -> None:
    assert own_zone(text) is None
