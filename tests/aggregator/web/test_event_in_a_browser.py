"""The story of one wrong room: by keys to the form, ours from then on, theirs beside it, a note."""

import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from aggregator.web import factory
from feeds.event import Place
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.test_looks import SIZES, log_in, look, page_of
from tests.aggregator.web.town import Town, an_event, knitting
from tests.support.houses import Clock, make_house

pytestmark = pytest.mark.browser


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path) -> Iterator[tuple[Town, str, Clock]]:
    """A town, the address that it is served at, and its clock."""
    shutil.copyfile(sqlite_template, tmp_path / "town.sqlite")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clock = Clock()
    house = make_house(
        tmp_path,
        f"sqlite:///{tmp_path / 'town.sqlite'}",
        clock=clock,
        networks={**all_networks(), "board": Board().network()},
    )
    made = Town(house)
    made.user("Ana", "administrator")
    server = make_server("127.0.0.1", port, factory.web(house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made, f"http://127.0.0.1:{port}", clock
    server.shutdown()
    house.database.close()


def test_a_wrong_room_is_put_right_and_stays_right(browser: Browser, town: Any) -> None:
    made, url, clock = town
    [pid] = made.tell(an_event(location=Place("Hearth Room")))
    with page_of(browser, SIZES[0], "light") as page:
        log_in(page, url)
        page.goto(f"{url}/inbox/{pid}")
        page.fill("#note", "The hall is being painted")
        page.click("#notes form:last-of-type .btn")
        expect(page.locator("#notes")).to_contain_text("The hall is being painted")
        page.keyboard.press("Escape")
        page.locator("body").press("e")
        page.wait_for_url("**/edit")
        page.get_by_role("link", name="Edit Place").press("Enter")
        page.fill("#place", "Library, Loft")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("It is ours now")
        clock.forward(hours=1)
        made.tell(an_event(location=Place("Upper Room")))
        page.reload()
        page.get_by_role("button", name="Keep ours (Place)").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Ours stays")
        page.goto(f"{url}/inbox/{pid}")
        expect(page.locator(".panes-event")).to_contain_text("changed by Ana")
    assert made.row(pid).facts["location"]["name"] == "Library, Loft"


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(SIZES[0], "light"), (SIZES[1], "dark"), ((320, 640), "light")],
    ids=["wide", "phone", "smallest"],
)
def test_editing_looks_right(browser: Browser, town: Any, size: Any, scheme: Any) -> None:
    made, url, clock = town
    [pid] = made.tell(knitting())
    with page_of(browser, size, scheme) as page:
        log_in(page, url)
        date = f"{url}/inbox/{pid}/edit?rid=2026-12-15T18:30:00&part="
        page.goto(f"{date}place")
        page.fill("#place", "Library, Loft")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("It is ours now")
        clock.forward(hours=1)
        made.tell(replace(knitting(), location=Place("Wren Street Hall, upper room")))
        edit = f"{url}/inbox/{pid}/edit"
        pages = (f"{date}place", f"{date}when", edit, f"{edit}?part=price", f"{url}/inbox/{pid}")
        wrong = []
        for address in (*pages, f"{url}/inbox/{pid}/history"):
            page.goto(address)
            wrong += look(page)
    assert wrong == []
