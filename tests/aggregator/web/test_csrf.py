"""A form of somebody else is refused; one of ours that grew old can be sent again."""

import pytest
from flask import Flask

from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock

OURS = {"Sec-Fetch-Site": "same-origin"}


def test_every_form_without_its_token_is_refused_and_changes_nothing(
    app: Flask, town: Town, administrator: Visitor
) -> None:
    [pid] = town.tell(an_event())
    before = town.row(pid)
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.startswith("practice."):
            continue
        _, path = rule.build({name: pid if name == "pid" else 1 for name in rule.arguments}) or (
            "",
            "",
        )
        answer = administrator.client.post(path, data={"verb": "decline", "version": "0"})
        assert answer.status_code == 400, path
    assert town.row(pid) == before


def test_token_of_another_login_is_refused(town: Town, staff: Visitor, anyone: Visitor) -> None:
    [pid] = town.tell(an_event())
    page = anyone.client.get("/login").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"csrf_token": token, "verb": "decline", "version": "0"}
    assert staff.client.post(f"/inbox/{pid}/decide", data=data).status_code == 400
    assert town.row(pid).state == "NEW"


def test_form_that_grew_old_keeps_what_was_typed_and_can_be_sent_again(
    town: Town, staff: Visitor
) -> None:
    [pid] = town.tell(an_event())
    staff.get(f"/inbox/{pid}")
    typed = {"csrf_token": "old", "verb": "decline", "version": "0", "reason": "for <members>"}
    answer = staff.client.post(f"/inbox/{pid}/decide", data=typed, headers=OURS)
    assert answer.status_code == 400
    page = staff.read(answer)
    assert "open for too long" in text(page)
    staff.follow(staff.send(page, f"/inbox/{pid}/decide"))
    assert (town.row(pid).state, town.row(pid).reason) == ("DECLINED", "for <members>")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {},
    ],
)
def test_form_of_somebody_else_is_not_offered_again(
    town: Town, staff: Visitor, headers: dict[str, str]
) -> None:
    [pid] = town.tell(an_event())
    answer = staff.client.post(
        f"/inbox/{pid}/decide", data={"verb": "decline", "version": "0"}, headers=headers
    )
    page = staff.read(answer)
    assert "couldn’t read that" in text(page)
    assert "Send it again" not in answer.text


def test_login_form_that_grew_old_asks_for_the_password_anew(town: Town, anyone: Visitor) -> None:
    town.user("Ana", "staff")
    typed = {"csrf_token": "old", "name": "Ana", "password": "three quiet words", "next": ""}
    answer = anyone.client.post("/login", data=typed, headers=OURS)
    assert "three quiet words" not in answer.text
    again = anyone.send(anyone.read(answer), "/login", password="three quiet words")
    assert again.headers["Location"] == "/today"


def test_token_lasts_twelve_hours(town: Town, app: Flask, clock: Clock) -> None:
    assert app.config["WTF_CSRF_TIME_LIMIT"] == 12 * 60 * 60
