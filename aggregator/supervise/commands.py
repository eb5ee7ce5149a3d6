"""The commands that the children run. Each is also one that a person may give."""

from pathlib import Path

from aggregator.supervise.starting import Command

_WORKER = str(Path(__file__).resolve().parents[2] / "worker.py")


def web() -> Command:
    """The web app."""
    return Command("aggregator", ("web",))


def workers(number: int) -> list[Command]:
    """`number` workers: with more than one, the first is kept free for what people wait for."""
    if number == 1:
        return [work("deliver", "look", "collect")]
    return [work("deliver", "look"), *[work("look", "collect", "deliver")] * (number - 1)]


def work(*queues: str) -> Command:
    """A worker that takes from these queues, the first named first."""
    return Command(_WORKER, ("work", *queues))


def tick() -> Command:
    """The tick."""
    return Command(_WORKER, ("tick",))
