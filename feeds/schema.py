"""A schema.org Event (schema.org/Event) → the Event of the contract.

Places, organisers and pictures may stand in the event or be named by @id; dates are ISO 8601,
and an endDate that is a date is the last day.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from feeds.embedded import Blocks, Node, types
from feeds.event import Attendance, Event, Problem, Status, Time
from feeds.offers import offered
from feeds.schema_parts import (
    ages,
    audiences,
    first,
    language,
    organizer,
    picture,
    text,
    texts,
    where,
)
from feeds.text import clean_url, given, line, marker, plain
from feeds.when import Zones, duration, moment, settle, shown

#: How many parts of one event are read.
MOST_PARTS = 500

#: Subtypes of Event whose name does not end in "Event".
_OTHER_EVENTS = frozenset(("CourseInstance", "EventSeries", "Festival", "Hackathon"))
#: Subtypes that are no occasion to go to.
_NO_OCCASION = frozenset(("DeliveryEvent",))

_STATUSES: Mapping[str, Status] = {
    "EventScheduled": "CONFIRMED",
    "EventRescheduled": "CONFIRMED",
    "EventMovedOnline": "CONFIRMED",
    "EventCancelled": "CANCELLED",
    "EventCanceled": "CANCELLED",
    "EventPostponed": "POSTPONED",
}
_MODES: Mapping[str, Attendance] = {
    "OfflineEventAttendanceMode": "OFFLINE",
    "OnlineEventAttendanceMode": "ONLINE",
    "MixedEventAttendanceMode": "MIXED",
}
#: What a part of a larger event takes from it where it says nothing itself.
_INHERITED = ("location", "organizer", "image", "inLanguage")


def is_event(node: Node) -> bool:
    """Whether node is an Event or one of its subtypes."""
    names = types(node)
    occasions = (name for name in names if name.endswith("Event") or name in _OTHER_EVENTS)
    return any(name not in _NO_OCCASION for name in occasions)


def events(node: Node, page: Blocks, zones: Zones) -> tuple[list[Event], list[Problem]]:
    """The event that node is, and the dated events that it consists of (subEvent).

    A series, or a whole without a date, leaves only its parts where these have dates.
    """
    parts, problems = list[Event](), list[Problem]()
    for part in _parts(node, page):
        inherited = {key: node[key] for key in _INHERITED if key in node}
        event, doubts = _event({"name": node.get("name"), **inherited, **part}, page, zones)
        if event.kind == "event":
            parts.append(event)
            problems += doubts
    whole, doubts = _event(node, page, zones)
    if parts and (whole.kind == "notice" or "EventSeries" in types(node)):
        return parts, problems
    return [whole, *parts], [*doubts, *problems]


def _parts(node: Node, page: Blocks) -> Sequence[Node]:
    told = [node.get("subEvent"), node.get("subEvents")]
    found = (
        page.resolve(part) for each in told for part in (each if isinstance(each, list) else [each])
    )
    return [part for part in found if isinstance(part, dict) and is_event(part)][:MOST_PARTS]


def _event(node: Node, page: Blocks, zones: Zones) -> tuple[Event, list[Problem]]:
    name = line(text(node.get("name")))
    status = _last(first(node.get("eventStatus")))
    place, online = where(node.get("location"), page)
    image, image_alt = picture(node.get("image"), page)
    offer = offered(node, page, zones)
    url = _address(node.get("url"), page) or _address(node.get("mainEntityOfPage"), page)
    keys = {
        "uid": _identity(node),
        "summary": name,
        # The Events Calendar leaves its line ends escaped twice.
        "description": plain((text(node.get("description")) or "").replace("\\n", "\n"), url),
        "status": marker(name) or _STATUSES.get(status),
        "attendance": _attendance(node, status, place is not None, online is not None),
        "location": place,
        "online_url": online,
        "organizer": organizer(node.get("organizer"), page),
        "url": url,
        "image": image,
        "image_alt": image_alt,
        "categories": texts(node.get("keywords")),
        "audience": audiences(node.get("audience"), page),
        "age": ages(node, page),
        "price": offer.price,
        "registration": offer.registration,
        "registration_url": offer.url,
        "registration_closes": offer.closes,
        "language": language(node.get("inLanguage"), page),
    }
    return _dated(node, keys, zones, f"“{name[:60]}”" if name else "event")


def _dated(
    node: Node, keys: dict[str, Any], zones: Zones, where_told: str
) -> tuple[Event, list[Problem]]:
    told = text(node.get("startDate"))
    start = moment(told) if told else None
    if start is None:
        unread = [Problem("event.date_unread", where_told, {"text": (line(told) or "")[:60]})]
        return Event(**keys, kind="notice"), unread if told else []
    before = moment(text(node.get("previousStartDate")) or "")
    span = settle(start, _end(node, start), zones, inclusive=True)
    keys["previous_start"] = shown(before, zones) if before else None
    return Event(**keys, **span.fields()), [Problem(span.doubt, where_told)] if span.doubt else []


def _end(node: Node, start: Time) -> Time | None:
    """endDate, else the start and the duration."""
    told = text(node.get("endDate"))
    if told:
        # EventON's way to say that no end is given: 23:50, the hour written twice.
        return None if "T23-23-50" in told else moment(told)
    lasts = duration(text(node.get("duration")) or "")
    return start + lasts if lasts and hasattr(start, "hour") else None


def _attendance(node: Node, status: str, place: bool, online: bool) -> Attendance | None:
    if status == "EventMovedOnline":
        return "ONLINE"
    said = _MODES.get(_last(first(node.get("eventAttendanceMode"))))
    if said is None and online:
        return "MIXED" if place else "ONLINE"
    return said


def _identity(node: Node) -> str | None:
    """@id, else the vendor's identifier; a blank node's name holds only within its page."""
    name = given(text(node.get("@id")))
    if name and not name.startswith("_:"):
        return name
    value = first(node.get("identifier"))
    return given(text(value.get("value") if isinstance(value, dict) else value))


def _address(value: Any, page: Blocks) -> str | None:
    value = first(value)
    told = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
    return clean_url(text(told), page.base)


def _last(value: Any) -> str:
    """The name at the end of an enumeration's address: https://schema.org/EventPostponed."""
    told = value.get("@id") if isinstance(value, dict) else value
    return str(told or "").rstrip("/").replace("#", "/").rpartition("/")[2].removeprefix("schema:")
