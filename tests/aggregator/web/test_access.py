"""Roles × routes × methods: whoever may not use a route never reaches it."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule

from aggregator import access
from tests.aggregator.web.conftest import Visitor

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ROLES = (None, *access.ROLES)

#: Written down a second time on purpose: opening a door takes two changes.
OPEN = {
    "/",
    "/begin/<token>",
    "/calendar",
    "/calendar.ics",
    "/calendar/qr/<what>.svg",
    "/calendar/week",
    "/event/<pid>",
    "/event/<pid>.ics",
    "/event/<pid>/wrong",
    "/login",
    "/logout",
    "/media/<sha256>",
    "/networks/<network>/icon.svg",
    "/networks/<network>/look.css",
    "/practice/api/account",
    "/practice/api/faults",
    "/practice/api/posts",
    "/sample-town/<path:path>",
    "/static/<path:filename>",
    "/welcome/<token>",
}
ADMINISTRATOR = {
    "/channels",
    "/channels/<int:channel_id>",
    "/channels/<int:channel_id>/test",
    "/channels/<int:channel_id>/times",
    "/channels/<int:channel_id>/turn",
    "/channels/<int:channel_id>/undo",
    "/channels/add/<network>",
    "/partners/<pid>/archive",
    "/partners/<pid>/back",
    "/partners/<pid>/trust",
    "/partners/add",
    "/partners/look",
    "/partners/look/<pid>",
    "/partners/look/<pid>/add",
    "/partners/look/<pid>/again",
    "/partners/look/<pid>/progress",
    "/partners/sources/<int:source_id>/back",
    "/partners/sources/<int:source_id>/move",
    "/partners/sources/<int:source_id>/pause",
    "/partners/sources/<int:source_id>/poll",
    "/partners/sources/<int:source_id>/remove",
    "/partners/sources/<int:source_id>/resume",
    "/people",
    "/people/<int:user_id>/in",
    "/people/<int:user_id>/link",
    "/people/<int:user_id>/out",
    "/people/<int:user_id>/role",
    "/sample-town",
    "/sample-town/away",
    "/settings/library",
    "/settings/places",
    "/settings/places/<int:number>",
    "/settings/places/<int:number>/remove",
}


@pytest.fixture
def probed(app: Flask) -> Flask:
    """The app with every page in place of which stands a word that says it was reached."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _probe(app: Flask) -> None:
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = lambda **_: "reached"


def _address(rule: Rule) -> str:
    _, path = rule.build(dict.fromkeys(rule.arguments, 1)) or ("", "")
    return path


@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_reached_by_exactly_those_who_may(
    role: str | None, probed: Flask, anyone: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    someone = anyone if role is None else visitor(role)
    _probe(probed)
    for rule in probed.url_map.iter_rules():
        for method in METHODS:
            answer = someone.client.open(_address(rule), method=method)
            reached = answer.status_code == 200 and answer.data in {b"reached", b""}
            told = f"{role} {method} {rule}: {answer.status}"
            meant = _meant(probed, rule, method)
            if meant is None:
                assert answer.status_code == 405, told
            elif _may(role, probed, meant, method):
                assert reached, told
            else:
                assert answer.status_code in {303, 401, 403}, told


def _meant(app: Flask, rule: Rule, method: str) -> Rule | None:
    """The rule that answers there: a name may stand where another rule has a fixed word."""
    try:
        found, _ = app.url_map.bind("localhost").match(_address(rule), method, return_rule=True)
    except MethodNotAllowed:
        return None
    return found


def _may(role: str | None, app: Flask, rule: Rule, method: str) -> bool:
    """What the lists above say, and nothing that the app says of itself."""
    if rule.rule in OPEN:
        return True
    if rule.rule in ADMINISTRATOR or (rule.rule == "/partners/<pid>" and method == "POST"):
        return role == "administrator"
    return role in {"staff", "administrator"}


def test_table_and_app_name_the_same_endpoints(app: Flask) -> None:
    assert {*access.ENDPOINTS} == {*app.view_functions}


def test_no_endpoint_stands_in_the_table_twice() -> None:
    named = [endpoint for _, _, endpoints in access.TABLE for endpoint in endpoints]
    assert len(named) == len({*named})


def test_endpoint_missing_from_the_table_is_closed_to_everybody(
    app: Flask, anyone: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for someone in (anyone, visitor("administrator")):
        someone.get("/forgotten", 403)


def test_role_nobody_knows_may_only_what_is_open() -> None:
    assert access.may("stranger", "calendar.listing")
    assert not access.may("stranger", "inbox.listing")
    assert not access.can("stranger", "decide")


def test_menu_offers_channels_to_administrators_alone(
    staff: Visitor, administrator: Visitor
) -> None:
    assert b'href="/channels"' not in staff.client.get("/inbox").data
    assert b'href="/channels"' in administrator.client.get("/inbox").data
