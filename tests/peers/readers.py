"""Readers of calendars that are not written in Python, made ready and asked.

They live in .peers/ at the top of the project, outside version control.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.calendars.reading import Seen, from_lines

HERE = Path(__file__).parent
HOME = HERE.parents[1] / ".peers"


class MissingError(Exception):
    """A peer is not here and cannot be had."""


@dataclass(frozen=True)
class Reader:
    """One peer. `prepare` gives the command that prints occurrences, or raises MissingError."""

    name: str
    prepare: Callable[[], list[str]]


def occurrences(command: list[str], calendar: Path, begin: date, end: date) -> list[Seen]:
    """What the peer of that command reads in calendar, in the days from begin to before end."""
    told = [*command, str(calendar), begin.isoformat(), end.isoformat()]
    done = subprocess.run(told, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise AssertionError(f"{command} ends with {done.returncode}: {done.stderr[-2000:]}")
    return from_lines(done.stdout)


def _icaljs() -> list[str]:
    HOME.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, HOME / name)
    if not (node := shutil.which("node")) or not (npm := shutil.which("npm")):
        raise MissingError("Node.js with npm is not installed (apt: nodejs npm)")
    wanted = HOME / "node_modules" / "ical.js" / "package.json"
    if not wanted.exists() or wanted.stat().st_mtime < (HERE / "package.json").stat().st_mtime:
        _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(HOME)])
        wanted.touch()
    return [node, str(HERE / "occurrences.mjs"), str(HOME)]


def _libical() -> list[str]:
    HOME.mkdir(exist_ok=True)
    if not (compiler := shutil.which("gcc") or shutil.which("cc")):
        raise MissingError("there is no C compiler (apt: gcc)")
    source, program, flags = HERE / "occurrences.c", HOME / "occurrences", _flags()
    command = [compiler, "-O1", "-Wall", "-Wextra", "-Werror", str(source), "-o", str(program)]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr  # libical is here, so our program has to compile
    return [str(program)]


def _flags() -> list[str]:
    """What the compiler has to know to find libical."""
    if tool := shutil.which("pkg-config"):
        return _run([tool, "--cflags", "--libs", "libical"]).split()
    if not Path("/usr/include/libical/ical.h").exists():
        raise MissingError("libical is not installed (apt: libical-dev)")
    return ["-lical"]


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired as error:
        raise MissingError(f"{command[0]} took too long") from error
    if done.returncode:
        raise MissingError(f"{' '.join(command[:3])} …: {done.stderr.strip()[-500:]}")
    return done.stdout


READERS = (Reader("ical.js", _icaljs), Reader("libical", _libical))
