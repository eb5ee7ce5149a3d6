"""The simulation: hundreds of plays a day, every seed that ever failed, and bugs planted in it.

SIM_FIRST and SIM_SEEDS choose other seeds; the day's own are the same all day.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sim.planted import BUGS, ROOT, plant
from tests.sim.play import play, quietly
from tests.sim.town import Town

#: A test is so many plays, so that a red one is found early and two cores share the work.
TOGETHER = 100

PLAYS = int(os.environ.get("SIM_SEEDS", "500"))
SOAK = 20_000


def _todays_first() -> int:
    """New seeds every day."""
    return (datetime.now(UTC).date() - datetime(2026, 1, 1, tzinfo=UTC).date()).days * SOAK


FIRST = int(os.environ.get("SIM_FIRST", str(_todays_first())))
KNOWN = [
    int(line.split()[0])
    for line in Path(__file__).with_name("seeds.txt").read_text("ascii").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    made = Town()
    with quietly():
        yield made
    made.close()


def _all_well(town: Town, seeds: range | list[int]) -> None:
    for seed in seeds:
        outcome = play(seed, town)
        if outcome.wrong:
            trace = "\n".join(outcome.lines)
            pytest.fail(
                f"{trace}\nseed {seed}: {outcome.wrong}\n"
                f"Play it again: python -m tests.sim {seed}. Then add it to tests/sim/seeds.txt.",
                pytrace=False,
            )


def _starts(plays: int) -> list[int]:
    return [*range(FIRST, FIRST + plays, TOGETHER)]


@pytest.mark.parametrize("first", _starts(PLAYS))
def test_whatever_goes_wrong_every_post_goes_out_once_or_is_asked_about(
    town: Town, first: int
) -> None:
    _all_well(town, range(first, min(first + TOGETHER, FIRST + PLAYS)))


def test_seeds_that_failed_once_are_well(town: Town) -> None:
    _all_well(town, KNOWN)


def test_a_seed_is_the_same_play_every_time(town: Town) -> None:
    for seed in range(FIRST, FIRST + 10):
        assert play(seed, town).fingerprint == play(seed, town).fingerprint


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_within_500_plays(bug: str, tmp_path: Path) -> None:
    plant(bug, tmp_path)
    command = [sys.executable, "-m", "tests.sim", "--plays", "500"]
    found = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert found.returncode == 1, found.stdout + found.stderr
    assert "WrongError" in found.stdout, found.stdout + found.stderr


def test_every_planted_bug_fits_the_code_as_it_is() -> None:
    """Else a change of the code would leave the test above without its bug."""
    for changes in BUGS.values():
        for change in changes:
            assert (ROOT / change.path).read_text("utf-8").count(change.old) == 1


@pytest.mark.soak
@pytest.mark.parametrize("first", [*range(FIRST + PLAYS, FIRST + SOAK, TOGETHER)])
def test_it_goes_on(town: Town, first: int) -> None:
    _all_well(town, range(first, first + TOGETHER))
