"""Two invented partners and what they publish, with dates that follow today.

A museum with an iCal feed and a community centre whose page carries schema.org Events.
"""

import html
import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")


def museum(today: date, site: str) -> str:
    """Millbrook Museum's calendar: single events, a series with a moved date, a cancellation."""
    saturday = _next(today, 5)
    tuesday = _next(today, 1)
    moved = tuesday + timedelta(days=7)
    until = tuesday + timedelta(weeks=11)
    blocks = [
        _event(
            "lantern-walk@museum.example",
            "Lantern walk along the river",
            _at(saturday, 17),
            _at(saturday, 19),
            "Museum garden, 4 Mill Lane",
            "Bring a lantern, or make one with us from 4 pm.\\n\\nFree. No need to book.",
            f"{site}/museum/lantern-walk",
            (
                "CATEGORIES:Families,Outdoors",
                f"ATTACH;FMTTYPE=image/png:{site}/picture/lantern.png",
            ),
        ),
        _event(
            "story-hour@museum.example",
            "Story hour in the whale room",
            _at(tuesday, 10),
            _at(tuesday, 11),
            "Whale room",
            "Stories for children from three to six.",
            f"{site}/museum/story-hour",
            (
                f"RRULE:FREQ=WEEKLY;UNTIL={until:%Y%m%d}T235959Z;BYDAY=TU",
                f"EXDATE;TZID={ZONE.key}:{_text(_at(tuesday + timedelta(weeks=3), 10))}",
                "CATEGORIES:Children",
            ),
        ),
        _event(
            "story-hour@museum.example",
            "Story hour in the garden",
            _at(moved, 14),
            _at(moved, 15),
            "Museum garden, 4 Mill Lane",
            "This time outside, and in the afternoon.",
            f"{site}/museum/story-hour",
            (f"RECURRENCE-ID;TZID={ZONE.key}:{_text(_at(moved, 10))}",),
        ),
        _event(
            "boats@museum.example",
            "Paper boats: an exhibition",
            today + timedelta(days=3),
            today + timedelta(days=45),
            "Hall 2",
            "Four hundred boats folded by the schools of the town.",
            f"{site}/museum/boats",
            (f"ATTACH;FMTTYPE=image/png:{site}/picture/boats.png",),
        ),
        _event(
            "talk@museum.example",
            "Cancelled: The mill and its owners, a talk",
            _at(saturday + timedelta(days=5), 19, 30),
            _at(saturday + timedelta(days=5), 21),
            "Lecture room",
            "The speaker is ill. A new date follows.",
            f"{site}/museum/talk",
            ("STATUS:CANCELLED",),
        ),
    ]
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Millbrook Museum//Events//EN",
            "X-WR-CALNAME:Millbrook Museum",
            f"X-WR-TIMEZONE:{ZONE.key}",
            *blocks,
            "END:VCALENDAR",
            "",
        ]
    )


def centre(today: date, site: str) -> str:
    """Harbour Community Centre's page: three events as JSON-LD beside what people read."""
    events: list[dict[str, Any]] = [
        {
            "name": "Repair café",
            "startDate": _iso(_at(_next(today, 6), 13)),
            "endDate": _iso(_at(_next(today, 6), 17)),
            "description": "Bring what is broken. We mend it together, over coffee.",
            "image": f"{site}/picture/repair.png",
            "url": f"{site}/centre#repair-cafe",
            "isAccessibleForFree": True,
        },
        {
            "name": "Choir for everybody",
            "startDate": _iso(_at(_next(today, 3), 19)),
            "endDate": _iso(_at(_next(today, 3), 20, 30)),
            "description": "No audition, no notes needed.",
            "url": f"{site}/centre#choir",
            "offers": {"@type": "Offer", "price": "5.00", "priceCurrency": "USD"},
        },
        {
            "name": "Harbour swim for beginners",
            "startDate": _iso(_at(_next(today, 5) + timedelta(days=7), 8)),
            "description": "Registration is needed; towels are not lent.",
            "url": f"{site}/centre#swim",
            "typicalAgeRange": "16-",
        },
    ]
    place = {
        "@type": "Place",
        "name": "Harbour Community Centre",
        "address": {"@type": "PostalAddress", "streetAddress": "1 Quay Street"},
    }
    graph = [
        {"@context": "https://schema.org", "@type": "Event", "@id": each["url"], "location": place}
        | each
        for each in events
    ]
    shown = "".join(
        f"<article id='{str(each['url']).rpartition('#')[2]}'><h2>{html.escape(str(each['name']))}"
        f"</h2><p>{html.escape(str(each['description']))}</p></article>"
        for each in events
    )
    data = json.dumps(graph, ensure_ascii=False).replace("<", "\\u003c")
    script = f"<script type='application/ld+json'>{data}</script>"
    return _page("What's on at the harbour", shown, script)


def museum_page(name: str) -> str:
    """The museum's own page about one of its events, for people."""
    return _page(name.replace("-", " ").capitalize(), "<p>Millbrook Museum, 4 Mill Lane.</p>")


def _page(title: str, body: str, head: str = "") -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{html.escape(title)}</title>{head}</head>"
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>"
    )


def _event(
    uid: str,
    summary: str,
    start: date,
    end: date,
    location: str,
    description: str,
    url: str,
    more: tuple[str, ...],
) -> str:
    place = location.replace(",", "\\,")
    text = description.replace(",", "\\,")
    lines = (
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20200101T000000Z",
        f"SUMMARY:{summary}",
        _property("DTSTART", start),
        _property("DTEND", end),
        f"LOCATION:{place}",
        f"DESCRIPTION:{text}",
        f"URL:{url}",
        *more,
        "END:VEVENT",
    )
    return "\r\n".join(lines)


def _property(name: str, value: date) -> str:
    if isinstance(value, datetime):
        return f"{name};TZID={ZONE.key}:{_text(value)}"
    return f"{name};VALUE=DATE:{value:%Y%m%d}"


def _text(value: datetime) -> str:
    return f"{value:%Y%m%dT%H%M%S}"


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


def _iso(value: datetime) -> str:
    return value.isoformat()


def _next(today: date, weekday: int) -> date:
    """The next such weekday after today; Monday is 0."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
