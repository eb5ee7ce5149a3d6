"""Staff's own words for an event: they stand, the source's newer ones beside them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from aggregator import doctor
from aggregator.domain.resolve import on_date
from aggregator.services import editing, preparing, reviews, storing
from aggregator.services.errors import ConflictError, MissingError
from aggregator.services.house import House
from aggregator.services.polls import Poll
from aggregator.storage import deliveries, locks, revisions, views
from feeds.event import Place, Reading
from tests.aggregator.web.board import Board
from tests.aggregator.web.town import ZONE, Town, an_event, knitting
from tests.support.houses import Clock, make_house

HALL, LOFT, ROOM = Place("Wren Street Hall"), Place("Library, Loft"), Place("Upper room")
RID = "2026-12-15T18:30:00"


def where(place: Place) -> dict[str, object]:
    """The fact of a place."""
    empty = {"address": None, "latitude": None, "longitude": None, "url": None}
    return {"location": {"name": place.name, **empty}}


@pytest.fixture
def town(tmp_path: Path, database_url: str) -> Iterator[Town]:
    made = make_house(tmp_path, database_url, clock=Clock(), networks={"board": Board().network()})
    yield Town(made)
    assert doctor.invariants(made) == []
    made.database.close()


def facts_of(town: Town, pid: str) -> dict[str, object]:
    return dict(town.row(pid).facts)


def edit(town: Town, pid: str, values: Mapping[str, object], rid: str = "") -> editing.Edited:
    row = town.row(pid)
    return editing.edit(town.house, row.id, values, rid=rid, actor="Ana", version=row.version)


def unseen(town: Town, pid: str) -> list[tuple[str, str, bool]]:
    with town.house.database.reading() as tx:
        return [(row.rid, row.field, row.kept) for row in views.unseen(tx, [town.row(pid).id])]


def counter(house: House, name: str) -> int:
    with house.database.reading() as tx:
        return revisions.current(tx, name)


def test_edited_fact_stands_whatever_the_source_tells_and_its_news_come_to_notice(
    town: Town,
) -> None:
    [pid] = town.approve(an_event(location=HALL))
    before = town.row(pid)
    done = edit(town, pid, where(LOFT))
    after = town.row(pid)
    assert after.facts["location"]["name"] == "Library, Loft"
    assert after.provenance == {"location": "staff"}
    assert (after.version, done.version) == (before.version + 1, before.version + 1)
    assert after.sequence == before.sequence + 1
    assert "Library\\, Loft" in after.ics_block
    assert unseen(town, pid) == []  # who wrote it knows
    town.tell(an_event(location=ROOM, description="Bring cushions."))
    later = town.row(pid)
    assert later.facts["location"]["name"] == "Library, Loft"
    assert later.facts["description"] == "Bring cushions."
    assert unseen(town, pid) == [("", "location", True)]


def test_polling_twice_with_locks_writes_nothing(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL), partner="Parks")
    edit(town, pid, where(LOFT))
    town.tell(an_event(location=ROOM), partner="Parks")
    before, n = town.row(pid), counter(town.house, revisions.INBOX)
    town.tell(an_event(location=ROOM), partner="Parks")
    assert town.row(pid) == before
    assert counter(town.house, revisions.INBOX) == n


def test_news_about_a_kept_fact_alone_leave_sequence_and_calendar_as_they_are(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    edit(town, pid, where(LOFT))
    before, n = town.row(pid), counter(town.house, revisions.CALENDAR)
    town.tell(an_event(location=ROOM, sequence=7))
    after = town.row(pid)
    assert (after.sequence, after.ics_block) == (before.sequence, before.ics_block)
    assert after.facts["sequence"] == 7
    assert counter(town.house, revisions.CALENDAR) == n


def test_take_theirs_follows_the_source_again(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    edit(town, pid, where(LOFT))
    town.tell(an_event(location=ROOM))
    row = town.row(pid)
    editing.take_theirs(town.house, row.id, ["location"], actor="Tom", version=row.version)
    after = town.row(pid)
    assert after.facts["location"]["name"] == "Upper room"
    assert after.provenance == {}
    assert unseen(town, pid) == []


def test_keep_ours_is_asked_again_only_when_they_say_something_else(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    edit(town, pid, where(LOFT))
    town.tell(an_event(location=ROOM))
    row = town.row(pid)
    editing.keep_ours(town.house, row.id, ["location"], actor="Tom", version=row.version)
    assert unseen(town, pid) == []
    with town.house.database.reading() as tx:
        [lock] = locks.of_event(tx, row.id)
    assert lock.seen["name"] == "Upper room"
    assert town.row(pid).facts["location"]["name"] == "Library, Loft"
    town.tell(an_event(location=Place("Attic")))
    assert unseen(town, pid) == [("", "location", True)]


def test_one_date_of_a_series_has_its_own_place_and_undo_takes_it_back(town: Town) -> None:
    [pid] = town.approve(knitting())
    before = facts_of(town, pid)
    done = edit(town, pid, where(LOFT), RID)
    facts = facts_of(town, pid)
    told, other = on_date(facts, RID), on_date(facts, "2026-12-08T18:30:00")
    assert told is not None
    assert other is not None
    assert (told["location"]["name"], other["location"]["name"]) == (LOFT.name, HALL.name)
    assert done.line is not None
    editing.undo(
        town.house, town.row(pid).id, done.line, actor="Ana", version=town.row(pid).version
    )
    assert facts_of(town, pid) == before


def test_one_date_can_be_called_off_and_moved(town: Town) -> None:
    [pid] = town.approve(knitting())
    moved = {"start": "2026-12-15T19:00:00-05:00", "end": "2026-12-15T21:00:00-05:00"}
    edit(town, pid, moved, RID)
    edit(town, pid, {"status": "CANCELLED"}, "2026-12-22T18:30:00")
    with town.house.database.reading() as tx:
        rows = {row.rid: row for row in views.dates(tx, town.row(pid).id)}
    assert rows[RID].start_wall == "2026-12-15T19:00:00"
    assert rows["2026-12-22T18:30:00"].status == "CANCELLED"
    assert rows["2026-12-29T18:30:00"].status is None


def test_date_that_the_series_lost_keeps_our_words_until_it_is_back(town: Town) -> None:
    [pid] = town.approve(knitting())
    edit(town, pid, where(LOFT), RID)
    gone = datetime.fromisoformat(RID).replace(tzinfo=ZONE)
    town.tell(knitting(exdates=(gone,)))
    assert facts_of(town, pid)["overrides"] == []
    town.tell(knitting())
    told = on_date(facts_of(town, pid), RID)
    assert told is not None
    assert told["location"]["name"] == "Library, Loft"
    with pytest.raises(ConflictError, match=r"edit\.date"):
        edit(town, pid, where(LOFT), "2026-12-16T18:30:00")


def test_edit_during_a_poll_is_not_lost(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    source = town._source(town.source())
    reading = Reading((an_event(location=ROOM, description="News"),), format="ical")
    poll = Poll(source, town.house.clock(), "NEW_BODY", {}, reading=reading)
    prepared = preparing.prepare(town.house.database, poll, reading)
    edit(town, pid, where(LOFT))
    at_edit = town.row(pid).sequence
    with town.house.database.writing() as tx:
        storing._store(tx, poll, prepared, ZONE)
    after = town.row(pid)
    assert after.facts["location"]["name"] == "Library, Loft"
    assert after.facts["description"] == "News"
    assert after.sequence == at_edit + 1
    assert unseen(town, pid) == [("", "location", True)]


def test_queued_post_waits_when_staff_move_the_event(town: Town) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    moved = {
        "start": "2026-12-12T16:00:00-05:00",
        "end": "2026-12-12T17:00:00-05:00",
        "all_day": False,
        "zone": "America/New_York",
    }
    done = edit(town, pid, moved)
    assert done.held == 1
    with town.house.database.reading() as tx:
        [post] = deliveries.of_event(tx, town.row(pid).id)
    assert post.state == "HELD"


def test_second_of_two_people_is_told_who_was_faster_and_nothing_is_lost(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    row = town.row(pid)
    edit(town, pid, where(LOFT))
    with pytest.raises(ConflictError, match=r"faster\.edit"):
        editing.edit(town.house, row.id, where(ROOM), actor="Tom", version=row.version)
    assert town.row(pid).facts["location"]["name"] == "Library, Loft"


def test_double_click_is_one_edit(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    row = town.row(pid)
    first = editing.edit(town.house, row.id, where(LOFT), actor="Ana", version=row.version)
    again = editing.edit(town.house, row.id, where(LOFT), actor="Ana", version=row.version)
    assert (first.line, first.version) == (again.line, again.version)


def test_what_is_as_the_source_tells_it_follows_the_source_again(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    edit(town, pid, where(LOFT))
    edit(town, pid, where(HALL))
    assert town.row(pid).provenance == {}
    with town.house.database.reading() as tx:
        assert locks.of_event(tx, town.row(pid).id) == []


def test_decision_can_be_undone_after_an_edit_and_the_edit_stays(town: Town) -> None:
    [pid] = town.approve(an_event(location=HALL))
    edit(town, pid, where(LOFT))
    row = town.row(pid)
    reviews.undo(town.house, row.id, actor="Ana", version=row.version)
    after = town.row(pid)
    assert (after.state, after.facts["location"]["name"]) == ("NEW", "Library, Loft")


def test_declined_event_can_be_edited_and_stays_declined(town: Town) -> None:
    [pid] = town.tell(an_event(location=HALL))
    town.decide(pid, "decline")
    edit(town, pid, where(LOFT))
    assert (town.row(pid).state, facts_of(town, pid)["location"]["name"]) == (  # type: ignore[index]
        "DECLINED",
        "Library, Loft",
    )


def test_line_of_another_event_is_not_put_back(town: Town) -> None:
    one, other = town.approve(an_event("a", location=HALL), an_event("b"))
    done = edit(town, one, where(LOFT))
    row = town.row(other)
    assert done.line is not None
    with pytest.raises(MissingError):
        editing.undo(town.house, row.id, done.line, actor="Ana", version=row.version)
