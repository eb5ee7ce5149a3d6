"""For whom an event is, and what it offers, by what its partner says."""

from dataclasses import dataclass
from typing import Any

import pytest

from aggregator.domain.tagging import Group, groups_of, tags
from aggregator.domain.twins import key
from feeds.event import Age, Event, Place, Price
from feeds.facts import to_facts


@dataclass
class Row:
    """A group as its table keeps it."""

    id: int
    name: str
    words: list[str]
    ages: list[int | None]


GROUPS = [
    Group.of(Row(1, "Small children", ["toddlers", "preschool"], [0, 5])),
    Group.of(Row(2, "Children", ["kids", "school-age"], [6, 12])),
    Group.of(Row(3, "Teens", ["young adults"], [12, 17])),
    Group.of(Row(4, "Families", ["all ages"], [])),
    Group.of(Row(5, "Adults", ["adult"], [18, None])),
    Group.of(Row(6, "Older adults", ["seniors"], [60, None])),
]


def facts(**told: Any) -> dict[str, Any]:
    return to_facts(Event(summary="X", **told))


@pytest.mark.parametrize(
    ("told", "groups"),
    [
        ({"categories": ("Kids & Crafts",)}, {"Children"}),
        ({"audience": ("SENIORS",)}, {"Older adults"}),
        ({"categories": ("School age",)}, {"Children"}),
        ({"categories": ("School-age fun",)}, {"Children"}),
        ({"categories": ("Young adults",)}, {"Teens"}),
        ({"categories": ("Young adults", "Adults")}, {"Teens", "Adults"}),
        ({"categories": ("Young", "Adults")}, {"Adults"}),
        ({"categories": ("Adulting 101",)}, set()),
        ({"age": Age(4, 8)}, {"Small children", "Children"}),
        ({"age": Age(12, 17)}, {"Children", "Teens"}),
        ({"age": Age(18)}, {"Adults"}),
        ({"age": Age(65)}, {"Adults", "Older adults"}),
        ({"age": Age(max=3)}, {"Small children"}),
        ({"age": Age(text="All ages")}, {"Families"}),
        ({}, set()),
    ],
)
def test_an_event_is_for_those_whose_words_or_ages_it_tells(
    told: dict[str, Any], groups: set[str]
) -> None:
    assert {each.name for each in groups_of(facts(**told), GROUPS)} == groups


def test_tags_tell_category_place_group_and_what_is_offered() -> None:
    told = facts(
        categories=("Music ", "Music"),
        location=Place("  The   Mill"),
        price=Price(free=True),
        attendance="MIXED",
        access="Step-free entrance; hearing loop",
        age=Age(18),
    )
    assert tags(told, GROUPS) == {
        ("category", "Music"),
        ("place", "The Mill"),
        ("audience", "5"),
        ("access", "free"),
        ("access", "online"),
        ("access", "wheelchair"),
        ("access", "hearing_loop"),
    }


def test_what_costs_something_or_does_not_say_is_not_free() -> None:
    for price in (None, Price(min=5), Price(free=False)):
        assert ("access", "free") not in tags(facts(price=price), GROUPS)


def test_twins_have_the_same_title_and_the_same_moment_however_written() -> None:
    one = {"summary": "Winter Stories!", "start": "2026-12-12T14:00:00-05:00"}
    same = {"summary": "winter  stories", "start": "2026-12-12T19:00:00+00:00"}
    assert key(one) == key(same) is not None
    assert key(one) != key(one | {"start": "2026-12-12T15:00:00-05:00"})
    assert key(one) != key(one | {"summary": "Winter Story"})
    assert key({"summary": "X", "start": "2026-12-12"}) != key(
        {"summary": "X", "start": "2026-12-12T00:00:00"}
    )


@pytest.mark.parametrize(
    "told", [{"summary": "—"}, {"start": None}, {"kind": "notice"}, {"summary": None}]
)
def test_without_title_or_start_there_is_nothing_to_compare(told: dict[str, Any]) -> None:
    plain = {"summary": "X", "start": "2026-12-12", "kind": "event"}
    assert key(plain | told) is None
