"""Headers, cookies and the pages for what goes wrong."""

import re

import pytest
from flask import Flask

from aggregator.storage.doors import BusyError
from aggregator.web import faults
from tests.aggregator.web.checking import check_page
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event, knitting

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self';"
    " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    "path", ["/calendar", "/login", "/nothing", "/calendar.ics", "/static/css/base.css", "/inbox"]
)
def test_every_answer_carries_the_content_policy(anyone: Visitor, path: str) -> None:
    headers = anyone.client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_public_pages_set_no_cookie_and_do_not_ask_for_one(
    town: Town, anyone: Visitor, staff: Visitor
) -> None:
    pid, _ = town.approve(an_event(), knitting())
    paths = (
        *("/", "/calendar", "/calendar?access=free", "/calendar/week", "/calendar.ics"),
        *(f"/event/{pid}", f"/event/{pid}.ics", f"/event/{pid}/wrong", "/static/css/base.css"),
    )
    for someone in (anyone, staff):
        for path in (*paths, "/event/nothing", "/media/nothing"):
            headers = someone.client.get(path).headers
            assert "Set-Cookie" not in headers, path
            assert headers.get("Vary", "Accept-Encoding") == "Accept-Encoding", path


def test_staff_pages_are_kept_by_nobody(staff: Visitor) -> None:
    for path in ("/inbox", "/queue", "/partners", "/login", "/practice/"):
        assert staff.client.get(path).headers["Cache-Control"] == "no-store", path


def test_files_of_ours_are_asked_for_by_an_address_that_changes_with_them(
    anyone: Visitor,
) -> None:
    page = anyone.client.get("/calendar").text
    [address] = re.findall(r'href="(/static/css/base.css\?v=[0-9a-f]{12})"', page)
    assert "immutable" in anyone.client.get(address).headers["Cache-Control"]
    assert "immutable" not in anyone.client.get("/static/css/base.css").headers["Cache-Control"]


@pytest.mark.parametrize("status", sorted(faults.WORDS))
def test_every_fault_has_a_page_in_words(app: Flask, status: int) -> None:
    with app.test_request_context("/"):
        page, told = faults.page(status)
    assert told == status
    assert faults.WORDS[status].title in text(check_page(page))


def test_page_that_is_not_there_says_so(anyone: Visitor) -> None:
    assert "There is nothing here" in text(anyone.get("/nothing", 404))


def test_method_that_is_not_offered_is_told_which_are(anyone: Visitor) -> None:
    answer = anyone.client.delete("/calendar")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "can’t do that" in text(anyone.read(answer))


def test_what_is_too_large_is_refused(anyone: Visitor) -> None:
    answer = anyone.client.post("/login", data={"name": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "too much at once" in text(anyone.read(answer))


def test_sent_after_the_login_ended_says_that_nothing_was_changed(anyone: Visitor) -> None:
    answer = anyone.client.post("/inbox/x/decide", data={"verb": "decline"})
    assert answer.status_code == 401
    assert "Nothing was changed" in text(anyone.read(answer))


def test_fault_nobody_foresaw_is_told_without_its_insides(app: Flask, anyone: Visitor) -> None:
    def breaks() -> str:
        raise RuntimeError("a secret inside")

    app.view_functions["calendar.listing"] = breaks
    answer = anyone.client.get("/calendar")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Something broke on our side" in text(anyone.read(answer))


def test_busy_database_asks_for_patience(app: Flask, anyone: Visitor) -> None:
    def busy() -> str:
        raise BusyError

    app.view_functions["calendar.listing"] = busy
    answer = anyone.client.get("/calendar")
    assert answer.status_code == 503
    assert "We are busy" in text(anyone.read(answer))


def test_staff_who_ask_for_an_administrators_page_are_told_who_may(staff: Visitor) -> None:
    assert "An administrator of the library can" in text(staff.get("/channels", 403))
