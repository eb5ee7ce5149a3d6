"""One event's page: what to know before coming, what changed, how to keep it, whose it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import icalendar
import pytest
from sqlalchemy import update

from aggregator.services.house import House
from aggregator.storage import places, tables
from feeds.event import Override, Place, Price, Reading
from feeds.registry import Context, all_formats
from tests.aggregator.web.checking import named
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_public_filters import link
from tests.aggregator.web.town import ZONE, Town, an_event, knitting
from tests.support.houses import NOON, Clock


def meta(page: Element) -> dict[str, str]:
    """What the page tells of itself to whoever shows a link to it."""
    return {
        each.get("property", each.get("name", "")): each.get("content", "")
        for each in named(page, "meta")
    }


def test_what_one_has_to_know_stands_there_and_what_nobody_told_is_named(
    town: Town, anyone: Visitor
) -> None:
    told = an_event(
        price=Price(min=12, max=18, currency="USD"),
        registration="WAITLIST",
        registration_url="https://river-museum.example/book",
        registration_closes=datetime(2026, 12, 10, 18, tzinfo=ZONE),
        online_url="https://river-museum.example/live",
        attendance="MIXED",
    )
    [pid] = town.approve(told)
    page = anyone.get(f"/event/{pid}")
    said = text(page)
    assert "$12–18" in said
    assert link(page, "Full, with a waiting list, until Thu 10 Dec, 6 pm") == told.registration_url
    assert link(page, "Join here") == told.online_url
    assert "River Museum, Hearth Room, and online" in said
    assert "how accessible it is" in said


def test_page_says_whose_it_is_and_when_it_was_checked(
    house: House, town: Town, anyone: Visitor, clock: Clock
) -> None:
    [pid] = town.approve(an_event())
    clock.forward(hours=2)
    said = text(anyone.get(f"/event/{pid}"))
    assert "Organised by River Museum, not the library." in said
    assert "Checked with the source 2 hours ago." in said
    with house.database.writing() as tx:
        tx.run(update(tables.partner).values(ours=True))
    said = text(anyone.get(f"/event/{pid}"))
    assert "Organised by the library." in said
    assert "not the library" not in said


def test_moved_event_says_from_when_and_where(town: Town, anyone: Visitor, clock: Clock) -> None:
    [pid] = town.approve(an_event())
    clock.forward(hours=1)
    start = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    moved = an_event(start=start, end=start + timedelta(hours=1), location=Place("The barn"))
    town.tell(moved)
    said = text(anyone.get(f"/event/{pid}"))
    assert "Moved from 2 pm." in said
    assert "was River Museum, Hearth Room now The barn" in said
    assert "Moved from 2 pm" in text(anyone.get("/calendar"))
    town.tell(replace(moved, start=start - timedelta(days=2), end=None))
    assert "Moved from Sat 12 Dec, 2 pm" in text(anyone.get("/calendar"))
    clock.forward(days=17)
    assert "Moved" not in text(anyone.get(f"/event/{pid}")), "it is over"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("CANCELLED", "Cancelled. This does not take place."),
        ("POSTPONED", "Postponed. A new date is not known yet."),
        ("TENTATIVE", "Not certain yet. Look again before you set out."),
    ],
)
def test_state_is_said_plainly(town: Town, anyone: Visitor, status: str, said: str) -> None:
    [pid] = town.approve(an_event(status=status))
    page = anyone.get(f"/event/{pid}")
    assert said in text(page)
    assert ("Add to my calendar" in text(page)) == (status != "CANCELLED")


def test_series_opens_at_the_date_asked_for_and_says_what_differs(
    town: Town, anyone: Visitor
) -> None:
    barn = Override(
        datetime(2026, 12, 8, 18, 30, tzinfo=ZONE), {"location": Place("The barn, upstairs")}
    )
    off = Override(datetime(2026, 12, 15, 18, 30, tzinfo=ZONE), {"status": "CANCELLED"})
    [pid] = town.approve(knitting(rule="FREQ=WEEKLY;COUNT=4", overrides=(barn, off)))
    page = anyone.get(f"/event/{pid}")
    said = text(page)
    assert "Tue 1 Dec, 6:30–8:30 pm (Tuesdays, 3 dates) Wren Street Hall" in said
    assert "Tue 8 Dec, 6:30–8:30 pm This time at: The barn, upstairs" in said
    assert "Tue 15 Dec, 6:30–8:30 pm Cancelled" in said
    second = anyone.get(link(page, "Tue 8 Dec, 6:30–8:30 pm"))
    [title] = named(second, "title")
    assert (title.text or "").startswith("Open Knitting Table, Tue 8 Dec")
    third = anyone.get(link(page, "Tue 15 Dec, 6:30–8:30 pm"))
    assert "This does not take place. Next: Tue 1 Dec" in text(third)
    assert "Tue 1 Dec" in text(anyone.get(f"/event/{pid}?on=nonsense"))


def test_event_is_taken_along_as_a_file_that_our_reader_reads_back(
    town: Town, anyone: Visitor
) -> None:
    pid, other = town.approve(an_event(summary="Winter Stories: hush!"), knitting())
    answer = anyone.client.get(f"/event/{pid}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="winter-stories-hush.ics"'
    reading: Reading = all_formats()["ical"].read(answer.data, Context(zone=ZONE, now=NOON))
    assert [(each.summary, each.start) for each in reading.events] == [
        ("Winter Stories: hush!", an_event().start)
    ]
    assert reading.problems == ()
    whole = icalendar.Calendar.from_ical(anyone.client.get("/calendar.ics").data)
    assert reading.events[0].uid in {str(each["UID"]) for each in whole.walk("VEVENT")}
    [series] = (
        all_formats()["ical"]
        .read(anyone.client.get(f"/event/{other}.ics").data, Context(zone=ZONE, now=NOON))
        .events
    )
    assert series.rrule == "FREQ=WEEKLY;COUNT=12"
    anyone.get("/event/nothing.ics", 404)


def test_links_elsewhere_carry_the_date_and_ask_nobody_before(town: Town, anyone: Visitor) -> None:
    [pid] = town.approve(
        an_event(location=Place("Hearth Room", "2 Wharf Lane", latitude=41.5, longitude=-73.25))
    )
    page = anyone.get(f"/event/{pid}")
    google = parse_qs(urlsplit(link(page, "Google")).query)
    assert google["dates"] == ["20261212T190000Z/20261212T200000Z"]
    assert urlsplit(link(page, "Outlook")).hostname == "outlook.live.com"
    assert "mlat=41.50000&mlon=-73.25000" in link(page, "Open the map")


def test_page_shows_itself_well_where_it_is_shared(town: Town, anyone: Visitor) -> None:
    [pid] = town.approve(an_event())
    told = meta(anyone.get(f"/event/{pid}"))
    assert told["og:title"] == "Winter Stories by the Hearth"
    assert told["og:url"].endswith(f"/event/{pid}")
    assert told["og:description"].startswith("Sat 12 Dec, 2–3 pm · River Museum, Hearth Room · ")
    assert told["description"] == told["og:description"]
    assert "og:image" not in told


def test_nearest_branch_is_named_where_it_says_something(
    house: House, town: Town, anyone: Visitor
) -> None:
    far = an_event("far", location=Place("Barn", latitude=41.0, longitude=-73.004))
    here = an_event("here", location=Place("Library", latitude=41.0, longitude=-73.0))
    away = an_event("away", location=Place("Elsewhere", latitude=45.0, longitude=-73.0))
    pids = town.approve(far, here, away)
    assert "mi from" not in text(anyone.get("/calendar")), "no branch is known"
    with house.database.writing() as tx:
        places.add(tx, "Main Library", "14 Bridge Street", 41.0, -73.0)
        places.add(tx, "Hill Branch", None, 41.2, -73.0)
        places.add(tx, "Reading bus")
    pages = [text(anyone.get(f"/event/{pid}")) for pid in pids]
    assert "0.2 mi from Main Library" in pages[0]
    assert ["mi from" in page for page in pages] == [True, False, False]
    assert text(anyone.get("/calendar")).count("mi from Main Library") == 1
    assert "14 Bridge Street" in pages[0]
