"""What may go wrong in one play, and how often: each seed has its own weather.

Most plays have a few troubles and some have none of a kind, so that the rare order of things is
not always drowned by another kind of trouble.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

#: The longest that a network of the simulation lets an accepted post hide.
SETTLES = (5, 60, 300)


@dataclass(frozen=True, slots=True)
class Weather:
    """Chances are per crossing of a door, those of the networks per request."""

    steps: int
    pace: float  # seconds that a crossing takes at most
    passing: float  # that others may go first
    kill: float
    pause: float
    nap: int  # steps that a pause takes on average
    sleep: float  # that the answer of a network finds its caller asleep
    jump: float
    leap: float  # that our clock alone is an hour ahead from now on, once a play
    error: float
    lost_wake: float
    refuse: float
    busy: float
    lost_answer: float  # acted, and nobody heard
    dead: float  # not acted, and nobody heard
    late: float  # of what is accepted: appears later
    no_listing: float
    frozen: bool  # who rests at the end wakes only when all is over
    channels: tuple[str, ...]
    events: int
    slots: bool  # the default day in place of every minute
    settle: timedelta
    truthful: bool  # staff answer what is asked about; else it stays asked
    edits: float  # that the partner changes the event, per look of the feed
    clicks: int  # what staff do


#: The channels of the little town, each on a network with other abilities.
CHANNELS = ("searched", "asking", "harmless", "nameless")


def weather(rng: Random) -> Weather:
    """The weather of one seed."""

    def some(chance: float, most: float) -> float:
        return most * rng.random() if rng.random() < chance else 0.0

    number = rng.choice((1, 1, 2, 2, 3))
    chosen = Weather(
        steps=rng.choice((60, 100, 100, 160, 240)),
        pace=rng.choice((0.5, 3.0, 3.0, 10.0)),
        passing=rng.choice((0.2, 0.5, 1.0)),
        kill=some(0.6, 0.06),
        pause=some(0.7, 0.12),
        nap=rng.choice((5, 20, 60)),
        sleep=some(0.5, 0.6),
        jump=some(0.4, 0.03),
        leap=some(0.4, 0.05),
        error=some(0.4, 0.06),
        lost_wake=some(0.5, 0.5),
        refuse=some(0.3, 0.3),
        busy=some(0.3, 0.6),
        lost_answer=some(0.7, 0.9),
        dead=some(0.5, 0.4),
        late=some(0.6, 1.0),
        no_listing=some(0.4, 0.6),
        frozen=rng.random() < 0.4,
        channels=tuple(sorted(rng.sample(CHANNELS, number))),
        events=rng.choice((1, 1, 2)),
        slots=rng.random() < 0.15,
        settle=timedelta(seconds=rng.choice(SETTLES)),
        truthful=rng.random() < 0.8,
        edits=some(0.4, 0.5),
        clicks=rng.choice((1, 3, 6)),
    )
    return replace(chosen, **_LEAPING) if rng.random() < 0.1 else chosen


#: Needs several rare things at once: our clock leaps while a request is out that appears late.
_LEAPING: dict[str, Any] = {
    "leap": 0.05,
    "late": 1.0,
    "lost_answer": 0.7,
    "refuse": 0.0,
    "busy": 0.0,
    "passing": 1.0,
    "pace": 3.0,
    "settle": timedelta(seconds=300),
    "channels": ("searched",),
    "slots": False,
}
