"""People: let in by a link that works once, given roles, let out."""

import re

from flask import Flask

from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import PASSWORD, Town
from tests.support.houses import Clock

LINK = re.compile(r"(/welcome/[\w.-]+)<")


def _invite(administrator: Visitor, name: str = "Tom") -> str:
    answer = administrator.send(administrator.get("/people"), "/people", name=name, role="staff")
    assert answer.status_code == 200
    administrator.read(answer)
    [path] = LINK.findall(answer.text)
    return str(path)


def test_invited_person_chooses_a_password_and_is_in(app: Flask, administrator: Visitor) -> None:
    path, tom = _invite(administrator), Visitor(app.test_client())
    sent = tom.send(tom.get(path), path, password="four words about bees")
    assert sent.status_code == 303
    assert "Inbox" in text(tom.get("/inbox"))
    tom.get(path, 404)  # used
    again = Visitor(app.test_client())
    assert again.log_in("Tom", "four words about bees").status_code == 303


def test_link_ends_after_a_week(app: Flask, administrator: Visitor, clock: Clock) -> None:
    path = _invite(administrator)
    clock.forward(days=7, minutes=1)
    assert "Ask an administrator" in text(Visitor(app.test_client()).get(path, 404))


def test_link_that_was_changed_opens_nothing(app: Flask, administrator: Visitor) -> None:
    path = _invite(administrator)
    Visitor(app.test_client()).get(f"{path[:-3]}abc", 404)


def test_short_password_is_told(app: Flask, administrator: Visitor) -> None:
    path, tom = _invite(administrator), Visitor(app.test_client())
    answer = tom.send(tom.get(path), path, password="bees")
    assert answer.status_code == 422
    assert "A password has 10 to 200 characters" in text(tom.read(answer))


def test_somebody_let_out_is_out_at_once_and_in_again_with_undo(
    app: Flask, town: Town, administrator: Visitor
) -> None:
    user = town.user("Tom", "staff")
    tom = Visitor(app.test_client())
    tom.log_in("Tom")
    page = administrator.follow(
        administrator.send(administrator.get("/people"), f"/people/{user}/out")
    )
    assert "Tom can’t log in any more." in text(page)
    assert tom.client.get("/inbox").status_code == 303
    assert tom.log_in("Tom").status_code == 403
    administrator.follow(administrator.send(page, f"/people/{user}/in"))
    assert tom.log_in("Tom", PASSWORD).status_code == 303


def test_role_is_changed_and_nobody_can_change_their_own(
    town: Town, administrator: Visitor
) -> None:
    user = town.user("Tom", "staff")
    page = administrator.follow(
        administrator.send(
            administrator.get("/people"), f"/people/{user}/role", role="administrator"
        )
    )
    assert "Tom is administrator now." in text(page)
    token = administrator.client.get("/people").text.partition('name="csrf_token" value="')[2]
    answer = administrator.client.post(
        "/people/1/out", data={"csrf_token": token.partition('"')[0]}
    )
    assert "Ask another administrator" in text(administrator.follow(answer))
