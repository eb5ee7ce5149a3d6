"""Free slots, pegs and posts too close to each other, over DST nights, too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.domain.schedule import Plan, apart, free_slots, pegs, too_close, within_quiet

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def test_free_slots_leave_out_what_is_taken_and_end_before_the_event() -> None:
    found = free_slots(Plan(), NOW, ZONE, [at(24, 17, 30)], 3, before=at(25, 17, 30))
    assert found == [at(24, 12, 30), at(25, 10), at(25, 12, 30)]


def test_pegs_of_a_day_are_its_times_outside_of_the_quiet_hours() -> None:
    day = Plan((time(7), time(10), time(22)))
    assert pegs(day, at(25, 0), at(26, 0), ZONE) == [at(25, 10)]
    assert pegs(Plan((), every=5), at(25, 0), at(26, 0), ZONE) == []


def test_two_posts_within_the_hour_are_too_close_unless_the_channels_times_are() -> None:
    posts = [at(25, 10), at(25, 10, 30), at(25, 15)]
    assert too_close(Plan(), posts) == {at(25, 10), at(25, 10, 30)}
    assert too_close(Plan((time(10), time(10, 30))), posts) == set()
    assert too_close(Plan((), every=1), [at(25, 10), at(25, 10, 1)]) == set()
    assert too_close(Plan(), [at(25, 10), at(25, 10)]) == {at(25, 10)}
    assert apart(Plan()) == timedelta(hours=1)


def test_an_hour_that_the_clock_skips_lies_between_two_posts_that_are_close() -> None:
    before = datetime(2027, 3, 14, 1, 45, tzinfo=ZONE).astimezone(UTC)
    after = datetime(2027, 3, 14, 3, 15, tzinfo=ZONE).astimezone(UTC)
    assert too_close(Plan(), [before, after]) == {before, after}


def test_quiet_hours_end_with_their_second_time() -> None:
    assert within_quiet(Plan(), time(7, 59))
    assert not within_quiet(Plan(), time(8))
    assert not within_quiet(Plan(quiet=None), time(3))
