"""Settings: groups and their words, hashtags, purposes, and what the library is called."""

import time

from sqlalchemy import select

from aggregator.services import deriving
from aggregator.services.house import House
from aggregator.storage import choices, events, places, tags
from aggregator.storage import house as kept
from aggregator.storage.tables import journal
from tests.aggregator.web.checking import named
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event


def test_a_new_house_has_groups_purposes_and_sets_filled_in(staff: Visitor) -> None:
    said = text(staff.get("/settings"))
    for expected in ("Teens", "youth", "Invite to an event", "Every post"):
        assert expected in said


def test_group_gets_the_words_and_ages_that_were_typed(house: House, staff: Visitor) -> None:
    page = staff.get("/settings")
    sent = staff.send(
        page, "/settings/audience/3", name="Teens", words="teen, tweens,\nteen", oldest="17"
    )
    assert "Saved “Teens”." in text(staff.follow(sent))
    with house.database.reading() as tx:
        [row] = [each for each in choices.audiences(tx) if each.name == "Teens"]
    assert row.words == ["teen", "tweens"]
    assert row.ages == [12, 17]


def test_ages_in_the_wrong_order_are_told_and_what_was_typed_stays(staff: Visitor) -> None:
    page = staff.get("/settings")
    answer = staff.send(page, "/settings/audience", name="Grandparents", youngest="90", oldest="60")
    assert answer.status_code == 422
    assert "the first is not above the second" in text(staff.read(answer))
    assert 'value="Grandparents"' in answer.text


def test_removed_set_comes_back_with_undo(house: House, staff: Visitor) -> None:
    page = staff.get("/settings")
    sent = staff.send(page, "/settings/hashtags", name="Winter", tags="#Winter Snow", when="always")
    page = staff.follow(sent)
    page = staff.follow(staff.send(page, "/settings/hashtags/3/remove"))
    assert "Removed “Winter”" in text(page)
    page = staff.follow(staff.send(page, "/settings/hashtags/3/restore"))
    assert "“Winter” is back." in text(page)
    with house.database.reading() as tx:
        [row] = [each for each in choices.hashtag_sets(tx) if each.name == "Winter"]
    assert (row.tags, row.always) == (["Winter", "Snow"], True)


def test_name_that_is_taken_is_told(staff: Visitor) -> None:
    answer = staff.send(staff.get("/settings"), "/settings/purpose", name="Say thank you")
    assert answer.status_code == 422
    assert "There is a “Say thank you” already." in text(staff.read(answer))


def test_library_is_renamed_by_an_administrator_alone(
    house: House, administrator: Visitor, staff: Visitor
) -> None:
    page = administrator.get("/settings/library")
    sent = administrator.send(
        page, "/settings/library", library="Mill Library", town="Mill", zone="Europe/Berlin"
    )
    assert 'value="Mill Library"' in administrator.client.get(sent.headers["Location"]).text
    with house.database.reading() as tx:
        assert kept.get(tx, "zone") == "Europe/Berlin"
        verbs = tx.all(select(journal.c.verb).where(journal.c.subject == "library:1"))
    assert [each.verb for each in verbs] == ["rename_library"]
    assert staff.client.get("/settings/library").status_code == 403


def test_group_that_is_renamed_or_gets_words_goes_through_all_events_again(
    house: House, town: Town, staff: Visitor
) -> None:
    [pid] = town.tell(an_event(categories=("Grown teenagers only",)))
    page = staff.get("/settings")
    staff.follow(
        staff.send(page, "/settings/audience", name="Nearly grown", words="teenagers only")
    )
    deriving.catch_up(house, time.monotonic() + 5)
    with house.database.reading() as tx:
        row = events.by_pid(tx, pid)
        assert row is not None
        group = choices.find(tx, "audience", "Nearly grown")
        assert group is not None
        assert ("audience", str(group.id)) in tags.of(tx, [row.id])[row.id]


def test_building_is_added_by_a_map_link_and_its_removal_is_taken_back(
    house: House, administrator: Visitor
) -> None:
    page = administrator.get("/settings/library")
    link = "https://www.openstreetmap.org/?mlat=40.7&mlon=-74.5#map=17/40.7/-74.5"
    page = administrator.follow(
        administrator.send(page, "/settings/places", name="East Branch", where=link)
    )
    page = administrator.follow(administrator.send(page, "/settings/places/1/remove"))
    assert "Removed “East Branch”." in text(page)
    [back] = [
        form.get("action", "")
        for form in named(page, "form")
        if "name=East" in form.get("action", "")
    ]
    plain = administrator.client.get("/settings").text
    token = plain.partition('csrf_token" value="')[2].partition('"')[0]
    administrator.follow(administrator.client.post(back, data={"csrf_token": token}))
    with house.database.reading() as tx:
        [row] = places.branches(tx)
    assert (row.name, row.latitude, row.longitude) == ("East Branch", 40.7, -74.5)
