"""Events of every kind, as hypothesis makes them up."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from calendars.lines import clean
from feeds.event import Event, Override, Period, Place, Time
from feeds.own_zones import own_zone
from feeds.recurrence import expand
from feeds.text import line

ZONES = (
    "America/New_York",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Etc/UTC",
)
OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0330
TZOFFSETTO:+0230
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0230
TZOFFSETTO:+0330
END:DAYLIGHT
END:VTIMEZONE
"""
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)

texts = st.text(max_size=200) | st.text("aé😀;,\\\n\r\t\x00\x0b\x85\u2028 \"'", max_size=200)

#: Texts of which something is left for a reader.
said = texts.filter(lambda text: line(clean(text)))

_walls = st.datetimes(datetime(2025, 2, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001 - wall times
    lambda wall: wall.replace(minute=wall.minute // 15 * 15, second=0, microsecond=0)
)
#: Nights in which clocks of ZONES change.
_nights = st.builds(
    lambda day, minutes: datetime.combine(day, time()) + timedelta(minutes=15 * minutes),
    st.sampled_from([date(2026, 3, 8), date(2025, 11, 2), date(2026, 3, 29), date(2025, 10, 26)]),
    st.integers(0, 16),
)
_lengths = st.none() | st.sampled_from(
    [timedelta(minutes=45), timedelta(hours=2), timedelta(hours=9), timedelta(days=2)]
)
_kinds = st.sampled_from(("day", "floating", "offset", "own", "UTC", *ZONES))
_rules = st.builds(
    lambda parts, ending: ";".join(filter(None, (parts, ending))),
    st.sampled_from(
        (
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=WEEKLY",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU",
            "FREQ=MONTHLY;BYDAY=2TU",
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=DAILY;BYHOUR=9,15;BYMINUTE=0",
        )
    ),
    st.sampled_from(
        (
            "",
            "COUNT=1",
            "COUNT=9",
            "UNTIL=20260401",
            "UNTIL=20260607T090000Z",
            "UNTIL=20251231T180000",
        )
    ),
)


@st.composite
def singles(draw: st.DrawFn) -> Event:
    """One date, of any kind of time."""
    kind, length = draw(_kinds), draw(_lengths)
    wall = draw(_walls | _nights)
    zone: str | None = kind if kind in {"UTC", *ZONES} else None
    start: Time
    match kind:
        case "day":
            start, length = wall.date(), length and timedelta(days=max(1, length.days))
        case "floating":
            start = wall
        case "offset":
            start = wall.replace(tzinfo=timezone(timedelta(hours=-9, minutes=-30)))
        case "own":
            # icalendar reads an hour that such a clock skips by the later offset, against RFC 5545.
            start = wall.replace(hour=wall.hour % 12 + 6, tzinfo=own_zone(OWN_ZONE))
        case _:
            start = wall.replace(tzinfo=ZoneInfo(kind))
            second = start.replace(fold=draw(st.integers(0, 1)))
            start = second if second.astimezone(UTC) > start.astimezone(UTC) else start
    return Event(
        uid="1",
        summary=draw(texts) or None,
        description=draw(texts) or None,
        start=start,
        end=_later(start, length) if length else None,
        all_day=kind == "day",
        zone=zone,
        status=draw(st.sampled_from((None, "CONFIRMED", "TENTATIVE", "CANCELLED", "POSTPONED"))),
        location=draw(st.none() | texts.filter(bool).map(Place)),
        categories=tuple(draw(st.lists(texts.filter(str.strip), max_size=2))),
        vtimezone=OWN_ZONE if kind == "own" else None,
    )


@st.composite
def series(draw: st.DrawFn, *, ranges: bool = False) -> Event:
    """A rule, extra dates, exceptions and overrides, of dates that are there and that are not."""
    plain = replace(draw(singles()), summary=draw(said))
    if isinstance(plain.start, datetime):  # a series goes by the wall clock
        start, end = plain.start.replace(fold=0), draw(_lengths)
        if start.tzinfo and start.astimezone(UTC).astimezone(start.tzinfo).hour != start.hour:
            start = start.replace(hour=12)  # an hour that is skipped; later dates may be in one
        plain = replace(plain, start=start, end=start + end if end else None)
    event = replace(plain, rrule=draw(st.none() | _rules))
    dates = [each.recurrence_id for each in expand(event, BEGIN, END).occurrences][:20]
    others = _walls.map(lambda wall: _like(event.start, wall))
    known = st.sampled_from(dates) | others if dates else others
    rdates = draw(st.lists(known, max_size=3, unique=True))
    ends = draw(st.lists(st.none() | st.just(timedelta(days=1)), min_size=3, max_size=3))
    told = draw(st.lists(known, max_size=3, unique_by=str))
    return replace(
        event,
        rdates=tuple(
            Period(each, _later(each, end) if end else None)
            for each, end in zip(rdates, ends, strict=False)
        ),
        exdates=tuple(draw(st.lists(known | _walls.map(datetime.date), max_size=4))),
        overrides=tuple(draw(_overrides(each, event, ranges=ranges)) for each in told),
    )


@st.composite
def _overrides(draw: st.DrawFn, original: Time, event: Event, *, ranges: bool) -> Override:
    changes: dict[str, Any] = {}
    if draw(st.booleans()):
        changes["summary"] = draw(said)
    if draw(st.booleans()):
        changes["status"] = draw(st.sampled_from(("CANCELLED", None)))
    if draw(st.booleans()):
        moved = timedelta(days=draw(st.integers(-1, 3)))
        if isinstance(original, datetime):
            moved += timedelta(hours=draw(st.integers(-2, 2)))
        changes["start"] = original + moved
        # A cancelled date without an end takes its series' (our reader): so no series is given one.
        if event.end is not None:
            changes["end"] = _later(original + moved, timedelta(days=1))
    return Override(original, changes, "THISANDFUTURE" if ranges and draw(st.booleans()) else None)


def _like(start: Time | None, wall: datetime) -> Time:
    """wall as a time of start's kind."""
    if not isinstance(start, datetime):
        return wall.date()
    zone: tzinfo | None = start.tzinfo
    return wall.replace(tzinfo=zone)


def _later(start: Time, length: timedelta) -> Time:
    """start and as much time as passes on a clock that is never moved."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return start + length
    return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
