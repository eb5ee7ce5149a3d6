"""Facts hold all of an Event, in the contract's words, and give it back unchanged."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.event import Age, Event, Organizer, Override, Period, Place, Price
from feeds.facts import canonical, digest, from_facts, to_facts

at = datetime.fromisoformat
NEW_YORK = ZoneInfo("America/New_York")

#: The contract of `python -m feeds`, in its order.
KEYS = (
    "uid recurrence_id sequence summary description start end all_day zone status previous_start"
    " attendance location online_url organizer url image image_alt categories audience age price"
    " registration registration_url registration_closes language access rrule rdates exdates"
    " overrides published updated kind vtimezone"
)


def eastern(day: int) -> datetime:
    return datetime(2026, 3, day, 10, tzinfo=NEW_YORK)


EVENT = Event(
    uid="a1",
    sequence=2,
    summary="Story time",
    start=datetime(2026, 3, 7, 10, tzinfo=NEW_YORK),
    end=datetime(2026, 3, 7, 11, tzinfo=NEW_YORK),
    zone="America/New_York",
    status="CONFIRMED",
    location=Place("Hall", "1 Elm St", 41.5, -73.9, "https://hall.example"),
    organizer=Organizer("Friends", "hello@friends.example"),
    categories=("Children", "Books"),
    age=Age(3, 6, "3-6"),
    price=Price(0.0, 5.5, "USD", None, "by donation"),
    rrule="FREQ=WEEKLY",
    rdates=(Period(eastern(9)), Period(date(2026, 3, 10), date(2026, 3, 11))),
    exdates=(eastern(14),),
    overrides=(
        Override(eastern(21), {"summary": None, "status": "CANCELLED"}),
        Override(
            eastern(28),
            {
                "zone": "Europe/Paris",
                "start": datetime(2026, 3, 28, 15, tzinfo=ZoneInfo("Europe/Paris")),
                "location": Place("Yard"),
                "categories": (),
            },
            "THISANDFUTURE",
        ),
    ),
    published=datetime(2026, 1, 1, tzinfo=UTC),
    updated=datetime(2026, 1, 2, tzinfo=UTC),
)


def test_facts_have_every_key_in_the_order_of_the_contract() -> None:
    assert list(to_facts(Event())) == KEYS.split()
    assert list(to_facts(EVENT)) == KEYS.split()


def test_facts_give_the_event_back() -> None:
    back = from_facts(json.loads(canonical(to_facts(EVENT))))
    assert back == EVENT
    assert back.start is not None
    assert str(getattr(back.start, "tzinfo", None)) == "America/New_York"
    assert str(back.overrides[1].changes["start"].tzinfo) == "Europe/Paris"


def test_what_is_absent_is_null_or_empty_list_and_never_an_empty_text() -> None:
    facts = to_facts(
        Event(summary="", location=Place(), price=Price(text=""), organizer=Organizer(""))
    )
    assert {key: value for key, value in facts.items() if value is not None} == {
        **{key: [] for key in ("categories", "audience", "rdates", "exdates", "overrides")},
        "all_day": False,
        "kind": "event",
    }
    assert to_facts(Event(price=Price(free=False)))["price"] == {
        "min": None,
        "max": None,
        "currency": None,
        "free": False,
        "text": None,
    }


def test_override_holds_only_the_keys_that_differ() -> None:
    first, second = to_facts(EVENT)["overrides"]
    assert first == {
        "recurrence_id": "2026-03-21T10:00:00-04:00",
        "range": None,
        "summary": None,
        "status": "CANCELLED",
    }
    assert list(second) == ["recurrence_id", "range", "start", "zone", "location", "categories"]


FALL_BACK = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)
HALF_PAST = timezone(-timedelta(hours=3.5))


@pytest.mark.parametrize(
    ("time", "zone", "text"),
    [
        (date(2026, 3, 7), None, "2026-03-07"),
        (at("2026-03-07T10:00"), None, "2026-03-07T10:00:00"),
        (datetime(2026, 3, 7, 10, tzinfo=UTC), None, "2026-03-07T10:00:00+00:00"),
        (datetime(2026, 3, 7, 10, tzinfo=HALF_PAST), None, "2026-03-07T10:00:00-03:30"),
        (FALL_BACK, "America/New_York", "2026-11-01T01:30:00-04:00"),
        (FALL_BACK.replace(fold=1), "America/New_York", "2026-11-01T01:30:00-05:00"),
        (
            datetime(2026, 3, 8, 2, 30, tzinfo=NEW_YORK),  # skipped by the clock
            "America/New_York",
            "2026-03-08T02:30:00-05:00",
        ),
    ],
)
def test_time_is_written_with_its_own_offset_and_read_back(
    time: date, zone: str | None, text: str
) -> None:
    event = Event(start=time, zone=zone)
    assert to_facts(event)["start"] == text
    back = from_facts(to_facts(event))
    assert getattr(back.start, "fold", 0) == getattr(time, "fold", 0)
    assert str(getattr(back.start, "tzinfo", None)) == str(getattr(time, "tzinfo", None))


def test_offset_with_seconds_is_rounded_as_the_format_asks() -> None:
    event = Event(start=datetime(1890, 1, 1, tzinfo=ZoneInfo("Europe/Paris")))  # +00:09:21
    assert to_facts(event)["start"] == "1889-12-31T23:59:39+00:09"
    assert from_facts(to_facts(event)).start == event.start


ZONES = st.sampled_from(["America/New_York", "Europe/London", "Asia/Kathmandu", "UTC"])


@given(st.datetimes(at("1900-01-01"), at("2100-01-01")), ZONES, ZONES, st.integers(0, 1))
def test_any_moment_survives_in_its_own_zone_or_another(
    moment: datetime, zone: str, other: str, fold: int
) -> None:
    told = moment.replace(tzinfo=ZoneInfo(zone), fold=fold)
    event = Event(start=told, end=told.astimezone(ZoneInfo(other)), zone=zone)
    back = from_facts(to_facts(event))
    assert to_facts(back) == to_facts(event)
    assert back.start is not None
    if told.utcoffset() == round_minutes(told.utcoffset()):
        assert str(getattr(back.start, "tzinfo", None)) == zone


def round_minutes(offset: timedelta | None) -> timedelta:
    minute = timedelta(minutes=1)
    return round((offset or timedelta()) / minute) * minute


def test_canonical_is_the_same_for_the_same_value() -> None:
    assert canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
    assert len(digest("\ud800")) == 64
