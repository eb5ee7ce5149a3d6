"""The next free slot, in the library's wall time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.schedule import Plan, next_free, plan

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
DAY = Plan()
EVERY_MINUTE = Plan((), every=1, quiet=None)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def local(found: datetime, zone: ZoneInfo = BERLIN) -> str:
    """The wall time of an answer, which is always in UTC."""
    assert found.tzinfo is UTC
    return found.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-12-01 09:00", "2026-12-01 10:00"),
        ("2026-12-01 10:00", "2026-12-01 12:30"),  # strictly after now
        ("2026-12-01 12:29:59", "2026-12-01 12:30"),
        ("2026-12-01 17:30", "2026-12-02 10:00"),
        ("2026-12-31 20:00", "2027-01-01 10:00"),
    ],
)
def test_the_next_slot_comes_in_the_librarys_time(now: str, slot: str) -> None:
    assert local(next_free(DAY, berlin(now), BERLIN, ())) == slot


def test_the_day_is_the_librarys_and_not_that_of_utc() -> None:
    late = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)  # still the evening before in New York
    assert local(next_free(DAY, late, NEW_YORK, ()), NEW_YORK) == "2026-12-02 10:00"


def test_a_taken_slot_is_left_to_who_has_it() -> None:
    taken = [berlin("2026-12-01 10:00"), berlin("2026-12-01 12:30").astimezone(UTC)]
    assert local(next_free(DAY, berlin("2026-12-01 09:00"), BERLIN, taken)) == "2026-12-01 17:30"


def test_full_days_are_passed_over() -> None:
    taken = [
        berlin(f"2026-12-{day:02} {at}")
        for day in range(1, 6)
        for at in ("10:00", "12:30", "17:30")
    ]
    assert local(next_free(DAY, berlin("2026-12-01 09:00"), BERLIN, taken)) == "2026-12-06 10:00"


def test_a_slot_within_quiet_hours_is_none() -> None:
    early = Plan((time(6), time(22), time(8)), quiet=(time(21), time(8)))
    assert local(next_free(early, berlin("2026-12-01 05:00"), BERLIN, ())) == "2026-12-01 08:00"
    assert local(next_free(early, berlin("2026-12-01 08:00"), BERLIN, ())) == "2026-12-02 08:00"


@pytest.mark.parametrize(
    ("now", "minute"),
    [
        ("2026-12-01 20:58:30", "2026-12-01 20:59"),
        ("2026-12-01 20:59", "2026-12-02 08:00"),
        ("2026-12-01 23:10", "2026-12-02 08:00"),
        ("2026-12-02 03:00", "2026-12-02 08:00"),
        ("2026-12-02 07:59", "2026-12-02 08:00"),
    ],
)
def test_quiet_hours_last_over_midnight(now: str, minute: str) -> None:
    always = Plan((), every=1)
    assert local(next_free(always, berlin(now), BERLIN, ())) == minute


def test_quiet_hours_at_noon_end_the_same_day() -> None:
    nap = Plan((), every=5, quiet=(time(12), time(14)))
    assert local(next_free(nap, berlin("2026-12-01 11:57"), BERLIN, ())) == "2026-12-01 14:02"


def test_the_practice_network_posts_every_minute_day_and_night() -> None:
    now = berlin("2026-12-01 23:10:20")
    first = next_free(EVERY_MINUTE, now, BERLIN, ())
    second = next_free(EVERY_MINUTE, now, BERLIN, [first])
    assert (local(first), local(second)) == ("2026-12-01 23:11", "2026-12-01 23:12")


def test_slots_keep_their_wall_time_over_the_change_of_clocks() -> None:
    before = next_free(DAY, berlin("2026-10-24 18:00"), BERLIN, ())  # clocks go back that night
    assert local(before) == "2026-10-25 10:00"
    assert before == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    assert next_free(DAY, berlin("2026-10-23 18:00"), BERLIN, ()) == before - timedelta(hours=25)


def test_a_slot_in_the_hour_that_the_clock_skips_comes_once_and_after_it() -> None:
    night = Plan((time(2, 30),), quiet=None)
    found = next_free(night, berlin("2026-03-28 12:00"), BERLIN, ())  # 2 becomes 3 that night
    assert local(found) == "2026-03-29 03:30"
    assert local(next_free(night, found, BERLIN, ())) == "2026-03-30 02:30"


def test_a_slot_in_the_hour_that_comes_twice_is_one_slot() -> None:
    night = Plan((time(2, 30),), quiet=None)
    first = next_free(night, berlin("2026-10-24 12:00"), BERLIN, ())
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first 2:30, in summer time
    assert local(next_free(night, first, BERLIN, ())) == "2026-10-26 02:30"


def test_it_goes_out_before_the_event_begins_though_no_slot_is_free() -> None:
    now = berlin("2026-12-01 13:00")
    assert next_free(DAY, now, BERLIN, (), before=berlin("2026-12-01 15:00")) == now
    taken = [berlin("2026-12-01 17:30")]
    assert next_free(DAY, now, BERLIN, taken, before=berlin("2026-12-01 19:00")) == now
    assert local(next_free(DAY, now, BERLIN, (), before=berlin("2026-12-01 19:00"))) == (
        "2026-12-01 17:30"
    )


def test_quiet_hours_are_kept_where_the_event_leaves_time_after_them() -> None:
    night = berlin("2026-12-01 23:00")
    found = next_free(DAY, night, BERLIN, (), before=berlin("2026-12-02 09:30"))
    assert local(found) == "2026-12-02 08:00"


def test_the_first_morning_after_quiet_hours_is_in_wall_time_too() -> None:
    night = berlin("2026-10-24 23:00")
    found = next_free(DAY, night, BERLIN, (), before=berlin("2026-10-25 09:30"))
    assert found == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_what_begins_in_quiet_hours_is_told_at_once() -> None:
    night = berlin("2026-12-01 22:00")
    assert next_free(DAY, night, BERLIN, (), before=berlin("2026-12-01 23:30")) == night


def test_without_any_slot_it_goes_out_now() -> None:
    now = berlin("2026-12-01 13:00")
    assert next_free(Plan(()), now, BERLIN, ()) == now


@pytest.mark.parametrize("day", [DAY, EVERY_MINUTE, Plan((time(9, 5),), quiet=(time(1), time(2)))])
def test_a_plan_comes_back_from_its_columns(day: Plan) -> None:
    assert plan(day.slots_json(), day.quiet_json()) == day


def test_a_plan_without_quiet_hours_has_a_column_all_the_same() -> None:
    assert EVERY_MINUTE.quiet_json() == []
