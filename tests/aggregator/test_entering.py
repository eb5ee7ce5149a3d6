"""The library's own events, on both databases: entered, amended, cancelled, taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from aggregator import doctor
from aggregator.services import calendar, entering, reviews
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import events, journal, partners, tables, views
from aggregator.storage import house as settings
from feeds.event import Event, Place
from tests.aggregator.posting import posting
from tests.support.houses import Clock, make_house

ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[House]:
    made = make_house(tmp_path, database_url, clock=clock)
    yield made
    assert doctor.invariants(made) == []
    made.database.close()


def reading_group(**other: Any) -> Event:
    """The reading group: Wednesdays at seven from 2 December 2026, four times."""
    plain = Event(
        summary="Reading group",
        start=datetime(2026, 12, 2, 19, tzinfo=ZONE),
        end=datetime(2026, 12, 2, 20, 30, tzinfo=ZONE),
        zone="America/New_York",
        location=Place("Reading Room"),
        rrule="FREQ=WEEKLY;COUNT=4",
    )
    return replace(plain, **other)


def row_of(house: House, pid: str) -> Any:
    with house.database.reading() as tx:
        return events.by_pid(tx, pid)


def dates_of(house: House, pid: str) -> list[str]:
    with house.database.reading() as tx:
        return [row.start_wall for row in views.dates(tx, row_of(house, pid).id)]


def feed_of(house: House) -> str:
    return calendar.feed(house)[0].decode().replace("\r\n ", "")


def test_an_entered_event_has_its_dates_and_stands_on_the_calendar_at_once(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    assert dates_of(house, pid) == [f"2026-12-{day}T19:00:00" for day in ("02", "09", "16", "23")]
    row = row_of(house, pid)
    assert (row.state, row.partner, row.sequence) == ("APPROVED", "Millbrook Public Library", 0)
    assert f"UID:{pid}@" in feed_of(house)
    with house.database.reading() as tx:
        last = journal.last_decision(tx, row.id)
    assert last is not None
    assert (last.actor, last.verb) == ("ana", "calendar_only")


def test_undo_of_entering_takes_the_event_off_the_calendar(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    reviews.undo(house, row_of(house, pid).id, actor="ana", version=1)
    assert row_of(house, pid).state == "NEW"
    assert pid not in feed_of(house)


def test_a_second_click_on_save_enters_nothing(house: House) -> None:
    first = entering.enter(house, reading_group(), actor="ana", once="one form")
    assert entering.enter(house, reading_group(), actor="ana", once="one form") == first
    assert entering.enter(house, reading_group(), actor="ana", once="another form") != first


def test_the_library_is_one_partner_with_one_source_however_much_it_enters(house: House) -> None:
    for each in range(3):
        entering.enter(house, reading_group(summary=f"Group {each}"), actor="ana")
    with house.database.reading() as tx:
        assert tx.value(select(func.count()).where(tables.partner.c.ours)) == 1
        assert tx.value(select(func.count()).where(tables.source.c.kind == "ours")) == 1


def test_a_partner_called_like_the_library_is_another_one(house: House) -> None:
    with house.database.writing() as tx:
        partners.add(tx, house.clock(), "Millbrook Public Library")
    pid = entering.enter(house, reading_group(), actor="ana")
    with house.database.reading() as tx:
        ours = partners.ours(tx)
    assert ours is not None
    assert row_of(house, pid).partner_id == ours.id
    assert ours.slug == "millbrook-public-library-1"


def test_an_amended_event_is_told_anew_under_the_same_name(house: House, clock: Clock) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    before = feed_of(house)
    clock.forward(minutes=5)
    row = row_of(house, pid)
    later = reading_group(start=datetime(2026, 12, 2, 18, tzinfo=ZONE))
    done = entering.amend(house, row.id, later, actor="tom", version=row.version)
    after = row_of(house, pid)
    assert (after.sequence, after.state, after.version) == (1, "APPROVED", done.version)
    assert dates_of(house, pid)[0] == "2026-12-02T18:00:00"
    assert "SEQUENCE:1" in feed_of(house)
    assert feed_of(house) != before
    with house.database.reading() as tx:
        [change] = views.history(tx, row.id)
        assert views.unseen(tx, [row.id]) == []
    assert (change.cause, change.field) == ("staff", "start")


def test_saving_without_a_change_changes_nothing(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    row = row_of(house, pid)
    done = entering.amend(house, row.id, reading_group(), actor="ana", version=row.version)
    assert (done.version, row_of(house, pid).sequence) == (row.version, 0)


def test_the_second_of_two_who_amend_at_once_is_told(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    row = row_of(house, pid)
    entering.amend(house, row.id, reading_group(summary="A"), actor="tom", version=row.version)
    with pytest.raises(ConflictError):
        entering.amend(house, row.id, reading_group(summary="B"), actor="ana", version=row.version)
    assert row_of(house, pid).facts["summary"] == "A"


def test_a_cancelled_event_stays_on_the_calendar_as_cancelled(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    row = row_of(house, pid)
    done = entering.cancel(house, row.id, actor="ana", version=row.version)
    assert "STATUS:CANCELLED" in feed_of(house)
    assert row_of(house, pid).state == "APPROVED"
    entering.reinstate(house, row.id, actor="ana", version=done.version)
    assert "STATUS:CANCELLED" not in feed_of(house)


def test_an_event_that_nobody_was_told_of_is_taken_off_and_put_back(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    row = row_of(house, pid)
    done = entering.remove(house, row.id, actor="ana", version=row.version)
    assert (row_of(house, pid).state, pid in feed_of(house)) == ("DECLINED", False)
    reviews.undo(house, row.id, actor="ana", version=done.version)
    assert (row_of(house, pid).state, pid in feed_of(house)) == ("APPROVED", True)


def test_an_event_of_a_feed_is_not_ours_to_amend(tmp_path: Path, sqlite_url: str) -> None:
    with posting(tmp_path, sqlite_url) as town:
        with pytest.raises(MissingError, match="not_ours"):
            entering.amend(town.house, 1, reading_group(), actor="ana", version=0)
        assert entering.entered(town.house, 1) is None


def test_what_a_post_tells_of_can_be_cancelled_but_not_taken_off(
    tmp_path: Path, sqlite_url: str
) -> None:
    with posting(tmp_path, sqlite_url) as town:
        pid = entering.enter(town.house, reading_group(), actor="ana")
        row = row_of(town.house, pid)
        town.share(row.id)
        town.deliver()
        version = row_of(town.house, pid).version
        with pytest.raises(ServiceError, match="told"):
            entering.remove(town.house, row.id, actor="ana", version=version)
        entering.cancel(town.house, row.id, actor="ana", version=version)
        assert row_of(town.house, pid).facts["status"] == "CANCELLED"


def test_the_library_renamed_is_the_partner_renamed(house: House) -> None:
    pid = entering.enter(house, reading_group(), actor="ana")
    with house.database.writing() as tx:
        settings.put(tx, "library", "Library of the Mill Valley")
        entering.renamed(tx)
    assert row_of(house, pid).partner == "Library of the Mill Valley"
    assert "Library of the Mill Valley" in feed_of(house)
    assert row_of(house, pid).sequence == 0
