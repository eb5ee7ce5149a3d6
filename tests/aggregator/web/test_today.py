"""Today: what needs a person, in order, each done in place."""

from dataclasses import replace
from datetime import timedelta

from aggregator.services import twins
from aggregator.services.house import House
from aggregator.storage import events
from aggregator.storage import reports as stored
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.houses import Clock


def test_day_without_anything_to_do_says_so(town: Town, staff: Visitor) -> None:
    town.source()
    said = text(staff.get("/today"))
    assert "Done for today" in said
    assert "Nothing waits for you" in said


def test_house_that_reads_nobody_yet_says_what_to_do_first(
    staff: Visitor, administrator: Visitor
) -> None:
    assert "Nobody’s events are read yet" in text(staff.get("/today"))
    page = administrator.get("/inbox")
    assert "Whose events shall we read?" in text(page)


def test_change_after_sharing_stands_first_and_leaves_when_seen(
    house: House, town: Town, staff: Visitor
) -> None:
    told = an_event()
    town.connect()
    [pid] = town.tell(told)
    town.share(pid)
    assert told.start is not None
    town.tell(replace(told, start=told.start + timedelta(minutes=30)))
    page = staff.get("/today")
    said = text(page)
    assert "2 things need you" in said  # the change, and the post that waits because of it
    assert "Changed after you approved it" in said
    page = staff.follow(staff.send(page, f"/inbox/{pid}/seen"))
    assert "Changed after you approved it" not in text(page)
    assert "Posts that wait for you" in text(page)


def test_event_that_is_soon_is_decided_in_place_with_undo(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    soon = an_event(start=clock().astimezone(ZONE) + timedelta(hours=30))
    [pid] = town.tell(replace(soon, end=None))
    page = staff.get("/today")
    assert "Soon, and nobody has looked" in text(page)
    page = staff.follow(staff.send(page, f"/inbox/{pid}/decide", verb="calendar_only"))
    assert "Done for today" in text(page)
    page = staff.follow(staff.send(page, f"/inbox/{pid}/undo"))
    assert "Soon, and nobody has looked" in text(staff.get("/today"))


def test_two_partners_with_one_event_are_asked_about(
    house: House, town: Town, staff: Visitor
) -> None:
    [first] = town.tell(an_event())
    [second] = town.tell(an_event(), partner="Parks Department")
    page = staff.get("/today")
    assert "Perhaps the same event" in text(page)
    page = staff.follow(staff.send(page, "/today/pairs/1/2", stays="a"))
    assert "Perhaps the same event" not in text(page)
    with house.database.reading() as tx:
        rows = [events.by_pid(tx, pid) for pid in (first, second)]
        states = [row.state for row in rows if row is not None]
    assert states == ["NEW", "DECLINED"]
    page = staff.follow(staff.send(page, "/today/pairs/1/2/again"))
    assert "Perhaps the same event" in text(page)
    page = staff.follow(staff.send(page, "/today/pairs/1/2", stays="both"))
    assert "Two events. Nobody is asked again." in text(page)
    assert "Perhaps the same event" not in text(staff.get("/today"))


def test_two_people_who_answer_the_other_way_round_leave_one_event(
    house: House, town: Town, staff: Visitor
) -> None:
    pids = [*town.tell(an_event()), *town.tell(an_event(), partner="Parks Department")]
    page = staff.get("/today")
    twins.same_event(house, 2, 1, actor="Tom")
    page = staff.follow(staff.send(page, "/today/pairs/1/2", stays="a"))
    assert "Tom declined this" in text(page)
    assert [town.row(pid).state for pid in pids] == ["DECLINED", "NEW"]


def test_feed_in_trouble_is_named_with_why_and_since_when(town: Town, staff: Visitor) -> None:
    town.tell(an_event())
    town.fail("door.timeout")
    said = text(staff.get("/today"))
    assert "In trouble" in said
    assert "River Museum" in said
    assert "Since Tue 24 Nov" in said


def test_what_a_resident_told_waits_until_it_is_dealt_with(
    house: House, town: Town, staff: Visitor
) -> None:
    [pid] = town.approve(an_event())
    with house.database.writing() as tx:
        row = events.by_pid(tx, pid)
        assert row is not None
        stored.add(tx, row.id, house.clock(), "The door is on the other side.")
    page = staff.get("/today")
    assert "The door is on the other side." in text(page)
    page = staff.follow(staff.send(page, "/today/reports/1"))
    assert "Residents tell us" not in text(page)
    page = staff.follow(staff.send(page, "/today/reports/1/again"))
    assert "Residents tell us" in text(page)


def test_week_shows_what_goes_out_on_which_day(house: House, town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    said = text(staff.get("/today"))
    assert "The week as posted" in said
    assert said.count("Nothing yet.") == 6
