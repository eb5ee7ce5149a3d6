"""Plays one seed to its end and looks at what has become of everything."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from aggregator import doctor
from aggregator.services import ticking
from aggregator.services.deliveries import step
from aggregator.storage import deliveries
from tests.sim.actors import come_on, handle
from tests.sim.town import Town
from tests.sim.world import World, WrongError, instant

#: So often time may be moved on before a play counts as stuck.
ROUNDS = 200

GIVEN_UP = "delivery.given_up"

_OPEN = """
SELECT id, state, due_at, claim_until, not_after FROM delivery
WHERE state IN ('HELD', 'QUEUED', 'SENDING') OR (state = 'UNKNOWN' AND due_at IS NOT NULL)"""

_ALL = """
SELECT delivery.id, delivery.state, delivery.error_code, channel.name,
  json_extract(delivery.frozen, '$.text'),
  (SELECT count(*) FROM attempt WHERE delivery_id = delivery.id)
FROM delivery JOIN channel ON channel.id = delivery.channel_id ORDER BY delivery.id"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a seed came to."""

    seed: int
    wrong: str | None
    fingerprint: str
    lines: tuple[str, ...]


def play(seed: int, town: Town) -> Outcome:
    """One seed from its beginning to its end."""
    world = World(seed, town)
    town.reset(world.weather.channels, slots=world.weather.slots)
    town.doors.guard = world
    wrong: str | None = None
    try:
        _play(world)
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    finally:
        world.leave()
    return Outcome(seed, wrong, world.fingerprint, tuple(map(str, world.trace)))


def _play(world: World) -> None:
    come_on(world)
    world.stage.play()
    if world.seed % 2:
        _hold(world, at_any_time=True)
    world.calm = True
    world.stage.close(frozen=world.weather.frozen)
    _run_out(world)
    if not world.stage.empty:  # the sleepers wake when all is over
        world.stage.close(frozen=False)
        _run_out(world)
    if world.weather.truthful:
        _answer_all(world)
        _run_out(world)
    _hold(world, at_any_time=False)
    for wrong in _wrongs(world):
        raise WrongError(wrong)


def _run_out(world: World) -> None:
    """Time runs on and the tick looks, until nothing is left that anybody waits for."""
    idle = 0
    for number in range(ROUNDS):
        idle += 1
        if "deliver" in ticking.due(world.house):
            idle = 0
            while step(world.house, f"calm {number}"):
                pass
        waiting = world.eyes.execute(_OPEN).fetchall()
        if not waiting:
            return
        moments = [instant(text) for row in waiting for text in row[2:] if text is not None]
        later = [moment for moment in moments if moment > world.clock()]
        if later:
            world.now = min(later) - world.ahead
        elif idle > 1:  # at the first look it may not have been due yet
            raise WrongError(f"nothing will ever happen to {waiting}")
    raise WrongError(f"it never ends: {waiting}")


def _answer_all(world: World) -> None:
    """Somebody looks at everything that is asked about."""
    with world.house.database.reading() as tx:
        asked = [row for row in deliveries.on_the_way(tx) if row.state == "UNKNOWN"]
    for row in asked:
        handle(world, row)


def _hold(world: World, *, at_any_time: bool) -> None:
    """The doctor finds nothing. In the middle of it a lost claim may wait for the tick."""
    with world.aside():
        found = doctor.invariants(world.house)
    broken = [each for each in found if not (at_any_time and each.code == "doctor.stuck")]
    if broken:
        raise WrongError(f"the doctor finds {broken}")


def _wrongs(world: World) -> Iterator[str]:
    """What must not be, once all is over."""
    given_up = {channel for _, _, code, channel, *_ in world.eyes.execute(_ALL) if code == GIVEN_UP}
    for number, state, code, channel, text, attempts in world.eyes.execute(_ALL):
        copies = [copy for copy in world.boards[channel].copies if copy.delivery == number]
        if len(copies) > 1:
            yield f"delivery {number} stands {len(copies)} times on {channel}"
        # Shared again with the id of what was given up: to its receiver that is a repeat.
        repeat = channel == "harmless" and channel in given_up
        if state == "SENT" and not any(copy.text == text for copy in copies) and not repeat:
            yield f"delivery {number} is SENT and not on {channel}"
        if state in {"CANCELLED", "EXPIRED", "FAILED"} and copies and code != GIVEN_UP:
            yield f"delivery {number} is {state} and stands on {channel}"
        if len(copies) > attempts:
            yield f"delivery {number} was sent more often than it was attempted"
    for board in world.boards.values():
        for copy in board.copies:
            if copy.delivery is None:
                yield f"#{copy.number} on {board.name} belongs to nobody"


@contextmanager
def quietly() -> Iterator[None]:
    """Without the log, which tells of each failure that a play makes on purpose."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)
