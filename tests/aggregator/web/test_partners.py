"""Partners: who is read, how that goes, and adding to it; nothing is fetched by a page."""

from aggregator.services.house import House
from aggregator.storage import hosts
from feeds.event import Problem
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock


def test_partner_and_address_are_added_and_due_at_once(
    house: House, administrator: Visitor, clock: Clock
) -> None:
    page = administrator.get("/partners")
    page = administrator.follow(administrator.send(page, "/partners", name="River Museum"))
    assert "Added River Museum. Now add where they list their events." in text(page)
    sent = administrator.send(page, "/partners/1/sources", url="river-museum.example/feed.ics")
    page = administrator.follow(sent)
    assert "https://river-museum.example/feed.ics not read yet" in text(page)
    with house.database.reading() as tx:
        assert hosts.due(tx, clock())


def test_fault_in_a_form_is_told_beside_it_and_keeps_what_was_typed(
    town: Town, administrator: Visitor
) -> None:
    town.source()
    page = administrator.get("/partners")
    answer = administrator.send(page, "/partners/1/sources", url="ftp://river-museum.example")
    assert answer.status_code == 422
    assert "is not a web address" in text(administrator.read(answer))
    assert 'value="ftp://river-museum.example"' in answer.text
    answer = administrator.send(page, "/partners", name=" ", zone="Europe/Berlin")
    assert "A partner needs a name" in text(administrator.read(answer))
    assert '<option value="Europe/Berlin" selected>' in answer.text


def test_last_poll_stands_in_words_with_its_problems(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    town.tell(an_event(), problems=(Problem("feed.unknown_code", "line 3"),) * 2)
    town.fail("door.no_answer", partner="Parks Department")
    clock.forward(hours=2)
    said = text(staff.get("/partners"))
    assert "Asked 2 hours ago: read" in said
    assert said.count("feed.unknown_code") == 1


def test_feed_that_fails_says_when_it_last_was_well(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    town.tell(an_event())
    clock.forward(days=3)
    town.fail("door.timeout")
    assert "Last good answer 3 days ago." in text(staff.get("/partners"))


def test_read_it_now_makes_the_source_due(
    house: House, town: Town, administrator: Visitor, clock: Clock
) -> None:
    town.tell(an_event())
    with house.database.reading() as tx:
        assert not hosts.due(tx, clock())
    page = administrator.get("/partners")
    after = administrator.follow(administrator.send(page, "/partners/sources/1/poll"))
    assert "It is read as soon as its server is free." in text(after)
    with house.database.reading() as tx:
        assert hosts.due(tx, clock())


def test_staff_see_partners_and_no_forms_to_change_them(town: Town, staff: Visitor) -> None:
    town.tell(an_event())
    page = staff.get("/partners")
    assert "River Museum" in text(page)
    assert {each.get("action") for each in named(page, "form")} == {"/logout"}


def test_same_address_twice_is_told(town: Town, administrator: Visitor) -> None:
    town.source()
    page = administrator.get("/partners")
    answer = administrator.send(
        page, "/partners/1/sources", url="https://river-museum.example/feed.ics"
    )
    assert "We read https://river-museum.example/feed.ics already." in text(
        administrator.read(answer)
    )


def test_empty_list_offers_the_next_step(administrator: Visitor) -> None:
    page = administrator.get("/partners")
    assert "No partner yet" in text(page)
    assert "Add the partner" in {words(each) for each in named(page, "button")}
