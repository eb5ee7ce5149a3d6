"""What to call a partner whom we only know by a page."""

import pytest

from aggregator.domain.naming import partner_name

URL = "https://www.river-museum.example/events"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Events | River Museum", "River Museum"),
        ("Upcoming Events – River Museum", "River Museum"),
        ("River Museum | Upcoming Events", "River Museum"),
        ("River Museum: a place to stay dry", "River Museum"),
        ("What’s on · River Museum", "River Museum"),
        ("Friends of the Mill - Home", "Friends of the Mill"),
        ("Wren-Street Hall", "Wren-Street Hall"),
        ("River Museum", "River Museum"),
        ("Calendar", "river-museum.example"),
        ("click here", "river-museum.example"),
        ("https://river-museum.example", "river-museum.example"),
        ("", "river-museum.example"),
    ],
)
def test_name_is_the_part_of_a_title_that_is_no_pages(told: str, name: str) -> None:
    assert partner_name(told, url=URL) == name


def test_first_that_names_somebody_is_taken() -> None:
    assert partner_name("Website", None, "Events | River Museum", url=URL) == "River Museum"
