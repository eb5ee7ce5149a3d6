"""The bytes of an iCalendar stream → its calendars, cut into events and zones, line by line.

Nothing here has to be right for the rest to be read: folds that split a letter, bare line
feeds, blank lines, several calendars in one stream, parts that never end, text that runs on
over raw line breaks. (RFC 5545, 3.1 to 3.6.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from feeds.text import CAP, decode

#: The most events that are read of one feed.
MOST = 20_000
#: The longest definition of a zone that is kept, in characters; real ones have up to 15,000.
_ZONE_CAP = 64_000

#: The properties of an event that are read.
PROPERTIES = frozenset(
    {"UID", "SEQUENCE", "RECURRENCE-ID", "SUMMARY", "DESCRIPTION", "X-ALT-DESC", "DTSTART"}
    | {"DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "STATUS", "CLASS", "LOCATION"}
    | {"GEO", "CONFERENCE", "ORGANIZER", "CONTACT", "URL", "IMAGE", "ATTACH", "CATEGORIES"}
    | {"X-TKF-FEATURED-IMAGE", "CREATED", "LAST-MODIFIED"}
)

#: How deep parts within an event are followed; alarms are one deep.
_DEEPEST = 20

_LINE_ENDS = re.compile(rb"[\r\n]+")
_FOLD = re.compile(rb"\n[ \t]")
_NAME = re.compile(r"([A-Za-z0-9_-]+)[ \t]*[;:]")
#: Parts that never stand inside an event: where one begins, an event before it is over.
_TOP = frozenset({"VEVENT", "VTIMEZONE", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"})
#: Properties whose text may run on over raw line breaks.
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "X-ALT-DESC"})
#: What of a VTIMEZONE says when its clock is what.
_OF_ZONES = frozenset(
    {"BEGIN", "END", "TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}
    | {"X-LIC-LOCATION"}
)


@dataclass(slots=True)
class Block:
    """One VEVENT: which one of the stream it is, counted from 1, and its own lines, unfolded."""

    number: int
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Calendar:
    """One VCALENDAR: its own lines, its events, its zones by TZID, how often it says "busy"."""

    lines: list[str] = field(default_factory=list)
    events: list[Block] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    busy: int = 0


@dataclass(slots=True)
class Stream:
    """All calendars. `cut` when the stream ends within one, `long` when MOST events were read."""

    calendars: list[Calendar] = field(default_factory=list)
    cut: bool = False
    long: bool = False


def split(body: bytes, media_type: str | None = None) -> Stream:
    """Cut a stream into its parts. An event that the end of the stream cuts off is left out."""
    splitter = _Splitter()
    for line in _unfolded(body, media_type):
        splitter.take(line)
        if splitter.count > MOST:
            return splitter.stopped()
    return splitter.ended()


def property_name(line: str) -> str:
    """The name of a content line in capitals; "" for a line that is none."""
    found = _NAME.match(line)
    return found[1].upper() if found else ""


def _unfolded(body: bytes, media_type: str | None) -> Iterator[str]:
    """The logical lines. Folds are undone on bytes, since some fold within a letter."""
    if b"\0" in body[:4096]:  # UTF-16 or UTF-32
        body, media_type = decode(body, media_type).encode("utf-8", "ignore"), None
    body = _FOLD.sub(b"", _LINE_ENDS.sub(b"\n", body))
    return iter(decode(body, media_type).split("\n"))


class _Splitter:
    """Takes the lines one by one."""

    def __init__(self) -> None:
        self.count = 0
        self._stream = Stream()
        self._calendar: Calendar | None = None
        self._wrapped = False  # whether a BEGIN:VCALENDAR opened it
        self._open = ""  # the part that we are in, "" in none
        self._inside: list[str] = []  # what is open within it, alarms for instance
        self._lines: list[str] = []

    def take(self, line: str) -> None:
        """One logical line."""
        word, _, name = line[:100].partition(":")
        match word.strip().upper():
            case "BEGIN":
                self._begin(name.strip().upper(), line)
            case "END":
                self._end(name.strip().upper(), line)
            case _:
                self._property(line)

    def ended(self) -> Stream:
        """What was read, when the lines are over."""
        self._stream.cut = bool(self._open) or (self._wrapped and self._calendar is not None)
        return self._stream

    def stopped(self) -> Stream:
        """What was read, when there are too many events; the one too many is left out."""
        self._stream.long = True
        return self._stream

    def _begin(self, name: str, line: str) -> None:
        if name == "VCALENDAR":
            self._close()
            self._calendar = None
            self._current()
            self._wrapped = True
        elif self._open and name not in _TOP:
            if self._open == "VTIMEZONE":
                self._lines.append(line)
            if len(self._inside) < _DEEPEST:
                self._inside.append(name)
        else:
            self._close()
            self._open, self._lines = name, [line] if name == "VTIMEZONE" else []
            self.count += name == "VEVENT"
            self._current().busy += name == "VFREEBUSY"

    def _end(self, name: str, line: str) -> None:
        if self._open == "VTIMEZONE":
            self._lines.append(line)
        if name == "VCALENDAR":
            self._close()
            self._calendar, self._wrapped = None, False
        elif name == self._open:
            self._close()
        elif name in self._inside:
            del self._inside[self._inside.index(name) :]

    def _property(self, line: str) -> None:
        if not self._open:
            if self._calendar is not None:
                self._calendar.lines.append(line)
        elif self._open == "VTIMEZONE":
            if property_name(line) in _OF_ZONES:
                self._lines.append(line)
        elif self._open == "VEVENT" and not self._inside:
            if _is_property(line):
                self._lines.append(line)
            elif self._lines and self._runs_on(self._lines[-1]):
                self._lines[-1] += f"\\n{line}"  # as the text should have been written

    def _runs_on(self, line: str) -> bool:
        return property_name(line) in _TEXTS and len(line) < CAP

    def _current(self) -> Calendar:
        """The calendar that we are in; events without one around them get one."""
        if self._calendar is None:
            self._calendar = Calendar()
            self._stream.calendars.append(self._calendar)
        return self._calendar

    def _close(self) -> None:
        """The open part is over, whether it says so or not."""
        if self._open == "VEVENT":
            self._current().events.append(Block(self.count, self._lines))
        elif self._open == "VTIMEZONE":
            self._add_zone("\n".join(self._lines))
        self._open, self._inside, self._lines = "", [], []

    def _add_zone(self, text: str) -> None:
        found = re.search(r"^TZID[^:\n]*:(.+)$", text, re.IGNORECASE | re.MULTILINE)
        if found and len(text) <= _ZONE_CAP:
            self._current().zones.setdefault(found[1].strip(), text)


def _is_property(line: str) -> bool:
    """Whether a line within an event is a property, not the rest of a text.

    Names are written in capitals, or they are those that we know; "Note: bring a pen" is none.
    """
    found = _NAME.match(line)
    if not found:
        return False
    name = found[1]
    return name.isupper() or name[:2].lower() == "x-" or name.upper() in PROPERTIES
