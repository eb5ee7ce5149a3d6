"""Workers with a job on their hands: told to stop, killed, parted from the queue."""

import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from aggregator import app, config
from aggregator.services import partners
from aggregator.storage import migrate
from tests.support.running import RunningHouse, gone, until


class SilentFeed:
    """A web server that takes a request and never answers: the job that asks it is busy."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/events.ics"
        self._asking: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def asked(self) -> int:
        """How many requests came."""
        return len(self._asking)

    def _accept(self) -> None:
        while True:
            try:
                self._asking.append(self._listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()
        for each in self._asking:
            each.close()


@pytest.fixture
def feed() -> Iterator[SilentFeed]:
    made = SilentFeed()
    yield made
    made.close()


@pytest.fixture
def busy(tmp_path: Path, feed: SilentFeed) -> Iterator[RunningHouse]:
    """A house with a worker that waits for a feed."""
    environ = {"ALLOW_PRIVATE": f"127.0.0.1:{feed.port}"}
    settings = config.load({"DATA_DIR": str(tmp_path / "data")} | environ)
    migrate.migrate(settings, app.utc_now(), lambda _code, **_params: None)
    house = app.build(settings)
    number = partners.add(house, "Silent museum", "Europe/Berlin", actor="test")
    partners.add_source(house, number, feed.url, actor="test")
    house.database.close()
    running = RunningHouse(tmp_path / "data", environ=environ)
    running.opened()
    until(lambda: feed.asked, 30)
    yield running
    running.end()


def horses(house: RunningHouse) -> set[psutil.Process]:
    """The processes that run a job now."""
    workers = [pid for name, pid in house.recorded().items() if name.startswith("worker")]
    return {horse for pid in workers for horse in psutil.Process(pid).children()}


def test_a_stop_ends_a_running_job_within_ten_seconds(busy: RunningHouse) -> None:
    assert horses(busy)
    family = busy.family()
    code, seconds = busy.stop()
    assert code == 0
    assert seconds < 10
    assert gone(family)


def test_a_killed_worker_takes_its_job_with_it(busy: RunningHouse) -> None:
    [horse] = horses(busy)
    worker = horse.parent()
    family = {horse, worker}
    worker.kill()
    until(lambda: gone(family), 5)
    until(lambda: worker.pid not in busy.recorded().values(), 10)
    busy.stop()


def test_a_job_goes_on_without_valkey_and_a_worker_without_its_job(busy: RunningHouse) -> None:
    [horse] = horses(busy)
    valkey = busy.recorded()["valkey"]
    psutil.Process(valkey).kill()
    until(lambda: busy.recorded().get("valkey", valkey) != valkey, 10)
    threading.Event().wait(6)  # the worker has looked after its job since
    assert not gone({horse})
    worker = horse.parent()
    horse.kill()
    until(lambda: gone({horse}), 5)
    assert not gone({worker})
    assert busy.stop(signal.SIGINT)[0] == 0
