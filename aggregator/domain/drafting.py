"""An event as a form holds it, typed by a person, and the contract's Event: both ways.

What can't be read is a fault of its field, by code; nothing is corrected in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.domain.draft_times import is_night, repeat_of, series, start_day, times
from aggregator.domain.draft_words import access_of, words
from aggregator.domain.drafts import Draft, Fault, Faults
from aggregator.domain.repeating import Repeat, next_dates, of_rule, said
from feeds.event import Age, Event, Place, Price, Time


@dataclass(frozen=True, slots=True)
class Drafted:
    """The event, or what is wrong by field; where the dates can be read they are told anyway."""

    draft: Draft
    event: Event | None
    faults: Mapping[str, Fault]
    repeat: Repeat | None = None


def drafted(
    draft: Draft,
    zone: ZoneInfo,
    now: datetime,
    places: Sequence[Place] = (),
    old: Event | None = None,
) -> Drafted:
    """What the form tells; `old` is the event that it amends, whose other facts stay."""
    faults: Faults = {}
    today = now.astimezone(zone).date()
    base = old or Event()
    values = words(draft, places, base, faults)
    start, end = times(draft, zone, today, faults)
    repeat = repeat_of(draft, start, today, faults)
    if start is not None and repeat is None and "repeat" not in faults:
        over = end <= today if not isinstance(end, datetime) and end else start_day(start) < today
        if over and (old is None or old.start != start):
            faults.setdefault("day", Fault("entering.past"))
    if faults or start is None:
        return Drafted(draft, None, faults, repeat[0] if repeat else None)
    event = replace(
        base,
        **values,
        start=start,
        end=end,
        all_day=draft.all_day,
        zone=None if draft.all_day else zone.key,
        **series(draft, start, repeat, base),
    )
    if repeat is not None and not _has_dates(event, start, zone):
        return Drafted(draft, None, {"repeat": Fault("entering.no_date")}, repeat[0])
    return Drafted(draft, event, {}, repeat[0] if repeat else None)


def draft_of(event: Event, today: date) -> Draft:
    """The form that an event of ours fills."""
    start, end = event.start, event.end
    last = ""
    if end is not None and start is not None:
        final = end.date() if isinstance(end, datetime) else end - timedelta(days=1)
        nightly = isinstance(end, datetime) and is_night(start, end)
        last = final.isoformat() if final > start_day(start) and not nightly else ""
    place, age, price = event.location or Place(), event.age or Age(), event.price or Price()
    named, more = access_of(event.access)
    return Draft(
        title=event.summary or "",
        day=start_day(start).isoformat() if start else "",
        last=last,
        all_day=event.all_day,
        start=f"{start:%H:%M}" if isinstance(start, datetime) else "",
        end=f"{end:%H:%M}" if isinstance(end, datetime) else "",
        repeat=_repeat_words(event, today),
        without=tuple(start_day(each).isoformat() for each in event.exdates),
        off=tuple(
            start_day(each.recurrence_id).isoformat()
            for each in event.overrides
            if each.changes.get("status") == "CANCELLED"
        ),
        place=place.name or "",
        address=place.address or "",
        organizer=(event.organizer.name if event.organizer else "") or "",
        price="Free" if price.free else price.text or "",
        audience=event.audience,
        age_from="" if age.min is None else str(age.min),
        age_to="" if age.max is None else str(age.max),
        booking=event.registration or "",
        booking_url=event.registration_url or "",
        online_url=event.online_url or "",
        access=named,
        access_more=more,
        url=event.url or "",
        image=event.image or "",
        image_alt=event.image_alt or "",
        description=event.description or "",
    )


def _has_dates(event: Event, start: Time, zone: ZoneInfo) -> bool:
    return bool(next_dates(event, datetime.combine(start_day(start), time(), zone), 1))


def all_dates(event: Event, now: datetime, most: int) -> list[Time]:
    """The next dates of a series as if none were left out or cancelled."""
    return next_dates(replace(event, exdates=(), overrides=()), now, most)


def _repeat_words(event: Event, today: date) -> str:
    if not event.rrule or event.start is None:
        return ""
    found = of_rule(event.rrule, event.start)
    return event.rrule if found is None else said(found, start_day(event.start), today)
