"""One decision for several events, with one undo; and undo of what a person decided last."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import doctor
from aggregator.services import bulk, reviews
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import events
from tests.aggregator.web.town import Town, a_notice, an_event
from tests.support.houses import Clock, make_house

ALL = {1: 0, 2: 0, 3: 0}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[House]:
    """A house with three new events, numbers 1 to 3, and a notice, number 4."""
    made = make_house(tmp_path, database_url, clock=clock)
    Town(made).tell(an_event("a"), an_event("b"), an_event("c"), a_notice("d"))
    yield made
    assert doctor.invariants(made) == []
    made.database.close()


def states(house: House) -> list[str]:
    with house.database.reading() as tx:
        rows = events.by_ids(tx, [1, 2, 3])
    return [rows[each].state for each in sorted(rows)]


def test_one_decision_for_all_and_one_undo(house: House) -> None:
    done = bulk.decide(house, "decline", ALL, actor="Ana", reason="too far")
    assert (states(house), done.left) == (["DECLINED"] * 3, ())
    assert done.pid is not None
    undone = bulk.undo(house, done.pid, actor="Tom")
    assert (states(house), len(undone.pids)) == (["NEW"] * 3, 3)
    with pytest.raises(ServiceError, match="nothing_to_undo"):
        bulk.undo(house, done.pid, actor="Tom")


def test_what_somebody_else_decided_meanwhile_is_left_and_named(house: House) -> None:
    reviews.apply(house, "calendar_only", 2, actor="Tom", version=0)
    done = bulk.decide(house, "decline", ALL, actor="Ana")
    assert states(house) == ["DECLINED", "APPROVED", "DECLINED"]
    [left] = done.left
    assert (left.error.code, left.error.params["actor"]) == ("faster.calendar_only", "Tom")
    assert left.facts["uid"] == "b"


def test_undo_leaves_what_somebody_decided_since(house: House) -> None:
    done = bulk.decide(house, "calendar_only", ALL, actor="Ana")
    reviews.apply(house, "decline", 3, actor="Tom", version=1)
    assert done.pid is not None
    undone = bulk.undo(house, done.pid, actor="Ana")
    assert states(house) == ["NEW", "NEW", "DECLINED"]
    assert [each.error.code for each in undone.left] == ["faster.decline"]


def test_notice_is_left_out_of_the_calendar(house: House) -> None:
    done = bulk.decide(house, "calendar_only", ALL | {4: 0}, actor="Ana")
    assert states(house) == ["APPROVED"] * 3
    assert [each.error.code for each in done.left] == ["review.notice"]


def test_snooze_a_week_before_is_reckoned_for_each_event(house: House, clock: Clock) -> None:
    bulk.decide(house, "snooze", {1: 0, 2: 0}, actor="Ana", until="week_before")
    with house.database.reading() as tx:
        row = events.by_id(tx, 1)
    assert row is not None
    assert row.until == row.first_start - timedelta(days=7)
    clock.now = row.first_start - timedelta(days=3)
    late = bulk.decide(house, "snooze", {3: 0}, actor="Ana", until="week_before")
    assert [each.error.code for each in late.left] == ["review.snooze_past"]
    assert late.pid is None


def test_second_click_decides_nothing_anew_and_finds_the_first_undo(house: House) -> None:
    first = bulk.decide(house, "decline", ALL, actor="Ana")
    again = bulk.decide(house, "decline", ALL, actor="Ana")
    assert (again.pid, len(again.decided)) == (first.pid, 3)


@pytest.mark.parametrize("verb", ["share", "explode"])
def test_only_what_needs_no_second_look_is_decided_together(house: House, verb: str) -> None:
    with pytest.raises(ServiceError, match="nothing"):
        bulk.decide(house, verb, ALL, actor="Ana")


def test_nothing_and_too_much_are_refused(house: House) -> None:
    with pytest.raises(ServiceError, match="nothing"):
        bulk.decide(house, "decline", {}, actor="Ana")
    with pytest.raises(ServiceError, match="most"):
        bulk.decide(house, "decline", dict.fromkeys(range(101), 0), actor="Ana")
    with pytest.raises(MissingError):
        bulk.undo(house, "nothing", actor="Ana")


def test_last_decision_of_a_person_is_undone_then_the_one_before(house: House) -> None:
    reviews.apply(house, "decline", 1, actor="Ana", version=0)
    reviews.apply(house, "calendar_only", 1, actor="Ana", version=1)
    bulk.decide(house, "decline", {2: 0, 3: 0}, actor="Ana")
    assert len(bulk.undo_last(house, actor="Ana").pids) == 2
    assert states(house) == ["APPROVED", "NEW", "NEW"]
    bulk.undo_last(house, actor="Ana")
    assert states(house) == ["DECLINED", "NEW", "NEW"]
    bulk.undo_last(house, actor="Ana")
    assert states(house) == ["NEW", "NEW", "NEW"]
    with pytest.raises(ServiceError, match="nothing_to_undo"):
        bulk.undo_last(house, actor="Ana")


def test_undo_of_mine_leaves_what_others_decided(house: House) -> None:
    reviews.apply(house, "decline", 1, actor="Ana", version=0)
    reviews.apply(house, "decline", 2, actor="Ana", version=0)
    reviews.apply(house, "calendar_only", 2, actor="Tom", version=1)
    bulk.undo_last(house, actor="Ana")
    assert states(house) == ["NEW", "APPROVED", "NEW"]
