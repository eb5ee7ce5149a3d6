"""When a source is asked again."""

from datetime import UTC, datetime, timedelta

from aggregator.domain.polling import LONGEST, SHORTEST, next_poll

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def wait(failures: int = 0, asked: timedelta | None = None, source: int = 1) -> timedelta:
    return next_poll(source, NOW, HOUR, failures, asked) - NOW


def test_a_source_is_asked_again_after_its_rhythm_and_a_tenth_at_most() -> None:
    assert HOUR <= wait() <= HOUR * 1.1


def test_sources_added_together_come_due_apart() -> None:
    assert len({wait(source=each) for each in range(1000)}) > 990


def test_failing_waits_ever_longer_but_never_more_than_a_day_and_a_tenth() -> None:
    waits = [wait(each) for each in range(40)]
    assert waits[1] >= 2 * HOUR
    assert max(waits) <= LONGEST * 1.1
    assert waits[39] >= LONGEST


def test_what_the_server_asks_for_is_heeded_up_to_a_day() -> None:
    assert wait(asked=5 * HOUR) == 5 * HOUR
    assert wait(asked=timedelta(days=400)) == LONGEST
    assert wait(asked=timedelta(seconds=1)) >= HOUR


def test_nothing_is_asked_more_often_than_every_quarter_of_an_hour() -> None:
    assert next_poll(1, NOW, timedelta(seconds=1), 0) - NOW >= SHORTEST
