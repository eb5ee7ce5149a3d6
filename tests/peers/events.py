"""Events of every kind, on every kind of clock, for peers to read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from feeds.event import Event, Override, Period, Time
from feeds.own_zones import own_zone
from tests.calendars.strategies import OWN_ZONE, ZONES

_EAST = timezone(timedelta(hours=5, minutes=45))


def all_events() -> list[Event]:
    """Some two hundred, each with a summary of its own."""
    found = [event for zone in ZONES for event in _timed(zone, ZoneInfo(zone), zone)]
    found += _timed("floating", None, None)
    found += _timed("offset", _EAST, None)
    found += [
        replace(event, vtimezone=OWN_ZONE) for event in _timed("own", own_zone(OWN_ZONE), None)
    ]
    return [*found, *_whole_days()]


def _timed(label: str, tz: tzinfo | None, zone: str | None) -> Iterator[Event]:
    def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, month, day, hour, minute, tzinfo=tz)

    def event(kind: str, start: datetime, hours: int = 1, **more: object) -> Event:
        wall = start.replace(tzinfo=None) + timedelta(hours=hours)
        end = wall.replace(tzinfo=tz)
        return Event(summary=f"{label}: {kind}", start=start, end=end, zone=zone, **more)  # type: ignore[arg-type]

    yield event("once", at(7, 4, 15))
    yield event("without end", at(7, 4, 16), 0)
    yield event("in a skipped or doubled hour", at(3, 8, 2, 30))
    yield event("in a doubled hour", at(11, 1, 1, 30))
    yield event("at its second time", at(10, 25, 2, 30).replace(fold=1), 2)
    yield event("daily", at(2, 1, 12), rrule="FREQ=DAILY;UNTIL=20260430")
    yield event("daily at half past one", at(2, 1, 1, 30), rrule="FREQ=DAILY;COUNT=300")
    yield event("daily at half past two", at(2, 1, 2, 30), rrule="FREQ=DAILY;COUNT=300")
    yield event("overnight", at(1, 3, 22), 6, rrule="FREQ=WEEKLY;BYDAY=SA")
    yield event("monthly", at(1, 30, 18), rrule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    yield event("of long months", at(1, 31, 18), rrule="FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9")
    yield event("every other week", at(1, 4, 9), rrule="FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU")
    yield event(
        "weekly, changed",
        at(1, 5, 10),
        rrule="FREQ=WEEKLY;BYDAY=MO,TH",
        exdates=(at(2, 2, 10), at(2, 3, 10), at(5, 7, 10), date(2026, 5, 11)),
        rdates=(Period(at(1, 6, 10)), Period(at(1, 8, 10)), Period(at(1, 9, 10), at(1, 9, 17))),
        overrides=(
            Override(at(3, 5, 10), {"start": at(3, 6, 14), "end": at(3, 6, 16)}),
            Override(at(4, 2, 10), {"status": "CANCELLED"}),
            Override(at(4, 9, 10), {"summary": f"{label}: weekly, retitled"}),
            Override(at(8, 8, 8), {"summary": f"{label}: weekly, added"}),
        ),
    )
    yield event("first outside the rule", at(1, 7, 20), rrule="FREQ=WEEKLY;BYDAY=FR;COUNT=12")
    yield event(
        "extra dates only",
        at(6, 1, 9),
        rdates=(Period(at(6, 3, 9)), Period(at(6, 8, 9), at(6, 8, 12))),
    )
    later = {
        "summary": f"{label}: moved to the evening",
        "start": at(6, 3, 19),
        "end": at(6, 3, 21),
    }
    yield event(
        "moved for good",
        at(1, 7, 11),
        rrule="FREQ=WEEKLY;COUNT=60",
        overrides=(
            Override(at(6, 3, 11), later, "THISANDFUTURE"),
            Override(at(7, 8, 11), {"summary": f"{label}: once as before"}),
        ),
        exdates=(at(7, 15, 11),),
    )
    saturday = {"start": at(9, 5, 11), "end": at(9, 5, 12)}
    yield event(
        "moved to another day for good",
        at(1, 8, 11),
        rrule="FREQ=WEEKLY",
        overrides=(Override(at(9, 3, 11), saturday, "THISANDFUTURE"),),
    )


def _whole_days() -> Iterator[Event]:
    def event(kind: str, start: date, days: int = 1, **more: object) -> Event:
        end = start + timedelta(days=days)
        return Event(summary=f"whole days: {kind}", start=start, end=end, all_day=True, **more)  # type: ignore[arg-type]

    first: Time = date(2026, 1, 5)
    assert isinstance(first, date)
    yield event("once", first)
    yield event("a week", first, 7, rrule="FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20261201T000000Z")
    yield event(
        "weekly",
        first,
        rrule="FREQ=WEEKLY;UNTIL=20261005",
        exdates=(date(2026, 2, 2),),
        rdates=(Period(date(2026, 2, 4)),),
        overrides=(
            Override(date(2026, 3, 2), {"start": date(2026, 3, 3), "end": date(2026, 3, 5)}),
            Override(date(2026, 6, 1), {"summary": "whole days: summer"}, "THISANDFUTURE"),
        ),
    )
