"""Three bugs to plant: if the simulation does not see them, it would not see ours either.

Each is a change to production files, applied to a copy of the project.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: What a play needs of the project.
PACKAGES = ("aggregator", "feeds", "networks", "calendars", "words", "safehttp", "tests")


@dataclass(frozen=True, slots=True)
class Change:
    """In that file this text, which has to stand there exactly once, becomes another."""

    path: str
    old: str
    new: str


BUGS = {
    "re-send at lease end": (
        Change(
            "aggregator/domain/delivering.py",
            'return Next("UNKNOWN", settled(attempts, settle) or now, "delivery.lost")',
            'return Next("QUEUED", now, "delivery.lost")',
        ),
    ),
    "no settle": (
        Change(
            "aggregator/domain/delivering.py",
            "return max(deadlines) + settle if deadlines else None",
            "return max(deadlines) if deadlines else None",
        ),
        Change(
            "aggregator/domain/delivering.py",
            'return Next("UNKNOWN", now + WIRE + settle, "delivery.looking", looks)',
            'return Next("UNKNOWN", now, "delivery.looking", looks)',
        ),
    ),
    "a receipt that ignores the claim": (
        Change(
            "aggregator/services/deliveries.py",
            'deliveries.end_attempt(tx, held.id, n, "SENT", told)\n'
            "        if deliveries.ours(tx, held, now):",
            'deliveries.end_attempt(tx, held.id, n, "SENT", told)\n        if now:',
        ),
    ),
}


def plant(bug: str, folder: Path) -> None:
    """A copy of the project in folder, with that bug. Raises ValueError where it can't grow."""
    for name in PACKAGES:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "specimens")
        )
    for change in BUGS[bug]:
        path = folder / change.path
        text = path.read_text("utf-8")
        if text.count(change.old) != 1:
            raise ValueError(f"{change.path} holds {change.old!r} {text.count(change.old)} times")
        path.write_text(text.replace(change.old, change.new), "utf-8")
