"""A worker that is killed: `python -m tests.sim.horse`, in an environment as for `make run`.

It has everything imported, as a worker has before it forks. For each line of its input it forks
a child that collects and delivers without end, kills it with SIGKILL after so many seconds
(a number), or lets it work until it says that nothing is left (`rest`), and answers with a line.
"""

import os
import signal
import sys
import time
from dataclasses import replace

from aggregator import app
from aggregator.services import collecting, deliveries
from tests.sim.fast import FastClock


def main() -> None:
    """Until the input ends."""
    clock = FastClock(float(sys.argv[1]), float(sys.argv[2]))
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _work(clock, until_rest=line.strip() == "rest")
        if line.strip() != "rest":
            time.sleep(float(line))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _work(clock: FastClock, *, until_rest: bool) -> None:
    """In the child: never returns."""
    house = replace(app.build(app.settings()), clock=clock)
    while True:
        done = collecting.collect(house, pause=0) + deliveries.deliver(house)
        if until_rest and not done:
            os._exit(0)
        time.sleep(0.002)


if __name__ == "__main__":
    main()
