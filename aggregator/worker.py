"""The processes behind the web app: workers that run jobs, and the tick that wakes them."""

import os
import sys
import time
from collections.abc import Callable

import structlog
from redis.exceptions import RedisError
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue

from aggregator import app
from aggregator.config import Settings
from aggregator.services import ticking
from aggregator.services.house import House
from aggregator.supervise import logs
from aggregator.wake import JOBS, Wake, connect

if sys.platform == "darwin":
    from rq.worker import SpawnWorker as Base  # a fork may crash there
else:
    from rq.worker import Worker as Base

#: A worker that says nothing for so long is taken for dead, and its job begins again (seconds).
TTL = 20
#: How often a worker looks after its job, and after jobs of workers that died (seconds).
INTERVAL = 5
#: The tick's rhythm (seconds).
PAUSE = 1.0

_log = structlog.get_logger()


class TownWorker(Base):
    """RQ's worker, with a job that never outlives it and a queue that may come and go."""

    max_connection_wait_time = 2.0

    def subscribe(self) -> None:
        """Nobody sends us commands: one thread less in a process that forks."""

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:  # noqa: ARG002
        """Seconds until the job counts as lost."""
        return TTL

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """A queue that is away must not part us from our job: it works on the database."""
        try:
            super().maintain_heartbeats(job, execution)
        except (RedisError, OSError) as error:
            _log.warning("worker.no_queue", error=str(error))

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the job's own process: back into the group of the worker, to be ended with it."""
        try:
            os.setpgid(0, os.getpgid(os.getppid()))
        except OSError:
            os._exit(1)  # the worker has gone already
        super().main_work_horse(job, queue)

    def kill_horse(self, sig: int = 9) -> None:
        """The job's process alone: its group is ours."""
        if self.horse_pid:
            try:
                os.kill(self.horse_pid, sig)
            except ProcessLookupError:
                _log.info("worker.horse_gone")


def work(settings: Settings, queues: list[str]) -> None:
    """Take jobs from these queues, the first named first, until told to stop."""
    app.build(settings)  # so that all is imported before the fork: a job starts in milliseconds
    while not _answers(settings.queue_url):
        time.sleep(PAUSE)
    worker = TownWorker(
        queues,
        connection=connect(settings.queue_url),
        worker_ttl=TTL,
        maintenance_interval=INTERVAL,
        job_monitoring_interval=INTERVAL,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING")


def tick(house: House, wake: Callable[[str], None]) -> None:
    """About every second: wake the jobs that would find something to do. Never returns."""
    while True:
        try:
            ticking.free(house)
            for job in sorted(ticking.due(house)):
                wake(job)
        except Exception as error:  # a database that is away comes back
            _log.error("tick.failed", error=f"{type(error).__name__}: {error}")
        time.sleep(PAUSE)


def main(arguments: list[str]) -> None:
    """`worker.py work QUEUE …` or `worker.py tick`."""
    logs.configure()
    settings = app.settings()
    match arguments:
        case ["work", *queues] if queues and set(queues) <= set(JOBS):
            work(settings, queues)
        case ["tick"]:
            tick(app.build(settings), Wake(settings.queue_url))
        case _:
            sys.exit("usage: worker.py tick | work deliver|look|collect …")


def _answers(queue_url: str) -> bool:
    try:
        with connect(queue_url, seconds=2) as connection:
            return bool(connection.ping())
    except (RedisError, OSError) as error:
        _log.warning("worker.no_queue", error=str(error))
        return False
