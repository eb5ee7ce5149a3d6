"""Writing a post without an event, by forms alone and as htmx asks for parts."""

import io
import re
from typing import Any
from xml.etree.ElementTree import Element

from PIL import Image

from aggregator.services import uploads
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_previews import PARTIAL, by_id
from tests.aggregator.web.test_previews import typed as untouched
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock

SNOW = "We are closed today: snow."


def typed(page: Element) -> dict[str, Any]:
    """The form as a browser would send it: of several radio buttons the one that is checked."""
    radios = {
        each.get("name", ""): each.get("value", "")
        for each in named(page, "input")
        if each.get("type") == "radio" and each.get("checked") is not None
    }
    return {
        name: value
        for name, value in (untouched(page) | {"purpose": ""} | radios).items()
        if name != "picture"
    }


def look(staff: Visitor, page: Element, **more: str) -> Element:
    """See how it looks."""
    return staff.read(staff.client.post("/write/look", data=typed(page) | more))


def a_photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return io.BytesIO(out.getvalue())


def test_a_starter_fills_in_words_with_gaps_and_its_purpose(town: Town, staff: Visitor) -> None:
    town.connect()
    page = staff.get("/write?start=closed")
    assert "closed today because [why]" in (by_id(page, "text").text or "")
    [chosen] = [
        each
        for each in named(page, "label")
        if any(one.get("checked") is not None for one in named(each, "input"))
        and "Tell" in words(each)
    ]
    assert words(chosen) == "Tell what changed"
    assert "gap to fill in" not in text(page)
    assert "There is still a gap to fill in: [why]" in text(look(staff, page))


def test_it_is_looked_at_before_it_is_queued_then_goes_out_at_its_slot(
    town: Town, staff: Visitor, board: Board, clock: Clock
) -> None:
    town.connect()
    page = staff.get("/write")
    unseen = staff.client.post("/write", data=typed(page) | {"text": SNOW})
    assert unseen.status_code == 422
    seen = staff.read(unseen)
    assert "This is how your post looks now." in text(seen)
    assert "26 of 300" in words(by_id(seen, "ring-1"))
    after = staff.follow(staff.client.post("/write", data=typed(seen)))
    assert "Town board: today, 12:30 pm." in text(after)
    town.deliver()
    assert board.posts == []
    clock.forward(minutes=31)
    town.deliver()
    assert [post.text for post in board.posts] == [SNOW]


def test_undo_takes_it_back(town: Town, staff: Visitor, board: Board, clock: Clock) -> None:
    town.connect()
    page = look(staff, staff.get("/write"), text=SNOW)
    after = staff.follow(staff.client.post("/write", data=typed(page)))
    [form] = [f for f in named(after, "form") if "/write/undo/" in f.get("action", "")]
    back = staff.follow(staff.send(after, form.get("action", "")))
    assert "Your post is taken back." in text(back)
    clock.forward(days=1)
    town.deliver()
    assert board.posts == []


def test_a_second_click_makes_no_second_post(town: Town, staff: Visitor, board: Board) -> None:
    town.connect()
    page = look(staff, staff.get("/write"), text=SNOW, when="now")
    for _ in range(2):
        assert staff.client.post("/write", data=typed(page)).status_code == 303
        town.deliver()
    assert len(board.posts) == 1


def test_a_picture_is_kept_shown_and_sent_with_its_description(
    town: Town, staff: Visitor, board: Board
) -> None:
    town.connect()
    page = staff.get("/write")
    form = typed(page) | {"text": SNOW, "when": "now", "picture": (a_photo(), "photo.jpg")}
    seen = staff.read(staff.client.post("/write/look", data=form))
    assert "Say what can be seen on the picture" in text(seen)
    assert re.fullmatch("[0-9a-f]{64}", typed(seen)["image"])
    assert typed(seen)["text"] == SNOW
    seen = look(staff, seen, alt="A door in the snow")
    [shown] = named(by_id(seen, "post-1"), "img")
    assert shown.get("alt") == "A door in the snow"
    assert staff.client.get(shown.get("src", "")).status_code == 200
    assert staff.client.post("/write", data=typed(seen)).status_code == 303
    town.deliver()
    assert [image.alt for image in board.posts[0].images] == ["A door in the snow"]


def test_a_picture_can_be_taken_out_again(town: Town, staff: Visitor) -> None:
    town.connect()
    form = typed(staff.get("/write")) | {"picture": (a_photo(), "photo.jpg")}
    seen = staff.read(staff.client.post("/write/look", data=form))
    assert "image" in typed(seen)
    assert "image" not in typed(look(staff, seen, without="1"))


def test_a_file_that_is_no_picture_is_told_beside_its_field_and_words_stay(
    town: Town, staff: Visitor
) -> None:
    town.connect()
    for data, why in (
        (b"no picture", "We can’t open that file as a picture."),
        (b"x" * (uploads.LIMIT + 1), "That picture is bigger than 10 MB."),
    ):
        form = typed(staff.get("/write")) | {"text": SNOW, "picture": (io.BytesIO(data), "a.jpg")}
        seen = staff.read(staff.client.post("/write/look", data=form))
        assert why in words(by_id(seen, "picture-fault"))
        assert by_id(seen, "text").text == SNOW


def test_only_a_form_with_a_picture_may_be_long(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    long = {"file": (io.BytesIO(b"x" * 1_500_000), "a.bin")}
    assert staff.client.post(f"/inbox/{pid}/share", data=long).status_code == 413
    huge = {"picture": (io.BytesIO(b"x" * (uploads.FORM + 1)), "a.jpg")}
    assert staff.client.post("/write/look", data=huge).status_code == 413


def test_a_day_and_a_time_are_the_librarys_and_quiet_hours_are_said(
    town: Town, staff: Visitor
) -> None:
    town.connect()
    page = look(staff, staff.get("/write"), text=SNOW, when="at", day="2026-11-26", time="22:30")
    assert "Goes out Thu 26 Nov, 10:30 pm" in words(by_id(page, "post-1"))
    assert "In its quiet hours" in words(by_id(page, "post-1"))
    assert staff.client.post("/write", data=typed(page)).status_code == 303
    page = look(staff, page, when="at", day="2026-11-23", time="10:00")
    assert "That time is over already." in words(by_id(page, "at-fault"))
    page = look(staff, page, when="at", day="", time="")
    assert "Choose a day and a time" in words(by_id(page, "at-fault"))
    assert by_id(page, "text").text == SNOW


def test_a_link_without_its_beginning_is_understood_and_nonsense_is_said(
    town: Town, staff: Visitor
) -> None:
    town.connect()
    page = look(staff, staff.get("/write"), text=SNOW, link="library.example/snow")
    assert "https://library.example/snow" in words(by_id(page, "text-1"))
    for wrong in ("no link", "javascript:alert(1)", "ftp://library.example"):
        page = look(staff, page, link=wrong)
        assert f"“{wrong}” is no web address." in words(by_id(page, "link-fault"))
        assert by_id(page, "link").get("value") == wrong


def test_typing_sends_the_posts_and_what_is_wrong(town: Town, staff: Visitor) -> None:
    town.connect()
    form = typed(staff.get("/write")) | {"text": SNOW, "link": "no link"}
    part = staff.client.post("/write/look", data=form, headers=PARTIAL).text
    assert "<html" not in part
    assert "26 of 300" in part
    assert "is no web address" in part
    names = re.findall(r'id="(looks|tightest|link-fault|text-fault|problem)"', part)
    assert sorted(names) == ["link-fault", "looks", "problem", "text-fault", "tightest"]
    one = staff.client.post("/write/look?part=one&channel=1", data=form, headers=PARTIAL).text
    assert 'id="looks"' not in one
    assert 'id="shown"' in one


def test_without_a_channel_the_page_says_what_to_do(staff: Visitor) -> None:
    assert "No channel is connected yet" in text(staff.get("/write"))
