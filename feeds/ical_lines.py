"""The properties of one calendar part: content lines taken apart, and their plain values.

A line that can't be taken apart is left out, and named (RFC 5545, 3.1 to 3.3).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from icalendar.parser import Contentline, split_on_unescaped_comma, unescape_backslash
from icalendar.prop import vDuration

_PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+")
_SEMICOLONS = re.compile(";{2,}")
#: Name and parameters of a line are shorter than this, in characters.
_LONGEST_HEAD = 4_000
_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One property: parameters by their name in capitals, and the value as it is written."""

    name: str
    params: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as TEXT, its escapes undone."""
        return str(unescape_backslash(self.value))

    @property
    def texts(self) -> list[str]:
        """The value as a list of TEXT."""
        return split_on_unescaped_comma(self.value)


@dataclass(slots=True)
class Properties:
    """The properties of one part, in their order; `broken` are the names of lines left out."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        """Every property of that name that says something."""
        return self.lines.get(name, [])

    def first(self, name: str) -> Line | None:
        """The first property of that name that says something."""
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str | None:
        """The value of the first one, in capitals, as words like STATUS have it."""
        line = self.first(name)
        return line.value.strip().upper() if line else None

    def text(self, name: str) -> str | None:
        """The text of the first one."""
        line = self.first(name)
        return line.text if line else None

    def number(self, name: str) -> int | None:
        """The first one as a whole number; one that is none is broken."""
        line = self.first(name)
        if line is None:
            return None
        if not _WHOLE.fullmatch(line.value.strip()):
            self.broken.append(name)
            return None
        return int(line.value)

    def has(self, name: str) -> bool:
        """Whether a property of that name says something."""
        return name in self.lines


def properties(lines: Iterable[str], wanted: frozenset[str]) -> Properties:
    """Those of lines that are wanted. Empty ones count as not there."""
    found = Properties()
    for each in lines:
        name = _name(each)
        if name not in wanted:
            continue
        try:
            line = _taken_apart(each)
        except ValueError:
            found.broken.append(name)
            continue
        if line.value.strip():
            found.lines.setdefault(name, []).append(line)
    return found


def _name(line: str) -> str:
    """The name in capitals; blanks within it are a known fault (`REFRESH - INTERVAL`)."""
    name = line[:60].partition(":")[0].partition(";")[0]
    return ("".join(name.split()) if " " in name else name).upper()


def _taken_apart(line: str) -> Line:
    """Raises ValueError for what icalendar can't take apart."""
    head, colon, value = line.partition(":")
    if '"' in head:  # a quoted parameter may hold a colon
        at = Contentline(line).value_separator_index()  # type: ignore[no-untyped-call]
        head, colon, value = line[: max(at, 0)], ":", line[at + 1 :]
    elif value.startswith("//") and ";" in head:
        head, colon, value = _with_address(head, value)
    if not colon or len(head) > _LONGEST_HEAD:
        raise ValueError(line[:100])
    return Line(*_head(head), value)


def _with_address(head: str, rest: str) -> tuple[str, str, str]:
    """Head, colon and value of a line whose last parameter is an address without its quotes, as
    Exchange writes them: `DTSTART;TZID=tzone://Microsoft/Utc:20260706T180000`."""
    name, equals, scheme = head.rpartition("=")
    address, colon, value = rest.partition(":")
    return f'{name}{equals}"{scheme}:{address}"', colon, value


@lru_cache(maxsize=1024)
def _head(head: str) -> tuple[str, Mapping[str, str]]:
    """Name and parameters; the same few stand in every event of a feed. Raises ValueError."""
    if _PLAIN_NAME.fullmatch(head):
        return head.upper(), {}
    head = _SEMICOLONS.sub(";", head)
    name, params, _ = Contentline(f"{head}:").raw_parts()  # type: ignore[no-untyped-call]
    told = {
        key.upper(): ",".join(each) if isinstance(each, list) else each
        for key, each in params.items()
    }
    return "".join(name.split()).upper(), told


def duration(text: str) -> timedelta | None:
    """How long a DURATION is, None for what is none. `P15M` is read as `PT15M`: there are no
    durations in months, but feeds that leave out the T."""
    text = text.strip().upper()
    for candidate in (text, text.replace("P", "PT", 1)):
        try:
            length: timedelta = vDuration.from_ical(candidate)  # type: ignore[no-untyped-call]
        except ValueError:
            continue
        else:
            return length
    return None
