"""The inbox in a real browser: by keys alone, by two people, on a phone, without a script."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from aggregator.web import factory
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.town import PASSWORD, ZONE, Town, an_event
from tests.support.houses import Clock, make_house

pytestmark = pytest.mark.browser

#: What the issue allows for a hundred cards by keys alone, in seconds of machine time.
MOST = 60


#: Keys faster than any server: all before the first answer.
AT_ONCE = """keys => { for (const key of keys) document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true })) }"""


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Iterator[Any]:
    """A town with a board to post on, served on loopback; Ana and Tom may log in."""
    shutil.copyfile(sqlite_template, tmp_path / "town.sqlite")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house = make_house(
        tmp_path,
        f"sqlite:///{tmp_path / 'town.sqlite'}",
        clock=Clock(),
        networks={**all_networks(), "board": Board().network()},
    )
    server = make_server("127.0.0.1", port, factory.web(house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    town = Town(house)
    town.user("Ana", "staff")
    town.user("Tom", "staff")
    town.connect()
    yield SimpleNamespace(url=f"http://127.0.0.1:{port}", town=town)
    server.shutdown()
    house.database.close()


def some(number: int) -> list[Any]:
    """Events on as many evenings, "Evening 101" the newest and so the first of the list."""
    start = datetime(2026, 12, 1, 19, tzinfo=ZONE)
    return [
        an_event(
            f"e{each}",
            summary=f"Evening {100 + number - each}",
            start=start + timedelta(days=each % 60),
            end=start + timedelta(days=each % 60, hours=2),
        )
        for each in range(number)
    ]


def log_in(browser: Browser, site: Any, name: str = "Ana", **how: Any) -> Page:
    """A page of the inbox, in a browser of that person's own."""
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **how}).new_page()
    page.goto(f"{site.url}/login")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(f"{site.url}/inbox")
    return page


def stands_open(page: Page, title: str) -> None:
    """The event beside the list and the marked card are this one."""
    expect(page.locator("#event h2").first).to_have_text(title)
    expect(page.locator(".card[aria-current] h3")).to_have_text(title)


def test_hundred_cards_are_triaged_by_keys_alone(browser: Browser, site: Any) -> None:
    site.town.tell(*some(100))
    page = log_in(browser, site)
    began = time.monotonic()
    for n in range(1, 101):
        stands_open(page, f"Evening {100 + n}")
        for key in ("s", "c", "d1", "z2")[n % 4]:
            page.keyboard.press(key)
    expect(page.locator("main")).to_contain_text("Inbox is clear")
    took = time.monotonic() - began
    print(f"a hundred cards by keys alone: {took:.1f} s")
    assert took < MOST
    states = [site.town.row(pid).state for pid in pids(site)]
    assert {state: states.count(state) for state in sorted({*states})} == {
        "APPROVED": 50,
        "DECLINED": 25,
        "SNOOZED": 25,
    }


def pids(site: Any) -> list[str]:
    """The public names of all events, as the feed still tells them."""
    found: list[str] = site.town.tell(*some(100))
    return found


def test_day_is_told_by_keys_alone(browser: Browser, site: Any) -> None:
    told = site.town.tell(*some(6))
    page = log_in(browser, site)
    keys = page.keyboard
    stands_open(page, "Evening 101")
    page.evaluate(AT_ONCE, ["j", "j", "c"])  # for the card walked to, not for the one shown before
    expect(page.locator(".toast")).to_contain_text("“Evening 103” is on the calendar.")
    stands_open(page, "Evening 104")
    left = [f"Evening {each}" for each in (101, 102, 104, 105, 106)]
    expect(page.locator(".card h3")).to_have_text(left)
    decided = [pid for pid in told if site.town.row(pid).state != "NEW"]
    assert decided == [told[3]]  # Evening 103
    keys.press("k")
    stands_open(page, "Evening 102")
    keys.press("d")
    expect(page.locator("[name=quick]").first).to_be_focused()
    keys.press("Escape")
    expect(page.locator(".actions details[open]")).to_have_count(0)
    keys.press("d")
    keys.press("2")
    expect(page.locator(".toast")).to_contain_text("Declined “Evening 102”.")
    keys.press("u")
    page.wait_for_url("**/inbox/*")
    expect(page.locator("h1")).to_have_text("Evening 102")
    keys.press("?")
    expect(page.locator(".keys-sheet")).to_contain_text("Undo what you decided last")
    keys.press("Escape")
    keys.press("/")
    keys.type("evening 105")
    expect(page.locator(".card h3")).to_have_text(["Evening 105"])
    assert "q=evening+105" in page.url
    keys.press("Escape")
    keys.press("j")
    keys.press("x")
    expect(page.locator("#bulk h2")).to_have_text("Chosen 1")
    keys.press("b")
    page.wait_for_url("**/inbox/bulk?**")
    keys.press("c")
    expect(page.locator(".toast")).to_contain_text("On the calendar: 1 event.")


def test_two_people_at_once(browser: Browser, site: Any) -> None:
    site.town.tell(*some(3))
    ana, tom = log_in(browser, site), log_in(browser, site, "Tom")
    tom.keyboard.press("d")
    tom.keyboard.press("1")
    stands_open(tom, "Evening 102")
    ana.keyboard.press("c")
    expect(ana.locator("#event [role=alert]")).to_contain_text("Tom declined this just now.")
    ana.keyboard.press("c")  # decide again: the event stands there as it is now
    expect(ana.locator(".toast")).to_contain_text("“Evening 101” is on the calendar.")
    stands_open(ana, "Evening 102")
    before = ana.locator(".card").first.bounding_box()
    site.town.tell(an_event("late", summary="Just arrived"), partner="Parks Department")
    news = ana.get_by_role("link", name="1 new event: show")
    expect(news).to_be_visible(timeout=8_000)
    stands_open(ana, "Evening 102")  # nothing moved on
    assert before is not None
    news.click()
    expect(ana.locator(".card h3").first).to_have_text("Just arrived")
    expect(ana.locator("#event h2").first).to_have_text("Evening 102")


def test_phone_shows_an_event_as_a_page_and_then_the_next(browser: Browser, site: Any) -> None:
    site.town.tell(*some(3))
    page = log_in(browser, site, viewport={"width": 390, "height": 844})
    page.get_by_role("link", name="Evening 101").click()
    page.wait_for_url("**/inbox/*")
    expect(page.locator("h1")).to_have_text("Evening 101")
    page.get_by_role("button", name="Calendar only").click()
    expect(page.locator("h1")).to_have_text("Evening 102")
    page.locator("summary", has_text="Decline").click()
    page.get_by_role("button", name="Too far away").click()
    expect(page.locator("h1")).to_have_text("Evening 103")
    page.get_by_role("link", name="Share").click()
    page.wait_for_url("**/share*")


def test_without_a_script_everything_is_decided_all_the_same(browser: Browser, site: Any) -> None:
    site.town.tell(*some(4))
    page = log_in(browser, site, java_script_enabled=False)
    page.get_by_role("button", name="Calendar only").click()
    expect(page.locator("h1")).to_have_text("Evening 102")
    page.locator("#event summary", has_text="Snooze").click()
    page.get_by_role("button", name="Until tomorrow").click()
    expect(page.locator("h1")).to_have_text("Evening 103")
    page.get_by_role("button", name="undo", exact=False).first.click()
    expect(page.locator("h1")).to_have_text("Evening 102")
    page.locator(".keys summary").click()
    expect(page.locator(".keys-sheet")).to_be_visible()
    page.goto(f"{site.url}/inbox")
    page.locator(".card-pick").nth(0).check()
    page.locator(".card-pick").nth(1).check()
    page.get_by_role("button", name="Decide together").click()
    page.locator("main summary", has_text="Decline").click()
    page.get_by_role("button", name="Not for our readers").click()
    expect(page.locator(".toast")).to_contain_text("Declined: 2 events.")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("2 events are as they were.")
    page.fill("#q", "evening 104")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".card h3")).to_have_text(["Evening 104"])
