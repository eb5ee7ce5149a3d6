"""The previews are edited where they are drawn: the server counts, and what was typed stays."""

import re
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select

from aggregator.storage import choices
from aggregator.storage.tables import delivery
from aggregator.web import fragments
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_queries import counted, fill
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock

PARTIAL = {fragments.HEADER: "partial"}


def typed(page: Element) -> dict[str, str]:
    """The share form as a browser would send it, untouched."""
    fields = {
        each.get("name", ""): each.get("value", "")
        for each in named(page, "input")
        if each.get("name") and (each.get("type") != "checkbox" or each.get("checked") is not None)
    }
    fields |= {each.get("name", ""): "".join(each.itertext()) for each in named(page, "textarea")}
    for choice in named(page, "select"):
        for option in named(choice, "option"):
            if option.get("selected") is not None:
                fields[choice.get("name", "")] = option.get("value", "")
    return fields


def by_id(page: Element, name: str) -> Element:
    [found] = [each for each in page.iter() if each.get("id") == name]
    return found


def opened(town: Town, staff: Visitor, *channels: str) -> tuple[str, Element]:
    """An event on its share page."""
    for name in channels or ("Town board",):
        town.connect(name)
    [pid] = town.tell(an_event())
    return f"/inbox/{pid}/share", staff.get(f"/inbox/{pid}/share")


def test_a_form_that_nobody_touched_is_composed(town: Town, staff: Visitor, board: Board) -> None:
    path, page = opened(town, staff)
    assert staff.client.post(path, data=typed(page) | {"when": "now"}).status_code == 303
    town.deliver()
    assert board.posts[0].text.startswith("Winter Stories by the Hearth\n")
    with town.house.database.reading() as tx:
        assert tx.value(select(delivery.c.words)) is None


def test_typing_counts_that_post_and_sends_only_its_parts(town: Town, staff: Visitor) -> None:
    path, page = opened(town, staff, "Town board", "Second")
    form = typed(page) | {"words-1": "Come https://a.example/x #Fire"}
    part = staff.client.post(f"{path}/count?channel=1", data=form, headers=PARTIAL).text
    assert re.findall(r'id="([a-z0-9-]+)"', part) == ["text-1", "ring-1", "fault-1"]
    assert '<a href="https://a.example/x"' in part
    assert '<span class="hash">#Fire</span>' in part
    assert "30 of 300" in part
    assert "<html" not in part


def test_too_long_is_said_while_typing(town: Town, staff: Visitor) -> None:
    path, page = opened(town, staff)
    form = typed(page) | {"words-1": "x" * 302}
    part = staff.client.post(f"{path}/count?channel=1", data=form, headers=PARTIAL).text
    assert "302 of 300" in part
    assert "The post for Town board is too long by 2." in part


def test_count_again_keeps_what_was_typed_without_javascript(town: Town, staff: Visitor) -> None:
    path, page = opened(town, staff, "Town board", "Second")
    form = typed(page) | {"words-1": "My own words"}
    del form["channel-2"]
    again = staff.read(staff.client.post(f"{path}/count", data=form))
    assert words(by_id(again, "text-1")) == "My own words"
    assert "12 of 300" in words(by_id(again, "ring-1"))
    assert by_id(again, "words-1").text == "My own words"
    assert by_id(again, "pick-1").get("checked") is not None
    assert by_id(again, "pick-2").get("checked") is None
    assert "Your words" in words(by_id(again, "post-1"))


def test_what_was_typed_goes_out_and_a_channel_that_was_left_out_gets_nothing(
    town: Town, staff: Visitor, board: Board
) -> None:
    path, page = opened(town, staff, "Town board", "Second")
    form = typed(page) | {"words-2": "Only here\r\nand now", "when": "now"}
    del form["channel-1"]
    after = staff.follow(staff.client.post(path, data=form))
    assert "Second: today, 12 pm." in text(after)
    town.deliver()
    assert [post.text for post in board.posts] == ["Only here\nand now"]


def test_what_cant_go_out_comes_back_with_everything_that_was_typed(
    town: Town, staff: Visitor, board: Board
) -> None:
    path, page = opened(town, staff, "Town board", "Second")
    form = typed(page) | {"words-1": "x" * 301, "words-2": "Fine here", "when": "now"}
    back = staff.read(answer := staff.client.post(path, data=form))
    assert answer.status_code == 422
    assert "The post for Town board is too long by 1." in text(back)
    assert by_id(back, "words-1").text == "x" * 301
    assert by_id(back, "words-2").text == "Fine here"
    town.deliver()
    assert board.posts == []


def test_words_of_staff_about_an_event_that_changed_are_shown_beside_it_again(
    town: Town, staff: Visitor, board: Board
) -> None:
    path, page = opened(town, staff)
    form = typed(page) | {"words-1": "My own words", "when": "now"}
    town.tell(an_event(summary="Winter Stories, moved to the barn"))
    back = staff.read(staff.client.post(path, data=form))
    assert "It changed while you were looking" in text(back)
    assert by_id(back, "words-1").text == "My own words"
    town.deliver()
    assert board.posts == []
    assert staff.client.post(path, data=typed(back) | {"when": "now"}).status_code == 303
    town.deliver()
    assert board.posts[0].text == "My own words"


def test_another_group_brings_its_hashtags_into_what_nobody_edited(
    town: Town, staff: Visitor
) -> None:
    with town.house.database.writing() as tx:
        teens = choices.find(tx, "audience", "Teens")
        assert teens is not None
        choices.add(tx, "hashtags", name="T", tags=["MillbrookTeens"], audience_id=teens.id)
    path, page = opened(town, staff, "Town board", "Second")
    form = typed(page) | {"words-1": "My own words", "audience": str(teens.id)}
    again = staff.read(staff.client.post(f"{path}/count", data=form))
    assert "#MillbrookTeens" in words(by_id(again, "text-2"))
    assert words(by_id(again, "text-1")) == "My own words"
    assert typed(again)["audience"] == str(teens.id)


def test_text_that_somebody_typed_stays_text(town: Town, staff: Visitor) -> None:
    path, page = opened(town, staff)
    form = typed(page) | {"words-1": '</textarea><script>x</script> https://a.example/"><b>'}
    again = staff.client.post(f"{path}/count", data=form)
    staff.read(again)
    assert "<script>x" not in again.text
    assert '"><b>' not in again.text


def test_a_channel_that_has_it_already_is_shown_and_not_offered(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid, now=True)
    town.connect("Second")
    page = staff.get(f"/inbox/{pid}/share")
    assert [each.get("name") for each in named(page, "textarea")] == ["words-2"]
    assert "Shared already" in words(by_id(page, "post-1"))


def test_what_cant_go_out_from_the_inbox_is_said_in_the_previews_place(
    town: Town, staff: Visitor
) -> None:
    path, page = opened(town, staff)
    form = typed(page) | {"words-1": "x" * 301, "when": "slot"}
    back = staff.client.post(path, data=form, headers=PARTIAL)
    assert (back.status_code, back.headers["HX-Retarget"]) == (200, "#share-form")
    assert "x" * 301 in back.text
    assert "too long by 1" in back.text
    assert "<html" not in back.text


def test_the_list_that_it_was_opened_from_comes_back_after_sharing(
    town: Town, staff: Visitor
) -> None:
    path, _ = opened(town, staff)
    page = staff.get(f"{path}?view=new&q=winter")
    [form] = [each for each in named(page, "form") if each.get("id") == "share-form"]
    after = staff.client.post(form.get("action", ""), data=typed(page) | {"when": "now"})
    assert "q=winter" in after.headers["Location"]


# The event's posts


def test_its_posts_are_asked_for_again_while_one_goes_out(town: Town, staff: Visitor) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid, now=True)
    going = staff.client.get(f"/inbox/{pid}/posts?asked=1", headers=PARTIAL).text
    assert f'hx-get="/inbox/{pid}/posts?asked=2' in going
    assert "See it there" not in going
    last = staff.client.get(f"/inbox/{pid}/posts?asked=30", headers=PARTIAL).text
    assert "hx-get" not in last
    town.deliver()
    out = staff.client.get(f"/inbox/{pid}/posts?asked=2", headers=PARTIAL).text
    assert "hx-get" not in out
    assert 'href="https://board.example/1"' in out


def test_without_htmx_the_posts_are_on_the_events_page(town: Town, staff: Visitor) -> None:
    [pid] = town.tell(an_event())
    answer = staff.client.get(f"/inbox/{pid}/posts")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/inbox/{pid}#its-posts")
    staff.get("/inbox/nothing/posts", 404)


@pytest.mark.parametrize("number", [1, 3])
def test_share_page_asks_as_often_whatever_the_number_of_channels(
    town: Town, staff: Visitor, clock: Clock, number: int
) -> None:
    fill(town, clock, number)
    [pid] = town.tell(an_event("another"), partner="Another")
    with counted() as asked:
        page = staff.client.get(f"/inbox/{pid}/share")
    assert len(asked) == 12, asked
    assert len(page.data) < 50_000
