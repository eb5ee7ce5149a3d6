"""The event vocabularies of RSS and Atom items: what each says in the Event's words.

ev: the RSS 1.0 event module (purl.org/rss/1.0/modules/event) · xcal: iCalendar's properties as
XML elements, as Trumba and others put them into items · libcal: Springshare · bc: BiblioCommons
· calendarevent: CivicPlus. Each function gets the fields of `feeds.modules` and gives what it
found, or None where its vocabulary is not spoken.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from feeds.event import Organizer, Status, Time
from feeds.parts import place
from feeds.text import clean_url, given, line, plain
from feeds.timezones import iana
from feeds.when import clock_time, english, moment

Fields = Mapping[str, str]

_STATUSES: Mapping[str, Status] = {
    "CONFIRMED": "CONFIRMED",
    "TENTATIVE": "TENTATIVE",
    "CANCELLED": "CANCELLED",
    "CANCELED": "CANCELLED",
    "POSTPONED": "POSTPONED",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a vocabulary says of one item.

    `start` is None where no date stands there, or none that can be read: `unread` is then its
    text. `inclusive` says how an end that is a date is meant. `keys` are further keys of Event.
    """

    start: Time | None
    end: Time | None = None
    inclusive: bool = True
    unread: str | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)


def event_module(fields: Fields) -> Told | None:
    """ev:startdate, enddate, location, organizer, type; dates as in ISO 8601."""
    if not any(name.startswith("ev:") for name in fields):
        return None
    where, online = place(fields.get("ev:location"))
    organizer, kind = line(fields.get("ev:organizer")), line(fields.get("ev:type"))
    keys = {
        "location": where,
        "online_url": online,
        "organizer": Organizer(name=organizer) if organizer else None,
        "categories": (kind,) if kind else (),
    }
    start = fields.get("ev:startdate")
    return _told(start, _moment(start), _moment(fields.get("ev:enddate")), keys)


def xcal(fields: Fields) -> Told | None:
    """xcal:dtstart, dtend, location … with Trumba's own local times, where they are given."""
    if not any(name.startswith("xcal:") for name in fields):
        return None
    where, online = place(fields.get("xcal:location"))
    organizer = line(fields.get("xcal:organizer"))
    keys = {
        "uid": given(fields.get("xcal:uid")),
        "summary": line(fields.get("xcal:summary")),
        "description": plain(fields.get("xcal:description")),
        "url": clean_url(fields.get("xcal:url")),
        "status": _STATUSES.get(fields.get("xcal:status", "").upper()),
        "location": where,
        "online_url": online,
        "organizer": Organizer(name=organizer) if organizer and "@" not in organizer else None,
        "categories": _listed(fields.get("xcal:categories")),
    }
    start, end = _zoned(fields, "xcal:dtstart"), _zoned(fields, "xcal:dtend")
    local = _moment(fields.get("x-trumba:localstart"))
    if local is not None and (start is None or _says_all_day(fields)):
        start = _day(local) if _says_all_day(fields) else local
        end = _moment(fields.get("x-trumba:localend"))
    return _told(fields.get("xcal:dtstart"), start, end, keys, inclusive=False)


def libcal(fields: Fields) -> Told | None:
    """libcal:date, start, end: local wall times; 00:00:00 to 23:59:59 is a whole day."""
    if "libcal:date" not in fields:
        return None
    day = fields["libcal:date"]
    branch, room = fields.get("libcal:campus"), fields.get("libcal:location")
    if branch and room and branch not in room:
        room = f"{room}, {branch}"
    where, online = place(room or branch)
    keys = {
        "uid": given(fields.get("libcal:eventid")),
        "description": plain(fields.get("libcal:description")),
        "location": where,
        "online_url": online,
        "audience": _listed(fields.get("libcal:audience")),
    }
    start = _moment(f"{day} {fields.get('libcal:start', '')}")
    return _told(day, start, _moment(f"{day} {fields.get('libcal:end', '')}"), keys)


def bibliocommons(fields: Fields) -> Told | None:
    """bc:start_date, end_date (UTC), and the branch under bc:location."""
    if "bc:start_date" not in fields and "bc:start_date_local" not in fields:
        return None
    at = {key: fields.get(f"bc:location/bc:{key}") for key in _BRANCH}
    street = " ".join(part for part in (at["number"], at["street"]) if part)
    town = " ".join(part for part in (at["state"], at["zip"]) if part)
    address = ", ".join(part for part in (street, at["city"], town) if part)
    name = ", ".join(part for part in (at["location_details"], at["name"]) if part)
    where, _ = place(name, address, latitude=at["latitude"], longitude=at["longitude"])
    virtual = fields.get("bc:is_virtual") == "true"
    keys = {
        "status": "CANCELLED" if fields.get("bc:is_cancelled") == "true" else None,
        "attendance": ("MIXED" if where else "ONLINE") if virtual else None,
        "registration": "FULL" if fields.get("bc:registration_info/bc:is_full") == "true" else None,
        "location": where,
    }
    text = fields.get("bc:start_date") or fields["bc:start_date_local"]
    end = fields.get("bc:end_date") or fields.get("bc:end_date_local")
    return _told(text, _moment(text), _moment(end), keys)


_BRANCH = (
    *("name", "location_details"),
    *("number", "street", "city", "state", "zip"),
    *("latitude", "longitude"),
)


def civicplus(fields: Fields) -> Told | None:
    """calendarevent:eventdates and eventtimes: English text, a range or one of each."""
    dates = fields.get("calendarevent:eventdates")
    if not dates:
        return None
    days = [english(text) for text in re.split(r"\s+[-–]\s+", dates.strip())]
    times = re.split(r"\s+[-–]\s+", fields.get("calendarevent:eventtimes", "").strip())
    clocks = [clock_time(text) for text in times]
    start = _at(days[0], clocks[0])
    end = _at(days[-1], clocks[1]) if len(clocks) == 2 else (days[1] if len(days) == 2 else None)
    where, online = place(fields.get("calendarevent:location"))
    keys = {"location": where, "online_url": online}
    readable = all(days) and len(days) <= 2
    return _told(dates, start if readable else None, end if readable else None, keys)


#: In the order in which they are believed.
VOCABULARIES: tuple[Callable[[Fields], Told | None], ...] = (
    xcal,
    event_module,
    libcal,
    bibliocommons,
    civicplus,
)


def told(fields: Fields) -> Told | None:
    """What all vocabularies together say of an item; the first that gives a date gives the end."""
    found = [each for each in (ask(fields) for ask in VOCABULARIES) if each is not None]
    if not found:
        return None
    keys = dict[str, Any]()
    for each in reversed(found):
        keys |= {name: value for name, value in each.keys.items() if value}
    dated = next((each for each in found if each.start is not None), None)
    if dated is None:
        unread = next((each.unread for each in found if each.unread), None)
        return Told(None, unread=unread, keys=keys)
    return Told(dated.start, dated.end, dated.inclusive, keys=keys)


def _told(
    text: str | None,
    start: Time | None,
    end: Time | None,
    keys: Mapping[str, Any],
    *,
    inclusive: bool = True,
) -> Told:
    return Told(start, end, inclusive, None if start else text, keys)


def _moment(text: str | None) -> Time | None:
    return moment(text) if text else None


def _zoned(fields: Fields, name: str) -> Time | None:
    """The time of an xcal property, in the zone that its tzid names."""
    when = _moment(fields.get(name))
    zone = iana(fields.get(f"{name}@tzid", ""))
    if isinstance(when, datetime) and when.tzinfo is None and zone:
        return when.replace(tzinfo=ZoneInfo(zone))
    return when


def _says_all_day(fields: Fields) -> bool:
    return fields.get("x-microsoft:cdo-alldayevent", "").lower() == "true"


def _day(when: Time) -> date:
    return when.date() if isinstance(when, datetime) else when


def _at(day: Time | None, clock: time | None) -> Time | None:
    """That clock time of that day; the day alone where no clock time is known."""
    if day is None or clock is None:
        return day
    return datetime.combine(_day(day), clock)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, map(line, (text or "").split(","))))
