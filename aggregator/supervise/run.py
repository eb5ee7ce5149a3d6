"""`up`: the whole house on one machine, step by step, until Ctrl-C or SIGTERM."""

import http.client
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType

from aggregator.config import Settings
from aggregator.storage import keys, migrate
from aggregator.storage.errors import StorageError
from aggregator.storage.folder import held
from aggregator.supervise import commands, logs, pids, valkey
from aggregator.supervise.children import Child
from aggregator.supervise.starting import Command, ours
from aggregator.supervise.watchman import Watchman
from words.say import say

#: Seconds that the web app may take until it answers for the first time.
START_SECONDS = 60.0

Out = Callable[[str], None]  # prints one line


class StartError(StorageError):
    """The house can't open; what was started has been stopped again."""


def up(
    settings: Settings,
    out: Out,
    set_up_link: Callable[[], str | None],
) -> int:
    """Run the house until it is told to stop; 0 then. One line to `out` for each step.

    `set_up_link` is asked once the web app answers: the address where the first administrator
    begins, None when there is one already. Raises StorageError
    (FolderError, RunningError, MigrationError, StartError) with the words for what is in the way.
    """
    begun = time.monotonic()
    logs.configure()
    os.umask(0o077)  # what the house writes is its own
    with _signals() as told, held(settings.data_dir) as lock:
        house = _Running(settings, out, told, lock)
        try:
            house.start()
            if house.go_on():
                house.greet(set_up_link(), time.monotonic() - begun)
            while house.go_on():
                house.tend()
                time.sleep(0.1)
        finally:
            house.stop()
    return 0


class _Running:
    """The children of one running house."""

    def __init__(self, settings: Settings, out: Out, told: Callable[[], bool], lock: int) -> None:
        self._settings, self._out, self._told = settings, out, told
        self._lock = lock
        self._record = pids.Record(settings.data_dir / "run.pids")
        self._owner = f"{os.getpid()} {pids.begun(os.getpid())}"
        self._watchman: Watchman | None = None
        self._valkey: Child | None = None
        self._web = self._ours("web", commands.web(), patience=3.0)
        self._workers = [
            self._ours(f"worker {number}", command, patience=4.0)
            for number, command in enumerate(commands.workers(settings.workers), 1)
        ]
        self._others = [self._ours("tick", commands.tick(), patience=1.0)]

    def go_on(self) -> bool:
        """False once Ctrl-C or SIGTERM came."""
        return not self._told()

    def start(self) -> None:
        """Every step until the web app answers."""
        settings = self._settings
        self._say("up.folder", path=settings.data_dir)
        self._end_what_is_left()
        _check_port(settings.port)
        keys.load(settings)
        migrate.migrate(settings, datetime.now(UTC), self._say)
        self._say("up.database", database=_shown(settings))
        self._watch()
        self._start_queue()
        self._say("up.processes", workers=settings.workers)
        for child in (self._web, *self._workers, *self._others):
            child.start()
        self._put_on_record()
        self._wait_for_web()

    def greet(self, link: str | None, seconds: float) -> None:
        """Where the house stands, and how to begin or to stop."""
        self._say("up.ready", url=self._settings.local_url, seconds=f"{seconds:.1f}")
        if link is not None:
            self._say("up.begin", link=link)
        self._say("up.stop")

    def tend(self) -> None:
        """Start again what died."""
        if self._watchman is not None:
            self._watchman.tend()
        for child in self._children():
            child.tend(self._put_on_record)

    def stop(self) -> None:
        """Web, workers, tick, Valkey, in this order, with all that they forked."""
        if self._watchman is None:  # nothing was started
            return
        self._say("up.stopping")
        queue = [self._valkey] if self._valkey is not None else []
        for stage in ([self._web], self._workers, self._others, queue):
            for child in stage:
                child.ask_to_stop()
            for child in stage:
                child.wait()
        self._record.clear()
        self._watchman.dismiss()
        self._say("up.stopped")

    def _ours(self, name: str, command: Command, *, patience: float) -> Child:
        return Child(name, lambda: ours(command, self._private()), patience=patience)

    def _private(self) -> list[int]:
        return [self._lock, self._watchman.pipe] if self._watchman is not None else [self._lock]

    def _say(self, code: str, **params: object) -> None:
        self._out(say(code, params))

    def _children(self) -> list[Child]:
        queue = [self._valkey] if self._valkey is not None else []
        return [*queue, self._web, *self._workers, *self._others]

    def _put_on_record(self) -> None:
        records = [child.record for child in self._children()]
        self._record.write(self._owner, [each for each in records if each is not None])

    def _end_what_is_left(self) -> None:
        """Of a house whose supervisor was killed: we hold its lock, so it is over."""
        left = pids.end(self._record.read().processes)
        if valkey.end_orphan(self._settings) and "valkey" not in left:
            left.append("valkey")
        if left:
            self._say("up.left", names=", ".join(left))

    def _watch(self) -> None:
        self._record.write(self._owner, [])
        self._watchman = Watchman(self._settings.data_dir / "run.pids", self._owner)

    def _start_queue(self) -> None:
        settings = self._settings
        if settings.redis_url is not None:
            code = "up.queue" if valkey.answers(settings) else "up.queue_silent"
            self._say(code)
            return
        self._valkey = valkey.embedded(settings)
        self._valkey.start()
        self._put_on_record()
        valkey.wait_until_it_answers(settings, self._valkey, self.go_on)
        self._say("up.valkey")

    def _wait_for_web(self) -> None:
        until = time.monotonic() + START_SECONDS
        while self.go_on() and not _answers(self._settings.port):
            self.tend()
            if self._web.deaths >= 3 or time.monotonic() > until:
                raise StartError("up.no_web")
            time.sleep(0.05)


@contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C, SIGTERM or the closing of the terminal came, instead of dying of it."""
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, note) for number in numbers]
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _check_port(port: int) -> None:
    """Raises StartError when another program listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise StartError("up.port_forbidden", port=port) from error
        except OSError as error:
            raise StartError("up.port", port=port) from error


def _answers(port: int) -> bool:
    """Whether the web app answers, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        connection.getresponse().read()
        return True
    return False


def _shown(settings: Settings) -> str:
    """The database in words, without its password."""
    return "PostgreSQL" if settings.postgres else settings.database_url.removeprefix("sqlite:///")
