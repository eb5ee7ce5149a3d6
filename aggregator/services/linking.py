"""Entries that tell no date: the page each links to is read, politely and a few at a time.

Read are new or changed entries only, at most 20 a poll and 20 seconds in all; robots.txt is
obeyed; a page on another host only when that host can be claimed too. The rest waits for the
next poll.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from aggregator.domain.changes import facts_digest
from aggregator.services import robots
from aggregator.services.house import House
from aggregator.storage import hosts, sources
from aggregator.storage.hosts import Claim
from feeds.errors import FeedError, LaterError
from feeds.event import Event, Reading
from feeds.facts import from_facts, to_facts
from feeds.fetch import fetch
from feeds.linked import complete as complete_from
from feeds.registry import Context, read

PAGES, SECONDS = 20, 20.0
LEASE = timedelta(seconds=90)
AGAIN, LATEST = timedelta(hours=6), timedelta(days=1)
#: Bytes of a page's address; a longer one is not asked.
LONGEST = 2000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Page:
    """What one linked page told: `facts` of its events, `due_at` when it is asked again."""

    url: str
    digest: str | None
    facts: list[dict[str, Any]] | None
    due_at: datetime | None
    etag: str | None = None
    last_modified: str | None = None


def complete(
    house: House, events: Sequence[Event], held: Claim, now: datetime
) -> tuple[tuple[Event, ...], tuple[Page, ...]]:
    """The events, notices completed where their page tells the date, and what was learned."""
    wanted = {url: event for event in events if (url := _page_of(event))}
    with house.database.reading() as tx:
        known = sources.pages(tx, [*wanted])
    visit = _Visit(house, held, now)
    pages: dict[str, Page] = {}
    try:
        for url, notice in wanted.items():
            if _is_due(known.get(url), facts_digest(to_facts(notice)), now):
                pages[url] = visit.page(url, notice, known.get(url))
    finally:
        visit.leave()
    told = {url: row.facts for url, row in known.items()}
    told |= {url: page.facts for url, page in pages.items()}
    completed = tuple(_completed(event, told.get(event.url or "")) for event in events)
    return completed, tuple(pages.values())


def _page_of(event: Event) -> str | None:
    """The address of a notice's page, if the list of pages can hold it."""
    told = event.kind == "notice" and event.url and len(event.url.encode()) <= LONGEST
    return event.url if told else None


def _is_due(row: Row[Any] | None, digest: str, now: datetime) -> bool:
    """A page is asked when its entry is new or changed, or it was left for later."""
    return row is None or row.digest != digest or (row.due_at is not None and row.due_at <= now)


def _completed(event: Event, facts: list[dict[str, Any]] | None) -> Event:
    if event.kind != "notice" or not event.url or not facts:
        return event
    page = Reading(events=tuple(from_facts(each) for each in facts))
    return complete_from(event, page, event.url) or event


class _Visit:
    """Asks pages one after the other, within the poll's allowance; holds other hosts' claims."""

    def __init__(self, house: House, held: Claim, now: datetime) -> None:
        self._house, self._held, self._now = house, held, now
        self._end, self._asked = time.monotonic() + SECONDS, 0
        self._claims: dict[str, Claim | None] = {held.host: held}

    def page(self, url: str, notice: Event, row: Row[Any] | None) -> Page:
        """What the page tells; if it can't be asked now, what was known and when to ask."""
        later = Page(url, row.digest if row else None, row.facts if row else None, self._now)
        if self._asked >= PAGES or time.monotonic() > self._end:
            return later
        host = hosts.name_of(url)
        if self._claim(host) is None:
            return later
        known = replace(later, digest=facts_digest(to_facts(notice)), due_at=None)
        if not robots.may_read(self._house, url, self._now, self._left()):
            return replace(known, due_at=self._now + robots.KEPT)
        self._asked += 1
        return self._answer(known, row)

    def leave(self) -> None:
        """Give the other hosts back."""
        others = [each for each in self._claims.values() if each and each != self._held]
        if others:
            with self._house.database.writing() as tx:
                for each in others:
                    hosts.release(tx, each, self._house.clock())

    def _answer(self, known: Page, row: Row[Any] | None) -> Page:
        """What the page tells now; what is known, where it can't be read."""
        try:
            return self._ask(known.url, known.digest, row)
        except LaterError as error:
            wait = min(max(error.wait or AGAIN, AGAIN), LATEST)
            return replace(known, due_at=self._now + wait)
        except FeedError:
            return known
        except Exception:  # one page's surprise must not cost the feed
            _log.exception("page.crashed", url=known.url)
            return known

    def _ask(self, url: str, digest: str | None, row: Row[Any] | None) -> Page:
        same_entry = row is not None and row.facts is not None
        fetched = fetch(
            self._house.feed_door(url),
            url,
            etag=row.etag if row and same_entry else None,
            last_modified=row.last_modified if row and same_entry else None,
            now=self._now,
            within=self._left(),
        )
        if fetched.body is None:
            facts = row.facts if row else None
        else:
            context = Context(now=self._now, base_url=fetched.url, media_type=fetched.media_type)
            facts = [to_facts(each) for each in read(fetched.body, context).events]
        return Page(url, digest, facts, None, fetched.etag, fetched.last_modified)

    def _left(self) -> float:
        """The seconds that are left; a request that has begun gets one at least."""
        return max(self._end - time.monotonic(), 1.0)

    def _claim(self, host: str) -> Claim | None:
        if host and host not in self._claims:
            with self._house.database.writing() as tx:
                now = self._house.clock()
                self._claims[host] = hosts.claim_named(tx, host, self._held.by, now, now + LEASE)
        return self._claims.get(host)
