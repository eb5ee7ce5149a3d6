"""What residents see: the list, one event, the calendar file, pictures."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import icalendar
import pytest
from PIL import Image
from sqlalchemy import update

from aggregator.services import pictures
from aggregator.services.house import House
from aggregator.storage import events, tables
from feeds.event import Override
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import ZONE, Town, a_notice, an_event, knitting
from tests.support.houses import Clock


def days(page: Element) -> list[tuple[str, list[str]]]:
    """The days of the list, each with its titles."""
    return [
        (words(next(named(section, "h2"))), [words(each) for each in named(section, "h3")])
        for section in named(page, "section")
    ]


def test_front_door_is_the_calendar(anyone: Visitor) -> None:
    assert anyone.client.get("/").headers["Location"] == "/calendar"


def test_list_stands_by_day_in_order_of_time(town: Town, anyone: Visitor) -> None:
    day = date(2026, 12, 12)
    town.approve(
        an_event("b", summary="Later", start=datetime(2026, 12, 12, 19, tzinfo=ZONE), end=None),
        an_event("a"),
        an_event(
            "c", summary="All day", start=day, end=date(2026, 12, 13), all_day=True, zone=None
        ),
        knitting(rule="FREQ=WEEKLY;COUNT=2"),
    )
    assert days(anyone.get("/calendar")) == [
        ("Tue 1 Dec", ["Open Knitting Table"]),
        ("Tue 8 Dec", ["Open Knitting Table"]),
        ("Sat 12 Dec", ["All day", "Winter Stories by the Hearth", "Later"]),
    ]


def test_what_began_earlier_and_goes_on_stands_under_today(town: Town, anyone: Visitor) -> None:
    town.approve(an_event(start=date(2026, 11, 20), end=date(2026, 12, 7), all_day=True, zone=None))
    page = anyone.get("/calendar")
    assert days(page) == [("Tue 24 Nov, today", ["Winter Stories by the Hearth"])]
    assert "Until Sun 6 Dec" in text(page)


def test_list_shows_only_what_was_approved_and_is_not_over(
    town: Town, anyone: Visitor, clock: Clock
) -> None:
    approved, declined, new = town.tell(
        an_event("a", summary="Approved"), an_event("d", summary="Declined"), an_event("n")
    )
    town.tell(a_notice(), partner="Playhouse")
    town.decide(approved, "calendar_only")
    town.decide(declined, "decline")
    assert days(anyone.get("/calendar")) == [("Sat 12 Dec", ["Approved"])]
    for pid in (declined, new):
        anyone.get(f"/event/{pid}", 404)
    clock.now = datetime(2026, 12, 12, 20, tzinfo=UTC)
    assert days(anyone.get("/calendar")) == []


def test_cancelled_event_stands_and_says_so(town: Town, anyone: Visitor) -> None:
    [pid] = town.approve(an_event(status="CANCELLED"))
    assert "Cancelled" in text(anyone.get("/calendar"))
    assert "This does not take place." in text(anyone.get(f"/event/{pid}"))


def test_list_pages_by_key_without_gap_or_double(town: Town, anyone: Visitor) -> None:
    town.approve(
        *(an_event(f"e{number:03}", summary=f"Event {number:03}") for number in range(120))
    )
    page, seen = anyone.get("/calendar"), []
    while True:
        seen += [title for _, titles in days(page) for title in titles]
        later = [each.get("href") for each in named(page, "a") if words(each) == "Later dates"]
        if not later:
            break
        page = anyone.get(str(later[0]))
    assert sorted(seen) == [f"Event {number:03}" for number in range(120)]
    assert len(seen) == len({*seen})


@pytest.mark.parametrize(
    "after", ["x", "2026-12-12T10:00:00~1~", "2026-12-12T10:00:00Z~one~", "~~"]
)
def test_key_that_is_none_begins_at_the_beginning(town: Town, anyone: Visitor, after: str) -> None:
    town.approve(an_event())
    assert len(days(anyone.get("/calendar", query_string={"after": after}))) == 1


def test_event_page_tells_all_one_has_to_know(town: Town, anyone: Visitor) -> None:
    [pid] = town.approve(an_event(access="Level entrance"))
    said = text(anyone.get(f"/event/{pid}"))
    for part in (
        "Sat 12 Dec, 2–3 pm",
        "River Museum, Hearth Room",
        "Organised by River Museum, not the library.",
        "Level entrance",
        "Cocoa for everyone.",
    ):
        assert part in said, part


def test_date_of_a_series_that_is_told_anew_is_told_anew(town: Town, anyone: Visitor) -> None:
    moved = Override(
        datetime(2026, 12, 8, 18, 30, tzinfo=ZONE),
        {
            "summary": "Knitting in the barn",
            "start": datetime(2026, 12, 9, 18, 30, tzinfo=ZONE),
            "end": datetime(2026, 12, 9, 20, tzinfo=ZONE),
        },
    )
    town.approve(replace(knitting(rule="FREQ=WEEKLY;COUNT=2"), overrides=(moved,)))
    page = anyone.get("/calendar")
    assert days(page) == [
        ("Tue 1 Dec", ["Open Knitting Table"]),
        ("Wed 9 Dec", ["Knitting in the barn"]),
    ]
    assert "6:30–8 pm" in text(page)


def test_event_page_carries_json_ld_that_cannot_end_its_block(town: Town, anyone: Visitor) -> None:
    [pid] = town.approve(an_event(summary="Songs </script><b> & more"))
    page = anyone.get(f"/event/{pid}")
    [block] = [each for each in named(page, "script") if each.get("type")]
    data = json.loads(block.text or "")
    assert data["@type"] == "Event"
    assert data["name"] == "Songs </script><b> & more"
    assert data["startDate"] == "2026-12-12T14:00:00-05:00"
    assert data["url"].endswith(f"/event/{pid}")
    assert "</script><b>" not in anyone.client.get(f"/event/{pid}").text


def test_event_that_is_over_still_has_its_page(town: Town, anyone: Visitor, clock: Clock) -> None:
    [pid] = town.approve(an_event())
    clock.forward(days=60)
    assert "This is over." in text(anyone.get(f"/event/{pid}"))


def test_merged_event_leads_to_what_it_became(house: House, town: Town, anyone: Visitor) -> None:
    old, kept = town.approve(an_event("a"), an_event("b"))
    with house.database.writing() as tx:
        events.change_event(tx, town.row(old).id, merged_into=town.row(kept).id)
    answer = anyone.client.get(f"/event/{old}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/event/{kept}")
    assert days(anyone.get("/calendar")) == [("Sat 12 Dec", ["Winter Stories by the Hearth"])]


def test_calendar_file_is_read_back_with_the_events(town: Town, anyone: Visitor) -> None:
    town.approve(an_event(), knitting())
    answer = anyone.client.get("/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.data)
    assert {str(each["SUMMARY"]) for each in found.walk("VEVENT")} == {
        "Winter Stories by the Hearth",
        "Open Knitting Table",
    }


def test_calendar_file_that_did_not_change_is_not_sent_again(
    town: Town, anyone: Visitor, clock: Clock
) -> None:
    [pid] = town.approve(an_event())
    first = anyone.client.get("/calendar.ics")
    known = {"If-None-Match": first.headers["ETag"]}
    again = anyone.client.get("/calendar.ics", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    town.decide(pid, "decline")
    assert anyone.client.get("/calendar.ics", headers=known).status_code == 200
    known = {"If-None-Match": anyone.client.get("/calendar.ics").headers["ETag"]}
    clock.forward(days=1)
    assert anyone.client.get("/calendar.ics", headers=known).status_code == 200


def test_picture_is_served_from_our_own_address_and_kept_for_ever(
    house: House, town: Town, anyone: Visitor
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "PNG")
    sha256 = pictures.keep(house, out.getvalue(), "https://river-museum.example/teal.png")
    [pid] = town.approve(an_event(image="https://river-museum.example/teal.png"))
    with house.database.writing() as tx:
        tx.run(update(tables.event).values(image=sha256))
    assert f'src="/media/{sha256}"' in anyone.client.get(f"/event/{pid}").text
    assert "river-museum.example/teal.png" not in anyone.client.get(f"/event/{pid}").text
    answer = anyone.client.get(f"/media/{sha256}")
    assert (answer.mimetype, answer.status_code) == ("image/jpeg", 200)
    assert "immutable" in answer.headers["Cache-Control"]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert anyone.client.get(f"/media/{sha256}", headers=known).status_code == 304
    anyone.get(f"/media/{'0' * 64}", 404)
    anyone.get("/media/..%2Ftownboard.sqlite", 404)


def test_subscribing_is_offered_by_the_address_that_residents_reach(
    make_app: Callable[[str], Visitor], anyone: Visitor
) -> None:
    assert "webcal://" not in anyone.client.get("/calendar").text
    public = make_app("https://events.library.example")
    page = public.client.get("/calendar").text
    assert 'href="webcal://events.library.example/calendar.ics"' in page
