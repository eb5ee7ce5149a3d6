"""Our expansion of rules against dateutil's, on rules that nobody thought of.

The series begin shortly before the year 9999, where dateutil gives up on a rule that names no
date; elsewhere it would walk on for minutes. Left out is what dateutil does otherwise than RFC
5545: a mix like BYDAY=2MO,FR, BYSETPOS in the week of DTSTART, and weeks at the edges of a year
(which the vectors and ISO 8601 settle).
"""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.rule_starts import starts
from feeds.rules import RuleError, parse

FIRST = datetime.fromisoformat("9960-02-27T10:20:30")
LAST = datetime.fromisoformat("9990-01-01")
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def at_new_year(year: int) -> datetime:
    return datetime.fromisoformat(f"{year}-01-01T00:00")


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(",".join)


def numbers(least: int, most: int) -> st.SearchStrategy[str]:
    return some(st.integers(least, most).filter(bool).map(str))


def nth(each: tuple[int, str]) -> str:
    return f"{each[0]}{each[1]}"


PARTS = {
    "INTERVAL": st.integers(1, 7).map(str),
    "COUNT": st.integers(1, 60).map(str),
    "WKST": st.sampled_from(WEEKDAYS),
    "BYMONTH": numbers(1, 12),
    "BYMONTHDAY": numbers(-31, 31),
    "BYYEARDAY": numbers(-366, 366),
    "BYDAY": some(st.sampled_from(WEEKDAYS)),
    "BYHOUR": some(st.integers(0, 23).map(str)),
    "BYMINUTE": some(st.integers(0, 59).map(str)),
    "BYSECOND": some(st.integers(0, 59).map(str)),
}
LONG = {
    "BYWEEKNO": numbers(2, 51),
    "BYDAY": some(st.sampled_from(WEEKDAYS))
    | some(st.tuples(st.sampled_from([-2, -1, 1, 2, 5]), st.sampled_from(WEEKDAYS)).map(nth)),
    "BYSETPOS": numbers(-4, 4),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule of any frequency with a few parts."""
    frequency = draw(
        st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"])
    )
    known = PARTS | (LONG if frequency in {"YEARLY", "MONTHLY"} else {})
    names = draw(st.lists(st.sampled_from(sorted(known)), max_size=4, unique=True))
    return ";".join([f"FREQ={frequency}", *(f"{name}={draw(known[name])}" for name in names)])


def answer(text: str, first: datetime) -> list[datetime] | None:
    """The first forty starts by dateutil; None for a rule that it refuses."""
    try:
        rule = rrulestr(text, dtstart=first)
        return [each for each in islice(rule, 40) if each < LAST]
    except ValueError:
        return None


def test_week_is_numbered_as_iso_8601_does() -> None:
    for year in range(1990, 2050):
        for number in (1, 52, 53):
            rule = parse(f"FREQ=YEARLY;BYWEEKNO={number}")
            days = starts(rule, at_new_year(year), at_new_year(year), at_new_year(year + 1))
            every = (at_new_year(year) + timedelta(days=day) for day in range(366))
            numbered = [day for day in every if day.isocalendar().week == number]
            assert list(days) == [day for day in numbered if day.year == year]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules(), st.integers(0, 400))
def test_rule_gives_the_starts_that_dateutil_gives(text: str, days: int) -> None:
    first = FIRST + timedelta(days=days)
    theirs = answer(text, first)
    if theirs is None:
        return
    with suppress(RuleError):  # too much work
        assert list(islice(starts(parse(text), first, first, LAST), 40)) == theirs


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules(), st.integers(0, 400), st.integers(0, 3000))
def test_window_holds_the_same_starts_whether_or_not_what_is_before_was_leapt_over(
    text: str, days: int, later: int
) -> None:
    first = FIRST + timedelta(days=days)
    begin = first + timedelta(days=later)
    stop = begin + timedelta(days=30)
    rule = parse(text)
    with suppress(RuleError):  # too much work
        walked = [each for each in starts(rule, first, first, stop) if each >= begin]
        assert list(starts(rule, first, begin, stop)) == walked
