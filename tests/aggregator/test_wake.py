"""Wakes are hints: a few are enough, a lost one costs nothing, and nobody waits for them."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rq import Queue
from rq.job import Job

from aggregator import app, config, worker
from aggregator.services import partners
from aggregator.storage import migrate
from aggregator.supervise import valkey
from aggregator.supervise.children import Child
from aggregator.wake import Wake, address, connect
from aggregator.worker import TTL, TownWorker
from tests.support.running import until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Child]:
    """An embedded Valkey in tmp_path."""
    settings = config.load({"DATA_DIR": str(tmp_path)})
    child = valkey.embedded(settings)
    child.start()
    valkey.wait_until_it_answers(settings, child, lambda: True)
    yield child
    child.ask_to_stop()
    child.wait()


@pytest.fixture
def url(tmp_path: Path, server: Child) -> str:
    return f"unix://{tmp_path / 'valkey.sock'}"


def test_two_wakes_wait_at_most(url: str) -> None:
    for _ in range(5):
        Wake(url)("collect")
    Wake(url)("deliver")
    with connect(url) as connection:
        jobs = Queue("collect", connection=connection).jobs
        assert [job.func_name for job in jobs] == ["aggregator.jobs.collect"] * 2
        assert Queue("deliver", connection=connection).count == 1


def test_a_wake_that_is_lost_holds_nobody_up(tmp_path: Path) -> None:
    begun = time.monotonic()
    Wake(f"unix://{tmp_path / 'nobody.sock'}")("collect")
    Wake("redis://127.0.0.1:1/0")("collect")
    assert time.monotonic() - begun < 1


def test_a_name_that_is_no_job_is_a_mistake(url: str) -> None:
    with pytest.raises(KeyError):
        Wake(url)("colect")


def test_the_address_of_a_valkey_without_a_socket_is_found_beside_it(tmp_path: Path) -> None:
    socket = f"unix://{tmp_path / 'valkey.sock'}"
    assert address(socket) == socket
    (tmp_path / "valkey.url").write_text("redis://:word@127.0.0.1:1/0\n")
    assert address(socket) == "redis://:word@127.0.0.1:1/0"
    assert address("redis://elsewhere/0") == "redis://elsewhere/0"


def test_a_worker_keeps_its_job_while_the_queue_is_away(url: str, server: Child) -> None:
    with connect(url) as connection:
        busy = TownWorker(["collect"], connection=connection, worker_ttl=TTL)
        busy.register_birth()  # type: ignore[no-untyped-call]
        job = Job.create("aggregator.jobs.collect", connection=connection)
        job.save()
        job.started_at = datetime.now(UTC)
        execution = busy.prepare_execution(job)
        busy.maintain_heartbeats(job, execution)
        assert 0 < connection.ttl(execution.key) <= TTL + 60
        server.ask_to_stop()
        until(lambda: not server.lives(), 5)
        busy.maintain_heartbeats(job, execution)


def test_the_tick_outlives_a_database_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    settings = config.load({"DATA_DIR": str(tmp_path)})
    house = app.build(settings)
    woken: list[str] = []

    def wake(job: str) -> None:
        woken.append(job)
        raise SystemExit  # what is no Exception ends even the tick

    def ticking() -> None:
        with suppress(SystemExit):
            worker.tick(house, wake)

    thread = threading.Thread(target=ticking, daemon=True)
    thread.start()
    thread.join(0.2)
    assert thread.is_alive()  # no tables yet
    migrate.migrate(settings, app.utc_now(), lambda _code, **_params: None)
    partner = partners.add(house, "Museum", "Europe/Berlin", actor="test")
    partners.add_source(house, partner, "http://museum.example/events.ics", actor="test")
    thread.join(10)
    assert woken == ["collect"]


def test_a_path_with_spaces_and_quotes_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / 'the "new" hall ü'
    folder.mkdir()
    settings = config.load({"DATA_DIR": str(folder)})
    child = valkey.embedded(settings)
    child.start()
    try:
        valkey.wait_until_it_answers(settings, child, lambda: True)
        assert valkey.answers(settings)
    finally:
        child.ask_to_stop()
        child.wait()
