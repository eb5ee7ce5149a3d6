"""The event's page and its editing: one part at a time, ours beside theirs, history, notes."""

from typing import Any

import pytest

from aggregator import doctor
from aggregator.services import editing, entering
from feeds.event import Place
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_queries import counted
from tests.aggregator.web.town import Town, an_event, knitting
from tests.support.houses import Clock

RID = "2026-12-15T18:30:00"


@pytest.fixture
def pid(town: Town) -> str:
    [found] = town.approve(an_event(location=Place("Hearth Room")))
    return found


def typed(page: Any) -> dict[str, str]:
    """What stands in the open part's inputs."""
    [form] = [each for each in named(page, "form") if each.get("id") == "part"]
    inputs = [*named(form, "input"), *named(form, "textarea")]
    return {
        each.get("name", ""): each.get("value") or (each.text or "")
        for each in inputs
        if each.get("type") not in {"radio", "checkbox"}
    }


def save(staff: Visitor, pid: str, part: str, rid: str = "", **inputs: str) -> Any:
    page = staff.get(f"/inbox/{pid}/edit?part={part}" + (f"&rid={rid}" if rid else ""))
    return staff.send(page, f"/inbox/{pid}/edit", **inputs)


def test_edited_place_is_ours_and_says_by_whom(town: Town, staff: Visitor, pid: str) -> None:
    page = staff.follow(save(staff, pid, "place", place="Library, Loft"))
    assert "Kept: Place. It is ours now" in text(page)
    assert "changed by Ana the staff, just now" in text(page)
    assert town.row(pid).facts["location"]["name"] == "Library, Loft"
    pane = text(staff.get(f"/inbox/{pid}"))
    assert "changed by Ana the staff" in pane
    assert "All else from River Museum, read just now" in pane
    assert doctor.invariants(town.house) == []


def test_toast_takes_the_edit_back(town: Town, staff: Visitor, pid: str) -> None:
    page = staff.follow(save(staff, pid, "place", place="Library, Loft"))
    page = staff.follow(staff.send(page, f"/inbox/{pid}/put-back"))
    assert "Put back." in text(page)
    assert town.row(pid).facts["location"]["name"] == "Hearth Room"


def test_what_they_say_now_stands_beside_ours_until_one_is_chosen(
    town: Town, staff: Visitor, pid: str, clock: Clock
) -> None:
    save(staff, pid, "place", place="Library, Loft")
    clock.forward(hours=1)
    town.tell(an_event(location=Place("Upper Room")))
    inbox = text(staff.get("/inbox?view=changed"))
    assert "Place at the source (ours is kept): was Hearth Room now Upper Room" in inbox
    page = staff.get(f"/inbox/{pid}/edit")
    assert "River Museum says nowwas Hearth Room now Upper Room" in text(page)
    page = staff.follow(staff.send(page, f"/inbox/{pid}/ours", part="place"))
    assert "Ours stays: Place." in text(page)
    assert "says now" not in text(page)
    page = staff.follow(staff.send(page, f"/inbox/{pid}/theirs", part="place"))
    assert town.row(pid).facts["location"]["name"] == "Upper Room"
    assert "Taken from the source: Place." in text(page)


def test_fault_keeps_what_was_typed_and_says_what_to_do(staff: Visitor, pid: str) -> None:
    page = staff.get(f"/inbox/{pid}/edit?part=when")
    answer = staff.send(page, f"/inbox/{pid}/edit", time="16:00", end_time="24:61")
    assert answer.status_code == 422
    shown = staff.read(answer)
    assert typed(shown)["end_time"] == "24:61"
    assert "Write the time like 18:30." in text(shown)


def test_time_that_the_clocks_skip_is_said_plainly(staff: Visitor, pid: str) -> None:
    answer = save(staff, pid, "when", day="2027-03-14", time="02:30", end_time="04:00")
    assert answer.status_code == 422
    assert "There is no 2:30 am on Sun 14 Mar" in text(staff.read(answer))
    assert "Write 3:30 am" in text(staff.read(answer))


def test_time_that_comes_twice_is_kept_as_the_first(town: Town, staff: Visitor, pid: str) -> None:
    answer = save(staff, pid, "when", day="2027-11-07", time="01:30", end_time="03:00")
    assert "1:30 am comes twice that night" in text(staff.follow(answer))
    assert town.row(pid).facts["start"] == "2027-11-07T01:30:00-04:00"


def test_second_person_keeps_what_they_typed_and_hears_who_was_faster(
    town: Town, staff: Visitor, pid: str
) -> None:
    page = staff.get(f"/inbox/{pid}/edit?part=place")
    row = town.row(pid)
    value = {**row.facts["location"], "name": "Attic"}
    editing.edit(town.house, row.id, {"location": value}, actor="Tom", version=row.version)
    answer = staff.send(page, f"/inbox/{pid}/edit", place="Library, Loft")
    assert answer.status_code == 409
    shown = staff.read(answer)
    assert "Tom changed this just now." in text(shown)
    assert "It is now: Attic" in text(shown)
    assert typed(shown)["place"] == "Library, Loft"
    staff.follow(staff.send(shown, f"/inbox/{pid}/edit"))
    assert town.row(pid).facts["location"]["name"] == "Library, Loft"


def test_one_date_is_moved_alone(town: Town, staff: Visitor) -> None:
    [pid] = town.approve(knitting())
    page = staff.get(f"/inbox/{pid}/edit")
    assert "Choose a date above to move it." in text(page)
    assert staff.client.post(f"/inbox/{pid}/edit", data={"part": "when"}).status_code == 400
    page = staff.follow(
        save(staff, pid, "when", RID, day="2026-12-16", time="19:00", end_time="21:00")
    )
    assert "Only Tue 15 Dec" not in text(page)  # it is on Wednesday now
    assert "Wed 16 Dec, 7–9 pm" in text(page)
    assert "Tue 8 Dec, 6:30–8:30 pm" in text(staff.get(f"/inbox/{pid}"))
    assert "only on Tue 15 Dec" in text(staff.get(f"/inbox/{pid}/history"))


def test_one_date_is_called_off_alone(town: Town, staff: Visitor) -> None:
    [pid] = town.approve(knitting())
    staff.follow(save(staff, pid, "status", RID, status="CANCELLED"))
    calendar = staff.client.get("/calendar.ics").text
    assert calendar.count("STATUS:CANCELLED") == 1


@pytest.mark.parametrize(
    ("part", "inputs", "field", "value"),
    [
        ("title", {"title": "Stories"}, "summary", "Stories"),
        ("status", {"status": "POSTPONED"}, "status", "POSTPONED"),
        ("text", {"description": "One.\r\n\r\nTwo."}, "description", "One.\n\nTwo."),
        ("page", {"url": "https://library.example/x"}, "url", "https://library.example/x"),
        ("access", {"access": "Step-free"}, "access", "Step-free"),
        ("categories", {"categories": "A, B,, A"}, "categories", ["A", "B"]),
        ("audience", {"audience": "children"}, "audience", ["children"]),
        ("picture", {"image_alt": "A fire"}, "image_alt", "A fire"),
        ("booking", {"registration": "FULL"}, "registration", "FULL"),
        ("online", {"attendance": "MIXED", "online_url": ""}, "attendance", "MIXED"),
    ],
)
def test_every_part_can_be_written(
    town: Town,
    staff: Visitor,
    pid: str,
    part: str,
    inputs: dict[str, str],
    field: str,
    value: object,
) -> None:
    staff.follow(save(staff, pid, part, **inputs))
    assert town.row(pid).facts[field] == value
    assert doctor.invariants(town.house) == []


def test_price_in_numbers_or_words(town: Town, staff: Visitor, pid: str) -> None:
    staff.follow(save(staff, pid, "price", cost="costs", price="12–18 USD"))
    price = town.row(pid).facts["price"]
    assert (price["min"], price["max"], price["currency"]) == (12, 18, "USD")
    staff.follow(save(staff, pid, "price", cost="costs", price="$5 for members"))
    assert town.row(pid).facts["price"]["text"] == "$5 for members"


def test_event_of_ours_is_edited_by_its_own_form(town: Town, staff: Visitor) -> None:
    pid = entering.enter(town.house, an_event(), actor="Ana")
    answer = staff.client.get(f"/inbox/{pid}/edit")
    assert answer.headers["Location"] == f"/ours/{pid}"


def test_history_tells_changes_and_decisions_newest_first_and_page_by_page(
    town: Town, staff: Visitor, pid: str, clock: Clock
) -> None:
    for number in range(45):
        clock.forward(minutes=1)
        town.tell(an_event(location=Place(f"Room {number}")))
    clock.forward(minutes=1)
    staff.follow(save(staff, pid, "title", title="Stories"))
    page = staff.get(f"/inbox/{pid}/history")
    lines = [words(each) for each in named(page, "li") if "ago" in words(each)]
    first = [words(each) for each in named(page, "li") if "changed Title" in words(each)]
    assert len(first) == 1
    assert "Room 44" in lines[0]
    assert "Room 3 " not in text(page)
    links = {words(each): each.get("href") for each in named(page, "a")}
    older = text(staff.get(str(links["Show what was before"])))
    assert "Tom put it on the calendar" in older
    assert "Arrived from River Museum" in older
    assert "Room 44" not in older


def test_notes_are_added_and_only_ones_own_are_removed(
    town: Town, staff: Visitor, administrator: Visitor, pid: str
) -> None:
    page = staff.get(f"/inbox/{pid}")
    page = staff.follow(staff.send(page, f"/inbox/{pid}/notes", text="Ask about the step?"))
    assert "Ana the staff just nowAsk about the step?" in text(page)
    other = administrator.get(f"/inbox/{pid}")
    assert not [each for each in named(other, "form") if "remove" in each.get("action", "")]
    answer = administrator.client.post(f"/inbox/{pid}/notes/1/remove", data={})
    assert answer.status_code in {303, 400}
    [away] = [
        each.get("action", "") for each in named(page, "form") if "remove" in each.get("action", "")
    ]
    page = staff.follow(staff.send(page, away))
    assert "Ask about the step?" not in text(page)


def test_empty_note_says_so(staff: Visitor, pid: str) -> None:
    page = staff.get(f"/inbox/{pid}")
    page = staff.follow(staff.send(page, f"/inbox/{pid}/notes", text="  "))
    assert "Write something first." in text(page)


@pytest.mark.parametrize("number", [1, 3])
def test_edit_page_asks_as_often_whatever_it_lists(
    town: Town, staff: Visitor, clock: Clock, number: int
) -> None:
    [pid] = town.approve(knitting())
    for each in range(number):
        clock.forward(minutes=1)
        save(staff, pid, "title", title=f"Knitting {each}")
        save(staff, pid, "place", f"2026-12-{8 + 7 * (each % 3):02}T18:30:00", place=f"Room {each}")
    for path, queries in ((f"/inbox/{pid}/edit", 10), (f"/inbox/{pid}/history", 5)):
        staff.client.get(path)
        with counted() as asked:
            staff.client.get(path)
        assert len(asked) == queries, asked
