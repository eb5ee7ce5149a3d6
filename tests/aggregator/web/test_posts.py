"""The queue: what goes out, what went out, and what waits for a person."""

from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

import pytest

from aggregator.services.house import House
from aggregator.storage import deliveries
from networks.errors import RefusedError, UnknownError
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.houses import Clock


def part(page: Element, heading: str) -> str:
    """What stands under a heading; "" where there is none."""
    for section in named(page, "section"):
        if heading in {words(each) for each in named(section, "h2")}:
            return words(section)
    return ""


@pytest.fixture
def pid(town: Town) -> str:
    """An event that was shared: its post waits for half past twelve."""
    town.connect()
    [found] = town.tell(an_event())
    town.share(found)
    return found


def act(staff: Visitor, verb: str) -> Element:
    """Press the first button for verb in the queue."""
    return staff.follow(staff.send(staff.get("/queue"), "/queue/1", verb=verb))


def state(house: House, pid: str, town: Town) -> str:
    """The state of the event's one delivery."""
    with house.database.reading() as tx:
        return str(deliveries.of_event(tx, town.row(pid).id)[0].state)


def test_queued_post_shows_where_and_when(pid: str, staff: Visitor) -> None:
    coming = part(staff.get("/queue"), "Goes out")
    for each in ("Winter Stories by the Hearth", "Town board", "today, 12:30 pm", "#Families"):
        assert each in coming


def test_post_now_sends_it_at_once(pid: str, town: Town, staff: Visitor, board: Board) -> None:
    assert "It goes out now." in text(act(staff, "now"))
    town.deliver()
    assert len(board.posts) == 1


def test_withdrawn_post_is_never_sent(
    pid: str, town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    page = act(staff, "withdraw")
    assert "Nothing is on its way" in part(page, "Goes out")
    clock.forward(days=1)
    town.deliver()
    assert board.posts == []


def test_sent_post_links_to_where_it_stands(
    pid: str, town: Town, staff: Visitor, clock: Clock
) -> None:
    clock.forward(hours=1)
    town.deliver()
    page = staff.get("/queue")
    assert "today, 1 pm" in part(page, "Went out, or not")
    assert "https://board.example/1" in {each.get("href") for each in named(page, "a")}


def test_post_of_the_evening_stands_under_the_librarys_day(
    pid: str, town: Town, staff: Visitor, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 24, 20, tzinfo=ZONE)  # tomorrow already in UTC
    town.deliver()
    assert "Tue 24 Nov" in part(staff.get("/queue"), "Went out, or not")


def test_held_post_says_why_and_goes_out_as_the_event_is_now(
    pid: str, town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    later = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    town.tell(replace(an_event(), start=later, end=later + timedelta(hours=1)))
    held = part(staff.get("/queue"), "These wait for you")
    assert "The event changed after it was shared, so this post waits for you." in held
    act(staff, "release")
    clock.forward(days=1)
    town.deliver()
    assert "Sat 12 Dec, 4–5 pm" in board.posts[0].text


def test_held_post_can_be_withdrawn(pid: str, town: Town, staff: Visitor, board: Board) -> None:
    later = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    town.tell(replace(an_event(), start=later, end=later + timedelta(hours=1)))
    assert part(act(staff, "withdraw"), "These wait for you") == ""


def test_refused_post_says_why_in_words(
    pid: str, town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    board.answers.append(RefusedError("network.token", "token expired"))
    clock.forward(hours=1)
    town.deliver()
    ended = part(staff.get("/queue"), "Went out, or not")
    assert "The network no longer accepts our access token" in ended
    assert "In the network’s own words: token expired" in ended


@pytest.fixture
def unsure(pid: str, town: Town, board: Board, clock: Clock) -> str:
    """Nobody knows whether the post is there, and the network can't be searched."""
    board.answers += [UnknownError("network.unknown"), *[RefusedError("network.no_search")] * 9]
    clock.forward(hours=1)
    town.deliver()
    for _ in range(4):
        clock.forward(minutes=5)
        town.deliver()
    board.answers.clear()
    return pid


def test_post_that_may_be_there_asks_a_person(unsure: str, staff: Visitor) -> None:
    asked = part(staff.get("/queue"), "These wait for you")
    for each in ("It may or may not have gone out", "It’s there", "send again", "Give up"):
        assert each in asked


@pytest.mark.parametrize(
    ("verb", "after", "sent"),
    [("there", "SENT", 0), ("again", "SENT", 1), ("give_up", "FAILED", 0)],
)
def test_answer_about_a_post_that_may_be_there_is_followed(
    unsure: str,
    house: House,
    town: Town,
    staff: Visitor,
    board: Board,
    verb: str,
    after: str,
    sent: int,
) -> None:
    act(staff, verb)
    town.deliver()
    assert state(house, unsure, town) == after
    assert len(board.posts) == sent


def test_address_of_a_post_that_is_there_is_kept(unsure: str, staff: Visitor) -> None:
    sent = staff.send(
        staff.get("/queue"), "/queue/1", verb="there", url="https://board.example/found"
    )
    page = staff.follow(sent)
    assert "https://board.example/found" in {each.get("href") for each in named(page, "a")}


def test_address_that_is_none_is_refused(unsure: str, staff: Visitor) -> None:
    sent = staff.send(staff.get("/queue"), "/queue/1", verb="there", url="javascript:alert(1)")
    assert sent.status_code == 400


def test_post_still_being_looked_for_has_no_buttons(
    pid: str, town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    board.answers.append(UnknownError("network.unknown"))
    clock.forward(hours=1)
    town.deliver()
    page = staff.get("/queue")
    assert "Looking" in part(page, "Goes out")
    assert [each for each in named(page, "form") if "/queue/" in each.get("action", "")] == []


def test_button_pressed_too_late_says_so(pid: str, town: Town, staff: Visitor) -> None:
    page = staff.get("/queue")
    staff.send(page, "/queue/1", verb="now")
    town.deliver()
    after = staff.follow(staff.send(page, "/queue/1", verb="withdraw"))
    assert "That post has moved on meanwhile" in text(after)


def test_unknown_verb_and_unknown_post(pid: str, staff: Visitor) -> None:
    page = staff.get("/queue")
    token = next(
        each.get("value", "") for each in named(page, "input") if each.get("name") == "csrf_token"
    )
    sent = {"csrf_token": token, "verb": "explode"}
    assert staff.client.post("/queue/1", data=sent).status_code == 400
    nobody = staff.client.post("/queue/99", data=sent | {"verb": "now"})
    assert "There is no such post" in text(staff.follow(nobody))
