"""`python -m tests.sim SEED`: one play with its trace; `--first N --plays N`: many, until red."""

import argparse
import sys
import time

from tests.sim.play import Outcome, play, quietly
from tests.sim.town import Town


def main() -> int:
    """0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m tests.sim")
    parser.add_argument("seed", nargs="?", type=int, help="play this one and show its trace")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--plays", type=int, default=500)
    given = parser.parse_args()
    town = Town()
    try:
        with quietly():
            if given.seed is not None:
                return _show(play(given.seed, town))
            return _many(town, range(given.first, given.first + given.plays))
    finally:
        town.close()


def _many(town: Town, seeds: range) -> int:
    begun = time.perf_counter()
    for number, seed in enumerate(seeds, start=1):
        outcome = play(seed, town)
        if outcome.wrong:
            print(f"seed {seed}, after {number} plays: {outcome.wrong}")
            print(f"again, with its trace: python -m tests.sim {seed}")
            return 1
    seconds = time.perf_counter() - begun
    print(f"{len(seeds)} plays in {seconds:.1f} s, all well")
    return 0


def _show(outcome: Outcome) -> int:
    print(*outcome.lines, sep="\n")
    print(f"seed {outcome.seed}: {outcome.wrong or 'all well'}")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
