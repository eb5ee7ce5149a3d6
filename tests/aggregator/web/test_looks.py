"""Every page in a real browser: axe finds nothing, nothing scrolls sideways, nothing is refused.

Both themes, 1280 and 390 pixels; 320 pixels and right to left for what scrolls. A page is loaded
once and looked at in all of these. Skipped where there is no Chromium, except in CI.
"""

import gzip
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server

from aggregator import access
from aggregator.web import factory
from networks.registry import all_networks
from tests.aggregator.web import everything
from tests.aggregator.web.board import Board
from tests.aggregator.web.conftest import Visitor
from tests.aggregator.web.town import PASSWORD, Town
from tests.support.houses import Clock, make_house
from tests.support.screens.table import NO_PICTURE

Scheme = Literal["light", "dark"]
SIZES = ((1280, 800), (390, 844))
NARROWEST = (320, 640)

#: Bytes of a page’s HTML; of all that a first visit fetches, packed (a font is so already).
HTML, ALL = 50_000, 150_000

#: What stands in a bar and reaches over the edge of the screen: bars don’t scroll, they cut off.
CUT = """() => [...document.querySelectorAll(".actions .btn, .nav a, .head .btn")]
  .filter((each) => each.checkVisibility() && !each.closest(".menu-sheet"))
  .filter((each) => { const box = each.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1; })
  .map((each) => each.textContent.trim())"""

_FILES = re.compile(r'(?:href|src)="((?:/static/|/networks/)[^"#]+)')

pytestmark = pytest.mark.browser


class Site(NamedTuple):
    """A served house with something on every page."""

    url: str
    app: Flask
    paths: everything.Paths


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """On loopback."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(sqlite_template, folder / "town.sqlite")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clock, board = Clock(), Board()
    house = make_house(
        folder,
        f"sqlite:///{folder / 'town.sqlite'}",
        clock=clock,
        allowed=[port],
        networks={**all_networks(), "board": board.network()},
        PORT=str(port),
        PUBLIC_URL="https://events.library.example",
    )
    app = factory.web(house)
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{port}", app, everything.fill(Town(house), clock))
    server.shutdown()
    house.database.close()


@contextmanager
def page_of(browser: Browser, size: tuple[int, int], scheme: Scheme) -> Iterator[Page]:
    """An empty page of that size and theme. Fails when the browser complained."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "404" not in message.text:
            complaints.append(message.text)

    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", note)
    yield page
    context.close()
    assert complaints == []


def look(page: Page) -> list[str]:
    """What is wrong with an open page, in every size, theme and direction."""
    page.evaluate(AXE_SCRIPT)
    wrong = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no colour on its way
        wrong += [f"{width} px: {each}" for each in _axe(page)]
        page.emulate_media(color_scheme="dark")
        wrong += [f"{width} px, dark: {each}" for each in _axe(page, "color-contrast")]
    for width, height in (*SIZES, NARROWEST):
        page.set_viewport_size({"width": width, "height": height})
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{direction}: {wide} px wide at {width}")
            wrong += [f"{direction}: “{each}” is cut off at {width}" for each in page.evaluate(CUT)]
    return wrong


def _axe(page: Page, *rules: str) -> list[str]:
    """What axe finds; by all of its rules, or by these alone (others see no colours)."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # the others take most of its time
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found]


def log_in(page: Page, url: str) -> None:
    """As the administrator."""
    page.goto(f"{url}/login")
    page.fill("#name", "Ana")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/today")


@pytest.mark.parametrize("who", ["nobody", "ana"])
def test_nothing_is_wrong_with_any_page_in_any_size_theme_or_direction(
    browser: Browser, site: Site, who: str
) -> None:
    wrong = {}
    with page_of(browser, SIZES[0], "light") as page:
        if who == "ana":
            log_in(page, site.url)
        for path in getattr(site.paths, who):
            page.goto(site.url + path)
            wrong[path] = look(page)
            page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
            page.emulate_media(color_scheme="light")
    assert {path: found for path, found in wrong.items() if found} == {}


def test_every_page_that_there_is_is_looked_at(site: Site) -> None:
    """So that a new page is one of them."""
    adapter = site.app.url_map.bind("localhost")
    looked = set()
    for path in (*site.paths.nobody, *site.paths.ana):
        try:
            looked.add(adapter.match(path.partition("?")[0])[0])
        except NotFound:
            assert path == "/nothing"
    opened = {
        rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert (opened & {*access.ENDPOINTS}) - looked - {*NO_PICTURE} == set()


@pytest.mark.parametrize("size", SIZES, ids=["wide", "phone"])
def test_menus_open_by_keyboard_and_stay_on_the_screen(
    browser: Browser, site: Any, size: tuple[int, int]
) -> None:
    with page_of(browser, size, "light") as page:
        log_in(page, site.url)
        page.goto(site.url + next(each for each in site.paths.ana if each.startswith("/inbox/")))
        menus = [each for each in page.locator("details.menu > summary").all() if each.is_visible()]
        assert len(menus) > 2
        for summary in menus:
            summary.focus()
            page.keyboard.press("Enter")
            box = summary.locator("xpath=../div").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= size[1]
        wrong = [each["id"] for each in Axe().run(page).response["violations"]]
        assert wrong == []


@pytest.mark.parametrize("who", ["nobody", "ana"])
def test_no_page_is_heavy(site: Site, who: str) -> None:
    visitor = Visitor(site.app.test_client())
    if who == "ana":
        visitor.log_in("Ana")
    files: dict[str, int] = {}
    heavy = {}
    for path in getattr(site.paths, who):
        html = visitor.client.get(path).data
        fetched = {*_FILES.findall(html.decode())}
        for each in fetched - {*files}:
            content = visitor.client.get(each).data
            files[each] = len(content if each.endswith(".woff2") else gzip.compress(content))
        weight = len(gzip.compress(html)) + sum(files[each] for each in fetched)
        if len(html) >= HTML or weight >= ALL:
            heavy[path] = (len(html), weight)
    assert heavy == {}
    assert {each.partition("?")[0].rpartition(".")[2] for each in files} >= {"css", "woff2", "svg"}


LETTER = """From: Priya Nair
Subject: Carols by Candlelight

The Choral Society would love to sing in your Reading Room, next Friday from half past five for \
about an hour, then every Friday until Christmas. It’s free, and children are welcome.
"""


@pytest.mark.parametrize(("size", "scheme"), [(SIZES[0], "light"), (SIZES[1], "dark")])
def test_pasted_letter_becomes_an_event_that_was_seen_before_it_was_saved(
    browser: Browser, site: Any, size: tuple[int, int], scheme: Scheme
) -> None:
    with page_of(browser, size, scheme) as page:
        log_in(page, site.url)
        page.goto(f"{site.url}/new")
        page.fill("#letter", LETTER)
        page.click("text=Read it")
        page.wait_for_url("**/new/read")
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        page.click("a.said:has-text('next Friday')")
        page.keyboard.press("Tab")  # from the marked words to the question that they leave open
        assert page.evaluate("document.activeElement.name") == "answer_day"
        page.check("input[name=answer_day] >> nth=0")
        page.wait_for_selector("#look:has-text('Every Friday, until Fri 25 Dec')")
        page.check("#date-2026-12-11", force=True)
        page.wait_for_selector("#look [datetime='2026-12-11'].is-cancelled")
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        page.click("text=Calendar only")
        page.wait_for_url("**/inbox/**")
        assert page.is_visible(".toast:has-text('is on the calendar')")
        page.click("text=Change it")
        page.wait_for_url("**/ours/*")
        assert page.input_value("#repeat") == "Every Friday, until Fri 25 Dec"
