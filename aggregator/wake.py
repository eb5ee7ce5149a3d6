"""The only import of rq for those who ask for work: names of jobs, sent after a commit.

A wake is a hint: the database knows what is due and the tick looks. So a queue that does not
answer costs seconds, never work.
"""

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

#: job name → its function, as RQ imports it, and how long it may run in seconds.
JOBS = {
    "collect": ("aggregator.jobs.collect", 180),
    "deliver": ("aggregator.jobs.deliver", 180),
}

_log = structlog.get_logger()


class Wake:
    """Sends names of jobs to the queue of the same name."""

    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def __call__(self, job: str) -> None:
        """Wake job, unless as many wait already as could start. Never raises."""
        function, seconds = JOBS[job]
        try:
            with Redis.from_url(
                self._url, socket_timeout=2, socket_connect_timeout=2
            ) as connection:
                queue = Queue(job, connection=connection)
                if queue.count < 2:  # one that runs out of work, one that finds what came since
                    queue.enqueue(function, job_timeout=seconds, result_ttl=0, failure_ttl=3600)
        except (RedisError, OSError) as error:
            _log.warning("wake.lost", job=job, error=str(error))
