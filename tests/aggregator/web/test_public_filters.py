"""The public list is narrowed by links and one form; the address says how. Regulars are folded."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest

from aggregator.services.house import House
from aggregator.storage import choices
from aggregator.web import factory
from feeds.event import Age, Override, Place, Price
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_calendar import days
from tests.aggregator.web.town import ZONE, Town, an_event, knitting
from tests.support.houses import Clock, make_house


def at(day: int, hour: int) -> dict[str, datetime]:
    """An hour on a day of November 2026; the 24th, a Tuesday, is today."""
    start = datetime(2026, 11, 1, hour, tzinfo=ZONE) + timedelta(days=day - 1)
    return {"start": start, "end": start + timedelta(hours=1)}


def fill(town: Town) -> None:
    """A town with something on every day that the filters name."""
    paid = Price(min=5, currency="USD")
    town.approve(
        an_event("now", summary="Noon talk", **at(24, 19), price=paid),
        an_event("morrow", summary="Late lunch", **at(25, 13), categories=("Adults",)),
        an_event("sat", summary="Lantern walk", **at(28, 17), age=Age(6, 10), categories=()),
        an_event("next", summary="Rivers", **at(30, 10), access="Step-free, hearing loop"),
    )
    town.approve(
        an_event("far", summary="Far choir", **at(60, 20), location=Place("Église Saint-Jean")),
        partner="Town Choir",
    )


def titles(page: Element) -> list[str]:
    """What the list shows, whatever the day."""
    return [title for _, found in days(page) for title in found]


def link(page: Element, said: str) -> str:
    """Where the link of these words leads."""
    return next(each.get("href", "") for each in named(page, "a") if words(each) == said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Today", ["Noon talk"]),
        ("Tomorrow", ["Late lunch"]),
        ("This weekend", ["Lantern walk"]),
        ("Next week", ["Rivers"]),
        ("Free", ["Late lunch", "Lantern walk", "Rivers", "Far choir"]),
        ("Adults", ["Late lunch"]),
        ("Children", ["Lantern walk"]),
    ],
)
def test_link_narrows_the_list_and_takes_itself_away(
    town: Town, anyone: Visitor, said: str, shown: list[str]
) -> None:
    fill(town)
    everything = anyone.get("/calendar")
    narrowed = anyone.get(link(everything, said))
    assert titles(narrowed) == shown
    assert link(narrowed, said) == "/calendar"
    assert link(narrowed, "Show everything") == "/calendar"


def test_filters_narrow_together_and_each_is_taken_away_alone(town: Town, anyone: Visitor) -> None:
    fill(town)
    free = anyone.get(link(anyone.get("/calendar"), "Free"))
    both = anyone.get(link(free, "This weekend"))
    assert titles(both) == ["Lantern walk"]
    assert titles(anyone.get(link(both, "This weekend, take away"))) == titles(free)
    assert titles(anyone.get(link(both, "Free, take away"))) == ["Lantern walk"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"q": "eglise"}, ["Far choir"]),
        ({"q": "river"}, ["Noon talk", "Late lunch", "Lantern walk", "Rivers"]),
        ({"from": "2026-11-29"}, ["Rivers", "Far choir"]),
        ({"to": "2026-11-25"}, ["Noon talk", "Late lunch"]),
        ({"when": "weekend", "from": "2026-11-30"}, ["Rivers", "Far choir"]),
        ({"access": "hearing_loop"}, ["Rivers"]),
        ({"from": "soon", "audience": "", "when": "never"}, None),
    ],
)
def test_form_narrows_by_what_is_typed(
    town: Town, anyone: Visitor, typed: dict[str, str], shown: list[str] | None
) -> None:
    fill(town)
    found = titles(anyone.get("/calendar", query_string=typed))
    assert found == (shown or titles(anyone.get("/calendar")))


def test_form_offers_partners_and_keeps_what_is_chosen(town: Town, anyone: Visitor) -> None:
    fill(town)
    page = anyone.get("/calendar")
    [choir] = [each for each in named(page, "option") if words(each) == "Town Choir"]
    narrowed = anyone.get(
        "/calendar", query_string={"partner": choir.get("value", ""), "q": "choir"}
    )
    assert titles(narrowed) == ["Far choir"]
    chosen = [words(each) for each in named(narrowed, "option") if each.get("selected") is not None]
    assert "Town Choir" in chosen
    assert [each.get("value") for each in named(narrowed, "input") if each.get("id") == "q"] == [
        "choir"
    ]


def test_nothing_that_fits_says_so_and_offers_ways_on(town: Town, anyone: Visitor) -> None:
    fill(town)
    page = anyone.get("/calendar", query_string={"q": "zebra", "access": "free"})
    assert "Nothing fits all of that" in text(page)
    assert titles(anyone.get(link(page, "Without “zebra”")))
    assert titles(anyone.get(link(page, "Show everything")))


def test_paging_keeps_the_filter(town: Town, anyone: Visitor) -> None:
    town.approve(*(an_event(f"e{n:02}", summary=f"Tea {n:02}") for n in range(40)))
    town.approve(an_event("coffee", summary="Coffee"), partner="Café")
    page = anyone.get("/calendar?q=tea")
    first = titles(page)
    later = link(page, "Later dates")
    assert parse_qs(urlsplit(later).query)["q"] == ["tea"]
    assert sorted([*first, *titles(anyone.get(later))]) == [f"Tea {n:02}" for n in range(40)]


def test_regulars_are_folded_by_weekday_and_what_is_other_than_usual_is_listed(
    town: Town, anyone: Visitor
) -> None:
    fill(town)
    moved = datetime(2026, 12, 15, 18, 30, tzinfo=ZONE)
    told = (
        Override(moved, {"start": moved + timedelta(days=1), "end": moved + timedelta(days=2)}),
        Override(moved + timedelta(days=7), {"status": "CANCELLED"}),
    )
    town.approve(knitting(rule="FREQ=WEEKLY", overrides=told), partner="Tuesday Needles")
    page = anyone.get("/calendar")
    [fold] = [each for each in named(page, "details") if "every" in (each.get("class") or "")]
    assert fold.get("open") is None
    said = words(fold)
    assert "Every week 1 regular thing" in said
    assert "Tuesdays Open Knitting Table 6:30–8:30 pm, Wren Street Hall" in said
    listed = [day for day, found in days(page) if "Open Knitting Table" in found]
    assert listed == ["Wed 16 Dec", "Tue 22 Dec"]
    assert "Moved from Tue 15 Dec, 6:30 pm" in text(page)


def test_regulars_stand_in_the_list_of_a_few_days(town: Town, anyone: Visitor) -> None:
    town.approve(knitting(rule="FREQ=WEEKLY"))
    few = anyone.get("/calendar?from=2026-12-01&to=2026-12-02")
    assert days(few) == [("Tue 1 Dec", ["Open Knitting Table"])]
    assert "Every week" not in text(few)


def test_calendar_of_regulars_alone_stands_open(town: Town, anyone: Visitor) -> None:
    town.approve(knitting(rule="FREQ=WEEKLY"))
    page = anyone.get("/calendar")
    [fold] = [each for each in named(page, "details") if "every" in (each.get("class") or "")]
    assert fold.get("open") is not None
    assert "Nothing is on yet" not in text(page)


def test_page_stays_small_however_many_regulars_and_dates_there_are(
    town: Town, anyone: Visitor
) -> None:
    long = "A title of the length that partners like to give to what they put on every week"
    first = datetime(2026, 11, 25, 10, tzinfo=ZONE)
    told = []
    for number in range(60):
        start = first + timedelta(days=number % 7, hours=number // 14)
        end = start + timedelta(hours=1)
        again = {"summary": f"{long} {number}", "start": start, "end": end}
        told += [an_event(f"r{number}", rrule="FREQ=WEEKLY", **again)]
        told += [an_event(f"s{number}", age=Age(6, 10), **again)]
    town.approve(*told)
    page = anyone.get("/calendar")
    assert len(anyone.client.get("/calendar").data) < 40_000
    [fold] = [each for each in named(page, "details") if "every" in (each.get("class") or "")]
    assert "60 regular things" in words(fold)
    shown = len([each for each in named(fold, "bdi") if words(each).startswith("A title")])
    more = sum(int(each) for each in re.findall(r"and (\d+) more", words(fold)))
    assert shown <= 30
    assert shown + more == 60


def test_group_that_was_archived_is_not_offered(
    house: House, town: Town, anyone: Visitor, clock: Clock
) -> None:
    fill(town)
    with house.database.writing() as tx:
        [adults] = [row for row in choices.audiences(tx) if row.name == "Adults"]
        choices.archive(tx, "audience", adults.id, clock.now)
    page = anyone.get("/calendar")
    assert "Adults" not in [words(each) for each in named(page, "a")]
    assert "A group that is no more" in text(anyone.get(f"/calendar?audience={adults.id}"))


def test_page_is_the_same_within_minutes_and_another_when_something_changes(
    house: House, town: Town, anyone: Visitor, clock: Clock
) -> None:
    fill(town)

    def again(known: str, path: str = "/calendar") -> int:
        return anyone.client.get(path, headers={"If-None-Match": known}).status_code

    first = anyone.client.get("/calendar")
    known = first.headers["ETag"]
    assert "public" in first.headers["Cache-Control"]
    clock.forward(minutes=4)
    assert again(known) == 304
    assert again(f"W/{known}") == 304, "as a page that was packed is named"
    assert again(known, "/calendar?access=free") == 200
    clock.forward(minutes=2)
    assert again(known) == 200
    known = anyone.client.get("/calendar").headers["ETag"]
    town.approve(an_event("new", summary="New"), partner="Playhouse")
    assert again(known) == 200


def test_month_links_to_the_days_on_which_something_is_on(town: Town, anyone: Visitor) -> None:
    fill(town)
    page = anyone.get("/calendar")
    assert titles(anyone.get(link(page, "28, 1 event"))) == ["Lantern walk", "Rivers", "Far choir"]
    december = anyone.get(link(page, ""))
    assert "December 2026" in text(december)
    assert titles(december) == ["Far choir"]


@pytest.mark.postgres
def test_filters_find_the_same_on_both_databases(
    tmp_path: Path, sqlite_url: str, postgres_url: str
) -> None:
    asked = ("", "q=egl", "q=river+wal", "access=free", "when=weekend", "from=2026-11-29", "q=5%25")
    found = []
    for name, url in (("a", sqlite_url), ("b", postgres_url)):
        (tmp_path / name).mkdir()
        town = Town(make_house(tmp_path / name, url, clock=Clock()))
        fill(town)
        town.approve(knitting(rule="FREQ=WEEKLY"), partner="Tuesday Needles")
        visitor = Visitor(factory.web(town.house).test_client())
        found.append([text(visitor.get(f"/calendar?{each}")) for each in asked])
        town.house.database.close()
    assert found[0] == found[1]
