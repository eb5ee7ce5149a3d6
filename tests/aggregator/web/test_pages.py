"""Every page opens, empty and with a town, and is sound."""

import pytest

from tests.aggregator.web.conftest import Visitor
from tests.aggregator.web.town import Town

STAFF = ("/inbox", "/queue", "/partners", "/practice/")
VIEWS = ("new", "changed", "calendar", "snoozed", "declined", "dateless")


@pytest.fixture
def full(town: Town) -> Town:
    """A town with something in every view."""
    return town


@pytest.mark.parametrize("path", ["/calendar", "/login"])
def test_open_page_of_an_empty_house_is_sound(anyone: Visitor, path: str) -> None:
    anyone.get(path)


@pytest.mark.parametrize("path", STAFF)
def test_staff_page_of_an_empty_house_is_sound(staff: Visitor, path: str) -> None:
    staff.get(path)
