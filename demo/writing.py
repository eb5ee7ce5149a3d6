"""How the sample town's partners write: iCalendar, pages with JSON-LD."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

DTSTAMP = "20200101T000000Z"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a partner would tell it."""

    uid: str
    summary: str
    start: date | datetime
    end: date | datetime
    location: str
    description: str
    url: str
    more: tuple[str, ...] = ()  # further lines of a VEVENT


def calendar(name: str, zone: str, entries: Sequence[Entry]) -> str:
    """An iCalendar of these events (RFC 5545)."""
    blocks = [_vevent(entry) for entry in entries]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{name}//Events//EN"]
    names = [f"X-WR-CALNAME:{name}", f"X-WR-TIMEZONE:{zone}"]
    return "\r\n".join([*head, *names, *blocks, "END:VCALENDAR", ""])


def stamp(value: datetime) -> str:
    """A wall time as iCalendar writes it."""
    return f"{value:%Y%m%dT%H%M%S}"


def schema_event(
    name: str, start: datetime, end: datetime | None, url: str, place: str, **more: Any
) -> dict[str, Any]:
    """An event as schema.org describes it."""
    found = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "name": name,
        "startDate": start.isoformat(),
        "url": url,
        "location": {"@type": "Place", "name": place},
    }
    return found | ({"endDate": end.isoformat()} if end else {}) | more


def page(title: str, body: str, data: Sequence[Mapping[str, Any]] = ()) -> str:
    """A page for people, with what it tells to programs in its head."""
    text = json.dumps([*data], ensure_ascii=False).replace("<", "\\u003c")
    script = f"<script type='application/ld+json'>{text}</script>" if data else ""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{html.escape(title)}</title>{script}</head>"
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>"
    )


def _vevent(entry: Entry) -> str:
    lines = (
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{DTSTAMP}",
        f"SUMMARY:{_text(entry.summary)}",
        _property("DTSTART", entry.start),
        _property("DTEND", entry.end),
        f"LOCATION:{_text(entry.location)}",
        f"DESCRIPTION:{_text(entry.description)}",
        f"URL:{entry.url}",
        *entry.more,
        "END:VEVENT",
    )
    return "\r\n".join(lines)


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("\n", "\\n")


def _property(name: str, value: date | datetime) -> str:
    if isinstance(value, datetime):
        return f"{name};TZID={value.tzinfo}:{stamp(value)}"
    return f"{name};VALUE=DATE:{value:%Y%m%d}"
