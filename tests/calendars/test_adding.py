"""Links that put an event, or the calendar, into a calendar elsewhere."""

from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from calendars import adding
from feeds.event import Event, Place

FEED = "https://events.library.example/calendar.ics?audience=3&q=tea+time"
PAGE = "https://events.library.example/event/01"
EVENT = Event(
    summary="Tea & talk",
    description="Bring a cup.",
    start=datetime(2026, 12, 12, 14, tzinfo=ZoneInfo("America/New_York")),
    end=datetime(2026, 12, 12, 15, 30, tzinfo=ZoneInfo("America/New_York")),
    location=Place("Hearth Room", "2 Wharf Lane"),
)


def asked(url: str) -> dict[str, str]:
    """What an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_feed_is_named_whole_to_every_service() -> None:
    kept = "webcal://events.library.example/calendar.ics?audience=3&q=tea+time"
    assert adding.webcal(FEED) == kept
    assert asked(adding.google_feed(FEED)) == {"cid": kept}
    assert asked(adding.outlook_feed(FEED, "Library: Teens")) == {
        "url": FEED,
        "name": "Library: Teens",
    }


def test_event_is_told_as_instants_with_its_page() -> None:
    google = asked(adding.google_event(EVENT, PAGE))
    assert google["dates"] == "20261212T190000Z/20261212T203000Z"
    assert google["text"] == "Tea & talk"
    assert google["details"] == f"Bring a cup.\n\n{PAGE}"
    assert google["location"] == "Hearth Room, 2 Wharf Lane"
    outlook = asked(adding.outlook_event(EVENT, PAGE))
    assert (outlook["startdt"], outlook["enddt"]) == (
        "2026-12-12T19:00:00Z",
        "2026-12-12T20:30:00Z",
    )
    assert "allday" not in outlook


def test_whole_days_are_told_as_days_with_an_exclusive_end() -> None:
    event = Event(summary="Fair", start=date(2026, 12, 12), end=date(2026, 12, 14))
    assert asked(adding.google_event(event, PAGE))["dates"] == "20261212/20261214"
    assert asked(adding.outlook_event(event, PAGE))["allday"] == "true"


@pytest.mark.parametrize(
    ("start", "dates"),
    [
        (datetime(2026, 12, 12, 14), "20261212T140000/20261212T150000"),  # noqa: DTZ001 (floating)
        (date(2026, 12, 31), "20261231/20270101"),
    ],
)
def test_event_without_an_end_takes_an_hour_or_its_day(start: date, dates: str) -> None:
    assert asked(adding.google_event(Event(start=start), PAGE))["dates"] == dates


def test_event_without_a_start_has_no_link() -> None:
    assert adding.google_event(Event(), PAGE) == adding.outlook_event(Event(), PAGE) == ""


def test_long_description_is_cut_so_that_the_address_stays_an_address() -> None:
    url = adding.google_event(Event(start=EVENT.start, description="word " * 2000), PAGE)
    assert len(url) < 2000
    assert asked(url)["details"].endswith(f"…\n\n{PAGE}")
