"""iCalendar (RFC 5545 and 7986), as calendars of all vendors write it.

One bad property or event never loses the others: the stream is cut into its parts first
(`ical_stream`), each VEVENT is read by itself (`ical_event`, `ical_words`), and what belongs
together is put together again (`ical_series`).
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from feeds.errors import UnreadableError
from feeds.event import Problem, Reading
from feeds.ical_lines import Properties, duration, properties
from feeds.ical_series import assembled
from feeds.ical_source import Source, is_busy, is_private
from feeds.ical_stream import MOST, PROPERTIES, Calendar, Stream, split
from feeds.ical_times import Zones
from feeds.registry import Context, Format
from feeds.text import decode, line
from feeds.timezones import iana

_BEGIN = re.compile(
    r"^[ \t]*BEGIN[ \t]*:[ \t]*(?:VCALENDAR|VEVENT)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_MARKUP = re.compile(r"\s*(?:<|\{|\[)")
_OF_CALENDAR = frozenset(
    {"X-WR-CALNAME", "NAME", "X-WR-TIMEZONE", "TIMEZONE-ID", "METHOD"}
    | {"REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
)


def sniff(head: bytes, media_type: str) -> bool:
    """Recognise a calendar by its first line, or by its media type if nothing speaks against."""
    text = decode(head)
    if _BEGIN.search(text):
        return True
    return media_type == "text/calendar" and not _MARKUP.match(text)


def read(body: bytes, context: Context) -> Reading:
    """Read every event that can be read, and say what of the rest could not be.

    Raises UnreadableError for what is no calendar, saying what it seems to be.
    """
    stream = split(body, context.media_type)
    if not stream.calendars:
        raise UnreadableError(_what_it_is(body))
    heads = [properties(each.lines, _OF_CALENDAR) for each in stream.calendars]
    zones = [_zones(*each, context) for each in zip(stream.calendars, heads, strict=True)]
    sources, hidden = list[Source](), 0
    for calendar, head, zone in zip(stream.calendars, heads, zones, strict=True):
        found = list(_sources(calendar, head, zone, context.base_url))
        sources += [each for each in found if not is_busy(each)]
        hidden += calendar.busy + len(found) - sum(not is_busy(each) for each in found)
    events, problems = assembled(sources)
    return Reading(
        events,
        (*_of_stream(stream, sources, hidden), *_of_zones(heads, zones), *problems),
        "ical",
        _name(heads),
        next((each.feed for each in zones if each.feed), None),
        _refresh(heads),
    )


def _what_it_is(body: bytes) -> str:
    """The code of what stands there instead of a calendar."""
    start = decode(body[:1000]).lstrip()
    if not start:
        return "feed.empty"
    if start.startswith("<"):
        return "ical.is_page"
    return "ical.is_data" if start.startswith(("{", "[")) else "ical.not_calendar"


def _zones(calendar: Calendar, head: Properties, context: Context) -> Zones:
    repeats = iana(head.text("X-WR-TIMEZONE"))
    return Zones(
        feed=repeats or iana(head.text("TIMEZONE-ID")),
        repeats=repeats,
        reader=context.zone.key if context.zone else None,
        own=calendar.zones,
    )


def _sources(
    calendar: Calendar, head: Properties, zones: Zones, base: str | None
) -> Iterable[Source]:
    cancelled = head.value("METHOD") == "CANCEL"
    for block in calendar.events:
        yield Source(block.number, properties(block.lines, PROPERTIES), zones, base, cancelled)


def _of_stream(stream: Stream, sources: list[Source], hidden: int) -> Iterable[Problem]:
    """What was wrong with the stream as a whole, and what was left out of it on purpose."""
    if stream.cut:
        yield Problem("ical.cut_off", "feed")
    if stream.long:
        yield Problem("feed.too_many", "feed", {"most": MOST})
    private = sum(map(is_private, sources))
    if private:
        yield Problem("ical.private", "feed", {"count": private})
    if hidden:
        yield Problem("ical.busy", "feed", {"count": hidden})


def _of_zones(heads: list[Properties], zones: list[Zones]) -> Iterable[Problem]:
    """The zones that are named but that nobody knows, each once."""
    named = [head.text("X-WR-TIMEZONE") or head.text("TIMEZONE-ID") for head in heads]
    unknown = [name for name, each in zip(named, zones, strict=True) if name and not each.feed]
    unknown += [tzid for each in zones for tzid in each.unknown]
    for name in dict.fromkeys(unknown):
        yield Problem("ical.zone", "feed", {"zone": line(name) or ""})


def _name(heads: list[Properties]) -> str | None:
    named = (head.text("X-WR-CALNAME") or head.text("NAME") for head in heads)
    return next((name for each in named if (name := line(each))), None)


def _refresh(heads: list[Properties]) -> timedelta | None:
    """How often the feed asks to be read, at most."""
    for head in heads:
        told = head.text("REFRESH-INTERVAL") or head.text("X-PUBLISHED-TTL")
        length = duration(told) if told else None
        if length and length > timedelta():
            return length
    return None


FORMAT = Format("ical", sniff, read, order=10)
