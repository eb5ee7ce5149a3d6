"""The little town that every play begins with: one partner, two events, four channels.

It is made once by the real migrations and services; each seed gets its rows anew.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet, MultiFernet

from aggregator import config
from aggregator.domain.schedule import Plan
from aggregator.services import partners
from aggregator.services.channels import seal
from aggregator.services.house import House
from aggregator.services.polls import Poll
from aggregator.services.storing import store
from aggregator.storage import channels, hosts, migrate, sources
from aggregator.storage import house as settings
from aggregator.storage.doors import Database, Reader, Writer
from aggregator.storage.hosts import Claim
from aggregator.storage.sources import Source
from aggregator.storage.tables import TABLES
from feeds.event import Event, Place, Reading
from networks.post import Network
from safehttp.door import Door
from tests.sim.net import ABILITIES, LIMITS

BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
FAR = BEGIN + timedelta(days=3650)
EVERY_MINUTE = '{"every":1,"times":[]}'


class Guard(Protocol):
    """What stands at the doors while a play is on."""

    def cross(self, door: str) -> None:
        """Before and after a door."""

    def commit(self) -> None:
        """In the last moment of a transaction; what is raised undoes it."""

    def wake(self, job: str) -> None:
        """A wake is sent."""

    def written(self) -> None:
        """A transaction is committed."""


class Doors(Database):
    """The real doors, with somebody who may stand at them."""

    def __init__(self, url: str) -> None:
        super().__init__(url, self._sent)
        self.guard: Guard | None = None

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """The door to look."""
        guard = self.guard
        if guard is not None:
            guard.cross("read")
        with super().reading() as tx:
            yield tx

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The door to change."""
        guard = self.guard
        if guard is not None:
            guard.cross("write")
        with super().writing() as tx:
            yield tx
            if guard is not None:
                guard.commit()
        if guard is not None:
            guard.written()
            guard.cross("wrote")

    def _sent(self, job: str) -> None:
        if self.guard is not None:
            self.guard.wake(job)


class Town:
    """The town's database and what its actors know of it."""

    def __init__(self) -> None:
        shared = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="sim-", dir=shared if shared.is_dir() else None))
        live = self.folder / "town.sqlite"
        self._settings = config.load(
            {"DATA_DIR": str(self.folder), "DATABASE_URL": f"sqlite:///{live}"}
        )
        self._fernet = MultiFernet([Fernet(Fernet.generate_key())])
        self._nowhere = Door(user_agent="simulation")
        migrate.migrate(self._settings, BEGIN, lambda *_, **__: None)
        self.doors = Doors(self._settings.database_url)
        self.source, self.claim = self._fill(self.house({}, lambda: BEGIN))
        #: Looks at the database past every door.
        self.eyes = sqlite3.connect(live, isolation_level=None, check_same_thread=False)
        self.eyes.execute("VACUUM INTO ?", (str(self.folder / "template.sqlite"),))
        self.eyes.execute("ATTACH ? AS template", (str(self.folder / "template.sqlite"),))

    def house(self, networks: dict[str, Network], clock: Callable[[], datetime]) -> House:
        """A house in the town with these networks and this clock."""
        return House(
            settings=self._settings,
            database=self.doors,
            door=self._nowhere,
            network_door=self._nowhere,
            networks=networks,
            clock=clock,
            fernet=self._fernet,
            session_key=b"",
        )

    def reset(self, connected: tuple[str, ...], *, slots: bool) -> None:
        """Everything as it was in the beginning, with these channels."""
        script = ["BEGIN IMMEDIATE"]
        script += [f'DELETE FROM main."{table.name}"' for table in reversed(TABLES)]
        script += [
            f'INSERT INTO main."{table.name}" SELECT * FROM template."{table.name}"'
            for table in TABLES
        ]
        script += [  # the index of words is no table of ours
            "DELETE FROM main.event_search",
            (
                "INSERT INTO main.event_search (rowid, words)"
                " SELECT rowid, words FROM template.event_search"
            ),
        ]
        names = ", ".join(f"'{name}'" for name in connected)
        script += [f"UPDATE channel SET state = 'OFF' WHERE name NOT IN ({names})"]
        if not slots:
            script += [f"UPDATE channel SET slots = '{EVERY_MINUTE}', quiet = '[]'"]
        self.eyes.executescript(";".join([*script, "COMMIT"]))

    def change(self, house: House, events: tuple[Event, ...]) -> None:
        """The partner's feed tells these events now."""
        poll = Poll(self.source, house.clock(), "NEW_BODY", {}, reading=Reading(events))
        store(house.database, self.claim, poll)

    def close(self) -> None:
        """Gone, with all files."""
        self.doors.close()
        self.eyes.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fill(self, house: House) -> tuple[Source, Claim]:
        partner = partners.add(house, "River Museum", actor="town")
        partners.add_source(house, partner, "https://museum.example/feed.ics", actor="town")
        with house.database.writing() as tx:
            settings.put(tx, "zone", ZONE.key)
            claim = hosts.claim(tx, "feed", BEGIN, FAR)
            [source] = sources.due(tx, "museum.example", BEGIN)
        if claim is None:
            raise AssertionError("the host of a new source is free")
        self.source, self.claim = source, claim
        self.change(house, EVENTS)
        with house.database.writing() as tx:
            for name in ABILITIES:
                channels.add(tx, **_channel(house, name))
        return source, claim


def _channel(house: House, name: str) -> dict[str, Any]:
    """The row of the one channel of the network of that name."""
    day = Plan()
    return {
        "network": name,
        "name": name,
        "settings": seal(house, {"account": name}),
        "slots": day.slots_json(),
        "quiet": day.quiet_json(),
        "limits": asdict(LIMITS),
        "when_unknown": "ask" if name == "asking" else "send",
    }


def _event(uid: str, days: int, summary: str) -> Event:
    start = datetime(2026, 12, 1, 15, 0, tzinfo=ZONE) + timedelta(days=days)
    return Event(
        uid=uid,
        summary=summary,
        start=start,
        end=start + timedelta(hours=2),
        zone=ZONE.key,
        location=Place(name="Hall 1"),
        url=f"https://museum.example/{uid}",
        categories=("Families",),
    )


EVENTS = (
    _event("a", 1, "Story time"),
    _event("b", 3, "Book fair"),
)


def edited(event: Event, kind: str) -> Event:
    """The event as the partner tells it after an edit of that kind."""
    start, end = event.start, event.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise TypeError("the town's events have times")
    match kind:
        case "later":
            hour = timedelta(hours=1)
            return replace(event, start=start + hour, end=end + hour)
        case "elsewhere":
            return replace(event, location=Place(name="Hall 2"))
        case "reworded":
            return replace(event, description="With cocoa.")
        case _:
            return replace(event, status="CANCELLED")
