"""Real processes, a real network, real feeds, and SIGKILL in the middle of it.

The clock runs faster than time, so that a lost claim runs out within seconds.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Row, select

from aggregator import app, config, doctor
from aggregator.services import channels, collecting, partners, sharing
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage.tables import attempt, delivery, event, fetch, host, sighting
from networks.practice.faults import Fault
from tests.sim.fast import FastClock
from tests.sim.planted import ROOT
from tests.support.feed_server import FeedServer, feed_server
from tests.support.practice_server import PracticeServer, practice_server

ROUNDS = (
    pytest.param("sqlite", 10, id="ten rounds"),
    pytest.param("sqlite", 100, id="a hundred rounds", marks=pytest.mark.soak),
    pytest.param(
        "postgres",
        100,
        id="a hundred rounds on PostgreSQL",
        marks=[pytest.mark.soak, pytest.mark.postgres],
    ),
)

#: Hosts of their own, so that several are asked at once; feeds of each; events of a feed.
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
FEEDS, EVENTS = 3, 40

#: Posts shared before each round.
BATCH = 6

#: So many times faster than time. A host's claim lasts 240 s, a delivery's 60 s; a request that
#: was out when its sender died has 25 s until it is looked for, far more than a busy machine needs.
COLLECTING, PUBLISHING = 600.0, 15.0


@dataclass
class Stable:
    """The house as the test sees it, and the horse that works in it."""

    house: House
    horse: "subprocess.Popen[str]"

    @contextmanager
    def working(self) -> Iterator[None]:
        """Somebody works meanwhile, and is killed."""
        assert int(self._say("work")) > 0
        yield
        assert self._say("kill") == "-9"

    def works_until_rest(self) -> None:
        """Somebody works until nothing is left to do now."""
        assert self._say("rest") == "0"

    def rows(self, *columns: object) -> list[Row[tuple[object, ...]]]:
        """All rows of these columns."""
        with self.house.database.reading() as tx:
            return [*tx.all(select(*columns))]  # type: ignore[call-overload]

    def _say(self, line: str) -> str:
        assert self.horse.stdin is not None
        assert self.horse.stdout is not None
        print(line, file=self.horse.stdin, flush=True)
        return self.horse.stdout.readline().strip()


@contextmanager
def stable(folder: Path, url: str, clock: FastClock, *, allowed: list[str]) -> Iterator[Stable]:
    """A house in folder, and the horse beside it."""
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "ALLOW_PRIVATE": " ".join(allowed),
        "REDIS_URL": "unix:///nowhere",
    }
    house = replace(app.build(config.load(environment)), clock=clock)
    with house.database.writing() as tx:
        settings.put(tx, "zone", "Europe/Berlin")
    horse = subprocess.Popen(
        [sys.executable, "-m", "tests.sim.horse", str(clock.zero), str(clock.rate)],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Stable(house, horse)
    finally:
        assert horse.stdin is not None
        horse.stdin.close()
        horse.wait(30)
        assert horse.stdout is not None
        horse.stdout.close()
        house.database.close()


def calendar(feed: str, titles: list[str]) -> str:
    """A feed with one event a title."""
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{feed}-{number}\r\nSUMMARY:{title}\r\n"
        f"DTSTART:202612{10 + number % 20}T15{number % 60:02}00Z\r\nEND:VEVENT\r\n"
        for number, title in enumerate(titles)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n"


class Partner:
    """Feeds that grow and change; knows what ought to be stored."""

    def __init__(self, server: FeedServer, rng: Random) -> None:
        self._server = server
        self._rng = rng
        self.titles = {
            f"/{number}-{address}.ics": [f"Event {each}" for each in range(EVENTS)]
            for address in ADDRESSES
            for number in range(FEEDS)
        }
        self.urls = [f"http://{path[3:-4]}:{server.port}{path}" for path in sorted(self.titles)]
        self.publish()

    def publish(self) -> None:
        """Serve every feed as it is now."""
        for path, titles in self.titles.items():
            self._server.put(path, calendar(path, titles))

    def edit(self) -> None:
        """In a third of the feeds some events have a new title, and some are new."""
        for titles in self._rng.sample([*self.titles.values()], len(self.titles) // 3):
            for number in self._rng.sample(range(len(titles)), 5):
                titles[number] += "!"
            titles += [f"Event {len(titles) + each}" for each in range(2)]
        self.publish()

    def told(self) -> Counter[tuple[str, str]]:
        """Every event that the feeds hold: its uid and its title."""
        return Counter(
            (f"{path}-{number}", title)
            for path, titles in self.titles.items()
            for number, title in enumerate(titles)
        )


@pytest.mark.parametrize(("kind", "rounds"), ROUNDS)
def test_collecting_killed_at_any_moment_loses_and_doubles_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, rounds: int
) -> None:
    url = str(request.getfixturevalue(f"{kind}_url"))
    rng, clock = Random(rounds), FastClock(time.monotonic(), COLLECTING)
    with feed_server(*ADDRESSES[1:]) as server:
        partner = Partner(server, rng)
        allowed = [f"{address}:{server.port}" for address in ADDRESSES]
        with stable(tmp_path, url, clock, allowed=allowed) as here:
            owner = partners.add(here.house, "Museum", actor="test")
            ids = [
                partners.add_source(here.house, owner, url, actor="test") for url in partner.urls
            ]
            interrupted = 0
            for number in range(rounds):
                with here.working():
                    time.sleep(rng.uniform(0.03, 0.35))
                interrupted += any(row.claim_by for row in here.rows(host.c.claim_by))
                if number % 3 == 2:
                    partner.edit()
                _hurry(here, ids)
            here.works_until_rest()

            stored = here.rows(event.c.id, event.c.facts)
            assert Counter((row.facts["uid"], row.facts["summary"]) for row in stored) == (
                partner.told()
            )
            sightings = here.rows(sighting.c.event_id, sighting.c.uid, sighting.c.presence)
            assert sorted(row.event_id for row in sightings) == sorted(row.id for row in stored)
            assert {row.presence for row in sightings} == {"HERE"}
            assert sum(row.n_new for row in here.rows(fetch.c.n_new)) == len(stored)
            assert doctor.invariants(here.house) == []
            assert interrupted > rounds / 2


def _hurry(here: Stable, ids: list[int]) -> None:
    """Every feed is asked again, as soon as the claims of the dead have run out."""
    time.sleep(collecting.LEASE.total_seconds() / COLLECTING)
    for source_id in ids:
        partners.poll(here.house, source_id)


@pytest.mark.parametrize(("kind", "rounds"), ROUNDS)
def test_publishing_killed_at_any_moment_posts_everything_once(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, rounds: int
) -> None:
    url = str(request.getfixturevalue(f"{kind}_url"))
    rng, clock = Random(rounds), FastClock(time.monotonic(), PUBLISHING)
    with feed_server() as feeds, practice_server(tmp_path, clock=clock) as network:
        titles = [f"Event {number}" for number in range(rounds * BATCH)]
        address = feeds.put("/a.ics", calendar("a", titles))
        allowed = [f"127.0.0.1:{feeds.port}", f"127.0.0.1:{network.port}"]
        with stable(tmp_path, url, clock, allowed=allowed) as here:
            owner = partners.add(here.house, "Museum", actor="test")
            partners.add_source(here.house, owner, address, actor="test")
            collecting.collect(here.house, pause=0)
            channels.add(here.house, "practice", "Practice", network.settings, actor="test")
            for number in range(rounds):
                for event_id in range(number * BATCH + 1, (number + 1) * BATCH + 1):
                    sharing.share(here.house, event_id, actor="test", version=0, post_now=True)
                with here.working():
                    if number % 3:
                        time.sleep(rng.uniform(0.05, 0.35))
                    else:  # this one dies while it waits for an answer
                        _hang(here, network, rng.choice(("hang", "act_then_hang")))
                network.store.forget_faults()
            unheard = [row for row in here.rows(attempt.c.outcome) if row.outcome is None]
            _publish_all(here, network, len(titles))

            posts = Counter(post.text for post in network.store.timeline(most=10_000))
            frozen = [row.frozen["text"] for row in here.rows(delivery.c.frozen)]
            assert posts == Counter(frozen)
            assert set(posts.values()) == {1}
            assert len(posts) == len(titles)
            assert doctor.invariants(here.house) == []
            assert len(unheard) >= rounds // 3


def _hang(here: Stable, network: PracticeServer, way: str) -> None:
    """The next request gets no answer; back when somebody waits for it."""
    before = len(here.rows(attempt.c.id))
    network.store.ask_for(Fault(way, 1, 5.0))
    end = time.monotonic() + 20
    while time.monotonic() < end and network.store.faults():
        time.sleep(0.005)
    assert len(here.rows(attempt.c.id)) > before


def _publish_all(here: Stable, network: PracticeServer, number: int) -> None:
    """Work on until everything is sent; raises when it is not within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        here.works_until_rest()
        if [row.state for row in here.rows(delivery.c.state)].count("SENT") == number:
            return
        time.sleep(0.2)
    raise AssertionError(Counter(row.state for row in here.rows(delivery.c.state)))
