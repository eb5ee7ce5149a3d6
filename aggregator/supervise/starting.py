"""Two ways to begin a child: another program, or a fork of us that runs one of our commands.

A fork has everything imported already, where each new Python would take a second and a half of a
core for it. The supervisor runs no thread and holds no connection when it forks. On macOS, where
a fork may crash in the system's own libraries, our commands are started as programs too.
"""

import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

FORKS = sys.platform != "darwin"


class Started(Protocol):
    """A process that was begun; subprocess.Popen is one."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Command:
    """One of our own commands: a module (`-m`) or a file of Python, and its arguments."""

    target: str
    arguments: tuple[str, ...] = ()

    @property
    def line(self) -> list[str]:
        """As a shell would give it."""
        program = [self.target] if self.target.endswith(".py") else ["-m", self.target]
        return [sys.executable, *program, *self.arguments]


def program(
    line: Sequence[str], *, stdin: bytes = b"", log: Path | None = None
) -> "subprocess.Popen[bytes]":
    """Begin a program as the leader of its own session: a Ctrl-C at the terminal is not for it."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if log else None
    try:
        started = subprocess.Popen(  # noqa: S603 (a list of our own making)
            [*line],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    finally:
        if output is not None:
            os.close(output)
    if started.stdin is not None:
        with suppress(BrokenPipeError), started.stdin:
            started.stdin.write(stdin)
    return started


def ours(command: Command, private: Collection[int]) -> Started:
    """Begin one of our commands. `private` are the supervisor's open files: not for children."""
    if not FORKS:
        return program(command.line)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _become(command, private)
    return _Forked(pid)


class _Forked:
    """A forked child, as far as subprocess.Popen is needed of it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(0.01)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def _become(command: Command, private: Collection[int]) -> NoReturn:
    """In the fork: run the command as a fresh process would, and end with it."""
    code = 1
    try:
        os.setsid()
        for handle in private:
            os.close(handle)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        sys.argv = [command.target, *command.arguments]
        if command.target.endswith(".py"):
            runpy.run_path(command.target, run_name="__main__")
        else:
            runpy.run_module(command.target, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # what a fresh process would print before it ends
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
