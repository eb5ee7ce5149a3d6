"""The daily twenty minutes, told three times: by keyboard alone, without a script, on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.aggregator.web.conftest import _quick
from tests.aggregator.web.town import PASSWORD
from tests.stories.hands import Hand, Keys, Mouse, Thumb
from tests.stories.morning import Morning, evenings, morning
from tests.support.chromium import browser_type_launch_args

__all__ = ["_quick", "browser_type_launch_args"]

pytestmark = pytest.mark.browser


@pytest.fixture
def begun(tmp_path: Path, sqlite_url: str) -> Iterator[Morning]:
    with morning(tmp_path, sqlite_url) as made:
        yield made


def test_whole_day_is_done_by_keyboard_alone(browser: Browser, begun: Morning) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    hand = Keys(page)
    log_in(page, begun, hand)
    today_is_done(page, hand)
    triage_by_keys(page)
    the_rest(page, begun, hand)


def test_whole_day_is_done_without_a_script(browser: Browser, begun: Morning) -> None:
    size = {"width": 1280, "height": 800}
    context = browser.new_context(viewport=size, java_script_enabled=False)  # type: ignore[arg-type]
    page, hand = context.new_page(), Mouse()
    log_in(page, begun, hand)
    today_is_done(page, hand)
    triage_by_buttons(page, hand, "Evening 108")
    the_rest(page, begun, hand)


def test_whole_day_is_done_on_a_phone(browser: Browser, begun: Morning) -> None:
    size = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page, hand = context.new_page(), Thumb()
    log_in(page, begun, hand)
    today_is_done(page, hand)
    hand.press(page.get_by_role("link", name="Evening 108"))
    triage_by_buttons(page, hand, "Evening 108")
    the_rest(page, begun, hand)


def log_in(page: Page, begun: Morning, hand: Hand) -> None:
    page.goto(f"{begun.url}/login")
    hand.write(page.get_by_label("Name"), "Ana")
    hand.write(page.get_by_label("Password"), PASSWORD)
    hand.press(page.get_by_role("button", name="Log in"))
    said(page, "5 things need you", "h1")


def about(verb: str, what: str) -> re.Pattern[str]:
    """The name of a button: its verb, and in words for those who don’t see it, of what."""
    return re.compile(rf"^{verb}\b.*{what}")


def said(page: Page, words: str, where: str = "#toasts") -> None:
    """The page says so, now."""
    expect(page.locator(where).first).to_contain_text(words)


def today_is_done(page: Page, hand: Hand) -> None:
    """Each thing that Today asks about is done where it stands; then it says so."""
    hand.press(page.get_by_role("button", name=about("Seen", "Lantern walk")))
    said(page, "4 things need you", "h1")
    hand.press(page.get_by_role("button", name=about("Calendar only", "The rink opens")))
    said(page, "“The rink opens” is on the calendar.")
    hand.press(page.get_by_role("button", name=about("Two events", "Snowflake science")))
    said(page, "2 things need you", "h1")
    task_is_done(page, hand)
    hand.press(page.get_by_role("link", name=about("Look", "Playhouse")))
    hand.press(page.get_by_role("button", name="Pause"))
    hand.press(page.get_by_role("link", name="Today").first)
    said(page, "Done for today", "h1")
    hand.press(page.get_by_role("link", name="Go to the inbox"))


def task_is_done(page: Page, hand: Hand) -> None:
    """What a person puts up: the words are laid out, then it is done, with its address."""
    said(page, "Choir for everybody", "article.panel")
    hand.write(page.get_by_label("The post’s address"), "https://neighbours.example/p/7")
    hand.press(page.get_by_role("button", name="Done").first)
    said(page, "One thing needs you", "h1")


def triage_by_keys(page: Page) -> None:
    keys = page.keyboard
    opened(page, "Evening 108")
    keys.press("s")
    said(page, "Town board: ")
    opened(page, "Evening 107")
    keys.press("c")
    opened(page, "Evening 106")
    keys.press("d")
    keys.press("1")
    opened(page, "Evening 105")
    keys.press("z")
    keys.press("2")
    opened(page, "Evening 104")
    keys.press("j")
    opened(page, "Evening 103")
    keys.press("k")
    opened(page, "Evening 104")
    keys.press("u")
    said(page, "“Evening 105” is as it was before.")
    page.go_back()
    keys.press("x")
    said(page, "Chosen 1", "#bulk h2")
    keys.press("/")
    keys.type("evening 103")
    expect(page.locator(".card h3")).to_have_text(["Evening 103"])
    keys.press("Escape")
    keys.press("j")
    keys.press("e")
    said(page, "Evening 103", "h1")


def opened(page: Page, title: str) -> None:
    """This event is shown: beside the list, or on a page of its own."""
    beside, alone = page.locator("#event h2", has_text=title), page.locator("h1", has_text=title)
    expect(beside.or_(alone).first).to_be_visible()


def triage_by_buttons(page: Page, hand: Hand, first: str) -> None:
    """Each decision shows the next event at once; the last is taken back, then one is edited."""
    opened(page, first)
    hand.press(page.get_by_role("button", name="Calendar only").first)
    opened(page, "Evening 107")
    hand.press(page.locator("summary", has_text="Decline").first)
    hand.press(page.get_by_role("button", name="Too far away").first)
    opened(page, "Evening 106")
    hand.press(page.locator("summary", has_text="Snooze").first)
    hand.press(page.get_by_role("button", name="Until tomorrow").first)
    opened(page, "Evening 105")
    hand.press(page.locator(".toast").get_by_role("button", name="Undo"))
    opened(page, "Evening 106")
    hand.press(page.get_by_role("link", name="Edit").first)


def the_rest(page: Page, begun: Morning, hand: Hand) -> None:
    one_field_becomes_ours(page, begun, hand)
    a_post_is_written(page, hand)
    a_post_is_moved(page, hand)
    a_partner_is_looked_up(page, hand)
    page.context.close()


def one_field_becomes_ours(page: Page, begun: Morning, hand: Hand) -> None:
    """What we write stays; what the source says by then stands beside it."""
    title = page.locator("h1").inner_text()
    hand.press(page.get_by_role("link", name=about("Edit", "Place")))
    hand.write(page.locator("#place"), "Library, Loft")
    hand.press(page.get_by_role("button", name="Save"))
    said(page, "It is ours now")
    begun.clock.forward(minutes=10)
    begun.town.tell(*evenings({title: "Garden Room"}))
    page.reload()
    expect(page.locator(".versus")).to_contain_text("Garden Room")
    hand.press(page.get_by_role("button", name=about("Keep ours", "Place")))
    said(page, "Ours stays")


def a_post_is_written(page: Page, hand: Hand) -> None:
    hand.press(page.get_by_role("link", name="Queue").first)
    hand.press(page.get_by_role("link", name="Write a post"))
    hand.write(page.locator("#text"), "We are closed on Thursday.")
    look = page.get_by_role("button", name="See how it looks")
    if look.is_visible():  # only where no script draws it while it is written
        hand.press(look)
    expect(page.locator("#looks")).to_contain_text("We are closed on Thursday.")
    hand.press(page.get_by_role("button", name="Put it in the queue"))
    said(page, "Town board: ")


def a_post_is_moved(page: Page, hand: Hand) -> None:
    """From its place in the list to another of the channel’s free times."""
    line = page.locator(".agenda-item", has_text="We are closed on Thursday.").first
    hand.press(line.locator("summary"))
    hand.press(line.get_by_role("link", name="Move to…"))
    choice = page.get_by_role("radio").nth(1)
    words = page.locator("label.slot").nth(1).inner_text()
    hand.press(choice)
    hand.press(page.get_by_role("button", name="Move"))
    hour = re.findall(r"\d+(?::\d+)? [ap]m|noon", words)[-1]
    said(page, hour)


def a_partner_is_looked_up(page: Page, hand: Hand) -> None:
    hand.press(page.get_by_role("link", name="Partners").first)
    hand.press(page.get_by_role("link", name="Parks"))
    said(page, "Parks", "h1")
    said(page, "1 address", "main")
