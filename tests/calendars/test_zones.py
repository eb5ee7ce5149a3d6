"""A VTIMEZONE means the same as the zone it was made from, for whoever reads it."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from io import StringIO
from time import perf_counter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from dateutil.tz import tzical
from icalendar import Timezone

from calendars.zones import definition, fixed, vtimezone

# By rule; by date (Israel, Chile, Morocco); no change at all; abolished; a change of half an
# hour; a new offset in the span; winter as saving time.
ZONES = (
    "America/New_York",
    "Europe/Paris",
    "Asia/Jerusalem",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "America/Mexico_City",
    "Australia/Lord_Howe",
    "Asia/Almaty",
    "Europe/Dublin",
    "Pacific/Kiritimati",
    "Etc/GMT",
)
FIRST, UNTIL = date(2021, 5, 1), date(2027, 6, 1)


def _hours(zone: str) -> list[datetime]:
    """Every hour of the weeks around a change and the noon of every other day, until 2032."""
    tz, found = ZoneInfo(zone), []
    at = datetime(2021, 5, 1, tzinfo=UTC)
    while at.year < 2032:
        after = at + timedelta(days=1)
        if at.astimezone(tz).utcoffset() != after.astimezone(tz).utcoffset():
            found += [at + timedelta(minutes=10 * n) for n in range(-144, 288)]
        found.append(at + timedelta(hours=12))
        at = after
    return found


def _by_icalendar(text: str) -> tzinfo:
    read = Timezone.from_ical(text)
    assert isinstance(read, Timezone)
    zone: tzinfo = read.to_tz(lookup_tzid=False)
    return zone


@pytest.mark.parametrize("zone", ZONES)
def test_vtimezone_gives_every_wall_time_the_zones_own_offset(zone: str) -> None:
    text = vtimezone(zone, FIRST, UNTIL)
    read = tzical(StringIO(text)).get(zone)
    theirs = _by_icalendar(text)
    tz = ZoneInfo(zone)
    for instant in _hours(zone):
        wall = instant.astimezone(tz)
        for each in (read, theirs):
            told = wall.replace(tzinfo=each)
            assert told.utcoffset() == wall.utcoffset(), (wall, each)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Paris"])
def test_vtimezone_of_a_plain_zone_is_one_rule_for_summer_and_one_for_winter(zone: str) -> None:
    text = vtimezone(zone, FIRST, UNTIL)
    assert text.count("BEGIN:STANDARD") == text.count("BEGIN:DAYLIGHT") == 1
    assert text.count("RRULE:FREQ=YEARLY") == 2
    assert "RDATE" not in text


def test_vtimezone_of_old_dates_holds_the_rules_of_that_time() -> None:
    tz = tzical(StringIO(vtimezone("America/New_York", date(2005, 1, 1), UNTIL))).get()
    assert datetime(2006, 3, 20, 12, tzinfo=tz).utcoffset() == timedelta(hours=-5)
    assert datetime(2007, 3, 20, 12, tzinfo=tz).utcoffset() == timedelta(hours=-4)
    assert datetime(2005, 1, 2, 12, tzinfo=tz).utcoffset() == timedelta(hours=-5)


def test_vtimezone_holds_seconds_where_an_old_local_time_has_them() -> None:
    assert "TZOFFSETTO:-004430\r\n" in vtimezone("Africa/Monrovia", date(1970, 1, 1), UNTIL)


def test_vtimezone_of_years_that_must_be_a_mistake_costs_no_time_and_is_right_for_the_others() -> (
    None
):
    began = perf_counter()
    text = vtimezone("Europe/Paris", date.min, date.max)
    assert perf_counter() - began < 2
    tz = tzical(StringIO(text)).get()
    assert datetime(2026, 3, 29, 4, tzinfo=tz).utcoffset() == timedelta(hours=2)
    assert datetime(1985, 12, 1, tzinfo=tz).utcoffset() == timedelta(hours=1)


def test_vtimezone_of_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        vtimezone("Mars/Base", FIRST, UNTIL)


def test_fixed_clock_keeps_its_offset() -> None:
    text = definition("own", fixed(timedelta(hours=-9, minutes=-30)))
    tz = _by_icalendar(text)
    assert datetime(2026, 7, 1, tzinfo=tz).utcoffset() == timedelta(hours=-9, minutes=-30)
    assert datetime(2026, 1, 1, tzinfo=tz).tzname() == "-09:30"
    assert "TZNAME:GMT" in fixed(timedelta())
