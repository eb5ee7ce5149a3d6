"""Fixtures: a house with a web app, a town to fill it, and a visitor who looks at every page."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from aggregator.services import accounts
from aggregator.services.house import House
from aggregator.web import factory
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.checking import check_page, named, words
from tests.aggregator.web.town import PASSWORD, Town
from tests.support.chromium import browser_type_launch_args
from tests.support.houses import Clock, make_house

__all__ = ["browser_type_launch_args"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2id at the least cost: hundreds of logins at a tenth of a second each add up."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "HASHER", cheap)
    monkeypatch.setattr(accounts, "NOBODY", cheap.hash("nobody at all"))


@pytest.fixture
def clock() -> Clock:
    """Noon of a Tuesday in November, until a test turns it."""
    return Clock()


@pytest.fixture
def board() -> Board:
    """A network that exists in tests only."""
    return Board()


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str, clock: Clock, board: Board) -> Iterator[House]:
    """A house without events or users, which knows one more network."""
    networks = {**all_networks(), "board": board.network()}
    made = make_house(tmp_path, sqlite_url, clock=clock, networks=networks)
    yield made
    made.database.close()


@pytest.fixture
def town(house: House) -> Town:
    """Fills the house."""
    return Town(house)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests: half of the time otherwise."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(house: House, compiled: FileSystemBytecodeCache) -> Flask:
    """The web app of the house."""
    made = factory.web(house)
    made.jinja_env.bytecode_cache = compiled
    return made


class Visitor:
    """A browser without JavaScript: opens pages, checks each, and sends their forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **how: Any) -> Element:
        """Open a page and check it."""
        answer = self.client.get(path, **how)
        assert answer.status_code == status, f"{path}: {answer.status}"
        return self.read(answer)

    def read(self, answer: TestResponse) -> Element:
        """The page of an answer, checked."""
        assert answer.mimetype == "text/html"
        return check_page(answer.get_data(as_text=True))

    def send(self, page: Element, action: str, **typed: Any) -> TestResponse:
        """Fill in the form of a page that leads to action, and send it."""
        forms = [form for form in named(page, "form") if _leads(form, action, typed)]
        assert forms, f"no form leads to {action} with {typed}"
        fields = {
            each.get("name", ""): each.get("value", "")
            for each in named(forms[0], "input")
            if each.get("name") and _is_sent(each)
        }
        return self.client.post(forms[0].get("action", ""), data=fields | typed)

    def follow(self, answer: TestResponse) -> Element:
        """Go where an answer sends, and check the page there."""
        assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        return self.get(answer.headers["Location"])

    def log_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Log in by the form."""
        return self.send(self.get("/login"), "/login", name=name, password=password)


def _is_sent(field: Element) -> bool:
    """Whether a browser sends it: a box only when it is ticked, a file only when one is chosen."""
    kind = field.get("type", "text")
    return kind != "file" and (
        kind not in {"checkbox", "radio"} or field.get("checked") is not None
    )


def _leads(form: Element, action: str, typed: dict[str, Any]) -> bool:
    """Whether the form goes there, and its hidden verb, if any, is the one that is wanted."""
    if form.get("action", "").partition("?")[0] != action:
        return False
    verbs = [each.get("value") for each in named(form, "input") if each.get("name") == "verb"]
    return not verbs or "verb" not in typed or verbs == [typed["verb"]]


@pytest.fixture
def anyone(app: Flask) -> Visitor:
    """A visitor whom nobody knows."""
    return Visitor(app.test_client())


@pytest.fixture
def visitor(app: Flask, town: Town) -> Callable[[str], Visitor]:
    """Makes somebody of that role, logged in."""

    def log_in(role: str) -> Visitor:
        name = f"Ana the {role}"
        town.user(name, role)
        made = Visitor(app.test_client())
        assert made.log_in(name).status_code == 303
        return made

    return log_in


@pytest.fixture
def staff(visitor: Callable[[str], Visitor]) -> Visitor:
    """A member of staff, logged in."""
    return visitor("staff")


@pytest.fixture
def administrator(visitor: Callable[[str], Visitor]) -> Visitor:
    """An administrator, logged in."""
    return visitor("administrator")


def text(page: Element) -> str:
    """What a page says."""
    [body] = named(page, "body")
    return words(body)


@pytest.fixture
def make_app(tmp_path: Path, sqlite_url: str, clock: Clock) -> Iterator[Callable[[str], Visitor]]:
    """Makes a visitor of a house that residents reach there."""
    houses: list[House] = []

    def make(public_url: str) -> Visitor:
        folder = tmp_path / "other"
        houses.append(make_house(folder, sqlite_url, clock=clock, PUBLIC_URL=public_url))
        houses[-1].settings.data_dir.mkdir(exist_ok=True)
        return Visitor(factory.web(houses[-1]).test_client())

    yield make
    for each in houses:
        each.database.close()
