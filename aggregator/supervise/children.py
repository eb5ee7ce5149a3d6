"""The processes that make up a running house: started, started again, stopped."""

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from aggregator.supervise.pids import Process, begun, kill_group
from aggregator.supervise.starting import Started

#: Seconds until a child that died is started again: at once, then longer while it keeps dying.
DELAYS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
#: A child that ran so long was well.
WELL_SECONDS = 20.0

_log = structlog.get_logger()


class Child:
    """One process, the leader of its own group, so that all it forks can be ended with it."""

    def __init__(self, name: str, begin: Callable[[], Started], *, patience: float) -> None:
        """`begin` starts it. `patience`: so many seconds it may take to stop."""
        self.name = name
        self.patience = patience
        self.deaths = 0  # one soon after the other
        self._begin = begin
        self._process: Started | None = None
        self._began = 0.0
        self._due = 0.0

    @property
    def record(self) -> Process | None:
        """For data/run.pids; None when it does not run."""
        if self._process is None or (at := begun(self._process.pid)) is None:
            return None
        return Process(self.name, self._process.pid, at)

    def start(self) -> None:
        """Begin it."""
        self._process = self._begin()
        self._began = time.monotonic()

    def lives(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def tend(self, changed: Callable[[], None]) -> None:
        """Start it again if it died and its delay is over; `changed` puts that on record."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            self._bury(self._process, now)
        if self._process is None and now >= self._due:
            self.start()
            changed()

    def ask_to_stop(self) -> None:
        """SIGTERM to the leader, who knows what to do with the rest."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self) -> None:
        """Until it is gone, with all of its group; killed when its patience is over."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self.patience)
        kill_group(self._process.pid)
        self._process.wait()
        self._process = None

    def _bury(self, process: Started, now: float) -> None:
        """Note how it died, end what it left, and when it comes back."""
        kill_group(process.pid)
        self.deaths = 1 if now - self._began > WELL_SECONDS else self.deaths + 1
        delay = DELAYS[min(self.deaths, len(DELAYS)) - 1]
        _log.warning("child.ended", child=self.name, code=process.returncode, back_in=delay)
        self._process, self._due = None, now + delay
