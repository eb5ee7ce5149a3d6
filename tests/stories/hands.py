"""Three ways to use a page: by keyboard alone, with a mouse, with a thumb."""

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

#: More than on any page: who has pressed Tab so often will not get there.
MOST_TABS = 200


class Hand(Protocol):
    """Presses what a page offers, and types into it."""

    def press(self, what: Locator) -> None:
        """A link, a button, the head of something folded, one of several to choose from."""

    def write(self, field: Locator, text: str) -> None:
        """Replace what stands in a field."""


class Keys:
    """Tab, Enter and Space alone. Fails where the focus does not get by Tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        if what.evaluate("each => each.type") == "radio":
            self.choose(what)
            return
        self.walk(what)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.walk(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, radio: Locator) -> None:
        """Tab leads to the chosen one of a group, arrows to the others."""
        name = radio.get_attribute("name")
        self.walk(self.page.locator(f"[type=radio][name='{name}']:checked"))
        for _ in range(MOST_TABS):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {radio}")

    def walk(self, to: Locator) -> None:
        """Press Tab until the focus is there."""
        expect(to).to_be_visible()
        there = to.element_handle()
        for _ in range(MOST_TABS):
            if self.page.evaluate("each => each === document.activeElement", there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {to}")


class Mouse:
    """Clicks."""

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)


class Thumb:
    """Taps."""

    def press(self, what: Locator) -> None:
        what.tap()

    def write(self, field: Locator, text: str) -> None:
        field.tap()
        field.fill(text)
