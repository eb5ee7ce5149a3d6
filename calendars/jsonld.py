"""One event as schema.org tells it (schema.org/Event), for the page that shows it.

Search engines read it, and so does our own reader of pages. TENTATIVE has no word there and
is left out; what an event does not say is left out too.
"""

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calendars.lines import clean
from feeds.event import Age, Event, Organizer, Place, Price, Time

_STATUS = {
    "CONFIRMED": "EventScheduled",
    "CANCELLED": "EventCancelled",
    "POSTPONED": "EventPostponed",
}
_ATTENDANCE = {
    "OFFLINE": "OfflineEventAttendanceMode",
    "ONLINE": "OnlineEventAttendanceMode",
    "MIXED": "MixedEventAttendanceMode",
}
_AVAILABILITY = {
    "OPEN": "InStock",
    "CLOSED": "Discontinued",
    "FULL": "SoldOut",
    "WAITLIST": "BackOrder",
}
#: Signs that could end a script element or a line of JavaScript, as JSON writes them otherwise.
_SIGNS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


def event_jsonld(
    event: Event, *, url: str, image_url: str | None, library: str | None
) -> dict[str, Any]:
    """event, shown at url with the picture at image_url (ours, or None) by library (its name).

    A series is told by its first date: pass one occurrence's event to tell another.
    """
    return _told(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": event.summary,
            "description": event.description,
            "startDate": _time(event.start),
            "endDate": _end(event.end),
            "previousStartDate": _time(event.previous_start),
            "eventStatus": _schema(_status(event)),
            "eventAttendanceMode": _schema(_ATTENDANCE.get(event.attendance or "")),
            "location": _location(event),
            "organizer": _organizer(event.organizer),
            "image": image_url,
            "url": url,
            "sameAs": event.url if event.url != url else None,
            "keywords": list(event.categories),
            "audience": [_part("Audience", audienceType=each) for each in event.audience],
            "typicalAgeRange": _ages(event.age),
            "inLanguage": event.language,
            "isAccessibleForFree": event.price.free if event.price else None,
            "offers": _offer(event),
            "subjectOf": _part("WebPage", url=url, publisher=_part("Library", name=library)),
        }
    )


def embed(data: Mapping[str, Any]) -> str:
    """data as JSON that can stand inside `<script type="application/ld+json">`."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False).translate(_SIGNS)


def _status(event: Event) -> str | None:
    if event.previous_start is not None and event.status in {None, "CONFIRMED"}:
        return "EventRescheduled"
    return _STATUS.get(event.status or "")


def _location(event: Event) -> Any:
    """A place, an address online, or both."""
    online = _part("VirtualLocation", url=event.online_url)
    places = [each for each in (_place(event.location), online) if each]
    return places[0] if len(places) == 1 else places


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    spot = None
    if _number(place.latitude) is not None and _number(place.longitude) is not None:
        spot = _part("GeoCoordinates", latitude=place.latitude, longitude=place.longitude)
    return _part("Place", name=place.name, address=place.address, url=place.url, geo=spot)


def _organizer(organizer: Organizer | None) -> dict[str, Any] | None:
    if organizer is None:
        return None
    return _part("Organization", name=organizer.name, email=organizer.email, url=organizer.url)


def _offer(event: Event) -> dict[str, Any] | None:
    """What it costs and where one signs up."""
    price = event.price or Price()
    low = 0 if price.free and price.min is None else _number(price.min)
    high = _number(price.max)
    about = {
        "priceCurrency": price.currency,
        "url": event.registration_url,
        "availability": _schema(_AVAILABILITY.get(event.registration or "")),
        "validThrough": _time(event.registration_closes),
    }
    if low is not None and high is not None and low < high:
        return _part("AggregateOffer", lowPrice=low, highPrice=high, **about)
    return _part("Offer", price=high if low is None else low, **about)


def _ages(age: Age | None) -> str | None:
    """ "6-12", "6-" for no upper bound; the feed's own words where it gives no number."""
    if age is None or age.min is age.max is None:
        return age.text if age else None
    return f"{age.min or 0}-{'' if age.max is None else age.max}"


def _time(time: Time | None) -> str | None:
    return time.isoformat() if time else None


def _end(end: Time | None) -> str | None:
    """Of whole days the last one: schema.org's end is inclusive, the contract's is not."""
    if end is None or isinstance(end, datetime):
        return _time(end)
    return (end - timedelta(days=1)).isoformat()


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _schema(word: str | None) -> str | None:
    return f"https://schema.org/{word}" if word else None


def _part(kind: str, **parts: Any) -> dict[str, Any] | None:
    """An object of that type; None when it would say nothing."""
    told = _told(parts)
    return {"@type": kind, **told} if told else None


def _told(parts: Mapping[str, Any]) -> dict[str, Any]:
    """parts without what is not said, and its texts without what no text may hold."""
    said = {key: _clean(part) for key, part in parts.items()}
    return {key: part for key, part in said.items() if part not in (None, "", [])}


def _clean(part: Any) -> Any:
    if isinstance(part, list):
        return [kept for each in part if (kept := _clean(each))]
    return clean(part) if isinstance(part, str) else part
