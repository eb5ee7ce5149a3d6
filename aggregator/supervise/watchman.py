"""Ends the children when the supervisor is gone, however it went: `… watchman RECORD OWNER`.

Its standard input is a pipe that only the supervisor holds open. When that closes, what the
record still names is ended. An orderly supervisor has cleared the record by then.
"""

import signal
import subprocess
import sys
from pathlib import Path

from aggregator.supervise.pids import Record, end

_ROOT = Path(__file__).resolve().parents[2]


class Watchman:
    """The watchman, as the supervisor holds him."""

    def __init__(self, record: Path, owner: str) -> None:
        self._line = [sys.executable, "-m", "aggregator.supervise.watchman", str(record), owner]
        self._process = self._start()

    @property
    def pipe(self) -> int:
        """The supervisor's end, which no child may hold."""
        return self._process.stdin.fileno() if self._process.stdin is not None else -1

    def tend(self) -> None:
        """Somebody may have killed him."""
        if self._process.poll() is not None:
            self._process = self._start()

    def dismiss(self) -> None:
        """The house is closed; the record is clear."""
        self._process.communicate()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 (a list of our own making)
            self._line, stdin=subprocess.PIPE, cwd=_ROOT, start_new_session=True
        )


def main(path: str, owner: str) -> None:
    """Wait for the end of standard input, then for the end of what is left."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # he goes with the supervisor, not before
    while sys.stdin.buffer.read(1):
        pass
    left = Record(Path(path)).read()
    if left.owner == owner:  # not a supervisor that was started since
        end(left.processes)


if __name__ == "__main__":
    main(*sys.argv[1:])
