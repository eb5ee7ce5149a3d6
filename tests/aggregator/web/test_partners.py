"""Partners: how their feeds are, what came of them, changing it; no page fetches anything."""

import pytest

from aggregator import doctor
from aggregator.services import partners as service
from aggregator.services.house import House
from aggregator.storage import hosts, partners, sources
from feeds.event import Problem
from tests.aggregator.web.checking import named
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock
from words.say import say


def at(house: House, name: str = "River Museum") -> str:
    """Where the partner's page is."""
    with house.database.reading() as tx:
        row = partners.by_id(tx, partners.find(tx, name) or 0)
    assert row is not None
    return f"/partners/{row.pid}"


def actions(page: object) -> set[str]:
    """Where the forms of a page lead."""
    return {each.get("action", "") for each in named(page, "form")}  # type: ignore[arg-type]


def test_list_puts_those_in_trouble_first_and_counts_what_came_of_each(
    town: Town, staff: Visitor
) -> None:
    one, _, three = town.tell(an_event("a"), an_event("b"), an_event("c"))
    town.decide(three, "decline")
    town.connect()
    town.share(one)
    town.tell(an_event("d"), partner="Zither Club")
    town.fail("door.timeout", partner="Zither Club")
    page = staff.get("/partners")
    rows = [text_of(each) for each in named(page, "tr")][1:]
    assert [row.split("In 60 days")[0] for row in rows] == [
        f"ZCZither ClubCalendar feed Fails since 12 pm. {say('door.timeout')} ",
        "RMRiver MuseumCalendar feed Reads well. Events in it: 3. ",
    ]
    assert rows[1].endswith("today, 12 pm 311")
    assert "2 partners, 2 feeds. 1 is in trouble." in text(page)


def text_of(element: object) -> str:
    return " ".join("".join(element.itertext()).split())  # type: ignore[attr-defined]


def test_list_goes_on_behind_the_last_partner(
    town: Town, staff: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.web.staff.partners.SIZE", 2)
    for name in ("Arts", "Boats", "Choir"):
        town.source(name)
    page = staff.get("/partners")
    assert "Choir" not in text(page)
    [more] = [a.get("href", "") for a in named(page, "a") if "after=" in a.get("href", "")]
    assert "Choir" in text(staff.get(more))
    assert "Boats" not in text(staff.get(more))


def test_feed_that_fails_says_since_when_and_has_a_message_to_send(
    house: House, town: Town, staff: Visitor, clock: Clock
) -> None:
    town.tell(an_event())
    clock.forward(days=2)
    town.fail("feed.gone")
    clock.forward(days=2)
    town.fail("feed.gone")
    said = text(staff.get(at(house)))
    assert "Fails since Thursday." in said
    assert "Last good answerTue 24 Nov, 12 pm" in said
    assert "Our calendar can’t find your events any more since Thursday." in said
    assert "https://river-museum.example/feed.ics" in said
    assert "Ana the staff, Millbrook Public Library" in said
    assert "In 60 days: 1 good, 0 in part, 2 without an answer" in said


def test_doubtful_reading_names_each_problem_once(house: House, town: Town, staff: Visitor) -> None:
    town.tell(an_event(), problems=(Problem("feed.unknown_code", "line 3"),) * 2)
    said = text(staff.get(at(house)))
    assert "Reads, with something doubtful in it." in said
    assert said.count("feed.unknown_code") == 1


def test_feed_read_now_asks_every_second_until_it_is(
    house: House, town: Town, administrator: Visitor, clock: Clock
) -> None:
    town.tell(an_event())
    clock.forward(minutes=5)
    page = administrator.get(at(house))
    page = administrator.follow(administrator.send(page, "/partners/sources/1/poll"))
    assert "Waiting for its turn." in text(page)
    asking = "/partners/sources/1/progress"
    assert [each.get("hx-get") for each in page.iter() if each.get("hx-get")] == [asking]
    with house.database.reading() as tx:
        assert hosts.due(tx, clock())
    part = {"HX-Request-Type": "partial"}
    assert "every 1s" in administrator.client.get(asking, headers=part).text
    town.tell(an_event(), an_event("more"))
    now = administrator.client.get(asking, headers=part).text
    assert "every 1s" not in now
    assert "1 new, 0 changed, 1 as before, 0 gone; problems: 0" in now
    assert administrator.client.get(asking).headers["Location"] == at(house)


def test_feed_that_waits_for_long_asks_about_the_worker(
    house: House, town: Town, staff: Visitor, clock: Clock
) -> None:
    town.source()
    assert "Not read yet." in text(staff.get(at(house)))
    clock.forward(minutes=5)
    page = staff.get(at(house))
    assert "Is the worker running?" in text(page)
    assert not [each for each in page.iter() if each.get("hx-get")]


def test_paused_feed_is_not_read_until_it_goes_on(
    house: House, town: Town, administrator: Visitor, clock: Clock
) -> None:
    town.tell(an_event())
    clock.forward(days=1)
    page = administrator.get(at(house))
    page = administrator.follow(administrator.send(page, "/partners/sources/1/pause"))
    assert "Paused. Nobody reads it until you go on." in text(page)
    with house.database.reading() as tx:
        assert not hosts.due(tx, clock())
    page = administrator.follow(administrator.send(page, "/partners/sources/1/resume"))
    with house.database.reading() as tx:
        assert hosts.due(tx, clock())


def test_changed_address_keeps_the_events_and_remembers_the_old_one(
    house: House, town: Town, administrator: Visitor
) -> None:
    [pid] = town.tell(an_event())
    page = administrator.get(at(house))
    new = "https://new.example/feed.ics"
    page = administrator.follow(administrator.send(page, "/partners/sources/1/move", url=new))
    assert "Before, it was at https://river-museum.example/feed.ics" in text(page)
    town.tell(an_event())
    with house.database.reading() as tx:
        assert sources.find(tx, new) == 1
        assert town.row(pid).sequence == 0
    again = administrator.send(page, "/partners/sources/1/move", url=new)
    assert "That is the address we have." in text(administrator.follow(again))


def test_removed_address_leaves_its_events_and_can_come_back(
    house: House, town: Town, administrator: Visitor, clock: Clock
) -> None:
    [pid] = town.approve(an_event())
    page = administrator.get(at(house))
    page = administrator.follow(administrator.send(page, "/partners/sources/1/remove"))
    assert "Removed. What it told stays" in text(page)
    assert "No address yet" in text(page)
    assert town.row(pid).state == "APPROVED"
    clock.forward(days=1)
    with house.database.reading() as tx:
        assert not hosts.due(tx, clock())
    page = administrator.follow(administrator.send(page, "/partners/sources/1/back"))
    assert "Reads well" in text(page) or "Waiting for its turn" in text(page)


def test_removed_address_that_is_added_again_is_the_same_source(house: House, town: Town) -> None:
    town.source()
    service.remove(house, 1, actor="Ana")
    other = service.add(house, "Boats", actor="Ana")
    url = "https://river-museum.example/feed.ics"
    assert service.add_source(house, other, url, actor="Ana") == 1


def test_ended_partner_is_read_no_more_and_can_be_brought_back(
    house: House, town: Town, administrator: Visitor, clock: Clock
) -> None:
    [pid] = town.approve(an_event())
    here = at(house)
    page = administrator.get(here)
    page = administrator.follow(administrator.send(page, f"{here}/archive"))
    assert "Ended with River Museum." in text(page)
    assert "No partner yet" in text(page)
    assert town.row(pid).state == "APPROVED"
    clock.forward(days=1)
    with house.database.reading() as tx:
        assert not hosts.due(tx, clock())
    page = administrator.follow(administrator.send(page, f"{here}/back"))
    assert "River Museum is back" in text(page)
    with house.database.reading() as tx:
        assert hosts.due(tx, clock())


def test_changed_name_stands_on_the_calendar_too(
    house: House, town: Town, administrator: Visitor
) -> None:
    town.approve(an_event())
    here = at(house)
    page = administrator.get(here)
    sent = administrator.send(
        page, here, name="Museum on the River", contact="Ines, 555 0142", zone="Europe/Berlin"
    )
    said = text(administrator.follow(sent))
    assert "Saved." in said
    assert "Their clock is that of Berlin." in said
    assert doctor.invariants(house) == []


def test_fault_in_the_form_keeps_what_was_typed(
    house: House, town: Town, administrator: Visitor
) -> None:
    town.source()
    here = at(house)
    answer = administrator.send(administrator.get(here), here, name=" ", contact="Ines")
    assert answer.status_code == 422
    assert "A partner needs a name" in text(administrator.read(answer))
    assert 'value="Ines"' in answer.text


def test_trusted_partners_events_go_straight_up_and_each_can_be_taken_off(
    house: House, town: Town, administrator: Visitor
) -> None:
    [old] = town.tell(an_event("old"))
    here = at(house)
    page = administrator.get(here)
    page = administrator.follow(administrator.send(page, f"{here}/trust", trust="list"))
    assert "From now on, new events of River Museum go straight on the calendar." in text(page)
    cancelled = an_event("off", status="CANCELLED")
    _, new, off = town.tell(an_event("old"), an_event("new"), cancelled)
    assert [town.row(pid).state for pid in (old, new, off)] == ["NEW", "APPROVED", "NEW"]
    assert administrator.client.get("/calendar.ics").text.count("BEGIN:VEVENT") == 1
    errors = doctor.invariants(house)
    assert errors == []
    undone = administrator.send(administrator.get(f"/inbox/{new}"), f"/inbox/{new}/undo")
    assert undone.status_code == 303
    assert town.row(new).state == "NEW"
    assert administrator.client.get("/calendar.ics").text.count("BEGIN:VEVENT") == 0


def test_staff_see_a_partner_and_no_form_to_change_it(
    house: House, town: Town, staff: Visitor
) -> None:
    town.tell(an_event())
    for path in ("/partners", at(house)):
        assert actions(staff.get(path)) == {"/logout"}
    for path in ("/partners/add", at(house) + "/trust"):
        assert staff.client.get(path).status_code in {403, 405}


def test_empty_list_offers_the_next_step(administrator: Visitor) -> None:
    page = administrator.get("/partners")
    assert "No partner yet" in text(page)
    assert "/partners/add" in {each.get("href") for each in named(page, "a")}


def test_unknown_partner_or_source_is_told_so(administrator: Visitor) -> None:
    administrator.get("/partners/nobody", 404)
    page = administrator.get("/partners")
    answer = administrator.send(page, "/logout")
    assert answer.status_code == 303


@pytest.mark.parametrize("between", ["a second click", "another name"])
def test_partner_who_comes_back_is_read_again_whatever_happened_meanwhile(
    house: House, town: Town, between: str
) -> None:
    source_id = town.source()
    with house.database.reading() as tx:
        partner_id = partners.find(tx, "River Museum") or 0
    service.archive(house, partner_id, actor="Ana")
    if between == "another name":
        service.change(
            house, partner_id, actor="Ana", name="Mill", zone=None, credit=None, contact=None
        )
    else:
        service.archive(house, partner_id, actor="Ana")
    service.bring_back(house, partner_id, actor="Ana")
    assert is_read(house, source_id)


def test_second_click_on_undo_does_not_read_a_feed_that_was_paused(
    house: House, town: Town
) -> None:
    source_id = town.source()
    service.pause(house, source_id, actor="Ana")
    service.remove(house, source_id, actor="Ana")
    service.put_back(house, source_id, actor="Ana")
    service.put_back(house, source_id, actor="Ana")
    assert not is_read(house, source_id)


def is_read(house: House, source_id: int) -> bool:
    with house.database.reading() as tx:
        row = sources.by_id(tx, source_id)
    assert row is not None
    return bool(row.enabled)
