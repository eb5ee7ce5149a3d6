"""Actors on a stage: threads that hand one baton on, so that exactly one of them runs.

A seeded generator says who goes next; nothing else does. So a seed is one play, for ever.
"""

import threading
from collections.abc import Callable
from random import Random


class Killed(BaseException):
    """What SIGKILL is to a process: no `except Exception` sees it, open transactions are undone."""


class StuckError(Exception):
    """An actor ended with an error that nobody foresaw."""


class Actor:
    """One thread with a part; it runs while it has the baton."""

    def __init__(self, name: str, part: Callable[[], None]) -> None:
        self.name = name
        self.part = part
        self.rests_until = 0  # the step before which it is not chosen
        self.ready: Callable[[], bool] | None = None  # what it waits for
        self.ended = False
        self.error: BaseException | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class Stage:
    """Who is on, and whose turn it is. The main thread waits while they play."""

    def __init__(self, rng: Random, limit: int) -> None:
        self._rng = rng
        self._limit = limit
        self._actors: list[Actor] = []
        self._back = threading.Lock()
        self._back.acquire()
        self._now: Actor | None = None
        self.step = 0
        self.closing = False

    @property
    def current(self) -> Actor:
        """Who has the baton."""
        if self._now is None:
            raise StuckError("nobody is on")
        return self._now

    @property
    def name(self) -> str:
        """Of who has the baton; the main thread is the calm after the storm."""
        return "calm" if self._now is None else self._now.name

    def enter(self, name: str, part: Callable[[], None]) -> None:
        """One more actor comes on; it begins when it is chosen."""
        actor = Actor(name, part)
        self._actors.append(actor)
        threading.Thread(target=self._live, args=(actor,), name=name, daemon=True).start()

    def play(self) -> None:
        """Let them play until the limit. From the main thread."""
        self._give_to_all()

    def close(self, *, frozen: bool) -> None:
        """Let everybody finish what they are at. Who rests keeps resting, if frozen."""
        self.closing = True
        for actor in self._actors:
            if not frozen or actor.rests_until <= self.step:
                actor.rests_until = 0
        self._give_to_all()
        for actor in self._actors:
            if actor.error is not None:
                raise actor.error

    @property
    def empty(self) -> bool:
        """Whether all have gone."""
        return all(actor.ended for actor in self._actors)

    def pass_on(self) -> None:
        """Give the baton on; back when it is this actor's turn again."""
        mine = self.current
        self.step += 1
        other = self._next()
        if other is mine:
            return
        self._hand(other)
        mine.turn.acquire()
        self._now = mine

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Rest until that is so, or the play closes."""
        self.current.ready = ready
        self.pass_on()
        self.current.ready = None

    def rest(self, steps: int) -> None:
        """The current actor is not chosen for so many steps; it goes on where it stopped."""
        self.current.rests_until = self.step + steps

    def _live(self, actor: Actor) -> None:
        actor.turn.acquire()
        self._now = actor
        try:
            actor.part()
        except BaseException as error:  # the main thread raises it
            actor.error = error
        actor.ended = True
        self.step += 1
        self._hand(self._next())

    def _next(self) -> Actor | None:
        """Whose turn it is; None: the main thread's."""
        over = self.step >= self._limit or any(actor.error for actor in self._actors)
        if over and not self.closing:
            return None
        can = [actor for actor in self._actors if self._can(actor)]
        if not can and not self.closing:  # nobody is awake: it is later
            resting = [actor for actor in self._actors if not actor.ended and not self._idle(actor)]
            if not resting:
                return None
            self.step = min(actor.rests_until for actor in resting)
            can = [actor for actor in resting if actor.rests_until <= self.step]
        return self._rng.choice(can) if can else None

    def _can(self, actor: Actor) -> bool:
        awake = actor.rests_until == 0 if self.closing else actor.rests_until <= self.step
        return awake and not actor.ended and not self._idle(actor)

    def _idle(self, actor: Actor) -> bool:
        return actor.ready is not None and not self.closing and not actor.ready()

    def _give_to_all(self) -> None:
        first = self._next()
        if first is not None:
            self._hand(first)
            self._back.acquire()
        self._now = None

    def _hand(self, to: Actor | None) -> None:
        (self._back if to is None else to.turn).release()
