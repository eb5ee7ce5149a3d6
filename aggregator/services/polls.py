"""One poll: fetch and read, with no transaction open. What comes of it is a value to store."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from aggregator.services import linking
from aggregator.services.house import House
from aggregator.storage import sources
from aggregator.storage.hosts import Claim
from aggregator.storage.sources import Source
from feeds.errors import FeedError, LaterError
from feeds.event import Reading
from feeds.fetch import Fetched, fetch
from feeds.registry import READER_VERSION, Context, read

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll brought. `reading` None: nothing new to say, or `failed`."""

    source: Source
    at: datetime
    outcome: str  # NEW_BODY, SAME_BODY, NOT_MODIFIED, or an error's code
    params: Mapping[str, str | int]
    failed: bool = False
    ms: int = 0
    fetched: Fetched | None = None
    digest: str | None = None
    reading: Reading | None = None
    pages: tuple[linking.Page, ...] = ()
    wait: timedelta | None = None
    cause: Literal["fetch", "reader"] = "fetch"


def poll(house: House, source: Source, held: Claim, zone: ZoneInfo) -> Poll:
    """Ask the source once and read what is new. Never raises: an error is an outcome."""
    at, begun = house.clock(), time.monotonic()
    try:
        done = _poll(house, source, held, zone, at)
    except LaterError as error:
        done = Poll(source, at, error.code, error.params, failed=True, wait=error.wait)
    except FeedError as error:
        done = Poll(source, at, error.code, error.params, failed=True)
    except Exception:  # one feed's surprise must not stop the others
        _log.exception("poll.crashed", source=source.url)
        done = Poll(source, at, "feed.crashed", {}, failed=True)
    return replace(done, ms=int((time.monotonic() - begun) * 1000))


def _poll(house: House, source: Source, held: Claim, zone: ZoneInfo, at: datetime) -> Poll:
    fetched = fetch(
        house.feed_door(source.url),
        source.url,
        etag=source.etag,
        last_modified=source.last_modified,
        now=at,
    )
    if fetched.body is None:
        return _unchanged(house, Poll(source, at, "NOT_MODIFIED", {}, fetched=fetched), held, zone)
    digest = hashlib.sha256(fetched.body).hexdigest()
    if digest == source.body_digest:
        same = Poll(source, at, "SAME_BODY", {}, fetched=fetched)
        return _unchanged(house, same, held, zone)
    done = Poll(source, at, "NEW_BODY", {}, fetched=fetched, digest=digest)
    reading = read(fetched.body, _context(fetched.url, fetched.media_type, zone, at))
    return _linked(house, replace(done, reading=reading), held)


def _unchanged(house: House, done: Poll, held: Claim, zone: ZoneInfo) -> Poll:
    """Nothing new came. The stored body is read again after an upgrade of the reader, or to go
    on with linked pages that were left for later."""
    source = done.source
    upgraded = source.reader_version != READER_VERSION
    with house.database.reading() as tx:
        if not upgraded and not sources.pages_due(tx, source.id, done.at):
            return done
        kept = sources.kept_body(tx, source.id)
    if kept is None:
        return done
    body, media_type, url = kept
    reading = read(body, _context(url, media_type, zone, done.at))
    cause: Literal["fetch", "reader"] = "reader" if upgraded else "fetch"
    return _linked(house, replace(done, reading=reading, cause=cause), held)


def _linked(house: House, done: Poll, held: Claim) -> Poll:
    """Entries without event data are completed from the pages they link to."""
    if done.reading is None or all(event.kind == "event" for event in done.reading.events):
        return done
    events, pages = linking.complete(house, done.reading.events, held, done.at)
    return replace(done, reading=replace(done.reading, events=events), pages=pages)


def _context(url: str, media_type: str | None, zone: ZoneInfo, at: datetime) -> Context:
    return Context(now=at, zone=zone, base_url=url, media_type=media_type)
