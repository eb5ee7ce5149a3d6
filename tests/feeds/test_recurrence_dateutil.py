"""Rules begun at their window and followed in later years, against dateutil from DTSTART on.

The two share dateutil: what is looked at here is that nothing is lost by leaping over what lies
before the window, by following the rule in later years, or by writing it in another form. dateutil
is asked shortly before the year 9999, where it soon gives up on a rule that names no date, and we
some 400 years earlier, where the calendar is the same. Left out is what we do otherwise than
dateutil: a mix like BYDAY=2MO,FR, and BYSETPOS in the week of DTSTART.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.rule_starts import starts
from feeds.rules import RuleError, parse

CYCLE = timedelta(days=146_097)  # 400 years
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
LONG = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]
SHORT = ["HOURLY", "MINUTELY"]  # dateutil takes minutes over seconds


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(",".join)


def numbers(least: int, most: int) -> st.SearchStrategy[str]:
    return some(st.integers(least, most).filter(bool).map(str))


def nth(each: tuple[int, str]) -> str:
    return f"{each[0]}{each[1]}"


NTHS = st.tuples(st.sampled_from([-5, -2, -1, 1, 2, 5]), st.sampled_from(WEEKDAYS)).map(nth)
PARTS = {
    "INTERVAL": st.integers(1, 7).map(str) | st.sampled_from(["12", "15", "30", "61"]),
    "COUNT": st.integers(1, 60).map(str),
    "WKST": st.sampled_from(WEEKDAYS),
    "BYMONTH": numbers(1, 12),
    "BYMONTHDAY": numbers(-31, 31),
    "BYYEARDAY": numbers(-366, 366),
    "BYWEEKNO": numbers(-53, 53),
    "BYDAY": some(st.sampled_from(WEEKDAYS)) | some(NTHS),
    "BYHOUR": some(st.integers(0, 23).map(str)),
    "BYMINUTE": some(st.integers(0, 59).map(str)),
    "BYSECOND": some(st.integers(0, 59).map(str)),
    "BYSETPOS": numbers(-4, 4),
}


@st.composite
def rules(draw: st.DrawFn, frequencies: list[str]) -> str:
    """A rule with a few parts."""
    frequency = draw(st.sampled_from(frequencies))
    known = sorted(PARTS.keys() - ({"BYSETPOS"} if frequency == "WEEKLY" else set()))
    names = draw(st.lists(st.sampled_from(known), max_size=4, unique=True))
    return ";".join([f"FREQ={frequency}", *(f"{name}={draw(PARTS[name])}" for name in names)])


def theirs(text: str, first: datetime, begin: datetime, stop: datetime) -> list[datetime]:
    """The first forty starts in the window by dateutil, from first on."""
    try:
        before = takewhile(lambda each: each < stop, rrulestr(text, dtstart=first))
        return list(islice((each for each in before if each >= begin), 40))
    except ValueError:  # INTERVAL never comes to one of the times
        return []


def compare(text: str, first: datetime, later: int) -> None:
    begin = first + timedelta(days=later)
    stop = begin + min(timedelta(days=400), at("9999-12-20") - begin)
    expected = theirs(text, first, begin, stop)
    with suppress(RuleError):  # too much work
        ours = starts(parse(text), first - CYCLE, begin - CYCLE, stop - CYCLE)
        assert [each + CYCLE for each in islice(ours, 40)] == expected


CALM = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.integers(0, 1500)


@CALM
@given(rules(LONG), DAYS, DAYS | st.just(0))
def test_window_holds_what_dateutil_gives_from_the_start_on(
    text: str, days: int, later: int
) -> None:
    compare(text, at("9984-02-27T10:20:30") + timedelta(days=days), later)


@CALM
@given(rules(["YEARLY", "MONTHLY"]), DAYS, DAYS)
def test_window_at_a_century_without_leap_day_holds_what_dateutil_gives(
    text: str, days: int, later: int
) -> None:
    compare(text, at("9896-02-27T10:20:30") + timedelta(days=days), later)


@CALM
@given(rules(SHORT), st.integers(0, 40), st.integers(0, 60))
def test_window_of_a_rule_within_the_day_holds_what_dateutil_gives(
    text: str, days: int, later: int
) -> None:
    compare(text, at("9999-08-27T10:20:30") + timedelta(days=days), later)


@pytest.mark.parametrize(("rule", "other"), [("BYDAY=2MO,FR", "BYDAY=2MO"), ("BYDAY=FR,99MO", "")])
def test_mix_of_weekdays_is_the_one_and_the_other(rule: str, other: str) -> None:
    for parts in ("FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2,3"):
        window = at("2026-01-01"), at("2026-01-01"), at("2027-01-01")
        mixed = set(starts(parse(f"{parts};{rule}"), *window))
        fridays = set(starts(parse(f"{parts};BYDAY=FR"), *window))
        others = set(starts(parse(f"{parts};{other}"), *window)) if other else set()
        assert fridays
        assert mixed == fridays | others


def test_rule_within_the_day_that_names_days_is_refused_where_each_day_has_other_times() -> None:
    window = at("2026-01-01"), at("2026-01-01"), at("2026-01-05")
    every = list(starts(parse("FREQ=MINUTELY;INTERVAL=30;BYDAY=SA"), *window))
    assert (len(every), every[-1]) == (48, at("2026-01-03T23:30"))
    with pytest.raises(RuleError) as refused:
        list(starts(parse("FREQ=HOURLY;INTERVAL=5;BYDAY=SA"), *window))
    assert refused.value.code == "recurrence.too_much"
