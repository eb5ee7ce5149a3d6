"""What htmx asks the inbox for: the next event, what is found, what is new."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from aggregator.domain.verbs import VERBS
from aggregator.storage import places
from feeds.event import Place
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_inbox import titles
from tests.aggregator.web.test_queries import counted
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.houses import Clock

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def part(visitor: Visitor, path: str, **headers: str) -> str:
    """A part of a page, as htmx asks for it."""
    answer = visitor.client.get(path, headers={**PART, **headers})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return answer.text


def send(visitor: Visitor, pid: str, action: str = "decide", **typed: str) -> Any:
    """Send a form of the event's page as htmx sends it."""
    page = visitor.get(f"/inbox/{pid}")
    token = next(
        each.get("value", "") for each in named(page, "input") if each.get("name") == "csrf_token"
    )
    sent = {"csrf_token": token, "version": "0", **typed}
    return visitor.client.post(f"/inbox/{pid}/{action}", data=sent, headers=PART)


def opened(part: str) -> str:
    """The event that stands open in a part."""
    [pid] = re.findall(r'id="event"[^>]* data-pid="(\w+)"', part)
    return str(pid)


def some(town: Town, number: int = 3) -> list[str]:
    """New events, "Event 0" and so on; the last is the newest, so first in the list."""
    return town.tell(*(an_event(f"e{n}", summary=f"Event {n}") for n in range(number)))


def test_decision_without_a_script_leads_to_the_next_event_of_the_list(
    town: Town, staff: Visitor
) -> None:
    first, second, third = some(town)
    page = staff.get(f"/inbox/{third}?q=event")
    answer = staff.send(page, f"/inbox/{third}/decide", verb="decline")
    assert answer.headers["Location"] == f"/inbox/{second}?q=event"
    page = staff.get(f"/inbox/{first}")
    answer = staff.send(page, f"/inbox/{first}/decide", verb="decline")
    assert answer.headers["Location"] == f"/inbox/{second}"


def test_decision_beside_the_list_brings_the_next_event_and_takes_the_card_away(
    town: Town, staff: Visitor
) -> None:
    first, second, third = some(town)
    answer = send(staff, third, verb="decline", next=first, since="7")
    assert opened(answer.text) == first
    assert f'hx-target="#card-{third}" hx-swap="delete"' in answer.text
    assert "Declined “Event 2”." in unescape(answer.text)
    assert 'data-since="7"' in answer.text  # what is new is counted from where it was
    assert town.row(third).state == "DECLINED"
    assert second not in answer.text


def test_last_decision_shows_that_the_inbox_is_clear(town: Town, staff: Visitor) -> None:
    [pid] = some(town, 1)
    answer = send(staff, pid, verb="calendar_only")
    assert answer.headers["HX-Retarget"] == "#main"
    assert "Inbox is clear" in answer.text


def test_end_of_the_list_begins_it_anew(town: Town, staff: Visitor) -> None:
    first, second = some(town, 2)
    answer = send(staff, first, verb="decline")  # no card below it
    assert answer.headers["HX-Retarget"] == "#main"
    assert opened(answer.text) == second


def test_quick_reason_and_own_words_are_kept(town: Town, staff: Visitor) -> None:
    first, second = some(town, 2)
    send(staff, first, verb="decline", quick="far", reason="")
    send(staff, second, verb="decline", reason="  members   only ")
    assert town.row(first).reason == "Too far away"
    assert town.row(second).reason == "members only"


def test_second_of_two_hears_who_did_what_and_when_and_sees_it_as_it_is(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    [pid] = some(town, 1)
    town.decide(pid, "decline")
    clock.forward(minutes=1)
    answer = send(staff, pid, verb="calendar_only")
    assert "Tom declined this 1 minute ago." in answer.text
    assert "decide again" in answer.text
    assert opened(answer.text) == pid
    assert 'name="version" value="1"' in answer.text  # so that deciding again is possible
    assert town.row(pid).state == "DECLINED"


def test_event_alone_is_the_part_that_stands_beside_the_list(town: Town, staff: Visitor) -> None:
    pid = some(town)[0]
    alone = part(staff, f"/inbox/{pid}")
    assert opened(alone) == pid
    assert 'class="card' not in alone
    assert "<h1" not in alone
    its_page = {"HX-Current-URL": f"http://localhost/inbox/{pid}"}
    assert "<h1" in part(staff, f"/inbox/{pid}", **its_page)


def test_further_cards_come_without_repeating_their_heading(town: Town, staff: Visitor) -> None:
    some(town, 40)
    first = staff.get("/inbox")
    [more] = [each for each in named(first, "a") if each.get("id") == "more"]
    further = part(staff, more.get("hx-get", ""))
    assert further.count("<article") == len(titles(first))
    assert "Arrived today" not in further
    assert "Arrived today" in text(staff.get(more.get("href", "")))


def ask(visitor: Visitor, path: str, **headers: str) -> Any:
    return visitor.client.get(path, headers={**PART, **headers})


def test_poll_that_finds_nothing_new_costs_one_row_and_sets_no_cookie(
    town: Town, staff: Visitor
) -> None:
    some(town)
    known = ask(staff, "/inbox/revision?since=3").headers["ETag"]
    with counted() as asked:
        answer = ask(staff, "/inbox/revision?since=3", **{"If-None-Match": known})
    assert (answer.status_code, answer.data) == (304, b"")
    assert len(asked) == 2, asked  # who is asking, and the revision
    assert "Set-Cookie" not in answer.headers


def test_part_is_not_the_login_page_when_a_login_has_ended(anyone: Visitor) -> None:
    for path in ("/inbox", "/inbox/revision?since=3"):
        assert anyone.client.get(path, headers=PART).status_code == 401
    assert anyone.client.get("/inbox").status_code == 303


def test_poll_counts_what_came_and_moves_nothing(town: Town, staff: Visitor) -> None:
    some(town)
    known = ask(staff, "/inbox/revision?since=3").headers["ETag"]
    town.tell(an_event("late", summary="Just arrived"), partner="Parks Department")
    answer = ask(staff, "/inbox/revision?since=3", **{"If-None-Match": known})
    assert "1 new event: show" in answer.text
    assert 'id="rail" hx-swap-oob="true"' in answer.text
    assert "<article" not in answer.text
    assert 'id="toasts"' not in answer.text  # what was said last, with its undo, stays


def test_search_finds_as_one_types_and_leaves_the_field_alone(town: Town, staff: Visitor) -> None:
    town.tell(an_event("a", summary="Lantern walk"), an_event("b", summary="Chess club"))
    found = part(staff, "/inbox?view=new&q=lant", **{"HX-Target": "div#found"})
    assert "Lantern walk" in found
    assert "Chess club" not in found
    assert 'type="search"' not in found
    assert titles(staff.get("/inbox?q=chess")) == ["Chess club"]
    assert "Nothing is found" in text(staff.get("/inbox?q=nowhere"))


def test_panel_narrows_the_list_and_the_address_says_by_what(town: Town, staff: Visitor) -> None:
    town.tell(an_event("a", summary="Lantern walk"))
    town.tell(an_event("b", summary="Chess club", categories=("Games",)), partner="Chess Friends")
    panel = staff.get("/inbox/filter?view=new")
    [form] = [each for each in named(panel, "form") if "sift" in (each.get("class") or "")]
    options = {words(each): each.get("value", "") for each in named(form, "option")}
    page = staff.get(f"/inbox?partner={options['Chess Friends']}&tag={options['Games']}")
    assert titles(page) == ["Chess club"]
    taken = [each.get("href") for each in named(page, "a") if "take away" in words(each)]
    assert taken == [f"/inbox?tag={options['Games']}", f"/inbox?partner={options['Chess Friends']}"]


def test_view_is_kept_renamed_and_removed(town: Town, staff: Visitor) -> None:
    town.tell(an_event("a", summary="Lantern walk"), an_event("b", summary="Chess club"))
    page = staff.get("/inbox?q=chess")
    after = staff.follow(staff.send(page, "/inbox/views", name="Games"))
    assert "Kept as “Games”" in text(after)
    [link] = [each for each in named(staff.get("/inbox"), "a") if words(each) == "Games"]
    assert titles(staff.get(link.get("href", ""))) == ["Chess club"]
    views = staff.get("/inbox/views")
    [form] = {
        each.get("action", "")
        for each in named(views, "form")
        if "views/" in str(each.get("action"))
    }
    again = staff.follow(staff.send(views, form, name="Board games"))
    assert "Board games" in text(staff.get("/inbox"))
    removing = next(each for each in named(again, "form") if "Remove" in words(each))
    fields = {e.get("name", ""): e.get("value", "") for e in named(removing, "input")}
    staff.follow(staff.client.post(removing.get("action", ""), data=fields))
    assert "Board games" not in text(staff.get("/inbox"))


def test_view_without_a_name_is_not_kept_and_says_why(town: Town, staff: Visitor) -> None:
    some(town)
    page = staff.follow(staff.send(staff.get("/inbox?q=event"), "/inbox/views", name=" "))
    assert "Give the view a name" in text(page)


def test_every_key_that_a_verb_has_is_in_the_page_and_in_the_list_of_keys(
    town: Town, staff: Visitor
) -> None:
    town.connect()
    some(town)
    page = staff.get("/inbox")
    keys = {each.get("data-key") for each in page.iter() if each.get("data-key")}
    told = {words(each).lower() for each in named(page, "kbd")}
    for verb in VERBS.values():
        assert verb.key in keys, verb
        assert verb.key in told, verb
    assert keys >= {"u", "a", "b", "/", "?"}


def test_card_says_what_is_not_told_and_how_far_it_is(
    town: Town, staff: Visitor, branch: None
) -> None:
    town.tell(an_event(location=Place("Mill", latitude=40.01, longitude=-75.0)))
    said = text(staff.get("/inbox"))
    assert "Mill, 0.7 mi" in said
    assert "Not told: ages, access, booking" in said


@pytest.fixture
def branch(town: Town) -> None:
    """The library's one branch, on the map."""
    with town.house.database.writing() as tx:
        places.add(tx, "Main", None, 40.0, -75.0)


def test_page_stays_small_with_long_events_and_many_channels(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    for number in range(4):
        town.connect(f"Board {number}")
    long = {
        "summary": "A title that goes on and on, as titles of feeds do, for a hundred letters",
        "description": "So much to say. " * 2000,
        "categories": tuple(f"Category number {n}" for n in range(12)),
    }
    town.approve(*(an_event(f"c{n}", **long) for n in range(6)), partner="Parks Department")
    clock.forward(hours=1)
    later = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    town.tell(
        *(an_event(f"c{n}", **long, start=later, end=later) for n in range(6)),
        partner="Parks Department",
    )
    town.tell(*(an_event(f"e{n}", **long) for n in range(60)))
    for path in ("/inbox", "/inbox?view=all", "/inbox?view=calendar"):
        size = len(staff.client.get(path).data)
        assert size < 50_000, (path, size)
