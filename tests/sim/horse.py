"""A worker to be killed: `python -m tests.sim.horse ZERO RATE`, with the settings of a house.

It has everything imported, as a worker has before it forks. On the line `work` it forks a child
that collects and delivers without end, on `kill` it kills that child with SIGKILL; on `rest` it
forks one that ends by itself when nothing is left to do. Each line is answered by one.
"""

import os
import signal
import sys
import time
from dataclasses import replace

from aggregator import app
from aggregator.services import collecting, deliveries
from aggregator.services.house import House
from tests.sim.fast import FastClock


def main() -> None:
    """Until the input ends."""
    clock, child = FastClock(float(sys.argv[1]), float(sys.argv[2])), 0
    for line in sys.stdin:
        if line.strip() == "kill":
            os.kill(child, signal.SIGKILL)
        else:
            child = _fork(clock, until_rest=line.strip() == "rest")
        if line.strip() != "work":
            child = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(child, flush=True)


def _fork(clock: FastClock, *, until_rest: bool) -> int:
    """A child that works; its pid."""
    child = os.fork()
    if not child:
        house = replace(app.build(app.settings()), clock=clock)
        _work(house, until_rest=until_rest)
        os._exit(0)
    return child


def _work(house: House, *, until_rest: bool) -> None:
    while True:
        done = collecting.collect(house, pause=0) + deliveries.deliver(house)
        if until_rest and not done:
            return
        time.sleep(0.002)


if __name__ == "__main__":
    main()
