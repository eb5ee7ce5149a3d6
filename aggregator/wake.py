"""The only import of rq for those who ask for work: names of jobs, sent after a commit.

A wake is a hint: the database knows what is due and the tick looks. So a queue that does not
answer costs seconds, never work.
"""

from pathlib import Path

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

#: job name → its function, as RQ imports it, and how long it may run in seconds.
JOBS = {
    "collect": ("aggregator.jobs.collect", 180),
    "deliver": ("aggregator.jobs.deliver", 180),
    "look": ("aggregator.jobs.look", 180),
}
#: Beside the embedded Valkey's socket, when the path to it is too long for a socket: its address.
ADDRESS_FILE = "valkey.url"

_log = structlog.get_logger()


class Wake:
    """Sends names of jobs to the queue of the same name."""

    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def __call__(self, job: str) -> None:
        """Wake job, unless as many wait already as could start. Never raises."""
        function, seconds = JOBS[job]
        try:
            with connect(self._url, seconds=2) as connection:
                queue = Queue(job, connection=connection)
                if queue.count < 2:  # one that runs out of work, one that finds what came since
                    queue.enqueue(function, job_timeout=seconds, result_ttl=0, failure_ttl=3600)
        except (RedisError, OSError) as error:
            _log.warning("wake.lost", job=job, error=str(error))


def connect(queue_url: str, *, seconds: float | None = None) -> Redis:
    """A client of the queue, opened when used. One try a command: whoever asks knows better."""
    return Redis.from_url(
        address(queue_url),
        socket_timeout=seconds,
        socket_connect_timeout=2,
        retry=Retry(NoBackoff(), 0),
    )


def address(queue_url: str) -> str:
    """Where the queue listens: queue_url, unless the embedded Valkey could not have that path."""
    if queue_url.startswith("unix://"):
        written = Path(queue_url.removeprefix("unix://")).with_name(ADDRESS_FILE)
        if written.exists():
            return written.read_text("utf-8").strip()
    return queue_url
