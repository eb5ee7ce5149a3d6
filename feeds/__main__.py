"""`python -m feeds ADDRESS|FILE|-` prints what the library would see: one JSON object a line.

Exit codes: 0 a feed was read, 2 bad usage, 3 there is no feed there, or it can't be had.
"""

import json
import os
import re
import sys
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from feeds.errors import FeedError, UnreadableError
from feeds.event import Occurrence, Problem, Reading
from feeds.facts import time_text, to_facts
from feeds.fetch import AGENT, fetch
from feeds.options import parse
from feeds.pages import Pages
from feeds.recurrence import expand, instant
from feeds.registry import Context, read
from feeds.text import line
from safehttp.door import Door
from words.say import say

#: How much of a file is read, in bytes.
CAP = 64_000_000

#: How far ahead the window reaches where --to is not given.
AHEAD = timedelta(days=400)

_ADDRESS = re.compile(r"(?:https?|webcals?|feed):", re.IGNORECASE)
_ONLY_IN_SERIES = frozenset(("rrule", "rdates", "exdates", "overrides"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit code. Raises SystemExit (2) for bad usage."""
    options = parse(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # whatever the locale
    try:
        reading = _reading(options)
    except FeedError as error:
        _complain([Problem(error.code, options.source, error.params)])
        return 3
    _complain(reading.problems)
    if not reading.events and not reading.problems:
        _complain([Problem("feed.no_entries", options.source)])
    try:
        _print(_occurrences(reading, options) if options.occurrences else _events(reading))
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _reading(options: Namespace) -> Reading:
    """What stands at the address or in the file. Raises FeedError."""
    if not _ADDRESS.match(options.source):
        return _read(_file(options.source), options, options.base_url, options.content_type)
    door = Door(user_agent=f"{AGENT} (python -m feeds)", allow_private=options.allow_private)
    found = fetch(door, options.source, now=options.now)
    base, media_type = options.base_url or found.url, options.content_type or found.media_type
    reading = _read(found.body or b"", options, base, media_type)
    pages = Pages(door, now=options.now, zone=options.zone, clock=time.monotonic)
    return pages.complete(reading)


def _read(body: bytes, options: Namespace, base: str | None, media_type: str | None) -> Reading:
    return read(body, Context(options.now, options.zone, base, media_type))


def _file(name: str) -> bytes:
    """The bytes of a file, or of the standard input. Raises UnreadableError."""
    try:
        if name == "-":
            body = sys.stdin.buffer.read(CAP + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(CAP + 1)
    except OSError as error:
        raise UnreadableError("feed.file", reason=error.strerror or "") from error
    except ValueError as error:  # a name that holds a NUL
        raise UnreadableError("feed.file", reason="") from error
    if len(body) > CAP:
        raise UnreadableError("feed.too_large", megabytes=CAP // 1_000_000)
    return body


def _events(reading: Reading) -> Iterator[dict[str, Any]]:
    """Every event in the feed's order, in the form of the contract."""
    for event in reading.events:
        yield _form(to_facts(event))


def _occurrences(reading: Reading, options: Namespace) -> Iterator[dict[str, Any]]:
    """Every occurrence that overlaps the window, in order of start, in the form of the contract."""
    zone = options.zone or ZoneInfo(reading.zone or "UTC")
    first = options.first or options.now.astimezone(zone).date()
    start = _midnight(first, zone)
    end = _midnight(options.last, zone) if options.last else _midnight(first + AHEAD, zone)
    found = list[Occurrence]()
    for event in reading.events:
        if event.kind == "event":
            expansion = expand(event, start, end)
            found += expansion.occurrences
            _complain(expansion.problems)
    for each in sorted(found, key=lambda each: instant(each.event.start or first, zone)):
        facts = _form(to_facts(each.event)) | {"recurrence_id": time_text(each.recurrence_id)}
        yield {name: value for name, value in facts.items() if name not in _ONLY_IN_SERIES}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _form(facts: dict[str, Any]) -> dict[str, Any]:
    """facts as printed: a zone's own definition serves expansion and storage alone."""
    return {name: value for name, value in facts.items() if name != "vtimezone"}


def _print(lines: Iterable[dict[str, Any]]) -> None:
    for facts in lines:
        print(json.dumps(facts, ensure_ascii=False))
    sys.stdout.flush()


def _complain(problems: Iterable[Problem]) -> None:
    """One line a problem, whatever stands in its parts."""
    for each in problems:
        where, words = line(each.where) or "feed", line(say(each.code, each.params))
        print(f"problem: {where}: {words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
