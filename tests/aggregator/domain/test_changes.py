"""What counts as a change, and which change matters."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.domain.changes import compare, facts_digest, material_digest
from feeds.event import Event, Override, Place, Price
from feeds.facts import to_facts

START = datetime(2026, 12, 5, 10, tzinfo=UTC)
EVENT = Event(
    uid="a", summary="Choir", start=START, location=Place(name="Hall", latitude=1.0, longitude=2.0)
)


def told(**changes: Any) -> dict[str, Any]:
    return to_facts(replace(EVENT, **changes))


@pytest.mark.parametrize("field", ["sequence", "published", "updated"])
def test_bookkeeping_is_no_change(field: str) -> None:
    after = told(**{field: 7 if field == "sequence" else START})
    assert compare(to_facts(EVENT), after) == ()
    assert facts_digest(after) == facts_digest(to_facts(EVENT))


@pytest.mark.parametrize(
    "changes",
    [
        {"start": START.replace(hour=11)},
        {"end": START.replace(hour=11)},
        {"status": "CANCELLED"},
        {"location": Place(name="Garden")},
        {"attendance": "ONLINE"},
        {"online_url": "https://meet.example"},
        {"registration": "FULL"},
        {"price": Price(free=True)},
        {"rrule": "FREQ=WEEKLY"},
        {"overrides": (Override(START, {"start": START.replace(hour=12)}),)},
    ],
)
def test_time_place_status_and_price_are_material(changes: dict[str, Any]) -> None:
    [change] = compare(to_facts(EVENT), told(**changes))
    assert change.material
    assert material_digest(told(**changes)) != material_digest(to_facts(EVENT))


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": "The choir"},
        {"description": "Come and sing"},
        {"image": "https://choir.example/1.jpg"},
        {"location": Place(name="Hall", latitude=1.1, longitude=2.0)},
        {"overrides": (Override(START, {"description": "Bring a friend"}),)},
    ],
)
def test_wording_pictures_and_finer_coordinates_are_small(changes: dict[str, Any]) -> None:
    [change] = compare(to_facts(EVENT), told(**changes))
    assert not change.material
    assert material_digest(told(**changes)) == material_digest(to_facts(EVENT))
