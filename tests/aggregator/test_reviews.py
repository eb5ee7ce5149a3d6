"""Decisions, with undo, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import doctor
from aggregator.services import calendar, collecting, partners, reviews
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import events, revisions
from tests.aggregator.test_collecting import ics, vevent
from tests.support.feed_server import feed_server
from tests.support.houses import NOON, Clock, make_house


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[House]:
    """A house with one new event, number 1."""
    with feed_server() as server:
        made = make_house(tmp_path, database_url, clock=clock, allowed=[server.port])
        partner = partners.add(made, "Millbrook Museum", actor="test")
        url = server.put("/a.ics", ics(vevent("a")))
        partners.add_source(made, partner, url, actor="test")
        collecting.collect(made, pause=0)
    yield made
    made.database.close()


def state(house: House) -> str:
    with house.database.reading() as tx:
        row = events.by_id(tx, 1)
    assert row is not None
    return str(row.state)


def revision(house: House) -> int:
    with house.database.reading() as tx:
        return revisions.current(tx, revisions.CALENDAR)


@pytest.mark.parametrize(
    ("verb", "after"),
    [("calendar_only", "APPROVED"), ("decline", "DECLINED"), ("snooze", "SNOOZED")],
)
def test_a_decision_is_kept_and_undo_takes_it_back(house: House, verb: str, after: str) -> None:
    until = NOON + timedelta(days=1)
    done = reviews.apply(house, verb, 1, actor="ana", version=0, until=until)
    assert (state(house), done.version) == (after, 1)
    assert doctor.invariants(house) == []
    undone = reviews.undo(house, 1, actor="ana", version=1)
    assert (state(house), undone.version) == ("NEW", 2)
    assert doctor.invariants(house) == []


def test_undo_takes_back_one_decision_after_the_other(house: House) -> None:
    reviews.apply(house, "snooze", 1, actor="ana", version=0, until=NOON + timedelta(days=1))
    reviews.apply(house, "decline", 1, actor="ana", version=1)
    assert reviews.undo(house, 1, actor="ana", version=2).state == "SNOOZED"
    assert reviews.undo(house, 1, actor="ana", version=3).state == "NEW"
    with pytest.raises(ServiceError, match="nothing_to_undo"):
        reviews.undo(house, 1, actor="ana", version=4)


def test_the_second_of_two_people_is_told_and_changes_nothing(house: House) -> None:
    reviews.apply(house, "decline", 1, actor="ana", version=0)
    with pytest.raises(ConflictError, match="faster"):
        reviews.apply(house, "calendar_only", 1, actor="ben", version=0)
    assert state(house) == "DECLINED"


def test_a_double_click_is_one_decision(house: House) -> None:
    first = reviews.apply(house, "decline", 1, actor="ana", version=0)
    second = reviews.apply(house, "decline", 1, actor="ana", version=0)
    assert (first.version, second.version) == (1, 1)


def test_what_is_not_there_is_said(house: House) -> None:
    with pytest.raises(MissingError):
        reviews.apply(house, "decline", 99, actor="ana", version=0)


def test_a_snooze_has_to_end_later_than_now(house: House) -> None:
    with pytest.raises(ServiceError, match="snooze_past"):
        reviews.apply(house, "snooze", 1, actor="ana", version=0, until=NOON)


def test_approving_puts_it_on_the_calendar_and_raises_its_revision(house: House) -> None:
    before, tag = revision(house), calendar.etag(house)
    reviews.apply(house, "calendar_only", 1, actor="ana", version=0)
    body, now = calendar.feed(house)
    assert revision(house) == before + 1
    assert tag != now == calendar.etag(house)
    assert b"Story hour" in body
    reviews.undo(house, 1, actor="ana", version=1)
    assert b"Story hour" not in calendar.feed(house)[0]


def test_the_calendars_name_is_another_one_the_next_day(house: House, clock: Clock) -> None:
    tag = calendar.etag(house)
    clock.forward(hours=11)  # 11 pm in New York, the next day in UTC
    assert calendar.etag(house) == tag
    clock.forward(hours=2)
    assert calendar.etag(house) != tag


def test_declining_does_not_raise_the_calendars_revision(house: House) -> None:
    before = revision(house)
    reviews.apply(house, "decline", 1, actor="ana", version=0)
    assert revision(house) == before


def test_what_ended_long_ago_leaves_the_calendar(house: House, clock: Clock) -> None:
    reviews.apply(house, "calendar_only", 1, actor="ana", version=0)
    clock.forward(days=11 + 29)
    assert b"Story hour" in calendar.feed(house)[0]
    clock.forward(days=2)
    assert b"Story hour" not in calendar.feed(house)[0]


def test_how_long_what_is_over_stays_is_a_setting(house: House, clock: Clock) -> None:
    reviews.apply(house, "calendar_only", 1, actor="ana", version=0)
    clock.forward(days=11 + 10)
    tag = calendar.etag(house)
    calendar.keep(house, 5, actor="ana")
    assert calendar.etag(house) != tag
    assert b"Story hour" not in calendar.feed(house)[0]
