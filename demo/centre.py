"""Harbour Community Centre: no feed, but a page whose events stand in it as JSON-LD."""

import html
from typing import Any

from demo.times import Moment
from demo.writing import page, schema_event

NAME = "Harbour Community Centre"


def feed(now: Moment) -> str:
    """The centre's page."""
    events = [*_fixed(now), *_weekly(now)]
    shown = "".join(
        f"<article id='{str(each['url']).rpartition('#')[2]}'><h2>{html.escape(str(each['name']))}"
        f"</h2><p>{html.escape(str(each['description']))}</p></article>"
        for each in events
    )
    return page("What’s on at the harbour", shown, events)


def _fixed(now: Moment) -> list[dict[str, Any]]:
    return [
        _event(
            now,
            "Repair café",
            "repair-cafe",
            (6, 0, 13, 17),
            "Bring what is broken. We mend it together, over coffee.",
            image=f"{now.site}/picture/repair.png",
            isAccessibleForFree=True,
        ),
        _event(
            now,
            "Choir for everybody",
            "choir",
            (3, 0, 19, 21),
            "No audition, no notes needed.",
            offers={"@type": "Offer", "price": "5.00", "priceCurrency": "USD"},
        ),
        _event(
            now,
            "Harbour swim for beginners",
            "swim",
            (5, 1, 8, 9),
            "Registration is needed; towels are not lent.",
            typicalAgeRange="16-",
        ),
        _event(
            now,
            "Blood drive",
            "blood",
            (2, 1, 10, 16),
            "Forty minutes, and a sandwich afterwards.",
            isAccessibleForFree=True,
        ),
    ]


def _weekly(now: Moment) -> list[dict[str, Any]]:
    """A regular thing that comes as single entries, as many pages have it."""
    return [
        _event(
            now,
            "Language café",
            f"language-{week}",
            (4, week, 17, 19),
            "For newcomers and for those who are at home here. Tea is free.",
            isAccessibleForFree=True,
        )
        for week in range(4)
    ]


def _event(
    now: Moment, name: str, part: str, when: tuple[int, int, int, int], text: str, **more: Any
) -> dict[str, Any]:
    weekday, weeks, begin, end = when
    day = now.next(weekday, weeks)
    url = f"{now.site}/centre#{part}"
    place = {
        "@type": "Place",
        "name": NAME,
        "address": {"@type": "PostalAddress", "streetAddress": "1 Quay Street"},
    }
    told = schema_event(name, now.at(day, begin), now.at(day, end), url, NAME, **more)
    return told | {"description": text, "location": place}
