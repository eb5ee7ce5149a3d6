"""The same event told twice in one reading stands once, whatever the order."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

from feeds.event import Event
from feeds.identity import distinct

BASE = Event(uid="a", summary="Chess", start=date(2026, 3, 7))


def test_higher_sequence_stands_before_a_later_update() -> None:
    old = replace(BASE, updated=datetime(2026, 3, 2, tzinfo=UTC))
    new = replace(
        BASE, sequence=1, start=date(2026, 3, 8), updated=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert distinct([old, new]) == ((new,), ())
    assert distinct([new, old]) == ((new,), ())


def test_later_update_stands_where_the_sequence_is_equal() -> None:
    new = replace(BASE, start=date(2026, 3, 8), updated=datetime(2026, 3, 2, tzinfo=UTC))
    assert distinct([BASE, new])[0] == distinct([new, BASE])[0] == (new,)


def test_other_start_is_another_event_and_a_problem() -> None:
    other = replace(BASE, start=date(2026, 3, 8))
    kept, [problem] = distinct([BASE, other, BASE])
    assert kept == (BASE, other)
    assert (problem.code, problem.where, problem.params) == ("event.same_uid", "a", {"count": 2})


def test_equal_in_all_three_leaves_the_same_one_in_any_order() -> None:
    told = [
        BASE,
        replace(BASE, summary="Chess club"),
        replace(BASE, summary="Chess", url="https://a.example"),
    ]
    stand = {distinct(order)[0] for order in permutations(told)}
    assert len(stand) == 1
    assert len(stand.pop()) == 1


def test_dates_of_one_series_are_told_apart() -> None:
    orphans = [replace(BASE, recurrence_id=date(2026, 3, day)) for day in (7, 14)]
    assert distinct([BASE, *orphans]) == ((BASE, *orphans), ())


def test_without_identity_only_what_is_equal_throughout_is_one() -> None:
    nameless = replace(BASE, uid=None)
    other = replace(nameless, url="https://a.example")
    assert distinct([nameless, other, nameless]) == ((nameless, other), ())
