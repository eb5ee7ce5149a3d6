"""Share: the preview is the post, and what changed in between is looked at again."""

from dataclasses import replace
from datetime import UTC, datetime

from aggregator.services.house import House
from aggregator.storage import deliveries
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, a_notice, an_event, knitting
from tests.support.houses import Clock

POST = (
    "Winter Stories by the Hearth\nSat 12 Dec, 2–3 pm\nRiver Museum, Hearth Room\n"
    "With River Museum\nhttps://river-museum.example/winter\n#Families"
)


def test_preview_shows_the_post_its_count_and_its_time(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    [shown] = named(page, "textarea")
    assert "".join(shown.itertext()) == POST
    [drawn] = [each for each in named(page, "div") if each.get("class") == "post-text"]
    assert "".join(words(drawn).split()) == "".join(POST.split())
    assert f"{len(POST)} of 300 characters" in text(page)
    assert "Goes out today, 12:30 pm" in text(page)


def test_text_from_a_feed_stays_text_in_the_preview_and_the_queue(
    town: Town, staff: Visitor
) -> None:
    town.connect()
    [pid] = town.tell(an_event(summary='<img src=x> #tag https://a.example/"><b>'))
    for path in (f"/inbox/{pid}/share", "/queue"):
        staff.get(path)
        seen = staff.client.get(path).text
        assert "<img src=x>" not in seen, path
        assert 'a.example/"><b>' not in seen, path
        town.share(pid)
    assert "&lt;img src=x&gt;" in staff.client.get("/queue").text


def test_share_queues_for_the_next_slot_and_says_when(
    town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    after = staff.follow(staff.send(page, f"/inbox/{pid}/share", when="slot"))
    assert "Shared “Winter Stories by the Hearth”. Town board: today, 12:30 pm." in text(after)
    assert town.row(pid).state == "APPROVED"
    town.deliver()
    assert board.posts == []
    clock.forward(minutes=31)
    town.deliver()
    assert [post.text for post in board.posts] == [POST]


def test_post_now_goes_out_at_once(town: Town, staff: Visitor, board: Board) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    staff.send(staff.get(f"/inbox/{pid}/share"), f"/inbox/{pid}/share", when="now")
    town.deliver()
    assert [post.text for post in board.posts] == [POST]


def test_undo_withdraws_what_has_not_gone_out(
    town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    after = staff.follow(staff.send(page, f"/inbox/{pid}/share", when="slot"))
    staff.follow(staff.send(after, f"/inbox/{pid}/undo"))
    assert town.row(pid).state == "NEW"
    clock.forward(days=1)
    town.deliver()
    assert board.posts == []


def test_undo_says_what_is_out_already(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    after = staff.follow(staff.send(page, f"/inbox/{pid}/share", when="now"))
    town.deliver()
    back = staff.follow(staff.send(after, f"/inbox/{pid}/undo"))
    assert "1 post is out already, or on its way, and stays." in text(back)


def test_second_click_makes_no_second_post(house: House, town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    for _ in range(2):
        staff.send(page, f"/inbox/{pid}/share", when="slot")
    with house.database.reading() as tx:
        assert len(deliveries.of_event(tx, town.row(pid).id)) == 1


def test_event_that_changed_meanwhile_is_looked_at_again(
    town: Town, staff: Visitor, board: Board
) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    town.tell(replace(an_event(), summary="Winter Stories, moved to the barn"))
    again = staff.read(staff.send(page, f"/inbox/{pid}/share", when="now"))
    assert "It changed while you were looking. Look at the posts again." in text(again)
    assert "moved to the barn" in text(again)
    town.deliver()
    assert board.posts == []
    staff.send(again, f"/inbox/{pid}/share", when="now")
    town.deliver()
    assert board.posts[0].text.startswith("Winter Stories, moved to the barn")


def test_event_that_somebody_declined_meanwhile_is_not_shared(
    town: Town, staff: Visitor, board: Board
) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}/share")
    town.decide(pid, "decline")
    again = staff.read(staff.send(page, f"/inbox/{pid}/share", when="now"))
    assert "Tom declined this" in text(again)
    town.deliver()
    assert board.posts == []


def test_without_a_channel_the_page_says_what_to_do(
    town: Town, staff: Visitor, administrator: Visitor
) -> None:
    [pid] = town.tell(an_event())
    said = text(staff.get(f"/inbox/{pid}/share"))
    assert "No channel is connected yet" in said
    assert "An administrator of the library can do that" in said
    page = administrator.get(f"/inbox/{pid}/share")
    assert "Connect a channel" in {words(each) for each in named(page, "a")}


def test_cancelled_event_and_notice_are_not_shared(town: Town, staff: Visitor) -> None:
    town.connect()
    off, notice = town.tell(an_event(status="CANCELLED"), a_notice())
    for pid, why in ((off, "This event is cancelled"), (notice, "This entry has no date")):
        page = staff.get(f"/inbox/{pid}/share")
        assert why in text(page)
        assert [
            each for each in named(page, "form") if each.get("action", "").endswith("share")
        ] == []


def test_post_of_a_series_tells_its_rhythm(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(knitting())
    assert "Tue 1 Dec, 6:30–8:30 pm (Tuesdays, 12 dates)" in text(staff.get(f"/inbox/{pid}/share"))


def test_shared_event_says_so_where_it_is_shown(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid, now=True)
    town.deliver()
    page = staff.get(f"/inbox/{pid}")
    assert "Its posts" in text(page)
    assert "https://board.example/1" in {each.get("href") for each in named(page, "a")}
    assert "Shared already" in text(staff.get(f"/inbox/{pid}/share"))


def test_slot_after_closing_time_is_tomorrow(town: Town, staff: Visitor, clock: Clock) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    clock.now = datetime(2026, 11, 25, 1, tzinfo=UTC)  # eight in the evening
    assert "Goes out tomorrow, 10 am" in text(staff.get(f"/inbox/{pid}/share"))
