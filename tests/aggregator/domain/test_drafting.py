"""A form that was filled in, and the event that it tells: both ways, and what is a fault."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.drafting import Drafted, all_dates, draft_of, drafted
from aggregator.domain.drafts import Draft
from feeds.event import Age, Event, Organizer, Override, Place, Price
from feeds.recurrence import expand

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def typed(**values: Any) -> Draft:
    """A reading group on Wednesday 2 December at seven, with what else is typed."""
    plain = Draft(title="Reading group", day="2026-12-02", start="19:00", end="20:30")
    return replace(plain, **values)


def read(old: Event | None = None, **values: Any) -> Drafted:
    return drafted(typed(**values), ZONE, NOW, [Place("Loft", "1 Mill Street", 40.7, -74.0)], old)


def event_of(old: Event | None = None, **values: Any) -> Event:
    told = read(old, **values)
    assert told.event is not None, told.faults
    return told.event


def faults(**values: Any) -> dict[str, str]:
    return {name: fault.code for name, fault in read(**values).faults.items()}


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def test_times_are_by_the_clock_of_the_library() -> None:
    event = event_of()
    assert (event.start, event.end, event.zone) == (at(2, 19), at(2, 20, 30), "America/New_York")


def test_whole_days_end_with_their_last_one() -> None:
    event = event_of(all_day=True, last="2026-12-04", start="", end="")
    assert (event.start, event.end) == (date(2026, 12, 2), date(2026, 12, 5))
    assert (event.all_day, event.zone) == (True, None)


def test_an_end_in_the_small_hours_is_of_the_next_day() -> None:
    assert event_of(end="01:00").end == at(3, 1)


def test_times_typed_as_people_write_them_are_read() -> None:
    event = event_of(day="Sat 12 Dec", start="noon", end="6:30 pm")
    assert (event.start, event.end) == (at(12, 12), at(12, 18, 30))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"title": " "}, {"title": "entering.title"}),
        ({"day": ""}, {"day": "entering.no_day"}),
        ({"day": "soon"}, {"day": "entering.day"}),
        ({"day": "5/6"}, {"day": "entering.day"}),  # both ways round
        ({"day": "2026-11-23"}, {"day": "entering.past"}),
        ({"start": ""}, {"start": "entering.no_clock"}),
        ({"start": "at 7"}, {"start": "entering.clock"}),
        ({"start": "25:00"}, {"start": "entering.clock"}),
        ({"end": "18:00"}, {"end": "entering.end"}),
        ({"last": "2026-12-01"}, {"last": "entering.last"}),
        ({"last": "2026-12-04", "end": ""}, {"end": "entering.no_end"}),
        ({"day": "2027-03-14", "start": "02:30", "end": "04:00"}, {"start": "entering.gap"}),
        ({"repeat": "banana"}, {"repeat": "repeat.unknown"}),
        ({"repeat": "every Friday"}, {"day": "entering.first"}),
        ({"repeat": "every Wednesday until 25 November"}, {"repeat": "entering.until"}),
        ({"repeat": "FREQ=HOURLY;X"}, {"repeat": "repeat.unknown"}),
        (
            {"repeat": "every Wednesday, 2 times", "without": ("2026-12-02", "2026-12-09")},
            {"repeat": "entering.no_date"},
        ),
        ({"age_from": "ten"}, {"age_from": "entering.age"}),
        ({"age_from": "10", "age_to": "6"}, {"age_to": "entering.ages"}),
        ({"url": "not an address"}, {"url": "entering.address"}),
        ({"booking_url": "javascript:alert(1)"}, {"booking_url": "entering.address"}),
    ],
)
def test_what_can_not_be_used_is_a_fault_of_its_field(
    values: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert faults(**values) == wrong
    assert read(**values).event is None


def test_a_time_that_the_clocks_skip_says_what_to_choose() -> None:
    fault = read(day="2027-03-14", start="02:30", end="").faults["start"]
    assert fault.params == {"day": "2027-03-14", "at": "02:30", "then": "03:30"}


def test_a_repeat_has_a_rule_and_leaves_days_out() -> None:
    event = event_of(repeat="every Wednesday, 4 times, but not on 9 Dec", without=("2026-12-16",))
    assert event.rrule == "FREQ=WEEKLY;BYDAY=WE;COUNT=4"
    assert event.exdates == (at(9, 19), at(16, 19))
    found = expand(event, NOW, datetime(2027, 2, 1, tzinfo=UTC)).occurrences
    assert [each.recurrence_id for each in found] == [at(2, 19), at(23, 19)]
    assert len(all_dates(event, NOW, 12)) == 4


def test_a_cancelled_date_stays_in_the_series_as_cancelled() -> None:
    event = event_of(repeat="every Wednesday, 3 times", off=("2026-12-09",))
    found = expand(event, NOW, datetime(2027, 2, 1, tzinfo=UTC)).occurrences
    assert [each.event.status for each in found] == [None, "CANCELLED", None]
    again = event_of(old=event, repeat="every Wednesday, 3 times", off=())
    assert again.overrides == ()


def test_a_series_at_another_hour_keeps_its_dates_as_they_were_told() -> None:
    told = Override(at(9, 19), {"location": Place("Loft")})
    old = replace(event_of(repeat="every Wednesday, 3 times"), overrides=(told,))
    event = event_of(old=old, repeat="every Wednesday, 3 times", start="18:00", end="19:00")
    assert event.overrides == (Override(at(9, 18), {"location": Place("Loft")}),)


def test_what_the_form_does_not_know_stays() -> None:
    old = replace(event_of(), categories=("Books",), language="en", uid="a")
    event = event_of(old=old, title="Reading circle")
    assert (event.categories, event.language, event.uid) == (("Books",), "en", "a")
    assert event.summary == "Reading circle"


def test_a_past_event_can_be_amended_where_its_day_stays() -> None:
    old = replace(event_of(), start=at(3, 19, month=11), end=at(3, 20, month=11))
    assert event_of(old=old, day="2026-11-03", end="20:00", title="It was good").start == old.start


def test_a_place_of_ours_brings_its_address() -> None:
    assert event_of(place="loft").location == Place("loft", "1 Mill Street", 40.7, -74.0)
    assert event_of(place="Loft", address="Elsewhere 2").location == Place("Loft", "Elsewhere 2")
    assert event_of(address="Mill Street 4").location == Place(None, "Mill Street 4")


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("", None),
        ("Free", Price(free=True)),
        ("free admission", Price(free=True)),
        ("$5–8", Price(free=False, text="$5–8")),
        ("Free for members", Price(free=False, text="Free for members")),
    ],
)
def test_price_is_free_or_what_they_wrote(text: str, price: Price | None) -> None:
    assert event_of(price=text).price == price


def test_attendance_follows_from_place_and_address() -> None:
    assert event_of(online_url="zoom.example/1").attendance == "ONLINE"
    assert event_of(online_url="zoom.example/1", place="Loft").attendance == "MIXED"
    assert event_of(place="Loft").attendance is None


WHOLE = Draft(
    title="Reading group",
    day="2026-12-02",
    start="19:00",
    end="20:30",
    repeat="Every Wednesday, 4 times",
    without=("2026-12-09",),
    off=("2026-12-16",),
    place="Loft",
    address="1 Mill Street",
    organizer="Friends of the Library",
    price="$5",
    audience=("Adults",),
    age_from="16",
    age_to="99",
    booking="FULL",
    booking_url="https://book.example/1",
    online_url="https://zoom.example/1",
    access=("Step-free", "Hearing loop"),
    access_more="lift to the left",
    url="https://library.example/reading",
    image="https://library.example/a.jpg",
    image_alt="Seven people with books",
    description="We read “Middlemarch”.\n\nBring tea.",
)


def test_a_form_is_the_same_after_it_was_an_event() -> None:
    event = drafted(WHOLE, ZONE, NOW).event
    assert event is not None
    assert draft_of(event, TODAY) == WHOLE
    assert (event.age, event.organizer) == (Age(16, 99), Organizer("Friends of the Library"))
    assert event.access == "Step-free, Hearing loop, lift to the left"
    assert drafted(draft_of(event, TODAY), ZONE, NOW, (), event).event == event


@pytest.mark.parametrize(
    "values",
    [
        {"all_day": True, "start": "", "end": "", "last": "2026-12-05"},
        {"end": "01:30"},
        {"end": "12:00", "last": "2026-12-04"},
        {"repeat": "FREQ=YEARLY;BYMONTH=12;BYDAY=1WE"},
    ],
)
def test_unusual_forms_are_the_same_after_they_were_events(values: dict[str, Any]) -> None:
    assert draft_of(event_of(**values), TODAY) == typed(**values)
