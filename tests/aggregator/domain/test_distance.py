"""How far it is from a branch."""

import pytest

from aggregator.domain.distance import Point, metres, nearest, point
from words.far import far

PARIS, LONDON = Point(48.8566, 2.3522, "Paris"), Point(51.5074, -0.1278, "London")


def test_distance_is_what_a_map_says() -> None:
    assert metres(PARIS, LONDON) == pytest.approx(343_556, rel=0.005)
    assert metres(PARIS, LONDON) == metres(LONDON, PARIS)
    assert metres(PARIS, PARIS) == 0


def test_distance_across_the_date_line_is_short() -> None:
    assert metres(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(22_239, rel=0.005)


def test_distance_to_the_other_end_of_the_world_is_half_way_round() -> None:
    assert metres(Point(0, 0), Point(0, 180)) == pytest.approx(20_015_115, rel=0.005)


def test_nearest_branch_is_named() -> None:
    near = nearest(Point(49, 2, ""), [LONDON, PARIS])
    assert near is not None
    assert near.name == "Paris"
    assert near.metres == pytest.approx(30_400, rel=0.02)


def test_nothing_is_near_where_one_end_is_unknown() -> None:
    assert nearest(None, [PARIS]) is None
    assert nearest(PARIS, []) is None


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(None, 2.0), (48.0, None), (0, 0), (91.0, 2.0), (48.0, 181.0)]
)
def test_coordinates_that_can_not_be_are_unknown(
    latitude: float | None, longitude: float | None
) -> None:
    assert point(latitude, longitude) is None


@pytest.mark.parametrize(
    ("distance", "zone", "said"),
    [
        (1287, "America/New_York", "0.8 mi"),
        (20, "America/New_York", "0.1 mi"),
        (19_312, "Europe/London", "12 mi"),
        (340, "Europe/Berlin", "350 m"),
        (1287, "America/Toronto", "1.3 km"),
        (12_345, "Europe/Berlin", "12 km"),
    ],
)
def test_distance_is_said_in_the_measure_of_the_country(
    distance: float, zone: str, said: str
) -> None:
    assert far(distance, zone) == said
