"""One play: a seed's clock, weather, networks and trace, standing at every door of the house."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.exc import OperationalError

from networks.post import Post
from tests.sim.net import ABILITIES, Board, Fate, networks
from tests.sim.stage import Killed, Stage
from tests.sim.town import BEGIN, Town
from tests.sim.weather import Weather, weather

#: The states that nothing leaves.
FINAL = "('SENT', 'FAILED', 'EXPIRED', 'CANCELLED')"

FOR_EVER = 10**9

_FINAL_ROWS = f"""
SELECT id, state, live_key, due_at, remote_id, remote_url, frozen_digest, error_code
FROM delivery WHERE state IN {FINAL} ORDER BY id"""

_ON_THE_WIRE = """
SELECT delivery.id, delivery.not_after, attempt.at, attempt.wire_deadline FROM delivery
JOIN attempt ON attempt.delivery_id = delivery.id
WHERE delivery.live_key = ? AND attempt.outcome IS NULL ORDER BY attempt.n DESC LIMIT 1"""

_NEW_ATTEMPTS = """
SELECT attempt.id, attempt.delivery_id, review.state FROM attempt
JOIN delivery ON delivery.id = attempt.delivery_id JOIN post ON post.id = delivery.post_id
JOIN review ON review.event_id = post.event_id WHERE attempt.id > ?"""


class WrongError(Exception):
    """Something happened that must never happen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trace."""

    step: int
    seconds: float
    actor: str
    what: str

    def __str__(self) -> str:
        return f"{self.step:5} {self.seconds:10.1f}s {self.actor:9} {self.what}"


class World:
    """What one seed decides."""

    def __init__(self, seed: int, town: Town) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.weather: Weather = weather(self.rng)
        self.stage = Stage(self.rng, self.weather.steps)
        self.now = BEGIN  # what the networks' clocks show
        self.ahead = timedelta()  # what ours shows more
        self.calm = False  # no more faults
        self.wakes = 0
        self._sleeper = self.weather.frozen
        self.trace: list[Line] = []
        self.boards = {name: Board(name) for name in ABILITIES}
        self.town = town
        self.house = town.house(networks(self, self.boards, self.weather.settle), self.clock)
        self._attempts = 0
        self._ended: dict[int, tuple[object, ...]] = {}

        town.doors.guard = self

    def clock(self) -> datetime:
        """Our own clock."""
        return self.now + self.ahead

    @property
    def eyes(self) -> sqlite3.Connection:
        """Looks at the rows past the doors."""
        return self.town.eyes

    @property
    def fingerprint(self) -> str:
        """Two runs of one seed have the same."""
        told = "\n".join(map(str, self.trace))
        return hashlib.sha256(told.encode()).hexdigest()

    def note(self, what: str) -> None:
        """Write a line of the trace."""
        seconds = (self.clock() - BEGIN).total_seconds()
        self.trace.append(Line(self.stage.step, seconds, self.stage.name, what))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Nobody stands at the doors meanwhile."""
        self.town.doors.guard = None
        yield
        self.town.doors.guard = self

    def leave(self) -> None:
        """The play is over, however it went; nobody stays behind."""
        self.calm = True
        with suppress(Exception, Killed):
            self.stage.close(frozen=False)
        self.town.doors.guard = None

    # At the doors

    def cross(self, door: str) -> None:
        """Time passes, others may go first, and something may befall the caller."""
        self.now += timedelta(seconds=self.weather.pace * self.rng.random())
        self.note(door)
        if self.calm:
            return
        fate = self.rng.random()
        weather = self.weather
        if (fate := fate - weather.kill) < 0:
            self.note("killed")
            raise Killed
        asleep = weather.sleep if door in {"heard", "found"} else weather.pause
        if (fate := fate - asleep) < 0:
            self.stage.rest(self._steps_asleep(door))
            self.note("rests")
        elif (fate := fate - weather.jump) < 0:
            self.now += timedelta(hours=1)
            self.note("an hour later")
        elif (fate := fate - weather.leap * (10 if door == "wire" else 1)) < 0 and not self.ahead:
            self.ahead = timedelta(hours=1)
            self.note("our clock leaps ahead")
        elif fate < weather.error and door in {"read", "write", "wrote"}:
            self.note("database error")
            raise OperationalError(door, {}, sqlite3.OperationalError("disk I/O error"))
        if self.rng.random() < weather.passing:
            self.stage.pass_on()

    def _steps_asleep(self, door: str) -> int:
        """How long a pause lasts. In some plays one who has the answer sleeps until all is over."""
        if self._sleeper and door in {"heard", "found"}:
            self._sleeper = False
            return FOR_EVER
        return 1 + int(self.rng.expovariate(1 / self.weather.nap))

    def commit(self) -> None:
        """The last moment of a transaction."""
        if self.calm:
            return
        fate = self.rng.random()
        if (fate := fate - self.weather.kill) < 0:
            self.note("killed before the commit")
            raise Killed
        if fate < self.weather.error:
            self.note("the commit fails")
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    def written(self) -> None:
        """What has ended stays as it ended, and only what is approved is attempted.

        What was withdrawn was never out: undo gives it back.
        """
        for attempt, number, state in self.eyes.execute(_NEW_ATTEMPTS, (self._attempts,)):
            self._attempts = attempt
            if state != "APPROVED":
                raise WrongError(f"delivery {number} is attempted, and its event is {state}")
        rows = {row[0]: tuple(row) for row in self.eyes.execute(_FINAL_ROWS)}
        for number, row in self._ended.items():
            given_back = row[1] == "CANCELLED" and number not in rows  # undo: it waits again
            if rows.get(number) != row and not given_back:
                raise WrongError(f"delivery {number} had ended as {row}, now {rows.get(number)}")
        for number in rows.keys() - self._ended.keys():
            self.note(f"delivery {number} is {rows[number][1]}")
        self._ended = rows

    def wake(self, job: str) -> None:
        """A wake goes to the queue, or is lost, doubled, or lost with all others."""
        if job != "deliver":
            return
        if self.calm or self.rng.random() >= self.weather.lost_wake:
            self.wakes += 1
            return
        match self.rng.randrange(3):
            case 0:
                self.note("the wake is lost")
            case 1:
                self.wakes += 2
            case _:
                self.note("the queue is flushed")
                self.wakes = 0

    # What the networks ask

    def befall(self) -> Fate:
        """What becomes of a request that publishes."""
        if self.calm:
            return Fate()
        weather, rng = self.weather, self.rng
        if rng.random() < weather.refuse:
            return Fate("refuse")
        if rng.random() < weather.busy:
            wait = rng.choice((None, timedelta(seconds=40), timedelta(hours=2)))
            return Fate("busy", wait=wait)
        if rng.random() < weather.dead:
            return Fate("dead")
        answer = "lost" if rng.random() < weather.lost_answer else "yes"
        if rng.random() >= weather.late:
            return Fate(answer)
        hidden = weather.settle * max(rng.random(), rng.random()) * 0.99
        late = hidden * rng.choice((0, 1, rng.random()))
        return Fate(answer, late, hidden - late)

    def listing_fails(self) -> bool:
        """Whether the listing can't be had this time."""
        return not self.calm and self.rng.random() < self.weather.no_listing

    def on_the_wire(self, board: str, post: Post, within: timedelta) -> int | None:
        """What has to be so before anything is sent; whose key it is."""
        row = self.eyes.execute(_ON_THE_WIRE, (post.key,)).fetchone()
        if row is None:
            raise WrongError(f"{board}: {post.key} is sent without an attempt on record")
        number, not_after, at, deadline = row
        if self.clock() + within > instant(deadline):
            raise WrongError(f"delivery {number} may be written after its deadline {deadline}")
        if instant(at) >= instant(not_after):
            raise WrongError(f"delivery {number} is attempted at {at}, after {not_after}")
        self.note(f"{board}: delivery {number} on the wire")
        return int(number)


def instant(text: str) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=BEGIN.tzinfo)
