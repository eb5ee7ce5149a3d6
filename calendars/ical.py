"""Events as one calendar that people subscribe to (RFC 5545, 7986).

The same data gives the same bytes: DTSTAMP and LAST-MODIFIED are the event's own. What has no
word in iCalendar is said with the nearest one or not at all: POSTPONED becomes TENTATIVE (the
title says the rest), an event without a status has none, and pictures are left out, since a
reader would fetch them from elsewhere. `calendars/series.py` says how a series is written.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from calendars.clock import Clock, digits, event_clock, moment_line, series_clock, utc
from calendars.lines import clean, line, quoted, text
from calendars.series import Part, is_series, parts, told_anew
from calendars.zones import vtimezone
from feeds.event import Event, Organizer, Place, Time

_PRODUCT = "-//Townboard//Townboard//EN"
_STATUS = {
    "CONFIRMED": "CONFIRMED",
    "TENTATIVE": "TENTATIVE",
    "CANCELLED": "CANCELLED",
    "POSTPONED": "TENTATIVE",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One event as we publish it.

    `uid` is ours and never changes; `sequence` and `stamp` (aware) rise when what is published
    changes; `created` is when it first came. `url` is the page to go to, in place of the
    event's own; `partner` is the name of who holds it where the event names nobody.
    """

    uid: str
    event: Event
    sequence: int
    stamp: datetime
    created: datetime | None = None
    url: str | None = None
    partner: str | None = None


def block(published: Published) -> str:
    """The VEVENTs of one event, and before them the VTIMEZONE of a clock that is no IANA zone.

    "" for what has no date: a notice, or a series of which every date is left out. A date of
    a series that came without its series is an event of its own.
    """
    event = published.event
    if event.start is None or event.kind == "notice":
        return ""
    if not is_series(event):
        return _vevent(published, event, _dated(event))
    clock = series_clock(event, published.uid)
    found = [_series(published, part, clock) for part in parts(event, clock)]
    return "".join([clock.own, *found]) if found else ""


def zones_used(event: Event) -> set[str]:
    """The IANA zones whose VTIMEZONE a calendar with this event needs; perhaps one too many."""
    if not is_series(event) or event.start is None:
        clocks = [event_clock(event)]
    else:
        clocks = [series_clock(event, "")]
        for override in event.overrides:
            clocks.append(event_clock(told_anew(event, override, clocks[0])))
    return {clock.tzid for clock in clocks if clock.tzid and not clock.own}


def join(
    blocks: Iterable[str],
    zones: Iterable[str],
    *,
    name: str,
    zone: str | None,
    refresh: timedelta,
    first: date,
    last: date,
) -> bytes:
    """The calendar of these blocks, ready to send.

    zones are what zones_used gave for them all, first and last the days between which they lie
    (an endless series: until when it has to be right). zone is the library's own (IANA), which
    readers show first; a floating time counts as one of its. refresh is how often to ask again.
    """
    head = [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        text("PRODID", _PRODUCT),
        "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n",
        text("NAME", name),
        text("X-WR-CALNAME", name),
        text("X-WR-TIMEZONE", zone) if zone else "",
        line("REFRESH-INTERVAL;VALUE=DURATION", _duration(refresh)),
        line("X-PUBLISHED-TTL", _duration(refresh)),
    ]
    definitions = [vtimezone(each, first, last) for each in sorted(set(zones))]
    return "".join([*head, *definitions, *blocks, "END:VCALENDAR\r\n"]).encode()


def _series(published: Published, part: Part, clock: Clock) -> str:
    """A series, then the dates of it that are told anew."""
    if part.since:
        before, at, after = published.uid.partition("@")
        uid = f"{before}-{part.since:%Y%m%dT%H%M%S}{at}{after}"
        published = replace(published, uid=uid)
    dates = [clock.series_line("DTSTART", part.start), _series_end(part, clock)]
    if part.rule:
        dates.append(line("RRULE", part.rule.text(clock)))
    dates += [clock.series_line("RDATE", each) for each in part.rdates]
    dates += [clock.series_line("EXDATE", each) for each in part.exdates]
    told = [
        _vevent(published, event, clock.series_line("RECURRENCE-ID", rid) + _dated(event))
        for rid, event in part.told.items()
    ]
    return _vevent(published, part.event, "".join(dates)) + "".join(told)


def _series_end(part: Part, clock: Clock) -> str:
    """The end of the first date: by the wall clock, since that is how long every date is.

    An end that the clock shows twice is an instant, where that is sure to follow the start.
    """
    end = clock.wall(part.event.end) if part.event.end is not None else part.start
    if end <= part.start:
        return ""
    if clock.is_plain(part.start) and not clock.is_plain(end):
        return moment_line("DTEND", clock.aware(end), Clock(UTC))
    return clock.series_line("DTEND", end)


def _dated(event: Event) -> str:
    """DTSTART and DTEND of one date."""
    clock, start = event_clock(event), event.start
    return (moment_line("DTSTART", start, clock) if start else "") + _end(event, clock)


def _end(event: Event, clock: Clock) -> str:
    """DTEND, where there is one that follows the start (RFC 5545, 3.8.2.2)."""
    start, end = event.start, event.end
    if start is None or end is None or not _follows(end, start):
        return ""
    return moment_line("DTEND", end, clock)


def _follows(end: Time, start: Time) -> bool:
    """end is of start's kind, and at least a second later."""
    if not isinstance(end, datetime) or not isinstance(start, datetime):
        return not isinstance(end, datetime) and not isinstance(start, datetime) and end > start
    if end.tzinfo is None or start.tzinfo is None:
        return end.tzinfo is start.tzinfo and digits(end) > digits(start)
    return utc(end) > utc(start)


def _vevent(published: Published, event: Event, dates: str) -> str:
    """One VEVENT; dates are its lines about time."""
    stamp = utc(published.stamp)
    url = published.url or event.url
    lines = [
        "BEGIN:VEVENT\r\n",
        text("UID", published.uid),
        line("DTSTAMP", stamp),
        dates,
        line("SEQUENCE", str(published.sequence)),
        line("STATUS", _STATUS[event.status]) if event.status else "",
        _words("SUMMARY", event.summary),
        _words("DESCRIPTION", event.description),
        _where(event.location, event.online_url),
        line("URL", url) if url else "",
        _words("CATEGORIES", *event.categories),
        _who(event.organizer, published.partner),
        line("CREATED", utc(published.created)) if published.created else "",
        line("LAST-MODIFIED", stamp),
        "END:VEVENT\r\n",
    ]
    return "".join(lines)


def _words(name: str, *values: str | None) -> str:
    """A property of those texts in which something is left to read; none without any."""
    said = [value for value in values if value and clean(value).strip()]
    return text(name, *said) if said else ""


def _where(place: Place | None, online_url: str | None) -> str:
    """LOCATION and GEO; of an event that is only online its address, else CONFERENCE (7986)."""
    name, address = (place.name, place.address) if place else (None, None)
    parts = [name] if name else []
    if address and address not in (name or ""):
        parts.append(address)
    lines = _words("LOCATION", ", ".join(parts))
    if place and place.latitude is not None and place.longitude is not None:
        spot = place.latitude, place.longitude
        if all(map(math.isfinite, spot)):
            lines += line("GEO", ";".join(f"{each:.6f}" for each in spot))
    if online_url:
        lines = lines or _words("LOCATION", online_url)
        lines += line("CONFERENCE;VALUE=URI", online_url)
    return lines


def _who(organizer: Organizer | None, partner: str | None) -> str:
    """ORGANIZER, which needs an address, and CONTACT: who to ask, in words."""
    name = (organizer.name if organizer else None) or partner
    email = organizer.email if organizer else None
    contact = ", ".join(each for each in (name, email) if each)
    lines = _words("CONTACT", contact)
    if email:
        common = f";CN={quoted(name)}" if name else ""
        lines += line(f"ORGANIZER{common}", f"mailto:{email}")
    return lines


def _duration(length: timedelta) -> str:
    """PT1H30M (RFC 5545, 3.3.6), to the minute and at least one."""
    minutes = max(1, round(length / timedelta(minutes=1)))
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
