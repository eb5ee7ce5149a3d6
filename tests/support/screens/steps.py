"""What somebody does on a page before its picture is taken."""

from collections.abc import Callable

from playwright.sync_api import Page

from aggregator.services.house import House
from tests.aggregator.web.town import Town
from tests.support.screens.furnishing import clock_of

#: Acts on an open page; the house is for what others do meanwhile.
Step = Callable[[Page, House], None]

LETTER = """From: Priya Nair
Subject: Carols by Candlelight

The Choral Society would love to sing in your Reading Room, next Friday from half past five for \
about an hour, then every Friday until Christmas. It’s free, and children are welcome.
"""
LONG = "The whole programme of the evening, room by room. " * 14


def send_unfit(page: Page, _house: House) -> None:
    """A password that is too short, and no name."""
    page.fill("#library", "Millbrook Public Library")
    page.fill("#town", "Millbrook")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.fill("#password", "book")
    page.click("main .btn-main")


def log_in_wrong(page: Page, _house: House) -> None:
    """The wrong password, once."""
    page.fill("#name", "Ana")
    page.fill("#password", "not these words")
    page.click("main .btn-main")


def log_in_often(page: Page, house: House) -> None:
    """The wrong password until the door stays shut."""
    for _ in range(11):
        log_in_wrong(page, house)
        page.wait_for_load_state()
        if not page.is_visible("#password"):
            return


def paste_words(page: Page, _house: House) -> None:
    """Something that is no address."""
    page.fill("#address", "the museum in Mill Lane")
    page.click("form:has(#address) .btn-main")


def to_list(page: Page, _house: House) -> None:
    """On a wide screen this is the list with one event open; a phone shows the list first."""
    if (page.viewport_size or {"width": 0})["width"] < 960:
        return
    card = page.locator(".card:has-text('A midwinter comedy')")
    card.locator("h3 a").click()
    page.wait_for_selector("#event h2:has-text('A midwinter comedy')")
    card.evaluate("each => each.scrollIntoView({block: 'nearest'})")
    page.mouse.move(700, 20)


def press_question(page: Page, _house: House) -> None:
    """All keys."""
    page.keyboard.press("?")


def _open(page: Page, title: str) -> None:
    """A card of the list."""
    card = page.locator(f".card:has-text('{title}') h3 a").first
    page.goto(card.evaluate("each => each.href"))


def search(page: Page, _house: House) -> None:
    """Typed into the box; the list follows."""
    page.fill("#q", "garden")
    page.wait_for_url("**q=garden**")


def open_filters(page: Page, _house: House) -> None:
    """The panel comes when it is opened."""
    page.click(".list-fold > summary")
    page.wait_for_selector("#found form.sift")


def tick_two(page: Page, _house: House) -> None:
    """Two cards."""
    for number in (0, 2):
        page.check(f".card-pick >> nth={number}")


def list_it(page: Page, _house: House) -> None:
    """A card goes onto the calendar."""
    _open(page, "Open knitting table")
    page.keyboard.press("c")
    page.wait_for_selector(".toast")


def decide_second(page: Page, house: House) -> None:
    """A colleague declines what is open before we do."""
    _open(page, "Yarn swap")
    pid = page.get_attribute("#event", "data-pid")
    assert pid is not None
    Town(house).decide(pid, "decline")
    clock_of(house).forward(seconds=50)
    page.keyboard.press("c")
    page.wait_for_selector("[role=alert]")


def save_view(page: Page, _house: House) -> None:
    """One view is kept."""
    page.goto(page.url.replace("/inbox/views", "/inbox?view=all&q=museum"))
    page.click("text=Keep this view")
    page.fill("#view-name", "From the museum")
    page.click("form:has(#view-name) .btn")
    page.wait_for_load_state()
    page.goto(page.url.partition("/inbox")[0] + "/inbox/views")


def edit_words(page: Page, _house: House) -> None:
    """Other words for one channel."""
    page.click(".post-words > summary >> nth=0")
    page.fill(".post-edit >> nth=0", "Every room is open, the café too. Come late, stay later.")
    page.wait_for_timeout(700)


def write_long(page: Page, _house: House) -> None:
    """More words than fit."""
    page.click(".post-words > summary >> nth=0")
    page.fill(".post-edit >> nth=0", LONG)
    note = page.wait_for_selector("[id^=fault-] .note")
    assert note is not None
    note.evaluate("each => each.scrollIntoView({block: 'center'})")


def read_letter(page: Page, _house: House) -> None:
    """A letter is pasted and read."""
    page.fill("#letter", LETTER)
    page.click("text=Read it")
    page.wait_for_url("**/new/read")


def save_nothing(page: Page, _house: House) -> None:
    """The form is sent with a title alone."""
    page.fill("[name=title]", "Reading group")
    page.evaluate("for (const each of document.forms) each.noValidate = true")
    page.click("main button[name=do] >> nth=0")
    page.wait_for_selector("[role=alert]")


def open_post(page: Page, _house: House) -> None:
    """The first one in the reading list."""
    page.goto(page.locator("main a[href*='/queue/']").first.evaluate("each => each.href"))


def open_practice(page: Page, _house: House) -> None:
    """The newest post of the practice network."""
    page.click("a[href*='/practice/posts/'] >> nth=0")
    page.wait_for_load_state()


def to_correction(page: Page, _house: House) -> None:
    """Where old and new words stand."""
    task = page.locator("article:has-text('It should say')").first
    task.evaluate("each => each.scrollIntoView()")


def to_sheet(page: Page, _house: House) -> None:
    """Where the fields of Facebook's form stand."""
    page.locator("article:has(.copy)").last.evaluate("each => each.scrollIntoView()")


def connect_nowhere(page: Page, _house: House) -> None:
    """A server that nobody finds."""
    page.fill("[name='setting.server']", "https://social.example")
    page.fill("[name='setting.token']", "a-token-of-ours")
    page.click("main .btn-main")
    page.wait_for_load_state()


def open_public_filters(page: Page, _house: House) -> None:
    """All filters."""
    page.click(".filters-more > summary")


def open_subscribe(page: Page, _house: House) -> None:
    """The panel."""
    page.click(".subscribe > summary")


def as_printed(page: Page, _house: House) -> None:
    """As the printer has it."""
    page.emulate_media(media="print")


def send_late(page: Page, house: House) -> None:
    """A form whose token has ended."""
    page.fill("#text", "We close at noon today.")
    page.evaluate("document.querySelector('#write-form [name=csrf_token]').value = 'of yesterday'")
    page.click("#write-form .btn-main >> nth=-1")
    page.wait_for_load_state()
    assert house.clock()
