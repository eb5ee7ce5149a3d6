"""The pages that entries without a date link to, read politely: few, in time, if robots allow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from feeds.errors import FeedError, RefusedError
from feeds.event import Event, Problem, Reading
from feeds.fetch import AGENT, fetch
from feeds.formats import webpage
from feeds.linked import complete
from feeds.registry import Context
from feeds.robots import allowed, robots_url
from feeds.text import decode
from safehttp.door import Door

#: How many pages are read for one feed, and how long that may take in all, in seconds.
MOST = 20
WITHIN = 20.0


class Pages:
    """Reads linked pages through one door, each at most once."""

    def __init__(
        self, door: Door, *, now: datetime, zone: ZoneInfo | None, clock: Callable[[], float]
    ) -> None:
        """clock counts seconds; it only ever measures."""
        self._door = door
        self._now = now
        self._zone = zone
        self._clock = clock
        self._until = clock() + WITHIN
        self._robots = dict[str, str | None]()
        self._read = dict[str, Reading | None]()

    def complete(self, reading: Reading) -> Reading:
        """reading, its notices filled in from their pages; how many were left out is a problem."""
        events, left = list[Event](), 0
        for event in reading.events:
            if event.kind == "event" or not event.url:
                events.append(event)
                continue
            left += not self._may_ask(event.url)
            page = self._page(event.url)
            events.append((page and complete(event, page, event.url)) or event)
        problems = [Problem("feed.pages_left", "feed", {"count": left})] if left else []
        return replace(reading, events=tuple(events), problems=(*reading.problems, *problems))

    def _may_ask(self, url: str) -> bool:
        in_time = len(self._read) < MOST and self._clock() < self._until
        return url in self._read or in_time

    def _page(self, url: str) -> Reading | None:
        """What the page says, or None where it says nothing, may not be read, or time is up."""
        if url not in self._read and self._may_ask(url):
            try:
                self._read[url] = self._fetched(url) if self._allowed(url) else None
            except FeedError:
                self._read[url] = None  # the entry itself was read well: it stays a notice
        return self._read.get(url)

    def _fetched(self, url: str) -> Reading:
        page = fetch(self._door, url, now=self._now, within=self._left())
        context = Context(self._now, self._zone, page.url, page.media_type)
        return webpage.read(page.body or b"", context)

    def _allowed(self, url: str) -> bool:
        """Whether the site lets us: no robots.txt allows all, one that fails to come nothing."""
        robots = robots_url(url)
        if robots not in self._robots:
            try:
                answer = fetch(self._door, robots, now=self._now, within=self._left())
                self._robots[robots] = decode(answer.body or b"", answer.media_type)
            except RefusedError:
                self._robots[robots] = ""
            except FeedError:
                self._robots[robots] = None
        rules = self._robots[robots]
        return rules is not None and allowed(rules, url, AGENT)

    def _left(self) -> float:
        """Seconds; at least a moment, so that the door is asked in good order."""
        return max(self._until - self._clock(), 0.1)
