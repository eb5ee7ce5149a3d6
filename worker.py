"""Starts a worker or the tick: `worker.py work deliver collect`, `worker.py tick`."""

import sys

from aggregator.worker import main

if __name__ == "__main__":
    main(sys.argv[1:])
