"""The first minutes in a real browser: paste an address, see ten events, add a town's worth."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from aggregator.services import collecting, scouting
from aggregator.storage import partners
from aggregator.web import factory
from tests.aggregator.test_scouting import OTHERS, calendar
from tests.aggregator.web.test_looks import log_in, page_of
from tests.aggregator.web.town import Town
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import make_house

pytestmark = pytest.mark.browser


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server(*OTHERS) as made:
        yield made


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path, server: FeedServer) -> Iterator[Any]:
    """An empty house, served on loopback, with somebody who looks and reads beside it."""
    shutil.copyfile(sqlite_template, tmp_path / "town.sqlite")
    url = f"sqlite:///{tmp_path / 'town.sqlite'}"
    house = make_house(tmp_path, url, allowed=[server.port], at=OTHERS)
    Town(house).user("Ana", "administrator")
    web = make_server("127.0.0.1", 0, factory.web(house), threaded=True)
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            scouting.look(house, pause=0)
            collecting.collect(house, pause=0)

    threads = [threading.Thread(target=each, daemon=True) for each in (web.serve_forever, work)]
    for each in threads:
        each.start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{web.server_port}", house=house)
    over.set()
    threads[1].join(20)
    web.shutdown()
    house.database.close()


def test_pasted_address_is_ten_events_on_the_screen_within_seconds(
    browser: Browser, site: Any, server: FeedServer
) -> None:
    feed = server.put("/all.ics", calendar(*(f"Evening {each}" for each in range(12))))
    with page_of(browser, (1280, 800), "light") as page:
        log_in(page, site.url)
        page.goto(f"{site.url}/partners/add")
        page.keyboard.type(feed)  # the box has the cursor
        begun = time.monotonic()
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_have_count(10, timeout=30_000)
        assert time.monotonic() - begun < 30
        page.get_by_role("button", name="Add them").click()
        page.goto(f"{site.url}/inbox")
        expect(page.get_by_role("link", name="Evening 11").first).to_be_visible(timeout=20_000)


def test_results_of_a_page_of_links_stream_in_and_leave_what_was_typed(
    browser: Browser, site: Any, server: FeedServer
) -> None:
    numbers = range(2, 7)
    for number in numbers:
        body = calendar("Story time", name="")
        server.put(f"/{number}.ics", body, delay=0.0 if number < 5 else 3.0)
    links = "".join(
        f"<a href='http://127.0.0.{number}:{server.port}/{number}.ics'>Partner {number}</a>"
        for number in numbers
    )
    page_of_links = server.put("/", f"<title>Around town</title>{links}", "text/html")
    with page_of(browser, (390, 844), "dark") as page:
        log_in(page, site.url)
        page.goto(f"{site.url}/partners/add")
        page.fill("#address", page_of_links)
        page.keyboard.press("Enter")
        names = page.locator("#readable input.input")
        expect(names).to_have_count(3, timeout=20_000)
        names.first.fill("River Museum")
        page.locator("#readable input[type=checkbox]").nth(1).uncheck()
        expect(names).to_have_count(5, timeout=20_000)  # two more, without a reload
        expect(page.get_by_text("All 5 sites looked at")).to_be_visible()
        expect(names.first).to_have_value("River Museum")
        page.get_by_role("button", name="Add").last.click()
        expect(page.get_by_text("Added 2 partners.")).to_be_visible()
    with site.house.database.reading() as tx:
        added = {each.name for each in partners.listed(tx)}
    assert "River Museum" in added
    assert len(added) == 2
