"""Who plays: two workers, the tick, a member of staff, and the partner's feed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.exc import OperationalError

from aggregator.services import queueing, reviews, sharing, ticking
from aggregator.services.deliveries import step
from aggregator.services.errors import ServiceError
from aggregator.storage import deliveries, events
from tests.sim.stage import Killed
from tests.sim.town import EVENTS, edited
from tests.sim.world import World

WHO = "anna"


def come_on(world: World) -> None:
    """Everybody of this play."""
    stage = world.stage
    names = ("worker 1", "worker 2", "worker 3")
    for name in names if world.weather.frozen else names[:2]:
        stage.enter(name, partial(worker, world, name))
    stage.enter("tick", partial(tick, world))
    stage.enter("staff", partial(staff, world))
    if world.weather.edits:
        stage.enter("feed", partial(feed, world))


def worker(world: World, name: str) -> None:
    """Runs the job when it is woken. Killed, it is replaced by one with a new name."""
    runs = 0
    while not world.stage.closing:
        world.stage.wait_for(lambda: world.wakes > 0)
        if world.stage.closing:
            return
        world.wakes -= 1
        runs += 1
        befallen(world, partial(_deliver, world, f"{name}.{runs}"))


def _deliver(world: World, me: str) -> None:
    while step(world.house, me):
        pass


def tick(world: World) -> None:
    """Looks what is due and wakes."""
    while not world.stage.closing:
        befallen(world, partial(_look, world))
        world.stage.rest(20)
        world.stage.pass_on()


def _look(world: World) -> None:
    for job in sorted(ticking.due(world.house)):
        world.wake(job)


def feed(world: World) -> None:
    """The partner edits an event, and the feed is collected."""
    while not world.stage.closing:
        if world.rng.random() < world.weather.edits:
            befallen(world, partial(_edit, world))
        world.stage.rest(10)
        world.stage.pass_on()


def _edit(world: World) -> None:
    kind = world.rng.choice(("later", "elsewhere", "reworded", "cancelled", "as it was"))
    which = world.rng.randrange(world.weather.events)
    world.note(f"event {which + 1} is told {kind}")
    told = [*EVENTS]
    if kind != "as it was":
        told[which] = edited(told[which], kind)
    world.town.change(world.house, tuple(told))


def staff(world: World) -> None:
    """Shares at first, then does what staff do."""
    for event_id in range(1, world.weather.events + 1):
        befallen(world, partial(_share, world, event_id))
    for _ in range(world.weather.clicks):
        if world.stage.closing:
            return
        world.stage.rest(world.rng.randrange(30))
        world.stage.pass_on()
        befallen(world, partial(_click, world))


def _click(world: World) -> None:
    event_id = world.rng.randint(1, world.weather.events)
    todo: list[Callable[[], None]] = [
        partial(_share, world, event_id),
        partial(_undo, world, event_id),
        partial(_decline, world, event_id),
        *[partial(_handle, world)] * 3,
    ]
    world.rng.choice(todo)()


def _share(world: World, event_id: int) -> None:
    version, post_now = _version(world, event_id), world.rng.random() < 0.7

    def click() -> None:
        sharing.share(world.house, event_id, actor=WHO, version=version, post_now=post_now)

    if not world.calm and world.rng.random() < 0.4:
        world.stage.enter("2nd click", partial(befallen, world, click))
    world.note(f"share event {event_id}")
    click()


def _undo(world: World, event_id: int) -> None:
    version = _version(world, event_id)
    world.note(f"undo event {event_id}")
    reviews.undo(world.house, event_id, actor=WHO, version=version)


def _decline(world: World, event_id: int) -> None:
    version = _version(world, event_id)
    world.note(f"decline event {event_id}")
    reviews.apply(world.house, "decline", event_id, actor=WHO, version=version)


def _version(world: World, event_id: int) -> int:
    with world.house.database.reading() as tx:
        row = events.by_id(tx, event_id)
    if row is None:
        raise LookupError(event_id)
    return int(row.version)


def _handle(world: World) -> None:
    """Something on the queue's page."""
    with world.house.database.reading() as tx:
        rows = deliveries.on_the_way(tx)
    waiting = [row for row in rows if row.state == "HELD" or row.due_at is None]
    if waiting or rows:
        handle(world, world.rng.choice(waiting or rows))


def handle(world: World, row: Any) -> None:
    """What a person does with one delivery: withdraw, hurry, release, or answer."""
    number, house = int(row.id), world.house
    match row.state:
        case "HELD":
            verb = world.rng.choice((queueing.release, queueing.withdraw))
        case "UNKNOWN" if row.due_at is None:
            _answer(world, row)
            return
        case "QUEUED":
            verb = world.rng.choice((queueing.withdraw, queueing.post_now))
        case _:
            verb = queueing.withdraw  # too late, and said so
    world.note(f"{verb.__name__} {number}")
    verb(house, number, actor=WHO)


def _answer(world: World, row: Any) -> None:
    """A person looks at the network itself, and says so; or has had enough of it."""
    number, board = int(row.id), world.boards[row.network]
    seen = board.shown(row.live_key, row.frozen["text"], world.now)
    if world.rng.random() < 0.3:
        world.note(f"give up {number}")
        queueing.give_up(world.house, number, actor=WHO)
    elif seen is not None:
        world.note(f"{number} is there")
        queueing.there(world.house, number, actor=WHO)
    else:
        world.note(f"{number} is not there")
        queueing.again(world.house, number, actor=WHO)


def befallen(world: World, act: Callable[[], None]) -> None:
    """Do it, as far as fate allows; the process is another one afterwards if it was killed."""
    try:
        act()
    except Killed:
        pass
    except ServiceError as error:
        world.note(f"told: {error.code}")
    except OperationalError:
        world.note("failed")
