"""Repeats: from words to RFC 5545 and back, and what is refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.letters import rhythms
from aggregator.domain.repeating import (
    Repeat,
    first,
    next_dates,
    of_rule,
    rrule,
    said,
    settled,
)
from feeds.event import Event

TODAY = date(2026, 11, 24)
ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 12, 1, 18, 30, tzinfo=ZONE)  # a Tuesday

WORDS = [
    ("every day", "FREQ=DAILY", "Every day"),
    ("daily until 14 Dec", "FREQ=DAILY;UNTIL=20261214T233000Z", "Every day, until Mon 14 Dec"),
    ("weekly", "FREQ=WEEKLY;BYDAY=TU", "Every Tuesday"),
    ("every Tuesday, 12 times", "FREQ=WEEKLY;BYDAY=TU;COUNT=12", "Every Tuesday, 12 times"),
    ("Tuesdays and Thursdays", "FREQ=WEEKLY;BYDAY=TU,TH", "Every Tuesday and Thursday"),
    (
        "every Tue, Wed & Fri",
        "FREQ=WEEKLY;BYDAY=TU,WE,FR",
        "Every Tuesday, Wednesday and Friday",
    ),
    (
        "every Tuesday and Thursday for 6 weeks",
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=12",
        "Every Tuesday and Thursday, 12 times",
    ),
    ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"),
    ("every other week", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every 2 weeks on Tuesday"),
    ("every second Tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every 2 weeks on Tuesday"),
    ("fortnightly on Tuesdays", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every 2 weeks on Tuesday"),
    (
        "every Tuesday until Christmas",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261225T233000Z",
        "Every Tuesday, until Fri 25 Dec",
    ),
    (
        "first Tuesday of each month until the end of May",
        "FREQ=MONTHLY;BYDAY=1TU;UNTIL=20270531T223000Z",  # the clocks have gone forward
        "Every month on the first Tuesday, until Mon 31 May 2027",
    ),
    (
        "the second Tuesday of the month",
        "FREQ=MONTHLY;BYDAY=2TU",
        "Every month on the second Tuesday",
    ),
    ("last Friday of every month", "FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday"),
    ("monthly", "FREQ=MONTHLY;BYMONTHDAY=1", "Every month on the 1st"),
    ("on the 15th of each month", "FREQ=MONTHLY;BYMONTHDAY=15", "Every month on the 15th"),
    ("every month on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"),
    (
        "every 3 months on the 1st",
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
        "Every 3 months on the 1st",
    ),
    ("every year", "FREQ=YEARLY", "Every year"),
]


@pytest.mark.parametrize(("words", "rule", "again"), WORDS)
def test_words_are_a_rule_and_a_rule_is_words(words: str, rule: str, again: str) -> None:
    repeat = rhythms.read(words, TODAY).repeat
    assert rrule(repeat, START) == rule
    assert said(repeat, START.date(), TODAY) == again
    assert rhythms.read(again, TODAY).repeat == of_rule(rule, START)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("banana", "repeat.unknown"),
        ("every Tuesday when the moon is full", "repeat.unknown"),
        ("every Tuesday, 12 times, until 16 Feb", "repeat.two_ends"),
        ("every Tuesday until 5/6", "repeat.until"),
        ("for 6 weeks", "repeat.unknown"),
    ],
)
def test_what_is_not_wholly_understood_is_refused(words: str, code: str) -> None:
    with pytest.raises(rhythms.RepeatError) as error:
        rhythms.read(words, TODAY)
    assert error.value.code == code


def test_days_that_are_left_out_are_read_with_it() -> None:
    words = "every Friday until 8 January, but not on 25 December and 1 January"
    assert rhythms.read(words, TODAY).without == (date(2026, 12, 25), date(2027, 1, 1))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9",
        "FREQ=MONTHLY;BYDAY=TU",
        "nonsense",
    ],
)
def test_rule_without_short_words_is_none(rule: str) -> None:
    assert of_rule(rule, START) is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("every Tuesday", "2026-12-01"),
        ("every Friday", "2026-12-04"),
        ("the last Friday of the month", "2026-12-25"),
        ("every month on the last day", "2026-12-31"),
        ("the second Tuesday of the month", "2026-12-08"),
    ],
)
def test_first_day_is_the_next_that_the_repeat_names(words: str, day: str) -> None:
    repeat = rhythms.read(words, TODAY).repeat
    assert first(repeat, START.date()) == date.fromisoformat(day)


def test_next_dates_are_what_the_calendar_will_hold() -> None:
    repeat = rhythms.read("every 2 weeks on Tuesday, 3 times", TODAY).repeat
    event = Event(start=START, zone="America/New_York", rrule=rrule(repeat, START))
    walls = [f"{each:%d %b}" for each in next_dates(event, datetime(2026, 11, 1, tzinfo=UTC), 9)]
    assert walls == ["01 Dec", "15 Dec", "29 Dec"]


_ENDS = st.one_of(
    st.just({}),
    st.builds(lambda n: {"times": n}, st.integers(1, 60)),
    st.builds(lambda day: {"until": day}, st.dates(date(2026, 12, 2), date(2028, 6, 1))),
)
_BODIES = st.one_of(
    st.builds(lambda n: {"unit": "day", "interval": n}, st.integers(1, 9)),
    st.builds(
        lambda n, some: {"unit": "week", "interval": n, "weekdays": tuple(sorted(some))},
        st.integers(1, 9),
        st.sets(st.integers(0, 6), min_size=1),
    ),
    st.builds(
        lambda n, nth, day: {"unit": "month", "interval": n, "nth": nth, "weekdays": (day,)},
        st.integers(1, 6),
        st.sampled_from([1, 2, 3, 4, 5, -1]),
        st.integers(0, 6),
    ),
    st.builds(
        lambda n, day: {"unit": "month", "interval": n, "month_day": day},
        st.integers(1, 6),
        st.sampled_from([*range(1, 32), -1]),
    ),
)


@given(_BODIES, _ENDS)
def test_every_repeat_is_read_back_from_its_words_and_from_its_rule(body: dict, end: dict) -> None:  # type: ignore[type-arg]
    repeat = Repeat(**body, **end)
    assert rhythms.read(said(repeat, START.date(), TODAY), TODAY).repeat == repeat
    assert of_rule(rrule(repeat, START), START) == settled(repeat, START)
