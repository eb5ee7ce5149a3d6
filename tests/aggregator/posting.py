"""A library with one partner, and a practice network beside it: what sharing tests stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from aggregator.domain.schedule import Plan
from aggregator.services import channels, collecting, deliveries, partners, sharing
from aggregator.services.house import House
from aggregator.services.sharing import Shared
from aggregator.storage import channels as stored
from aggregator.storage import events
from aggregator.storage.tables import attempt, delivery
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house
from tests.support.practice_server import PracticeServer, practice_server

ANA = "ana"


@dataclass
class Posting:
    """The house, its clock, the partner's feed and the network."""

    house: House
    clock: Clock
    feeds: FeedServer
    network: PracticeServer
    source: int = 0
    told: dict[str, str] = field(default_factory=dict)

    def tell(self, uid: str, **changes: str) -> None:
        """The partner's feed holds this event, as a new one or as told anew; it is collected."""
        lines = {
            "SUMMARY": "Story hour",
            "DTSTART;TZID=America/New_York": "20261205T140000",
            "LOCATION": "Hall 1",
            **{name.upper(): value for name, value in changes.items()},
        }
        if start := lines.pop("START", None):
            lines["DTSTART;TZID=America/New_York"] = start
        body = "".join(f"{name}:{value}\r\n" for name, value in lines.items())
        self.told[uid] = f"BEGIN:VEVENT\r\nUID:{uid}\r\n{body}END:VEVENT\r\n"
        entries = "".join(self.told.values())
        url = self.feeds.put(
            "/a.ics", f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n"
        )
        if not self.source:
            partner = partners.add(self.house, "River Museum", actor="test")
            self.source = partners.add_source(self.house, partner, url, actor="test")
        partners.poll(self.house, self.source)
        collecting.collect(self.house, pause=0)
        self.clock.forward(seconds=2)

    def connect(self, name: str = "Practice") -> int:
        """One more channel on the practice network."""
        made = channels.add(self.house, "practice", name, self.network.settings, actor=ANA).id
        always = Plan((), every=1, quiet=None)  # so that a test need not wait for a slot
        with self.house.database.writing() as tx:
            stored.change(tx, made, slots=always.slots_json(), quiet=always.quiet_json())
        return made

    def share(self, event_id: int = 1, *, post_now: bool = True, **more: Any) -> Shared:
        """Share it as the event stands now."""
        version = int(self.event(event_id).version)
        return sharing.share(
            self.house, event_id, actor=ANA, version=version, post_now=post_now, **more
        )

    def deliver(self, **by: float) -> int:
        """Time passes, and what is due is done."""
        self.clock.forward(**by)
        return deliveries.deliver(self.house)

    def event(self, event_id: int = 1) -> Any:
        """An event with its review."""
        with self.house.database.reading() as tx:
            return events.by_id(tx, event_id)

    def deliveries(self) -> list[Row[Any]]:
        """Every delivery."""
        with self.house.database.reading() as tx:
            return [*tx.all(select(delivery).order_by(delivery.c.id))]

    def only(self) -> Any:
        """The one delivery."""
        [row] = self.deliveries()
        return row

    def attempts(self) -> list[str | None]:
        """What became of every attempt."""
        with self.house.database.reading() as tx:
            rows = tx.all(select(attempt.c.outcome).order_by(attempt.c.id))
        return [row.outcome for row in rows]

    def posts(self) -> list[str]:
        """What the network shows, oldest first."""
        return [post.text for post in reversed(self.network.store.timeline())]


@contextmanager
def posting(
    folder: Path,
    database_url: str,
    *,
    clock: Clock | None = None,
    also: int = 9,
    **environment: Any,
) -> Iterator[Posting]:
    """With one event, "a", and one channel. The house may also ask the port `also`."""
    clock = clock or Clock()
    with feed_server() as feeds, practice_server(folder, clock=clock) as network:
        ports = [feeds.port, network.port, also]
        house = make_house(folder, database_url, clock=clock, allowed=ports, **environment)
        made = Posting(house, clock, feeds, network)
        made.tell("a")
        made.connect()
        yield made
        house.database.close()
