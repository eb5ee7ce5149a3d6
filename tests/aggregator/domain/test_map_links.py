"""Where a place is, from what people paste."""

import pytest

from aggregator.domain.map_links import Point, where

HERE = Point(40.7128, -74.006)


@pytest.mark.parametrize(
    "text",
    [
        "40.7128, -74.0060",
        "40.7128 -74.006",
        "40.7128N, 74.006W",
        "40.7128° N, 74.0060° W",
        "geo:40.7128,-74.006",
        "geo:40.7128,-74.006,12;u=35",
        "geo:40.7128,-74.006?z=17",
        "https://www.openstreetmap.org/#map=17/40.7128/-74.0060",
        "https://www.openstreetmap.org/?mlat=40.7128&mlon=-74.0060#map=12/41.0/-75.0",
        "https://www.openstreetmap.org/way/1234#map=19/40.712800/-74.006000&layers=N",
        "https://www.google.com/maps/@40.7128,-74.006,15z",
        "https://www.google.com/maps/place/Hall/@41.0,-75.0,17z/data=!3m1!8m2!3d40.7128!4d-74.006",
        "https://www.google.com/maps/search/?api=1&query=40.7128%2C-74.006",
        "https://maps.google.com/?q=40.7128,-74.006",
        "https://maps.google.com/maps?ll=40.7128,-74.006&z=14",
        "https://www.google.com/maps/dir/?api=1&destination=40.7128,-74.006",
        "https://www.google.com/maps/place/40.7128,-74.006",
        "https://maps.apple.com/?ll=40.7128,-74.006&q=City%20Hall",
        "https://maps.apple.com/place?address=1+Main+St&coordinate=40.7128,-74.006&name=Hall",
        "maps.apple.com/?ll=40.7128,-74.006",
        "https://www.bing.com/maps?cp=40.7128~-74.006&lvl=16",
        "https://wego.here.com/?map=40.7128,-74.006,15,normal",
    ],
)
def test_point_is_read_from_a_map_link_or_numbers(text: str) -> None:
    found = where(text)
    assert found.point == HERE
    assert found.address == ""


def test_address_beside_a_link_is_kept() -> None:
    found = where("1 Main Street, Millbrook https://maps.google.com/?q=40.7128,-74.006")
    assert found == ("1 Main Street, Millbrook", HERE, False)


@pytest.mark.parametrize(
    "text", ["", "1 Main Street", "12 14", "Route 9, Millbrook 12545", "91.0, 10.0", "10.0, 190.5"]
)
def test_address_in_words_has_no_point(text: str) -> None:
    assert where(text) == (text, None, False)


@pytest.mark.parametrize(
    "text",
    ["https://maps.app.goo.gl/AbCdEf123", "https://goo.gl/maps/xyz", "https://maps.apple/p/Ab1"],
)
def test_short_link_is_told_apart_since_only_its_site_can_open_it(text: str) -> None:
    found = where(text)
    assert found.point is None
    assert found.is_short


@pytest.mark.parametrize(
    "text", ["https://[broken", "geo:here", "https://www.google.com/maps/@x,y,3z", "geo:91,0"]
)
def test_link_without_a_point_gives_none(text: str) -> None:
    assert where(text).point is None
