"""What a person sees while typing: the ring, the drawing, what is wrong; nothing is lost."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.aggregator.web.test_looks import page_of, site
from tests.aggregator.web.town import PASSWORD

__all__ = ["site"]

pytestmark = pytest.mark.browser


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.fill("#name", "Ana")
    page.fill("#password", PASSWORD)
    page.click("main button")
    expect(page.locator("header .avatar")).to_be_visible()


def test_typing_in_a_preview_counts_on_the_server_and_posts_what_is_shown(
    browser: Browser, site: Any
) -> None:
    path = next(each for each in site.paths.ana if each.endswith("/share"))
    with page_of(browser, (1280, 800), "light") as page:
        log_in(page, site.url)
        page.goto(site.url + path)
        page.locator("#post-1 .post-words > summary").click()
        field = page.locator("#words-1")
        field.fill("x" * 301)
        expect(page.locator("#ring-1")).to_contain_text("301 of 300")
        expect(page.locator("#fault-1")).to_contain_text("too long by 1")
        expect(field).to_be_focused()
        field.fill("Come to https://library.example #Fire")
        expect(page.locator("#ring-1")).to_contain_text("37 of 300")
        page.locator("#post-1 .post-words > summary").click()
        expect(page.locator("#text-1 .hash")).to_have_text("#Fire")
        page.locator("#pick-2").uncheck()
        expect(page.locator("#post-2 .post-art")).to_be_hidden()
        page.get_by_role("button", name="Post now").click()
        expect(page.locator("#toasts")).to_contain_text("Town board: today")
        expect(page.locator("#toasts")).not_to_contain_text("Practice")


def test_a_post_is_drawn_while_it_is_written_and_queued_as_it_is_shown(
    browser: Browser, site: Any
) -> None:
    with page_of(browser, (390, 844), "dark") as page:
        log_in(page, site.url)
        page.goto(f"{site.url}/write?start=closed")
        page.fill("#text", "We are closed today: snow.")
        expect(page.locator("#text-1")).to_contain_text("snow")
        expect(page.locator("#tightest")).to_contain_text("5 of 120")
        page.fill("#link", "library.example/snow")
        expect(page.locator("#text-1 a")).to_have_attribute("href", "https://library.example/snow")
        expect(page.locator("#shown")).not_to_have_value("")
        page.get_by_role("button", name="Put it in the queue").click()
        expect(page.locator("#toasts")).to_contain_text("Town board: ")
        page.locator("#toasts button").click()
        expect(page.locator("#toasts")).to_contain_text("Your post is taken back.")
