"""What a page tells search engines: the words of schema.org, safe inside a script element."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.jsonld import embed, event_jsonld
from feeds.event import Age, Event, Organizer, Place, Price
from feeds.registry import Context, read

PARIS = ZoneInfo("Europe/Paris")
URL = "https://library.example/events/01ABC"
IMAGE = "https://library.example/media/abc"
EVENT = Event(
    summary="Film night",
    description="A film.\n\nAnd a talk.",
    start=datetime(2026, 12, 5, 19, tzinfo=PARIS),
    end=datetime(2026, 12, 5, 21, 30, tzinfo=PARIS),
    status="CONFIRMED",
    attendance="MIXED",
    location=Place("Town hall", "1 Main St", 48.5, 2.25, "https://hall.example"),
    online_url="https://video.example/1",
    organizer=Organizer("Film club", "film@club.example", "https://club.example"),
    url="https://club.example/film",
    categories=("Film", "Talks"),
    audience=("Families",),
    age=Age(6, 12, "6-12"),
    price=Price(5.0, 8.0, "EUR", False),
    registration="OPEN",
    registration_url="https://club.example/tickets",
    registration_closes=datetime(2026, 12, 4, 12, tzinfo=PARIS),
    language="fr",
)


def told(event: Event) -> dict[str, Any]:
    return event_jsonld(event, url=URL, image_url=IMAGE, library="Town library")


def read_back(event: Event) -> Event:
    """What our own reader reads from a page that shows event."""
    page = f'<html><script type="application/ld+json">{embed(told(event))}</script></html>'
    now = datetime(2026, 11, 1, tzinfo=UTC)
    [found] = read(page.encode(), Context(now, PARIS, URL, "text/html")).events
    return found


def test_an_event_is_told_whole() -> None:
    assert told(EVENT) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Film night",
        "description": "A film.\n\nAnd a talk.",
        "startDate": "2026-12-05T19:00:00+01:00",
        "endDate": "2026-12-05T21:30:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": [
            {
                "@type": "Place",
                "name": "Town hall",
                "address": "1 Main St",
                "url": "https://hall.example",
                "geo": {"@type": "GeoCoordinates", "latitude": 48.5, "longitude": 2.25},
            },
            {"@type": "VirtualLocation", "url": "https://video.example/1"},
        ],
        "organizer": {
            "@type": "Organization",
            "name": "Film club",
            "email": "film@club.example",
            "url": "https://club.example",
        },
        "image": IMAGE,
        "url": URL,
        "sameAs": "https://club.example/film",
        "keywords": ["Film", "Talks"],
        "audience": [{"@type": "Audience", "audienceType": "Families"}],
        "typicalAgeRange": "6-12",
        "inLanguage": "fr",
        "isAccessibleForFree": False,
        "offers": {
            "@type": "AggregateOffer",
            "lowPrice": 5.0,
            "highPrice": 8.0,
            "priceCurrency": "EUR",
            "url": "https://club.example/tickets",
            "availability": "https://schema.org/InStock",
            "validThrough": "2026-12-04T12:00:00+01:00",
        },
        "subjectOf": {
            "@type": "WebPage",
            "url": URL,
            "publisher": {"@type": "Library", "name": "Town library"},
        },
    }


def test_our_own_reader_reads_it_back() -> None:
    read_event = read_back(EVENT)
    expected = replace(EVENT, url=URL, image=IMAGE)  # a page names no zone, only offsets
    for name in EVENT.__slots__:
        assert getattr(read_event, name) == getattr(expected, name), name


def test_an_event_says_no_more_than_it_knows() -> None:
    bare = Event(summary="Tea", start=date(2026, 12, 5), end=date(2026, 12, 6), all_day=True)
    assert event_jsonld(bare, url=URL, image_url=None, library=None) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Tea",
        "startDate": "2026-12-05",
        "endDate": "2026-12-05",
        "url": URL,
        "subjectOf": {"@type": "WebPage", "url": URL},
    }
    assert read_back(bare) == replace(bare, url=URL, image=IMAGE)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": None}, None),
        ({"status": "TENTATIVE"}, None),
        ({"status": "CANCELLED"}, "EventCancelled"),
        ({"status": "POSTPONED"}, "EventPostponed"),
        ({"previous_start": datetime(2026, 12, 4, 19, tzinfo=PARIS)}, "EventRescheduled"),
        (
            {"status": "CANCELLED", "previous_start": datetime(2026, 12, 4, 19, tzinfo=PARIS)},
            "EventCancelled",
        ),
    ],
)
def test_status_and_an_earlier_start_are_told_together(
    changes: dict[str, Any], status: str | None
) -> None:
    event = replace(EVENT, **changes)
    assert told(event).get("eventStatus") == (status and f"https://schema.org/{status}")
    assert read_back(event).previous_start == event.previous_start


@pytest.mark.parametrize("registration", ["OPEN", "CLOSED", "FULL", "WAITLIST"])
def test_registration_is_read_back(registration: Any) -> None:
    assert read_back(replace(EVENT, registration=registration)).registration == registration


@pytest.mark.parametrize("attendance", ["OFFLINE", "ONLINE", "MIXED"])
def test_attendance_is_read_back(attendance: Any) -> None:
    assert read_back(replace(EVENT, attendance=attendance)).attendance == attendance


def test_what_is_free_costs_nothing() -> None:
    event = replace(EVENT, price=Price(free=True))
    assert told(event)["isAccessibleForFree"] is True
    assert told(event)["offers"]["price"] == 0


def test_a_number_that_is_none_is_left_out() -> None:
    nowhere = Place("Hall", None, float("nan"), 2.0)
    event = replace(EVENT, location=nowhere, online_url=None, price=Price(float("inf"), 5.0))
    assert told(event)["location"] == {"@type": "Place", "name": "Hall"}
    assert json.loads(embed(told(event)))["offers"]["price"] == 5.0


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--", "a & b", "a\u2028b\u2029c", "]]>"]
)
def test_nothing_can_end_the_script_element(text: str) -> None:
    embedded = embed({"name": text})
    assert not set(embedded) & set("<>&\u2028\u2029")
    assert json.loads(embedded) == {"name": text}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=50))
def test_any_text_can_be_embedded_and_sent(text: str) -> None:
    assert embed(told(replace(EVENT, summary=text, categories=(text, "x")))).encode()
