"""By hand: laid out when it is due, done, put off, taken back; corrected when the event changes."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from aggregator import doctor
from aggregator.services import channels, pictures, ticking
from aggregator.services.house import House
from aggregator.storage import deliveries, events
from feeds.event import Event
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.houses import Clock

LATER = datetime(2026, 12, 12, 16, tzinfo=ZONE)


def place(town: Town, kind: str = "group", **settings: str) -> int:
    """A channel where a person puts posts up."""
    given = {"kind": kind, **settings}
    return channels.add(town.house, "by_hand", "Neighbours", given, actor="test").id


@pytest.fixture
def told() -> Event:
    return an_event()


@pytest.fixture
def pid(town: Town, told: Event) -> str:
    """An event shared with a group: the task is due now."""
    place(town, address="https://www.facebook.com/groups/neighbours")
    [found] = town.tell(told)
    town.share(found, now=True)
    return found


@pytest.fixture(autouse=True)
def _sound(house: House) -> Any:
    yield
    assert doctor.invariants(house) == []


def rows(house: House, town: Town, pid: str) -> list[Any]:
    with house.database.reading() as tx:
        return [*deliveries.of_event(tx, town.row(pid).id)]


def act(staff: Visitor, number: int = 1, **typed: str) -> str:
    sent = staff.send(staff.get("/by-hand"), f"/by-hand/{number}", **typed)
    return text(staff.follow(sent))


def move(town: Town, told: Event, start: datetime = LATER) -> None:
    town.tell(replace(told, start=start, end=start + timedelta(hours=1)))


def test_nothing_is_sent_and_nobody_is_woken(
    house: House, town: Town, pid: str, clock: Clock
) -> None:
    assert ticking.due(house) & {"deliver"} == set()
    clock.forward(hours=2)
    town.deliver()
    [row] = rows(house, town, pid)
    assert (row.state, row.claim_by) == ("QUEUED", None)


def test_task_lays_out_text_and_steps_and_needs_no_script(pid: str, staff: Visitor) -> None:
    page = staff.get("/by-hand")
    said = text(page)
    for each in ("Neighbours", "Winter Stories by the Hearth", "Sat 12 Dec, 2–3 pm", "Due today"):
        assert each in said
    picks = [words(each) for each in named(page, "p") if "pick" in each.get("class", "").split()]
    assert picks[0].startswith("Winter Stories by the Hearth Sat 12 Dec, 2–3 pm River Museum")
    links = {each.get("href") for each in named(page, "a")}
    assert "https://www.facebook.com/groups/neighbours" in links


def test_later_task_is_not_due_yet_and_stands_under_what_comes(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    place(town)
    [pid] = town.tell(an_event())
    town.share(pid)
    said = text(staff.get("/by-hand"))
    assert "Nothing to put up now" in said
    assert "Neighbours, today, 12:30 pm" in said
    clock.forward(minutes=31)
    assert "One thing is due." in text(staff.get("/by-hand"))


def test_done_keeps_the_address_and_can_be_taken_back(
    house: House, town: Town, pid: str, staff: Visitor
) -> None:
    done = staff.send(
        staff.get("/by-hand"), "/by-hand/1", verb="done", url="https://facebook.example/posts/9"
    )
    page = staff.follow(done)
    assert "Noted: it is up." in text(page)
    [row] = rows(house, town, pid)
    assert (row.state, row.remote_url) == ("SENT", "https://facebook.example/posts/9")
    assert row.live_key is not None
    back = text(staff.follow(staff.send(page, "/by-hand/1/undo")))
    assert "One thing is due." in back
    [row] = rows(house, town, pid)
    assert (row.state, row.remote_url) == ("QUEUED", None)


@pytest.mark.parametrize(
    ("until", "when"),
    [("hour", "today, 1 pm"), ("slot", "today, 12:30 pm"), ("tomorrow", "tomorrow, 10 am")],
)
def test_later_brings_it_back(pid: str, staff: Visitor, until: str, when: str) -> None:
    page = staff.get("/by-hand")
    after = staff.follow(staff.send(page, "/by-hand/1", verb="later", until=until))
    assert f"It comes back {when}." in text(after)
    assert "Nothing to put up now" in text(after)
    assert "One thing is due." in text(staff.follow(staff.send(after, "/by-hand/1/undo")))


def test_later_than_the_event_is_refused(pid: str, staff: Visitor) -> None:
    said = act(staff, verb="later", until="at", at="2026-12-12T14:00")
    assert "By then the event has begun" in said


def test_skipped_is_gone_and_comes_back_by_undo(
    house: House, town: Town, pid: str, staff: Visitor
) -> None:
    page = staff.follow(staff.send(staff.get("/by-hand"), "/by-hand/1", verb="skip"))
    assert [row.state for row in rows(house, town, pid)] == ["CANCELLED"]
    staff.follow(staff.send(page, "/by-hand/1/undo"))
    assert [row.state for row in rows(house, town, pid)] == ["QUEUED"]


def test_what_was_never_put_up_is_held_by_a_change_and_too_late_in_the_end(
    house: House, town: Town, pid: str, told: Event, staff: Visitor, clock: Clock
) -> None:
    move(town, told)
    assert "These wait for you" in text(staff.get("/queue"))
    assert "Nothing to put up now" in text(staff.get("/by-hand"))
    clock.forward(days=20)
    town.deliver()
    [row] = rows(house, town, pid)
    assert (row.state, row.live_key) == ("EXPIRED", None)


# Corrections


def test_change_after_it_is_up_makes_a_task_with_old_and_new_words(
    house: House, town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done", url="https://facebook.example/posts/9")
    move(town, told)
    page = staff.get("/by-hand")
    assert "Correct it by hand" in text(page)
    gone = [words(each) for each in named(page, "del")]
    come = [words(each) for each in named(page, "ins")]
    assert gone[0] == "2–3"
    assert come[0] == "4–5"
    assert "https://facebook.example/posts/9" in {each.get("href") for each in named(page, "a")}
    edit = rows(house, town, pid)[1]
    assert (edit.action, edit.state, edit.target_delivery) == ("EDIT", "QUEUED", 1)
    said = act(staff, 2, verb="done")
    assert "Noted: it is corrected." in said
    assert "Nothing to put up now" in said
    assert "Sat 12 Dec, 4–5 pm" in rows(house, town, pid)[1].frozen["text"]


def test_second_change_updates_the_task_and_changing_back_removes_it(
    house: House, town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done")
    move(town, told)
    page = staff.get("/by-hand")
    move(town, told, LATER + timedelta(hours=1))
    assert len(rows(house, town, pid)) == 2
    late = staff.follow(staff.send(page, "/by-hand/2", verb="done"))
    assert "It has changed once more" in text(late)
    assert "5–6" in {words(each) for each in named(late, "ins")}
    town.tell(told)
    assert "Nothing to put up now" in text(staff.get("/by-hand"))
    assert [row.state for row in rows(house, town, pid)] == ["SENT", "CANCELLED"]


def test_third_telling_is_held_against_what_was_corrected(
    town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done")
    move(town, told)
    act(staff, 2, verb="done")
    town.tell(told)
    page = staff.get("/by-hand")
    assert words(next(iter(named(page, "del")))) == "4–5"
    assert words(next(iter(named(page, "ins")))) == "2–3"


def test_cancelled_event_says_so_in_front(
    town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done")
    town.tell(replace(told, status="CANCELLED"))
    page = staff.get("/by-hand")
    assert "Cancelled: Winter Stories by the Hearth" in text(page)
    assert words(next(iter(named(page, "ins")))) == "Cancelled:"


def test_words_of_staff_are_kept_and_what_changed_is_put_in_its_place(
    house: House, town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    page = staff.get("/queue/1")
    staff.send(page, "/queue/1/words", words="Come and listen, Sat 12 Dec, 2–3 pm! Cocoa.")
    act(staff, verb="done")
    move(town, told)
    act(staff, 2, verb="done")
    text_now = rows(house, town, pid)[1].frozen["text"]
    assert text_now == "Come and listen, Sat 12 Dec, 4–5 pm! Cocoa."


def test_title_that_matters_to_nobody_makes_no_task(
    town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done")
    town.tell(replace(told, description="Four storytellers."))
    assert "Nothing to put up now" in text(staff.get("/by-hand"))


def test_correction_stays_when_the_event_is_declined(
    house: House, town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done")
    move(town, told)
    town.decide(pid, "decline")
    assert [row.state for row in rows(house, town, pid)] == ["SENT", "QUEUED"]


def test_taking_done_back_takes_its_correction_along(
    house: House, town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    page = staff.follow(staff.send(staff.get("/by-hand"), "/by-hand/1", verb="done"))
    move(town, told)
    staff.follow(staff.send(page, "/by-hand/1/undo"))
    assert [row.state for row in rows(house, town, pid)] == ["HELD", "CANCELLED"]


def test_done_of_what_changed_while_it_was_put_up_asks_for_a_correction_at_once(
    house: House, town: Town, pid: str, told: Event, staff: Visitor
) -> None:
    page = staff.get("/by-hand")
    move(town, told)
    after = staff.follow(staff.send(page, "/by-hand/1", verb="done"))
    assert "Correct it by hand" in text(after)
    assert [row.state for row in rows(house, town, pid)] == ["SENT", "QUEUED"]


# The event sheet


@pytest.fixture
def sheet(house: House, town: Town, told: Event) -> str:
    """An event with a picture, shared as a Facebook event."""
    place(town, "event")
    [pid] = town.tell(told)
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "PNG")
    sha256 = pictures.keep(house, out.getvalue(), None)
    with house.database.writing() as tx:
        events.change_event(tx, town.row(pid).id, image=sha256)
    town.share(pid, now=True)
    return pid


def test_sheet_has_a_line_for_each_field_of_the_form(sheet: str, staff: Visitor) -> None:
    page = staff.get("/by-hand")
    labels = [words(each) for each in named(page, "span") if each.get("class", "") == "copy-label"]
    assert labels == ["Name", "Starts", "Ends", "Place", "Details", "Ticket link", "Cover picture"]
    assert "Saturday 12 December 2026, 2 pm" in text(page)
    assert "Three storytellers, one real fire." in text(page)


def test_cover_is_cut_to_what_the_form_asks_for(sheet: str, staff: Visitor) -> None:
    answer = staff.client.get("/by-hand/1/cover.jpg")
    assert answer.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(answer.data)).size == (1920, 1005)
    staff.get("/by-hand/99/cover.jpg", 404)


def test_partners_own_event_is_linked_and_never_corrected(
    house: House, town: Town, sheet: str, told: Event, staff: Visitor
) -> None:
    missing = act(staff, verb="theirs")
    assert "Paste the address" in missing
    said = act(staff, verb="theirs", url="https://facebook.example/events/7")
    assert "the partner’s own is linked" in said
    move(town, told)
    assert "Nothing to put up now" in text(staff.get("/by-hand"))
    [row] = rows(house, town, sheet)
    assert row.remote_url == "https://facebook.example/events/7"
    assert "https://facebook.example/events/7" in staff.client.get(f"/inbox/{sheet}").text


def test_sheet_is_corrected_field_by_field(
    town: Town, sheet: str, told: Event, staff: Visitor
) -> None:
    act(staff, verb="done", url="https://facebook.example/events/8")
    move(town, told)
    page = staff.get("/by-hand")
    labels = [words(each) for each in named(page, "span") if each.get("class") == "copy-label"]
    assert [each.partition(",")[0] for each in labels] == ["Starts", "Ends"]


def test_paper_gets_an_e_mail_ready_to_send(town: Town, staff: Visitor) -> None:
    place(town, "paper", mail="news@courier.example")
    [pid] = town.tell(an_event())
    town.share(pid, now=True)
    page = staff.get("/by-hand")
    [mail] = [
        each.get("href", "")
        for each in named(page, "a")
        if each.get("href", "").startswith("mailto:")
    ]
    assert mail.startswith("mailto:news@courier.example?subject=Winter%20Stories")
    assert "of 120 words" in text(page)


def test_unknown_step_and_unknown_task(pid: str, staff: Visitor) -> None:
    page = staff.get("/by-hand")
    token = next(
        each.get("value", "") for each in named(page, "input") if each.get("name") == "csrf_token"
    )
    assert staff.client.post("/by-hand/1", data={"csrf_token": token}).status_code == 400
    sent = staff.client.post("/by-hand/99", data={"csrf_token": token, "verb": "done"})
    assert "There is no such post" in text(staff.follow(sent))
