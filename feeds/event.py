"""The contract of this room: what was read from a feed, in the words of RFC 5545.

Times are a `date` for a whole day, an aware `datetime` in the event's own zone, or a naive
`datetime` when it is floating and no zone is known. An `end` is exclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

Time = date | datetime
Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED", "POSTPONED"]
Attendance = Literal["OFFLINE", "ONLINE", "MIXED"]
Registration = Literal["OPEN", "CLOSED", "FULL", "WAITLIST"]
Kind = Literal["event", "notice"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is. `name` is the iCal LOCATION whole; `address` only where the feed parts it."""

    name: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who holds it; `email` only where it is published as the public contact."""

    name: str | None = None
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """For whom, in years; `max` None means no upper bound. `text` is the feed's own wording."""

    min: int | None = None
    max: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs, in `currency` (ISO 4217); `free` is True, False, or None when not said."""

    min: float | None = None
    max: float | None = None
    currency: str | None = None
    free: bool | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """One extra date of a series (RDATE), with its own end where the feed gives one."""

    start: Time
    end: Time | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """One date of a series told anew (RECURRENCE-ID).

    `changes` holds only the Event fields that differ from the series, typed as on Event.
    """

    recurrence_id: Time
    changes: Mapping[str, Any] = field(default_factory=dict)
    range: Literal["THISANDFUTURE"] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event, or a whole series, as one source tells it. Absent is None, a list is ()."""

    uid: str | None = None
    recurrence_id: Time | None = None
    sequence: int | None = None
    summary: str | None = None
    description: str | None = None
    start: Time | None = None
    end: Time | None = None
    all_day: bool = False
    zone: str | None = None
    status: Status | None = None
    previous_start: Time | None = None
    attendance: Attendance | None = None
    location: Place | None = None
    online_url: str | None = None
    organizer: Organizer | None = None
    url: str | None = None
    image: str | None = None
    image_alt: str | None = None
    categories: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    age: Age | None = None
    price: Price | None = None
    registration: Registration | None = None
    registration_url: str | None = None
    registration_closes: Time | None = None
    language: str | None = None
    access: str | None = None
    rrule: str | None = None
    rdates: tuple[Period, ...] = ()
    exdates: tuple[Time, ...] = ()
    overrides: tuple[Override, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    kind: Kind = "event"
    #: The series' own VTIMEZONE, as text, where its TZID matches no IANA zone. Kept for
    #: expansion and storage; `python -m feeds` does not print it.
    vtimezone: str | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date: `event` with overrides applied and without rrule, rdates, exdates, overrides.

    `recurrence_id` is its original start; for an event that is no series, its start.
    """

    recurrence_id: Time
    event: Event


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a feed that cost a part of it. `where` says which entry, line or key."""

    code: str
    where: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one body: events in the feed's order, and what was doubtful.

    `format` is the format's name, `zone` the zone that the feed names for itself (IANA),
    `refresh` how seldom the feed asks to be read (ttl, REFRESH-INTERVAL).
    """

    events: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
    format: str = ""
    name: str | None = None
    zone: str | None = None
    refresh: timedelta | None = None
