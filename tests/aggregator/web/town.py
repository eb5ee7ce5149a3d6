"""A small town for tests: partners whose sources tell events, stored as collecting stores them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aggregator.services import (
    accounts,
    channels,
    deliveries,
    partners,
    reviews,
    sharing,
    storing,
)
from aggregator.services.house import House
from aggregator.services.polls import Poll
from aggregator.storage import events, hosts, sources, tables
from aggregator.storage.sources import Source
from feeds.event import Event, Place, Price, Problem, Reading

ZONE = ZoneInfo("America/New_York")
PASSWORD = "three quiet words"


class Town:
    """One house and what was told to it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._sources: dict[str, int] = {}

    def user(self, name: str, role: str) -> int:
        """Somebody who can log in with PASSWORD."""
        return accounts.add_user(self.house, name, PASSWORD, role, actor="test")

    def source(self, partner: str = "River Museum") -> int:
        """The partner's one source; made when first asked for."""
        if partner not in self._sources:
            partner_id = partners.add(self.house, partner, actor="test")
            address = f"https://{partner.lower().replace(' ', '-')}.example/feed.ics"
            self._sources[partner] = partners.add_source(
                self.house, partner_id, address, actor="test"
            )
        return self._sources[partner]

    def tell(
        self, *told: Event, partner: str = "River Museum", problems: tuple[Problem, ...] = ()
    ) -> list[str]:
        """The partner's feed holds these events now; their public names, in order."""
        source_id = self.source(partner)
        now, reading = self.house.clock(), Reading(told, problems, format="ical")
        source = self._source(source_id)
        self._store(source.host, Poll(source, now, "NEW_BODY", {}, reading=reading))
        return [self._pid(source_id, event) for event in told]

    def fail(self, code: str, partner: str = "River Museum") -> None:
        """The partner's feed does not answer."""
        source_id = self.source(partner)
        source = self._source(source_id)
        self._store(source.host, Poll(source, self.house.clock(), code, {}, failed=True))

    def row(self, pid: str) -> Any:
        """The event with its review."""
        with self.house.database.reading() as tx:
            return events.by_pid(tx, pid)

    def connect(self, name: str = "Town board") -> int:
        """A channel on the network of tests; posts go out at 10, 12:30 and 17:30."""
        settings = {"token": "secret words", "key": "made"}
        return channels.add(self.house, "board", name, settings, actor="test").id

    def share(self, pid: str, *, now: bool = False) -> None:
        """A colleague shares."""
        row = self.row(pid)
        sharing.share(self.house, row.id, actor="Tom", version=row.version, post_now=now)

    def deliver(self) -> None:
        """The worker sends what is due."""
        deliveries.deliver(self.house, seconds=5)

    def decide(self, pid: str, verb: str, until: datetime | None = None) -> None:
        """A colleague decides."""
        row = self.row(pid)
        reviews.apply(self.house, verb, row.id, actor="Tom", version=row.version, until=until)

    def approve(self, *told: Event, partner: str = "River Museum") -> list[str]:
        """Events that stand on the calendar."""
        pids = self.tell(*told, partner=partner)
        for pid in pids:
            self.decide(pid, "calendar_only")
        return pids

    def _store(self, host: str, poll: Poll) -> None:
        now = self.house.clock()
        with self.house.database.writing() as tx:
            held = hosts.claim_named(tx, host, "test", now, now + timedelta(minutes=1))
        assert held is not None
        assert storing.store(self.house.database, held, poll) is not None
        with self.house.database.writing() as tx:
            hosts.release(tx, held, now)

    def _source(self, source_id: int) -> Source:
        """What a poll has to know, due or not."""
        with self.house.database.reading() as tx:
            host = str(
                tx.value(select(tables.source.c.host).where(tables.source.c.id == source_id))
            )
            later = self.house.clock() + timedelta(days=9999)
            return next(each for each in sources.due(tx, host, later) if each.id == source_id)

    def _pid(self, source_id: int, event: Event) -> str:
        with self.house.database.reading() as tx:
            seen = events.seen(tx, source_id)
            found = events.pid(tx, seen[f"u:{event.uid}"].event_id)
        assert found is not None
        return found


def an_event(uid: str = "stories", **other: Any) -> Event:
    """Winter Stories, on Saturday 12 December 2026 from two to three, changed as told."""
    plain = Event(
        uid=uid,
        summary="Winter Stories by the Hearth",
        description="Three storytellers, one real fire.\n\nCocoa for everyone.",
        start=datetime(2026, 12, 12, 14, tzinfo=ZONE),
        end=datetime(2026, 12, 12, 15, tzinfo=ZONE),
        zone="America/New_York",
        location=Place("River Museum, Hearth Room"),
        price=Price(free=True),
        url="https://river-museum.example/winter",
        categories=("Families",),
    )
    return replace(plain, **other)


def knitting(uid: str = "knitting", rule: str = "FREQ=WEEKLY;COUNT=12", **other: Any) -> Event:
    """Tuesdays from half past six, twelve times from 1 December 2026."""
    return an_event(
        uid,
        summary="Open Knitting Table",
        start=datetime(2026, 12, 1, 18, 30, tzinfo=ZONE),
        end=datetime(2026, 12, 1, 20, 30, tzinfo=ZONE),
        location=Place("Wren Street Hall"),
        rrule=rule,
        **other,
    )


def a_notice(uid: str = "notice", **other: Any) -> Event:
    """News that a feed tells without a date."""
    plain = Event(uid=uid, summary="The rink is looking for helpers", kind="notice")
    return replace(plain, **other)
