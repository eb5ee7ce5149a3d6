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

ORDER = "Goes out, in order"


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
    """Press the button for verb on the post's page."""
    return staff.follow(staff.send(staff.get("/queue/1"), "/queue/1", verb=verb))


def state(house: House, pid: str, town: Town) -> str:
    """The state of the event's one delivery."""
    with house.database.reading() as tx:
        return str(deliveries.of_event(tx, town.row(pid).id)[0].state)


def test_queued_post_shows_where_and_when(pid: str, staff: Visitor) -> None:
    coming = part(staff.get("/queue"), ORDER)
    for each in ("Winter Stories by the Hearth", "Town board", "12:30 pm", "Sat 12 Dec"):
        assert each in coming
    post = text(staff.get("/queue/1"))
    for each in ("Town board", "today, 12:30 pm", "#Families"):
        assert each in post


def test_post_now_sends_it_at_once(pid: str, town: Town, staff: Visitor, board: Board) -> None:
    assert "It goes out now." in text(act(staff, "now"))
    town.deliver()
    assert len(board.posts) == 1


def test_withdrawn_post_is_never_sent(
    pid: str, town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    page = act(staff, "withdraw")
    assert "Nothing is on its way" in part(page, ORDER)
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
    assert "today, 8 pm" in part(staff.get("/queue"), "Went out, or not")


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
    ended = part(staff.get("/queue"), "These wait for you")
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
    assert "Looking" in part(page, ORDER)
    assert [each for each in named(page, "button") if each.get("name") == "do"] == []
    forms = named(staff.get("/queue/1"), "form")
    assert [each for each in forms if "/queue/" in each.get("action", "")] == []


def test_button_pressed_too_late_says_so(pid: str, town: Town, staff: Visitor) -> None:
    page = staff.get("/queue/1")
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


def test_post_is_moved_to_a_free_time_and_moved_back(
    pid: str, house: House, town: Town, staff: Visitor
) -> None:
    page = staff.get("/queue/1")
    free = [
        each.get("value", "")
        for each in named(page, "input")
        if each.get("type") == "radio" and each.get("value") != "at"
    ]
    assert free[0] == "2026-11-24T22:30:00+00:00"  # half past five here
    after = staff.follow(staff.send(page, "/queue/1/move", slot=free[0]))
    assert "It goes out today, 5:30 pm." in text(after)
    assert "5:30 pm" in part(after, ORDER)
    back = staff.follow(staff.send(after, "/queue/1/undo"))
    assert "12:30 pm" in part(back, ORDER)
    again = staff.follow(staff.send(after, "/queue/1/undo"))
    assert "There is nothing to take back." in text(again)


def test_post_is_moved_into_quiet_hours_and_close_to_another_with_words(
    pid: str, town: Town, staff: Visitor
) -> None:
    page = staff.get("/queue/1")
    after = staff.follow(staff.send(page, "/queue/1/move", slot="at", at="2026-11-25T22:00"))
    assert "tomorrow, 10 pm, within the quiet hours." in text(after)
    assert "In quiet hours" in part(after, ORDER)
    [other] = town.tell(an_event("other", summary="Night walk"))
    town.share(other)
    page = staff.get("/queue/2")
    after = staff.follow(staff.send(page, "/queue/2/move", slot="at", at="2026-11-25T21:30"))
    assert "within the quiet hours and close to another post there" in text(after)
    assert "too close to another" in {
        part.strip() for each in named(after, "a") for part in each.get("aria-label", "").split(",")
    }


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-24T11:00", "That time is over already"),
        ("2026-12-12T14:00", "By then the event has begun"),
        ("tomorrow", "Choose a day and a time"),
    ],
)
def test_time_that_cant_be_is_told(pid: str, staff: Visitor, at: str, said: str) -> None:
    page = staff.get("/queue/1")
    assert said in text(staff.follow(staff.send(page, "/queue/1/move", slot="at", at=at)))


def test_skipped_post_comes_back_by_undo_unless_another_took_its_place(
    pid: str, town: Town, staff: Visitor
) -> None:
    skipped = act(staff, "withdraw")
    back = staff.follow(staff.send(skipped, "/queue/1/undo"))
    assert "12:30 pm" in part(back, ORDER)
    skipped = act(staff, "withdraw")
    town.share(pid)
    kept = staff.follow(staff.send(skipped, "/queue/1/undo"))
    assert "Another post has taken its place" in text(kept)


def test_what_was_sent_meanwhile_is_not_taken_back(pid: str, town: Town, staff: Visitor) -> None:
    page = staff.get("/queue/1")
    moved = staff.follow(staff.send(page, "/queue/1/move", slot="at", at="2026-11-24T13:00"))
    act(staff, "now")
    town.deliver()
    assert "That post has moved on meanwhile" in text(
        staff.follow(staff.send(moved, "/queue/1/undo"))
    )


def test_words_are_edited_for_one_channel(
    pid: str, town: Town, staff: Visitor, board: Board
) -> None:
    page = staff.get("/queue/1")
    after = staff.follow(staff.send(page, "/queue/1/words", words="Come & listen"))
    assert "The words are kept" in text(after)
    act(staff, "now")
    town.deliver()
    assert board.posts[0].text == "Come & listen"


def test_buttons_in_the_list_act_on_their_post(pid: str, town: Town, staff: Visitor) -> None:
    page = staff.get("/queue")
    assert "Withdrawn." in text(staff.follow(staff.send(page, "/queue", do="withdraw 1")))
    assert staff.send(page, "/queue").status_code == 303


def test_three_posts_within_the_hour_are_a_pile(pid: str, town: Town, staff: Visitor) -> None:
    for number in (2, 3):
        [other] = town.tell(an_event(f"o{number}", summary=f"Night walk {number}"))
        town.share(other)
        page = staff.get(f"/queue/{number}")
        staff.send(page, f"/queue/{number}/move", slot="at", at=f"2026-11-24T12:{30 + number}")
    page = staff.get("/queue")
    piles = [each for each in named(page, "details") if "pile" in each.get("class", "")]
    assert len(piles) == 1
    assert "Night walk 3" in words(piles[0])


def test_failed_post_is_left_and_goes_from_the_list(
    pid: str, town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    board.answers.append(RefusedError("network.token", "token expired"))
    clock.forward(hours=1)
    town.deliver()
    assert part(act(staff, "leave"), "These wait for you") == ""
