"""Finds the formats of `feeds/formats` and reads a body with the one that knows it.

A format is a module with one constant, FORMAT. Starting fails where one has none.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from feeds import formats
from feeds.errors import UnreadableError
from feeds.event import Reading

#: Raised when a reader changes what it makes of the same body: sources are then read again.
READER_VERSION = 1

#: How much of a body a format sees to recognise it, in bytes.
HEAD = 4096


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the body.

    `zone` is the reader's default zone (`--zone`, the partner's), None when unknown; it never
    overrides what the feed says. `now` is aware. `base_url` is the address the body came from.
    """

    now: datetime
    zone: ZoneInfo | None = None
    base_url: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, its place in the row of askers, how it knows a body and reads it."""

    name: str
    sniff: Callable[[bytes, str], bool]  # (the head of the body, the media type or "")
    read: Callable[[bytes, Context], Reading]
    order: int = 50  # the surest are asked first; a web page, which claims much, last


@cache
def all_formats() -> dict[str, Format]:
    """Every format by name, in the order they are asked. Raises at once where one is broken."""
    found = []
    for module in pkgutil.iter_modules(formats.__path__, f"{formats.__name__}."):
        constant = importlib.import_module(module.name).FORMAT
        if not isinstance(constant, Format):
            raise TypeError(f"{module.name}.FORMAT is no Format")
        found.append(constant)
    return {each.name: each for each in sorted(found, key=lambda each: (each.order, each.name))}


def read(body: bytes, context: Context) -> Reading:
    """Read body with the first format that knows it. Raises UnreadableError if none does."""
    if not body.strip():
        raise UnreadableError("feed.empty")
    head, media_type = body[:HEAD], (context.media_type or "").partition(";")[0].strip().lower()
    for each in all_formats().values():
        if each.sniff(head, media_type):
            return each.read(body, context)
    raise UnreadableError("feed.unknown", media_type=media_type or "none")
