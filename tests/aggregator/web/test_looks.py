"""Every page in a real browser: axe finds nothing, nothing scrolls sideways, nothing is refused.

Both themes, 1280 and 390 pixels. Skipped where there is no Chromium, except in CI.
"""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import make_server

from aggregator.services import channels, entering, lookups, practice, scouting
from aggregator.storage import house as settings
from aggregator.storage import partners
from aggregator.web import factory
from feeds.event import Age, Event, Problem
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.town import PASSWORD, ZONE, Town, a_notice, an_event, knitting
from tests.support.houses import Clock, make_house

Scheme = Literal["light", "dark"]
SIZES = ((1280, 800), (390, 844))

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Any]:
    """A town with something on every page, served on loopback; `paths` are its pages."""
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
    server = make_server("127.0.0.1", port, factory.web(house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    paths = _fill(Town(house), clock)
    yield SimpleNamespace(url=f"http://127.0.0.1:{port}", paths=paths)
    server.shutdown()
    house.database.close()


def _fill(town: Town, clock: Clock) -> dict[str, tuple[str, ...]]:
    """Events in every state; the paths that show them, by who opens them."""
    town.user("Ana", "administrator")
    town.connect()
    with town.house.database.writing() as tx:
        settings.put(tx, "library", "The Public Library of Millbrook and the Villages around it")
    known = practice.known(town.house, "practice")
    channels.add(town.house, "practice", "Practice", known, actor="Ana")
    series = knitting()
    science = an_event("science", summary="Snowflake Science", age=Age(6, 10))
    whole = an_event(
        "whole", summary="Rivers", start=date(2026, 11, 20), end=date(2026, 12, 20), all_day=True
    )
    new, _, shared, off, _, notice = town.tell(
        an_event(),
        science,
        an_event("shared", summary="Lantern Walk along the Mill Race"),
        an_event("off", summary="Holiday Craft Market", status="CANCELLED"),
        replace(whole, zone=None),
        a_notice(),
        problems=(Problem("feed.unheard", "line 3"),),
    )
    repeated, snoozed, declined = town.tell(
        series, an_event("s"), an_event("d"), partner="Tuesday Needles"
    )
    town.share(shared, now=True)
    town.decide(off, "calendar_only")
    town.decide(repeated, "calendar_only")
    town.decide(snoozed, "snooze", datetime(2026, 12, 5, tzinfo=UTC))
    town.decide(declined, "decline")
    town.deliver()
    town.fail("door.timeout", partner="Playhouse")
    clock.forward(minutes=5)
    moved = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    [held] = town.tell(an_event("held", summary="Night walk"), partner="Night Sky Club")
    town.share(held)
    later = an_event("held", summary="Night walk", start=moved, end=moved + timedelta(hours=1))
    town.tell(later, partner="Night Sky Club")
    tea = Event(summary="Tea and books", start=moved, zone=ZONE.key, rrule="FREQ=WEEKLY;COUNT=30")
    ours = entering.enter(town.house, tea, actor="Ana")
    views = ("new", "changed", "calendar", "snoozed", "declined", "dateless")
    return {
        "nobody": (
            "/calendar",
            "/calendar?when=week&access=free",
            "/calendar?q=nothing+of+that+kind",
            "/calendar/week",
            f"/event/{repeated}",
            f"/event/{off}",
            f"/event/{off}/wrong",
            f"/event/{off}/wrong?sent=1",
            "/login",
            "/nothing",
        ),
        "Ana": (
            *(f"/inbox?view={view}" for view in views),
            *(f"/inbox/{pid}" for pid in (new, held, notice, declined)),
            f"/inbox/{new}/share",
            "/inbox?view=all&q=lantern&when=month",
            "/inbox?q=nowhere",
            "/inbox/filter",
            "/inbox/views",
            f"/inbox/bulk?like={new}",
            "/inbox/bulk",
            "/new",
            "/new/form",
            f"/ours/{ours}",
            "/queue",
            "/write?start=service",
            "/partners",
            "/partners/add",
            *_of_partners(town),
            "/channels",
            "/channels/add/mastodon",
            "/practice/",
        ),
    }


def _of_partners(town: Town) -> tuple[str, ...]:
    """A partner in trouble; look-ups of our own pages: a feed, a page without one, a list, and
    one that nobody has looked at."""
    here = town.house.settings.local_url
    feed, page, gone = (f"{here}/{path}" for path in ("calendar.ics", "login", "nothing"))
    pids = [
        lookups.begin(town.house, text, by="Ana")
        for text in (feed, page, gone, f"{feed} {page} {gone}")
    ]
    scouting.look(town.house, pause=0)
    pids.append(lookups.begin(town.house, feed, by="Ana"))
    with town.house.database.reading() as tx:
        row = partners.by_id(tx, partners.find(tx, "Playhouse") or 0)
    assert row is not None
    return (f"/partners/{row.pid}", *(f"/partners/look/{pid}" for pid in pids))


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


def look(page: Page, address: str) -> list[str]:
    """Open an address; what is wrong with it."""
    page.goto(address)
    wrong = []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if wide:
        wrong.append(f"{address}: scrolls sideways")
    for each in Axe().run(page).response["violations"]:
        nodes = [node["html"][:160] for node in each["nodes"][:3]]
        wrong.append(f"{address}: {each['id']}: {each['help']}: {nodes}")
    return wrong


def log_in(page: Page, url: str) -> None:
    """As the administrator."""
    page.goto(f"{url}/login")
    page.fill("#name", "Ana")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda address: "/login" not in address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["wide", "phone"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, site: Any, size: tuple[int, int], scheme: Scheme
) -> None:
    wrong = []
    with page_of(browser, size, scheme) as page:
        for path in site.paths["nobody"]:
            wrong += look(page, site.url + path)
        log_in(page, site.url)
        for path in site.paths["Ana"]:
            wrong += look(page, site.url + path)
    assert wrong == []


def test_nothing_scrolls_sideways_on_the_smallest_screen(browser: Browser, site: Any) -> None:
    with page_of(browser, (320, 640), "light") as page:
        log_in(page, site.url)
        for path in (*site.paths["nobody"], *site.paths["Ana"]):
            page.goto(site.url + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 320, (path, width)


@pytest.mark.parametrize("size", SIZES, ids=["wide", "phone"])
def test_menus_open_by_keyboard_and_stay_on_the_screen(
    browser: Browser, site: Any, size: tuple[int, int]
) -> None:
    with page_of(browser, size, "light") as page:
        log_in(page, site.url)
        page.goto(site.url + site.paths["Ana"][6])
        for summary in page.locator("details.menu > summary").all():
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
