"""Channels: connected by a form that the network declares; secrets are shown by nobody."""

from pathlib import Path

from aggregator.services import practice
from aggregator.services.house import House
from networks.errors import LaterError, RefusedError
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text


def test_form_asks_for_what_the_network_declares(administrator: Visitor) -> None:
    page = administrator.get("/channels/add/mastodon")
    labels = [words(each) for each in named(page, "label")]
    assert labels == ["What shall we call it here?", "Server", "Access token"]
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
    assert "Town board, @millbrook" in said
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
