"""Networks of the simulation: each keeps its own list of what stands there, and can fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from networks.errors import LaterError, RefusedError, UnknownError
from networks.post import (
    Abilities,
    Account,
    Adapter,
    Clock,
    Connect,
    Limits,
    Network,
    Post,
    Receipt,
    Setting,
    utc_now,
)
from safehttp.door import Door

LIMITS = Limits(500, 23)

#: The networks by the name of their one channel.
ABILITIES = {
    "searched": Abilities(),
    "asking": Abilities(),
    "harmless": Abilities(repeat_harmless=True, searchable=False),
    "nameless": Abilities(searchable=False),
}


@dataclass(frozen=True, slots=True)
class Copy:
    """One post that stands on a network from `at` on, in its listing from `listed_at` on."""

    number: int
    key: str
    text: str
    delivery: int | None  # whose key it was when it was written
    at: datetime
    listed_at: datetime


@dataclass(slots=True)
class Board:
    """What one account has posted."""

    name: str
    copies: list[Copy] = field(default_factory=list)

    def accept(self, post: Post, delivery: int | None, at: datetime, listed_at: datetime) -> Copy:
        """Make a post; the same key again is the same post where repeats are harmless."""
        if ABILITIES[self.name].repeat_harmless:
            for copy in self.copies:
                if copy.key == post.key:
                    return copy
        copy = Copy(len(self.copies) + 1, post.key, post.text, delivery, at, listed_at)
        self.copies.append(copy)
        return copy

    def shown(self, key: str, text: str, now: datetime) -> Copy | None:
        """What a person finds who looks for these words."""
        for copy in self.copies:
            if (copy.key, copy.text) == (key, text) and copy.at <= now:
                return copy
        return None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one request."""

    answer: str = "yes"  # yes, refuse, busy, dead, lost
    late: timedelta = timedelta()
    listed_late: timedelta = timedelta()
    wait: timedelta | None = None


class Surroundings(Protocol):
    """What a network needs of the world."""

    now: datetime
    ahead: timedelta

    def cross(self, door: str) -> None:
        """Time passes and others may go first; raises what befalls the caller."""

    def befall(self) -> Fate:
        """What becomes of a request that publishes."""

    def listing_fails(self) -> bool:
        """Whether the listing can't be had this time."""

    def on_the_wire(self, board: str, post: Post, within: timedelta) -> int | None:
        """Check what has to be so before anything is sent; whose key it is."""

    def note(self, what: str) -> None:
        """Write a line of the trace."""


class SimAdapter:
    """One account, from our side of the wire."""

    def __init__(self, world: Surroundings, board: Board) -> None:
        self._world = world
        self._board = board

    def check(self) -> Account:
        """Ask who we are there."""
        return Account(self._board.name)

    def limits(self) -> Limits:
        """Ask what fits."""
        return LIMITS

    def publish(self, post: Post, within: timedelta) -> Receipt:
        """Send post once; nothing is written when the time is up."""
        world, end = self._world, self._world.now + within
        delivery, fate = world.on_the_wire(self._board.name, post, within), world.befall()
        world.cross("wire")
        if world.now >= end:
            raise LaterError("sim.no_time")
        if fate.answer == "refuse":
            raise RefusedError("sim.refused")
        if fate.answer == "busy":
            raise LaterError("sim.busy", wait=fate.wait)
        if fate.answer == "dead":
            world.cross("silence")
            raise UnknownError("sim.no_answer")
        at = world.now + fate.late
        copy = self._board.accept(post, delivery, at, at + fate.listed_late)
        world.note(f"{self._board.name} has #{copy.number} of delivery {delivery}")
        world.cross("answer")
        if fate.answer == "lost" or world.now >= end:
            raise UnknownError("sim.no_answer")
        world.cross("heard")  # what was read in time stays read, however long one sleeps on it
        return self._receipt(copy)

    def find(self, post: Post, since: datetime) -> Receipt | None:
        """Look through the listing, as far as it is up to date."""
        self._world.cross("find")
        if not ABILITIES[self._board.name].searchable:
            raise RefusedError("sim.no_search")
        if self._world.listing_fails():
            raise LaterError("sim.no_listing")
        now, begin = self._world.now, since - self._world.ahead  # clocks compared, as adapters do
        for copy in self._board.copies:
            if copy.text == post.text and copy.at >= begin and copy.listed_at <= now:
                found = self._receipt(copy)
                break
        else:
            found = None
        self._world.note(f"found {found.network_id if found else 'nothing'}")
        self._world.cross("found")
        return found

    def _receipt(self, copy: Copy) -> Receipt:
        nameless = ABILITIES[self._board.name].repeat_harmless
        return Receipt(None if nameless else str(copy.number))


def networks(
    world: Surroundings, boards: Mapping[str, Board], settle: timedelta
) -> dict[str, Network]:
    """The networks of the simulation, one a channel."""

    def connecting(board: Board) -> Connect:
        def connect(settings: Mapping[str, str], door: Door, clock: Clock = utc_now) -> Adapter:
            return SimAdapter(world, board)

        return connect

    return {
        name: Network(
            name,
            name.capitalize(),
            (Setting("account"),),
            settle=settle,
            connect=connecting(boards[name]),
            limits=LIMITS,
            abilities=abilities,
        )
        for name, abilities in ABILITIES.items()
    }
