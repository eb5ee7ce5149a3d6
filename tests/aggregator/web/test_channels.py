"""Channels: connected by a form that the network declares; secrets are shown by nobody."""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from aggregator.services import practice
from aggregator.services.house import House
from aggregator.storage import channels as channel_rows
from networks.errors import LaterError, RefusedError
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock


def test_form_asks_for_what_the_network_declares(administrator: Visitor) -> None:
    page = administrator.get("/channels/add/mastodon")
    labels = [words(each) for each in named(page, "label")]
    assert labels == ["Server", "Access token", "What shall we call it here?"]
    [secret] = [each for each in named(page, "input") if each.get("name") == "setting.token"]
    assert secret.get("type") == "password"


def test_connected_channel_is_listed_with_who_we_are_there(
    administrator: Visitor, board: Board
) -> None:
    page = administrator.get("/channels/add/board")
    sent = administrator.send(
        page,
        "/channels/add/board",
        **{"name": "The board", "setting.token": "open sesame", "setting.key": "ours"},
    )
    said = text(administrator.follow(sent))
    assert "Connected The board." in said
    assert "Signed in as @millbrook" in said
    assert "Town board, @millbrook" in text(administrator.get("/channels"))
    assert board.settings == {
        "server": "https://board.example",
        "token": "open sesame",
        "key": "ours",
    }


def test_made_secret_is_shown_once_and_typed_ones_never(
    house: House, administrator: Visitor, tmp_path: Path
) -> None:
    page = administrator.get("/channels/add/board")
    answer = administrator.send(page, "/channels/add/board", **{"setting.token": "open sesame"})
    administrator.read(answer)
    assert 'value="made-for-you"' in answer.text
    for path in ("/channels", "/channels/add/board"):
        seen = administrator.client.get(path).text
        assert "made-for-you" not in seen
        assert "open sesame" not in seen
    stored = b"".join(each.read_bytes() for each in tmp_path.glob("townboard.sqlite*"))
    assert b"open sesame" not in stored


def test_network_that_says_no_is_told_and_the_secret_is_not_written_back(
    administrator: Visitor, board: Board
) -> None:
    board.answers.append(RefusedError("network.token", "token unknown"))
    page = administrator.get("/channels/add/board")
    answer = administrator.send(
        page, "/channels/add/board", **{"name": "The board", "setting.token": "open sesame"}
    )
    assert answer.status_code == 422
    assert "The network no longer accepts our access token" in text(administrator.read(answer))
    assert 'value="The board"' in answer.text
    assert "open sesame" not in answer.text


def test_network_that_does_not_answer_is_connected_unchecked(
    administrator: Visitor, board: Board
) -> None:
    board.answers.append(LaterError("network.busy"))
    page = administrator.get("/channels/add/board")
    administrator.send(page, "/channels/add/board", **{"setting.token": "t", "setting.key": "k"})
    assert "Connected, not checked yet" in text(administrator.get("/channels"))


def test_name_that_is_taken_is_told(administrator: Visitor) -> None:
    page = administrator.get("/channels/add/board")
    typed = {"name": "The board", "setting.token": "t", "setting.key": "k"}
    administrator.send(page, "/channels/add/board", **typed)
    answer = administrator.send(page, "/channels/add/board", **typed)
    assert "There is a channel called The board already" in text(administrator.read(answer))


def test_practice_network_asks_for_nothing_that_the_house_knows(
    house: House, administrator: Visitor
) -> None:
    page = administrator.get("/channels/add/practice")
    names = {each.get("name") for each in named(page, "input")}
    assert names == {"csrf_token", "name"}
    assert practice.token(house) not in administrator.client.get("/channels/add/practice").text


def test_practice_interface_is_let_in_by_its_token_alone(
    house: House, anyone: Visitor, administrator: Visitor
) -> None:
    token = {"Authorization": f"Bearer {practice.token(house)}"}
    assert anyone.client.get("/practice/api/account", headers=token).status_code == 200
    assert administrator.client.get("/practice/api/account").status_code == 401


def test_practice_interface_takes_posts_with_pictures_and_no_form_token(
    house: House, anyone: Visitor
) -> None:
    token = {"Authorization": f"Bearer {practice.token(house)}"}
    large = anyone.client.post("/practice/api/posts", data=b"x" * 2_000_000, headers=token)
    assert large.mimetype == "application/json"  # its own answer: that is no post
    fault = anyone.client.post("/practice/api/faults", json={"name": "nobody"}, headers=token)
    assert fault.mimetype == "application/json"


def test_practice_pages_are_for_staff(anyone: Visitor, staff: Visitor) -> None:
    assert anyone.client.get("/practice/").status_code == 303
    assert "Nothing has been posted here yet" in text(staff.get("/practice/"))


def test_network_nobody_knows_is_not_there(administrator: Visitor) -> None:
    administrator.get("/channels/add/pigeon", 404)


def test_network_draws_itself_from_its_own_folder(anyone: Visitor) -> None:
    assert anyone.client.get("/networks/practice/look.css").mimetype == "text/css"
    assert anyone.client.get("/networks/practice/icon.svg").mimetype == "image/svg+xml"
    anyone.get("/networks/board/look.css", 404)
    anyone.get("/networks/..%2F..%2Fstatic/look.css", 404)


def connected(administrator: Visitor, town: Town) -> Element:
    """The page of a channel on the network of tests."""
    return administrator.get(f"/channels/{town.connect()}")


def test_times_are_kept_in_words_and_drawn_and_taken_back(
    house: House, administrator: Visitor, town: Town
) -> None:
    page = connected(administrator, town)
    assert "10 am, 12:30 pm, 5:30 pm" in text(page)
    typed: dict[str, Any] = {
        **hidden(page, "/channels/1/times"),
        "how": "times",
        "time": ["18:00", "", "09:15", "23:00"],
        "is_quiet": "1",
        "quiet_from": "22:00",
        "quiet_to": "07:30",
        "when_unknown": "ask",
    }
    sent = administrator.client.post("/channels/1/times", data=typed)
    kept = administrator.follow(sent)
    assert "9:15 am, 6 pm, 11 pm" in text(kept)
    assert "Quiet from 10 pm to 7:30 am" in text(kept)
    assert "Within the quiet hours, so never used: 11 pm" in text(kept)
    assert row(house).when_unknown == "ask"
    administrator.follow(administrator.send(kept, "/channels/1/undo"))
    assert row(house).slots["times"] == ["10:00", "12:30", "17:30"]
    assert row(house).when_unknown == "send"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"how": "times", "time": ""}, "Name at least one time"),
        ({"how": "times", "time": "25:00"}, "Name at least one time"),
        ({"how": "every", "minutes": "0"}, "Every so many minutes"),
        (
            {"how": "times", "time": "10:00", "is_quiet": "1", "quiet_from": "", "quiet_to": ""},
            "The quiet hours need",
        ),
        (
            {
                "how": "times",
                "time": "10:00",
                "is_quiet": "1",
                "quiet_from": "09:00",
                "quiet_to": "12:00",
            },
            "Every one of these times lies within",
        ),
    ],
)
def test_times_that_cant_be_are_told(
    administrator: Visitor, town: Town, typed: dict[str, str], said: str
) -> None:
    page = connected(administrator, town)
    data = hidden(page, "/channels/1/times") | typed
    answer = administrator.client.post("/channels/1/times", data=data)
    assert answer.status_code == 422
    assert said in text(administrator.read(answer))


def test_channel_somebody_changed_meanwhile_is_looked_at_again(
    administrator: Visitor, town: Town
) -> None:
    page = connected(administrator, town)
    administrator.send(page, "/channels/1/turn", verb="off")
    second = administrator.follow(administrator.send(page, "/channels/1/turn", verb="off"))
    assert "Somebody changed this channel a moment ago" in text(second)


def test_test_asks_again_and_posts_nothing(
    administrator: Visitor, town: Town, board: Board, clock: Clock
) -> None:
    page = connected(administrator, town)
    assert "It works" in text(administrator.follow(administrator.send(page, "/channels/1/test")))
    board.answers.append(RefusedError("network.token", "token expired"))
    failed = text(administrator.follow(administrator.send(page, "/channels/1/test")))
    assert "The network no longer accepts our access token" in failed
    assert "The last test failed." in failed
    assert board.posts == []


def test_turned_off_nothing_goes_out_and_turned_on_it_takes_the_next_free_time(
    administrator: Visitor, town: Town, board: Board, clock: Clock
) -> None:
    page = connected(administrator, town)
    [pid] = town.tell(an_event())
    town.share(pid)
    off = administrator.follow(administrator.send(page, "/channels/1/turn", verb="off"))
    assert "One post waits here." in text(off)
    clock.forward(hours=1)
    town.deliver()
    assert board.posts == []
    assert "Turned off: Town board." in text(administrator.get("/queue"))
    on = administrator.follow(administrator.send(off, "/channels/1/turn", verb="on"))
    assert "is on again" in text(on)
    town.deliver()
    assert board.posts == []
    clock.forward(hours=5)
    town.deliver()
    assert len(board.posts) == 1


def test_unused_channel_is_removed_and_a_used_one_put_away_and_used_again(
    house: House, administrator: Visitor, town: Town
) -> None:
    page = connected(administrator, town)
    gone = administrator.follow(administrator.send(page, "/channels/1/turn", verb="remove"))
    assert "Town board is removed" in text(gone)
    number = town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    path = f"/channels/{number}"
    page = administrator.get(path)
    assert [each for each in named(page, "input") if each.get("value") == "remove"] == []
    away = administrator.follow(administrator.send(page, f"{path}/turn", verb="archive"))
    assert "Town board is put away" in text(away)
    assert "Nothing is on its way" in text(administrator.get("/queue"))
    back = administrator.send(administrator.get(path), f"{path}/turn", verb="on")
    assert "is on again" in text(administrator.follow(back))


def test_channel_by_hand_is_named_by_its_kind_and_asks_for_nothing(
    administrator: Visitor,
) -> None:
    page = administrator.get("/channels/add/by_hand")
    sent = administrator.send(
        page,
        "/channels/add/by_hand",
        **{
            "setting.kind": "paper",
            "setting.mail": "news@courier.example",
            "setting.unit": "usual",
        },
    )
    said = text(administrator.follow(sent))
    for each in ("The local paper", "news@courier.example", "120 words"):
        assert each in said
    wrong = administrator.send(
        page, "/channels/add/by_hand", **{"setting.kind": "page", "setting.mail": "nobody"}
    )
    assert wrong.status_code == 422
    assert "That is no e-mail address" in text(administrator.read(wrong))


def test_channels_are_for_administrators(staff: Visitor, town: Town) -> None:
    town.connect()
    staff.get("/channels/1", 403)


def hidden(page: Element, action: str) -> dict[str, str]:
    """The hidden fields of the form that leads there."""
    [form] = [each for each in named(page, "form") if each.get("action") == action]
    return {
        each.get("name", ""): each.get("value", "")
        for each in named(form, "input")
        if each.get("type") == "hidden"
    }


def row(house: House) -> Any:
    with house.database.reading() as tx:
        return channel_rows.by_id(tx, 1)
