"""Who our processes are, on record, so that what a killed supervisor leaves can be ended.

A process is its id and the moment it began: an id alone may belong to somebody else by now.
Each child leads a process group; what it forks stays in the group and goes with it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Process:
    """A process group of ours. `begun` tells its leader from a later process of the same id."""

    name: str
    pid: int
    begun: str


def begun(pid: int) -> str | None:
    """When process pid began, in the system's own words; None when it is gone."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2]
            state, began = fields.split()[0], fields.split()[19]  # proc_pid_stat(5): 3, 22
        except (OSError, IndexError):
            return None
        return None if state in "ZX" else f"{began} {_BOOT.read_text('ascii').strip()}"
    found = subprocess.run(  # noqa: S603 (a number)
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607
        env=os.environ | {"LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None


def end(processes: Collection[Process], seconds: float = 5.0) -> list[str]:
    """Kill those that are still there, groups and all, and wait until they are gone.

    Returns their names. Nothing of ours minds: what counts is in the database, committed.
    """
    ended = [each.name for each in processes if _is_ours(each) and kill_group(each.pid)]
    until = time.monotonic() + seconds
    while any(map(_is_ours, processes)) and time.monotonic() < until:
        time.sleep(0.01)
    return ended


def kill_group(pid: int) -> bool:
    """SIGKILL to every process of the group; whether there was one."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # PermissionError: macOS, when all are zombies
        return False
    return True


def _is_ours(process: Process) -> bool:
    """Whether the leader lives, or is gone and left others of its group behind."""
    now = begun(process.pid)
    if now is not None:
        return now == process.begun
    boot = process.begun.rpartition(" ")[2]
    if sys.platform == "linux" and boot != _BOOT.read_text("ascii").strip():
        return False
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, 0)
        return _group_lives(process.pid)
    return False


def _group_lives(group: int) -> bool:
    """Whether the group holds more than zombies that somebody has yet to collect."""
    if sys.platform != "linux":
        return True
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            if fields[2] == str(group) and fields[0] not in "ZX":
                return True
    return False


class Record:
    """data/run.pids: the supervisor's own process, and its children."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.owner = ""
        self.processes: tuple[Process, ...] = ()

    def read(self) -> "Record":
        """What the last supervisor wrote; nothing where there is no file, or a damaged one."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads(self._path.read_text("utf-8"))
            self.owner = str(found["owner"])
            self.processes = tuple(Process(**each) for each in found["processes"])
        return self

    def write(self, owner: str, processes: Collection[Process]) -> None:
        """Put on record, whole or not at all."""
        self.owner, self.processes = owner, tuple(processes)
        beside = self._path.with_name(f".{self._path.name}")
        beside.write_text(
            json.dumps({"owner": owner, "processes": [asdict(each) for each in processes]}),
            "utf-8",
        )
        beside.replace(self._path)

    def clear(self) -> None:
        """Nothing of ours runs."""
        self._path.unlink(missing_ok=True)
