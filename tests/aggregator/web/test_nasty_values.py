"""No value that a browser, or somebody who means no good, can send breaks a page."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import MapAdapter
from werkzeug.serving import make_server

from aggregator import doctor
from aggregator.services.house import House
from aggregator.web import factory
from networks.registry import all_networks
from tests.aggregator.web import everything
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import named
from tests.aggregator.web.town import PASSWORD, Town
from tests.support.houses import Clock, make_house

#: What each is: a sign that no text holds, numbers beyond a row's and any, digits that are none,
#: days and times at the ends of what can be counted, addresses that can't be read, markup, words
#: of two query languages, and a long one.
NASTY = (
    "a\x00b",
    "9" * 12,
    "9" * 30,
    "-1",
    "²",
    "0001-01-01T00:00+14:00 1",
    "9999-12-31",
    "9999-12-31T23:59",
    "http://[::1",
    "'\"<b>%d{0}\r\nSet-Cookie: a=b",
    '* "AND OR NEAR( & !:*',
    "x" * 3000,
)

#: Sent in one field while the others are as the page has them.
SINGLE = ("9" * 12, "9999-12-31", "http://[::1")

#: Every argument that a page of ours reads from its address.
ARGUMENTS = (
    *("q", "partner", "tag", "audience", "access", "place", "state", "when", "from", "to", "view"),
    *("after", "before", "since", "week", "start", "like", "by", "pid", "next", "channel", "part"),
    *("rid", "way", "word", "seen", "kind", "line", "version", "asked", "sent", "address", "of"),
)

#: These end something, and would hide what comes after them; the last lets somebody else in.
LAST = ("remove", "archive", "turn", "role", "out", "away", "welcome")


class Filled(NamedTuple):
    """A house with something on every page, and an administrator who is logged in."""

    house: House
    app: Flask
    paths: everything.Paths
    client: FlaskClient


class Form(NamedTuple):
    """A form as a page has it."""

    action: str
    fields: tuple[tuple[str, str], ...]


@pytest.fixture
def filled(
    tmp_path: Path, database_url: str, compiled: FileSystemBytecodeCache
) -> Iterator[Filled]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clock, networks = Clock(), {**all_networks(), "board": Board().network()}
    house = make_house(
        tmp_path, database_url, clock=clock, allowed=[port], networks=networks, PORT=str(port)
    )
    app = factory.web(house)
    app.jinja_env.bytecode_cache = compiled
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    paths = everything.fill(Town(house), clock)
    server.shutdown()
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert client.post("/login", data={"name": "Ana", "password": PASSWORD}).status_code == 303
    yield Filled(house, app, paths, client)
    house.database.close()


def test_no_value_in_an_address_breaks_a_page(filled: Filled) -> None:
    broken = []
    pages = {path.partition("?")[0] for path in (*filled.paths.nobody, *filled.paths.ana)}
    for path in sorted(pages):
        for value in NASTY:
            answer = filled.client.get(path, query_string=dict.fromkeys(ARGUMENTS, value))
            broken += [(path, value)] if answer.status_code >= 500 else []
    for rule in filled.app.url_map.iter_rules():
        for value in NASTY[:5]:
            address = rule.rule
            for name in rule.arguments:
                address = address.replace(f"<{name}>", value).replace(f"<int:{name}>", value)
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answer = filled.client.open(address.replace("\x00", "%00"), method=method)
            broken += [(rule.rule, value)] if answer.status_code >= 500 else []
    assert broken == []


def test_no_value_in_a_form_breaks_a_page(filled: Filled) -> None:
    broken = []
    for form in forms(filled):
        names = {name for name, _ in form.fields}
        sent: list[Any] = [dict.fromkeys(names, value) for value in NASTY]
        sent += [{**dict(form.fields), name: value} for name in sorted(names) for value in SINGLE]
        for data in ({}, *sent):
            answer = filled.client.post(form.action, data=data)
            broken += [(form.action, data)] if answer.status_code >= 500 else []
    assert broken == []
    for path in (*filled.paths.nobody, *filled.paths.ana):
        assert filled.client.get(path).status_code < 500, path
    assert doctor.invariants(filled.house) == []


def forms(filled: Filled) -> list[Form]:
    """One form of each kind on any page; those that end something come last, logging out never."""
    found: dict[tuple[str, frozenset[str]], Form] = {}
    addresses = filled.app.url_map.bind("localhost")
    for path in (*filled.paths.nobody, *filled.paths.ana):
        tree = html5lib.parse(filled.client.get(path).get_data(as_text=True))
        for form in named(tree, "form"):
            if form.get("method") == "post":
                fields = tuple(_fields(form))
                plain = frozenset(name.rstrip("0123456789") for name, _ in fields)
                action = form.get("action", "")
                found.setdefault((_endpoint(addresses, action), plain), Form(action, fields))
    found = {key: form for key, form in found.items() if key[0] != "door.logout"}
    return [found[key] for key in sorted(found, key=_is_late)]


def _is_late(key: tuple[str, frozenset[str]]) -> int:
    return max((n for n, word in enumerate(LAST, 1) if word in key[0]), default=0)


def _endpoint(addresses: MapAdapter, action: str) -> str:
    endpoint, _ = addresses.match(action.partition("?")[0], method="POST")
    return str(endpoint)


def _fields(form: Any) -> Iterator[tuple[str, str]]:
    for kind in ("input", "select", "textarea", "button"):
        for each in named(form, kind):
            if (name := each.get("name", "")) not in {"", "csrf_token"}:
                yield name, each.get("value") or "".join(each.itertext())
