"""A house that really runs: `python -m aggregator up` in a data folder of its own."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], seconds: float = 20.0) -> float:
    """Wait until it is true; how long that took. Fails the test when it never is."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - begun


class RunningHouse:
    """The supervisor of one house and what it prints."""

    def __init__(
        self,
        data_dir: Path,
        command: tuple[str, ...] = ("-m", "aggregator", "up"),
        environ: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.data_dir, self.environ = data_dir, environ
        ours = {
            "DATA_DIR": str(data_dir),
            "PORT": str(free_port()),
            "PYTHONPATH": str(ROOT / "tests" / "support" / "offline"),
        } | dict(environ)
        self.port = int(ours["PORT"])
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | ours,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stdout:
            for line in stdout:
                self.lines.append(line.rstrip())
                self._queue.put(line)
        self._queue.put(None)

    def opened(self, seconds: float = 60.0) -> "RunningHouse":
        """Wait until it says that it is open."""
        end = time.monotonic() + seconds
        while (line := self._queue.get(timeout=max(0.1, end - time.monotonic()))) is not None:
            if line.startswith("Stop it with Ctrl-C"):
                return self
        raise AssertionError("\n".join(self.lines))

    def recorded(self) -> dict[str, int]:
        """The children on record: name → process id."""
        with suppress(OSError, ValueError):
            found = json.loads((self.data_dir / "run.pids").read_text())
            return {each["name"]: each["pid"] for each in found["processes"]}
        return {}

    def family(self) -> set[psutil.Process]:
        """Every process below the supervisor."""
        return set(psutil.Process(self.process.pid).children(recursive=True))

    def answers(self) -> bool:
        """Whether the web app answers a request."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/calendar.ics", timeout=10):
                return True
        except HTTPError:
            return True
        except OSError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to stop: its exit code, and the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(30)
        return code, time.monotonic() - begun

    def end(self) -> None:
        """Whatever a test left of it."""
        if self.process.poll() is None:
            self.stop()


def gone(processes: set[psutil.Process]) -> bool:
    """Whether none of them runs any more."""
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )
