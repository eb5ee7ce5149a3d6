"""Addresses that put an event, or the whole calendar, into a calendar elsewhere.

Plain links that a person follows; nothing is asked of anybody before. None of these addresses is
a standard: Google's and Outlook's are what their own "add to calendar" buttons use.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from feeds.event import Event, Place, Time

#: Longer descriptions are cut: an address may not grow without end.
_LONGEST = 800


def webcal(address: str) -> str:
    """The address (http or https) as one that a calendar program opens and keeps."""
    return f"webcal://{address.partition('://')[2]}"


def google_feed(address: str) -> str:
    """Google Calendar subscribes to the calendar file at address, which it has to reach."""
    return f"https://calendar.google.com/calendar/r?{urlencode({'cid': webcal(address)})}"


def outlook_feed(address: str, name: str) -> str:
    """Outlook on the web subscribes to the calendar file at address, under that name."""
    query = urlencode({"url": address, "name": name}, quote_via=quote)
    return f"https://outlook.live.com/calendar/0/addfromweb?{query}"


def google_event(event: Event, url: str) -> str:
    """Google Calendar's form, filled with one date; "" for an event without a start."""
    if event.start is None:
        return ""
    start, end = _span(event)
    query = {
        "action": "TEMPLATE",
        "text": event.summary or "",
        "dates": f"{_compact(start)}/{_compact(end)}",
        "details": _details(event, url),
        "location": _where(event.location) or event.online_url or "",
    }
    return f"https://calendar.google.com/calendar/render?{_filled(query)}"


def outlook_event(event: Event, url: str) -> str:
    """Outlook's form on the web, filled with one date; "" for an event without a start."""
    if event.start is None:
        return ""
    start, end = _span(event)
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.summary or "",
        "startdt": _plain(start),
        "enddt": _plain(end),
        "allday": "" if isinstance(start, datetime) else "true",
        "location": _where(event.location) or event.online_url or "",
        "body": _details(event, url),
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{_filled(query)}"


def _span(event: Event) -> tuple[Time, Time]:
    """Start and exclusive end; without one an hour, or the day."""
    start = event.start
    assert start is not None  # noqa: S101 (both callers looked)
    usual = timedelta(hours=1) if isinstance(start, datetime) else timedelta(days=1)
    return start, event.end if event.end is not None else start + usual


def _details(event: Event, url: str) -> str:
    text = (event.description or "").strip()
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"
    return f"{short}\n\n{url}".strip()


def _where(place: Place | None) -> str:
    name, address = (place.name, place.address) if place else (None, None)
    both = [name] if name else []
    if address and address not in (name or ""):
        both.append(address)
    return ", ".join(both)


def _compact(time: Time) -> str:
    """20261212T190000Z; a floating time and a date as they stand."""
    if not isinstance(time, datetime):
        return f"{time:%Y%m%d}"
    if time.tzinfo is None:
        return f"{time:%Y%m%dT%H%M%S}"
    return f"{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _plain(time: Time) -> str:
    """2026-12-12T19:00:00Z; a floating time and a date as they stand."""
    if isinstance(time, datetime) and time.tzinfo is not None:
        return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return time.isoformat()


def _filled(query: dict[str, str]) -> str:
    return urlencode({key: value for key, value in query.items() if value}, quote_via=quote)
