"""Polite retrieval of one feed or page through the door: conditional, and told what to do next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feeds.errors import LaterError, RefusedError, UnreadableError
from safehttp.door import Answer, Door
from safehttp.errors import ForbiddenError, NoAnswerError, NotSentError, TooLargeError

#: The name that robots.txt files know us by.
AGENT = "Townboard"

#: What we can read, the surest first.
ACCEPT = (
    "text/calendar, application/rss+xml, application/atom+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)

_CALENDAR_SCHEMES = re.compile(r"^(?:webcals?|feed):(?://)?(?=\S)", re.IGNORECASE)
_PRINTABLE = re.compile(r"[\x20-\x7e]+")  # an ETag of other letters could not be sent back
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age=\"?(\d{1,9})", re.IGNORECASE | re.ASCII)
_FORBIDDEN = frozenset((401, 402, 403, 407, 451))
_LATER = frozenset((408, 421, 425, 429))


@dataclass(frozen=True, slots=True)
class Fetched:
    """One good answer. `body` is None when nothing changed since the etag or date that was sent.

    `media_type` is the Content-Type whole; `url` is where it finally came from; `moved_to` is
    the new address when the old one says it is gone there for good; `max_age` is how long the
    server calls it fresh; `bytes` is the size of the body, decoded.
    """

    status: int
    body: bytes | None
    media_type: str | None
    etag: str | None
    last_modified: str | None
    url: str
    moved_to: str | None
    max_age: timedelta | None
    bytes: int


def fetch(
    door: Door,
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    now: datetime,
    within: float | None = None,
) -> Fetched:
    """Ask url once, for what changed since etag or last_modified.

    now (aware) is what a Retry-After date is counted from; within, in seconds, replaces the
    door's own time. Raises RefusedError when asking again will not help, LaterError (with the
    wait that the server asks for) when it may, UnreadableError for an answer that is too large;
    what the door itself refused or missed keeps the door's code.
    """
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    known = {name: value for name, value in asked.items() if value and _PRINTABLE.fullmatch(value)}
    try:
        answer = door.get(https_address(url), {"Accept": ACCEPT, **known}, within=within)
    except ForbiddenError as error:
        raise RefusedError(error.code) from error
    except TooLargeError as error:
        raise UnreadableError(error.code) from error
    except (NotSentError, NoAnswerError) as error:
        raise LaterError(error.code) from error
    return _accepted(answer, etag, last_modified, now)


def https_address(url: str) -> str:
    """url with webcal: and feed: as what they stand for (https, unless they name http)."""
    bare = _CALENDAR_SCHEMES.sub("", url.strip(), count=1)
    return bare if urlsplit(bare).scheme in {"http", "https"} else f"https://{bare}"


def _accepted(
    answer: Answer, etag: str | None, last_modified: str | None, now: datetime
) -> Fetched:
    """The answer, if it is a good one; any other raises the error that says what to do next."""
    status, headers = answer.status, answer.headers
    if status == 304 or 200 <= status < 300:
        unchanged = status == 304
        return Fetched(
            status,
            None if unchanged else answer.body,
            headers.get("content-type"),
            headers.get("etag") or (etag if unchanged else None),
            headers.get("last-modified") or (last_modified if unchanged else None),
            answer.url,
            answer.moved_to,
            _max_age(headers),
            len(answer.body),
        )
    if status in {404, 410}:
        raise RefusedError("feed.gone", status=status)
    if status in _FORBIDDEN:
        raise RefusedError("feed.forbidden", status=status)
    if status in _LATER or status >= 500:
        raise LaterError("feed.later", wait=answer.retry_after(now), status=status)
    raise RefusedError("feed.status", status=status)


def _max_age(headers: Mapping[str, str]) -> timedelta | None:
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return timedelta(seconds=int(found[1])) if found else None
