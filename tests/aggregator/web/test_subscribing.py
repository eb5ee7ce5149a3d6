"""The Subscribe panel, what of the calendar one may follow, and its QR code."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from aggregator.services import calendar
from aggregator.services.house import House
from aggregator.storage import choices
from feeds.registry import Context, all_formats
from tests.aggregator.web.checking import named
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_queries import counted
from tests.aggregator.web.town import ZONE, Town, an_event, knitting
from tests.support.houses import NOON, Clock

PUBLIC = "https://events.library.example"


def read(body: bytes) -> set[str | None]:
    """The titles in a calendar file, by our own reader."""
    return {
        each.summary
        for each in all_formats()["ical"].read(body, Context(zone=ZONE, now=NOON)).events
    }


def fill(town: Town) -> None:
    town.approve(
        an_event("tea", summary="Tea"),
        an_event("teens", summary="Teen night", categories=("Teens",), price=None),
        knitting(),
    )
    town.approve(an_event("choir", summary="Choir"), partner="Town Choir")


def audience(house: House, name: str) -> str:
    with house.database.reading() as tx:
        return str(next(row.id for row in choices.audiences(tx) if row.name == name))


def test_panel_offers_every_way_to_follow(make_app: Callable[[str], Visitor]) -> None:
    page = make_app(PUBLIC).get("/calendar")
    links = [each.get("href", "") for each in named(page, "a")]
    assert "webcal://events.library.example/calendar.ics" in links
    services = {urlsplit(each).hostname for each in links if each.startswith("https://")}
    assert services == {"calendar.google.com", "outlook.live.com"}
    [field] = [each for each in named(page, "input") if each.get("id") == "subscribe-address"]
    assert field.get("value") == f"{PUBLIC}/calendar.ics"
    assert "You get everything." in text(page)


def test_panel_of_a_filtered_list_follows_what_is_shown_but_not_its_days(
    make_app: Callable[[str], Visitor],
) -> None:
    page = make_app(PUBLIC).get("/calendar?when=weekend&access=free&q=tea")
    [field] = [each for each in named(page, "input") if each.get("id") == "subscribe-address"]
    asked = parse_qs(urlsplit(field.get("value", "")).query)
    assert asked == {"access": ["free"], "q": ["tea"]}
    assert "You get: Free, “tea”" in text(page)


@pytest.mark.parametrize("address", ["http://192.168.1.5:8000", "http://library-pc"])
def test_address_of_a_house_says_that_residents_cannot_reach_it(
    make_app: Callable[[str], Visitor], address: str
) -> None:
    visitor = make_app(address)
    page = visitor.get("/calendar")
    assert "Residents can’t reach this yet." in text(page)
    assert "PUBLIC_URL" in text(page)
    assert "webcal" not in visitor.client.get("/calendar").text
    visitor.get("/calendar/qr/subscribe.svg", 404)


def test_address_that_anybody_opened_is_one_that_residents_reach(anyone: Visitor) -> None:
    page = anyone.get("/calendar", base_url="https://events.library.example")
    assert "Residents can’t reach this yet." not in text(page)
    assert "webcal://events.library.example/calendar.ics" in {
        each.get("href") for each in named(page, "a")
    }


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("access=free", {"Tea", "Open Knitting Table", "Choir"}),
        ("q=knit", {"Open Knitting Table"}),
        ("q=choir&access=free", {"Choir"}),
        ("partner=nobody", set()),
        ("when=today", {"Tea", "Teen night", "Open Knitting Table", "Choir"}),
        ("utm_source=poster", {"Tea", "Teen night", "Open Knitting Table", "Choir"}),
    ],
)
def test_file_holds_what_is_asked_for(
    town: Town, anyone: Visitor, query: str, titles: set[str | None]
) -> None:
    fill(town)
    assert read(anyone.client.get(f"/calendar.ics?{query}").data) == titles


def test_file_of_a_group_is_named_after_it(house: House, town: Town, anyone: Visitor) -> None:
    fill(town)
    answer = anyone.client.get(f"/calendar.ics?audience={audience(house, 'Teens')}")
    assert read(answer.data) == {"Teen night"}
    reading = all_formats()["ical"].read(answer.data, Context(zone=ZONE, now=NOON))
    assert reading.name == "Millbrook Public Library: Teens"


def test_file_asked_for_has_a_name_of_its_own_that_ends_with_a_change(
    house: House, town: Town, anyone: Visitor, clock: Clock
) -> None:
    fill(town)

    def again(tag: str, path: str) -> int:
        return anyone.client.get(path, headers={"If-None-Match": tag}).status_code

    free = "/calendar.ics?access=free"
    tag = anyone.client.get(free).headers["ETag"]
    assert again(tag, free) == 304
    assert again(tag, "/calendar.ics") == 200
    assert again(tag, "/calendar.ics?q=tea") == 200
    calendar.keep(house, 60, actor="Tom")
    assert again(tag, free) == 200
    tag = anyone.client.get(free).headers["ETag"]
    clock.forward(days=1)
    assert again(tag, free) == 200


def test_file_asked_for_and_known_already_costs_no_event(town: Town, anyone: Visitor) -> None:
    fill(town)
    known = {"If-None-Match": anyone.client.get("/calendar.ics?q=tea").headers["ETag"]}
    with counted() as asked:
        assert anyone.client.get("/calendar.ics?q=tea", headers=known).status_code == 304
    assert not any("ics_block" in each for each in asked)


def test_qr_code_is_drawn_without_style_and_kept(make_app: Callable[[str], Visitor]) -> None:
    visitor = make_app(PUBLIC)
    answer = visitor.client.get("/calendar/qr/subscribe.svg?audience=3")
    assert answer.mimetype == "image/svg+xml"
    assert b"style" not in answer.data
    assert answer.data != visitor.client.get("/calendar/qr/subscribe.svg").data
    known = {"If-None-Match": answer.headers["ETag"]}
    path = "/calendar/qr/subscribe.svg?audience=3"
    assert visitor.client.get(path, headers=known).status_code == 304
    visitor.get("/calendar/qr/anything.svg", 404)
    assert answer.data.startswith(b"<svg")


def test_address_that_no_code_can_hold_has_none(make_app: Callable[[str], Visitor]) -> None:
    visitor = make_app("https://events.library.example")
    asked = dict.fromkeys(("q", "tag", "place"), "🎉" * 200)
    for what in ("subscribe", "list"):
        answer = visitor.client.get(f"/calendar/qr/{what}.svg", query_string=asked)
        assert answer.status_code == 404
