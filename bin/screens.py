"""Make the pictures of docs/screens: every page, and every empty, wrong and busy state.

    bin/screens.py                  all of them, and their list
    bin/screens.py inbox queue      those alone

Houses of their own stand in a temporary folder, on a clock of tests: the same town on the same
morning, whenever this runs. Needs Chromium.
"""

import io
import logging
import secrets
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from aggregator.services.house import House
from tests.support.chromium import FLAGS
from tests.support.screens.furnishing import FURNISH, served
from tests.support.screens.table import PARTS, SCREENS, Look, Screen, State

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
SIZES: Mapping[Look, tuple[int, int]] = {
    "": (1280, 800),
    "-phone": (390, 844),
    "-dark": (1280, 800),
}
WORDS: Mapping[Look, str] = {"": "wide", "-phone": "phone", "-dark": "dark"}

#: Colours of a picture, and the height in pixels where a long page is cut off.
COLOURS, TALLEST = 64, 1600

#: Milliseconds after which a page has drawn what htmx and a menu bring.
SETTLED = 250

#: Milliseconds after which a page that doesn't come is given up.
PATIENCE = 6000

#: Where residents reach the calendar; without it the Subscribe panel says that they can’t.
OUTSIDE: Mapping[State, str] = {"town": "https://events.millbrooklibrary.example"}


@dataclass(frozen=True, slots=True)
class Place:
    """A furnished house, and what the addresses of its pages are made of."""

    house: House
    names: Mapping[str, str]


class Photographer:
    """Opens pages as whoever may, and takes their pictures."""

    def __init__(self, browser: Browser, places: Mapping[State, Place], password: str) -> None:
        self._browser, self._places, self._password = browser, places, password
        self._contexts: dict[tuple[State, str | None, Look], BrowserContext] = {}

    def take(self, screen: Screen, look: Look) -> bytes:
        """The picture of a screen, as it is in a wide window, on a phone, or dark: PNG."""
        place = self._places[screen.state]
        page = self._context(screen, look).new_page()
        page.goto(place.house.settings.local_url + screen.path.format_map(place.names))
        if screen.step is not None:
            screen.step(page, place.house)
        page.wait_for_timeout(SETTLED)
        taken = page.screenshot(full_page=screen.whole, animations="disabled", caret="hide")
        page.close()
        return small(taken)

    def _context(self, screen: Screen, look: Look) -> BrowserContext:
        key = (screen.state, screen.who, look)
        if key not in self._contexts:
            width, height = SIZES[look]
            self._contexts[key] = self._browser.new_context(
                viewport={"width": width, "height": height},
                is_mobile=look == "-phone",
                has_touch=look == "-phone",
                color_scheme="dark" if look == "-dark" else "light",
                reduced_motion="reduce",
                locale="en-US",
                timezone_id="America/New_York",
            )
            self._contexts[key].set_default_timeout(PATIENCE)
            if screen.who is not None:
                page = self._contexts[key].new_page()
                self._log_in(page, self._places[screen.state].house, screen.who)
                page.close()
        return self._contexts[key]

    def _log_in(self, page: Page, house: House, name: str) -> None:
        page.goto(f"{house.settings.local_url}/login")
        page.fill("#name", name)
        page.fill("#password", self._password)
        page.click("main .btn-main")
        page.wait_for_url(lambda address: "/login" not in address)


def small(png: bytes) -> bytes:
    """The same picture in few colours, cut off where a page is very long."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
    out = io.BytesIO()
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def listing() -> str:
    """The list of all pictures, in Markdown."""
    lines = ["# Screens", "", "Made by `make screens` from the sample town; don’t edit by hand."]
    for title, screens in PARTS.items():
        lines += ["", f"## {title}", ""]
        for each in screens:
            files = [(WORDS[look], f"{each.name}{look}.png") for look in each.looks]
            links = ", ".join(f"[{words}]({name})" for words, name in files)
            lines.append(f"- {each.says}: {links}")
    return "\n".join(lines) + "\n"


def main(wanted: list[str]) -> int:
    """Take the pictures. Returns the exit code."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("There is no Chromium: apt install chromium\n")
        return 1
    chosen = [each for each in SCREENS if not wanted or each.name in wanted]
    password, failed = secrets.token_urlsafe(16), 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        places = {}
        for state in sorted({each.state for each in chosen}, key="town".__ne__):
            house = stack.enter_context(served(Path(folder) / state, OUTSIDE.get(state)))
            places[state] = Place(house, FURNISH[state](house, password))
        player = stack.enter_context(sync_playwright())
        browser = player.chromium.launch(executable_path=chromium, args=FLAGS)
        photographer = Photographer(browser, places, password)
        for screen in chosen:
            for look in screen.looks:
                name = f"{screen.name}{look}.png"
                try:
                    (FOLDER / name).write_bytes(photographer.take(screen, look))
                except (PlaywrightError, AssertionError) as error:
                    sys.stderr.write(f"{name}: {error}\n")
                    failed += 1
        browser.close()
    if not wanted:
        _put_away()
        (FOLDER / "README.md").write_text(listing(), "utf-8")
    return min(failed, 1)


def _put_away() -> None:
    """Pictures of what is no screen any more."""
    names = {f"{each.name}{look}.png" for each in SCREENS for look in each.looks}
    for path in FOLDER.glob("*.png"):
        if path.name not in names:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
