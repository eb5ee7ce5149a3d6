"""New event: pasted words to an event on the calendar, without JavaScript and with it."""

import io
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from aggregator.storage import events, places, tables
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event

LETTER = """Subject: Carols by Candlelight
From: Priya Nair

The Choral Society would sing in your Reading Room next Friday from half past five for about \
an hour, then every Friday until Christmas. It’s free & <b>loud</b>.
"""


def forms_of(page: Element, action: str) -> Iterator[Element]:
    return (each for each in named(page, "form") if each.get("action") == action)


def filled(page: Element, action: str) -> dict[str, Any]:
    """What a browser would send of the form, before anybody touches it."""
    [form] = forms_of(page, action)
    sent: dict[str, Any] = {}
    for each in named(form, "input"):
        ticked = each.get("type") not in {"checkbox", "radio"} or each.get("checked") is not None
        if each.get("name") and ticked and each.get("type") != "file":
            sent.setdefault(each.get("name", ""), []).append(each.get("value", ""))
    for each in named(form, "textarea"):
        sent[each.get("name", "")] = [each.text or ""]
    for each in named(form, "select"):
        chosen = [one for one in named(each, "option") if one.get("selected") is not None]
        sent[each.get("name", "")] = [chosen[0].get("value") if chosen else ""]
    return sent


def send(staff: Visitor, page: Element, action: str = "/new", **typed: Any) -> TestResponse:
    """Fill in the form and send it."""
    return staff.client.post(action, data={**filled(page, action), **typed})


def paste(staff: Visitor, letter: str = LETTER) -> Element:
    """The proposal for these words."""
    page = staff.get("/new")
    return staff.read(send(staff, page, "/new/read", letter=letter))


def count(town: Town) -> int:
    with town.house.database.reading() as tx:
        return int(tx.value(select(func.count()).select_from(tables.event)))


def event_at(town: Town, answer: TestResponse) -> Any:
    """The event that an answer leads to."""
    assert answer.status_code == 303
    pid = answer.headers["Location"].split("/")[2].partition("?")[0]
    with town.house.database.reading() as tx:
        return events.by_pid(tx, pid)


@pytest.fixture(autouse=True)
def _room(town: Town) -> None:
    with town.house.database.writing() as tx:
        places.add(tx, "Reading Room", "1 Library Square")


def test_pasted_words_are_marked_beside_the_form_that_they_fill(staff: Visitor) -> None:
    page = paste(staff)
    marked = {
        words(each) for each in named(page, "a") if (each.get("class") or "").startswith("said")
    }
    assert "next FridayDay?" in marked
    assert "Reading RoomWhere" in marked
    assert "half past fiveFrom" in {each.removeprefix("from ") for each in marked}
    assert "&" in text(page)
    assert "<b>loud</b>" in text(page)
    sent = filled(page, "/new")
    assert (sent["title"], sent["start"], sent["day"]) == (
        ["Carols by Candlelight"],
        ["17:30"],
        [""],
    )
    assert "Which day is “next Friday”?" in text(page)


def test_an_answer_a_look_and_a_click_put_it_on_the_calendar(
    staff: Visitor, town: Town, anyone: Visitor
) -> None:
    page = paste(staff)
    looked = staff.read(send(staff, page, answer_day="day=2026-11-27", do="look"))
    assert "Fri 27 Nov, 5:30–6:30 pm" in text(looked)
    assert "Every Friday, until Fri 25 Dec" in text(looked)
    assert "Which day" not in text(looked)
    assert count(town) == 0
    saved = send(staff, looked, do="save")
    row = event_at(town, saved)
    assert row.state == "APPROVED"
    assert "“Carols by Candlelight” is on the calendar." in text(staff.follow(saved))
    assert "SUMMARY:Carols by Candlelight" in anyone.client.get("/calendar.ics").text
    assert "Reading Room, 1 Library Square" in text(anyone.get(f"/event/{row.pid}"))


def test_nothing_is_saved_unseen(staff: Visitor, town: Town) -> None:
    page = staff.get("/new/form")
    typed = {"title": "Tea", "day": "2026-12-05", "start": "15:00"}
    looked = staff.read(send(staff, page, do="save", **typed))
    assert count(town) == 0
    changed = staff.read(send(staff, looked, do="save", start="16:00"))
    assert (count(town), "4 pm" in text(changed)) == (0, True)
    assert send(staff, changed, do="save").status_code == 303
    assert count(town) == 1


def test_what_was_typed_stays_beside_what_is_wrong_with_it(staff: Visitor, town: Town) -> None:
    page = staff.get("/new/form")
    answer = send(staff, page, do="save", title="Tea", day="2026-12-05", start="", repeat="banana")
    assert answer.status_code == 422
    again = staff.read(answer)
    sent = filled(again, "/new")
    assert (sent["title"], sent["repeat"]) == (["Tea"], ["banana"])
    assert "We don’t understand “banana”" in text(again)
    assert "Say when it begins" in text(again)
    assert count(town) == 0


def test_an_empty_box_says_so(staff: Visitor) -> None:
    page = staff.get("/new")
    assert "Paste the words" in text(staff.read(send(staff, page, "/new/read", letter=" ")))


def test_a_second_click_makes_no_second_event(staff: Visitor, town: Town) -> None:
    looked = staff.read(
        send(staff, staff.get("/new/form"), title="Tea", day="2026-12-05", start="15:00")
    )
    first, again = send(staff, looked, do="save"), send(staff, looked, do="save")
    assert first.headers["Location"] == again.headers["Location"]
    assert count(town) == 1


def test_save_then_decide_leads_to_the_posts(staff: Visitor, town: Town) -> None:
    looked = staff.read(
        send(staff, staff.get("/new/form"), title="Tea", day="2026-12-05", start="15:00")
    )
    answer = send(staff, looked, do="share")
    assert answer.headers["Location"].endswith("/share")
    assert "Tea" in text(staff.follow(answer))


def make(staff: Visitor, **typed: str) -> str:
    """A tea of ours; its public name."""
    told = {"title": "Tea", "day": "2026-12-05", "start": "15:00", **typed}
    looked = staff.read(send(staff, staff.get("/new/form"), **told))
    answer = send(staff, looked, do="save")
    assert answer.status_code == 303
    return answer.headers["Location"].split("/")[2].partition("?")[0]


def test_an_amended_event_has_a_higher_sequence_and_a_date_can_be_cancelled(
    staff: Visitor, town: Town, anyone: Visitor
) -> None:
    pid = make(staff, repeat="every Saturday, 3 times")
    page = staff.get(f"/ours/{pid}")
    assert filled(page, f"/ours/{pid}")["repeat"] == ["Every Saturday, 3 times"]
    looked = staff.read(send(staff, page, f"/ours/{pid}", off="2026-12-12", end="17:00"))
    assert send(staff, looked, f"/ours/{pid}", do="save").status_code == 303
    calendar = anyone.client.get("/calendar.ics").text
    assert "SEQUENCE:1" in calendar
    assert "RECURRENCE-ID;TZID=America/New_York:20261212T150000" in calendar
    again = filled(staff.get(f"/ours/{pid}"), f"/ours/{pid}")
    assert again["off"] == ["2026-12-12"]


def test_cancelled_and_back_and_taken_off_with_undo(staff: Visitor, town: Town) -> None:
    pid = make(staff)
    page = staff.get(f"/ours/{pid}")
    page = staff.follow(send(staff, page, f"/ours/{pid}/cancel"))
    assert "marked as cancelled" in text(page)
    page = staff.follow(send(staff, page, f"/ours/{pid}/reinstate"))
    page = staff.follow(send(staff, page, f"/ours/{pid}/remove"))
    assert town.row(pid).state == "DECLINED"
    assert "is off the calendar" in text(page)
    [undo] = [each for each in named(page, "form") if each.get("action") == f"/inbox/{pid}/undo"][
        :1
    ]
    fields = {each.get("name", ""): each.get("value", "") for each in named(undo, "input")}
    staff.client.post(f"/inbox/{pid}/undo", data=fields)
    assert town.row(pid).state == "APPROVED"


def test_two_who_change_it_at_once_are_told(staff: Visitor, town: Town) -> None:
    pid = make(staff)
    one = staff.read(send(staff, staff.get(f"/ours/{pid}"), f"/ours/{pid}", title="A"))
    two = staff.read(send(staff, staff.get(f"/ours/{pid}"), f"/ours/{pid}", title="B"))
    send(staff, one, f"/ours/{pid}", do="save")
    answer = send(staff, two, f"/ours/{pid}", do="save")
    assert answer.status_code == 409
    assert filled(staff.read(answer), f"/ours/{pid}")["title"] == ["B"]
    assert town.row(pid).facts["summary"] == "A"


def test_an_event_of_a_feed_is_not_changed_here(staff: Visitor, town: Town) -> None:
    [pid] = town.tell(an_event())
    staff.get(f"/ours/{pid}", 404)


def test_a_picture_from_a_file_is_seen_before_it_is_saved(staff: Visitor, town: Town) -> None:
    data = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(data, "PNG")
    page = staff.get("/new/form")
    typed = {"title": "Tea", "day": "2026-12-05", "start": "15:00", "image_alt": "A pot of tea"}
    looked = staff.read(
        send(staff, page, do="save", file=(io.BytesIO(data.getvalue()), "a.png"), **typed)
    )
    assert count(town) == 0
    [shown] = [each for each in named(looked, "img") if each.get("class") == "thumb"]
    row = event_at(town, send(staff, looked, do="save"))
    assert (shown.get("src") or "").endswith(row.image)
    page = staff.get(f"/ours/{row.pid}")
    again = staff.read(send(staff, page, f"/ours/{row.pid}", title="Tea for two"))
    send(staff, again, f"/ours/{row.pid}", do="save")
    assert town.row(row.pid).image == row.image
    bad = send(staff, staff.get("/new/form"), file=(io.BytesIO(b"no picture"), "a.png"), **typed)
    assert "picture" in text(staff.read(bad))


def test_the_part_that_htmx_asks_for_is_the_part_of_the_page(staff: Visitor) -> None:
    page = staff.get("/new/form")
    sent = {**filled(page, "/new"), "title": "Tea", "day": "2026-12-05", "start": "15:00"}
    part = staff.client.post("/new", data=sent, headers={"HX-Request-Type": "partial"}).text
    assert "As it will be" in part
    assert "<form class=" not in part.partition('id="toasts"')[0]


def test_a_long_letter_makes_no_long_page(staff: Visitor) -> None:
    page = staff.get("/new")
    answer = send(staff, page, "/new/read", letter="See you on Sat 12 Dec at 3 pm, or so. " * 2600)
    staff.read(answer)
    assert "we read the first 12,000" in answer.text
    assert len(answer.data) < 50_000
