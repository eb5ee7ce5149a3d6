"""The house runs, comes back, and goes: real processes, real signals.

A start costs seconds, so the tests share one house; whoever ends it lets the next test open it.
"""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from redis import Redis
from redis.exceptions import RedisError

from aggregator import config
from aggregator.supervise import pids, valkey
from aggregator.supervise.pids import Process, Record, begun
from aggregator.wake import Wake, connect
from tests.support.running import ROOT, RunningHouse, free_port, gone, until

pytestmark = pytest.mark.xdist_group("house")


class Town:
    """A data folder whose house is opened when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, str(free_port())
        self._house: RunningHouse | None = None

    def open(self) -> RunningHouse:
        """The running house; a new start on the same folder and port where it was ended."""
        if self._house is None or self._house.process.poll() is not None:
            self._house = RunningHouse(self._folder, environ={"PORT": self._port}).opened()
        return self._house

    def close(self) -> None:
        if self._house is not None:
            self._house.end()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town of this module."""
    made = Town(tmp_path_factory.mktemp("house") / "data")
    yield made
    made.close()


@pytest.fixture
def house(town: Town) -> RunningHouse:
    """The running house."""
    return town.open()


def queue_url(house: RunningHouse) -> str:
    return house.environ.get("REDIS_URL") or f"unix://{house.data_dir / 'valkey.sock'}"


def finished(house: RunningHouse) -> int:
    """How many jobs the workers finished since Valkey began; -1 when it does not answer."""
    try:
        with connect(queue_url(house), seconds=2) as queue:
            workers = [*queue.scan_iter("rq:worker:*", _type="HASH")]
            return sum(int(queue.hget(key, "successful_job_count") or 0) for key in workers)
    except RedisError:
        return -1


def works(house: RunningHouse) -> bool:
    """Whether workers take and finish jobs that are woken now."""
    until(lambda: finished(house) >= 0)
    before = finished(house)
    Wake(queue_url(house))("collect")
    until(lambda: finished(house) > before, 30)
    return True


def watchmen(house: RunningHouse) -> set[psutil.Process]:
    found = set()
    for each in house.family():
        with suppress(psutil.Error):  # it ended meanwhile
            if "aggregator.supervise.watchman" in each.cmdline():
                found.add(each)
    return found


def test_a_start_tells_its_steps_its_address_and_the_link_to_begin(house: RunningHouse) -> None:
    said = "\n".join(house.lines)
    assert f"Data folder: {house.data_dir}" in said
    assert "Making a new database" in said
    assert f"Townboard is open at http://127.0.0.1:{house.port} (after" in said
    assert f"Open this link to begin: http://127.0.0.1:{house.port}/begin/" in said
    assert house.answers()
    assert set(house.recorded()) == {"valkey", "web", "worker 1", "worker 2", "tick"}


def test_what_the_house_writes_is_its_own(house: RunningHouse) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in house.data_dir.rglob("*")}
    assert [name for name, others in modes.items() if others] == []


def test_a_second_start_is_refused_while_the_first_runs(house: RunningHouse) -> None:
    before = house.recorded()
    second = RunningHouse(house.data_dir)
    assert second.process.wait(30) == 1
    until(lambda: second.lines)
    assert f"process {house.process.pid}" in second.lines[-1]
    assert house.recorded() == before
    assert house.answers()


def test_valkey_keeps_nothing_and_listens_on_its_socket_alone(house: RunningHouse) -> None:
    with Redis(unix_socket_path=str(house.data_dir / "valkey.sock")) as queue:
        wanted = {"port": "0", "save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
        assert {name: queue.config_get(name)[name] for name in wanted} == wanted
    assert (house.data_dir / "valkey.sock").stat().st_mode & 0o777 == 0o700
    assert int((house.data_dir / "valkey.pid").read_text()) == house.recorded()["valkey"]


@pytest.mark.parametrize("name", ["web", "worker 1", "worker 2", "tick", "valkey"])
def test_a_child_that_is_killed_is_back_by_itself(house: RunningHouse, name: str) -> None:
    pid = house.recorded()[name]
    left = {psutil.Process(pid), *psutil.Process(pid).children(recursive=True)}
    psutil.Process(pid).kill()
    until(lambda: house.recorded().get(name, pid) != pid, 15)
    until(lambda: gone(left), 5)
    until(house.answers, 20)
    assert works(house)


def test_the_web_apps_serving_process_is_back_too(house: RunningHouse) -> None:
    [serving] = psutil.Process(house.recorded()["web"]).children()
    serving.kill()
    until(lambda: gone({serving}), 5)
    until(house.answers, 20)


def test_a_killed_watchman_is_replaced(house: RunningHouse) -> None:
    [first] = watchmen(house)
    first.kill()
    until(lambda: watchmen(house) - {first}, 5)


def test_a_killed_supervisor_takes_its_children_with_it(house: RunningHouse) -> None:
    family = house.family()
    house.stop(signal.SIGKILL)
    assert until(lambda: gone(family), 5) < 5


def test_children_that_outlived_everybody_are_ended_by_the_next_start(town: Town) -> None:
    house = town.open()
    assert works(house)  # after the kill of the test before
    family, recorded = house.family(), set(house.recorded().values())
    [watchman] = watchmen(house)
    psutil.Process(house.process.pid).suspend()  # it would replace him
    watchman.kill()
    house.stop(signal.SIGKILL)
    assert all(psutil.pid_exists(pid) for pid in recorded)
    again = town.open()
    assert "Ended what a stopped Townboard had left running" in "\n".join(again.lines)
    assert gone(family)
    assert works(again)


def test_a_stop_is_quick_and_leaves_nothing(house: RunningHouse) -> None:
    family = house.family()
    assert len(family) >= 6
    code, seconds = house.stop()
    assert (code, house.lines[-1]) == (0, "Townboard is closed.")
    assert seconds < 3
    assert gone(family)
    left = {path.name for path in house.data_dir.iterdir()}
    assert not left & {"run.pids", "valkey.sock", "valkey.pid"}


def test_ctrl_c_during_the_start_stops_what_was_started(tmp_path: Path) -> None:
    house = RunningHouse(tmp_path / "data")
    until(lambda: "valkey" in house.recorded(), 30)
    family = house.family()
    house.stop(signal.SIGINT)
    assert gone(family)
    assert not (tmp_path / "data" / "run.pids").exists()


def test_a_path_too_long_for_a_socket_gets_a_port_and_a_password(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 100)
    house = RunningHouse(folder).opened()
    try:
        url = (folder / "valkey.url").read_text().strip()
        password = url[len("redis://:") :].partition("@")[0]
        assert len(password) >= 40
        assert (folder / "valkey.url").stat().st_mode & 0o777 == 0o600
        with Redis.from_url(url.replace(password, "guess")) as other, pytest.raises(RedisError):
            other.ping()
        valkey = psutil.Process(house.recorded()["valkey"])
        assert password not in " ".join(valkey.cmdline())
        assert works(house)  # who wakes, and the workers, find the address by themselves
        valkey.kill()
        until(lambda: house.recorded().get("valkey", valkey.pid) != valkey.pid, 10)
        assert works(house)
    finally:
        house.end()


@pytest.mark.postgres
def test_servers_that_are_there_already_are_used_and_left_alone(
    empty_postgres_url: str, tmp_path: Path
) -> None:
    queue = valkey.embedded(config.load({"DATA_DIR": str(tmp_path)}))
    queue.start()
    environ = {"DATABASE_URL": empty_postgres_url, "REDIS_URL": f"unix://{tmp_path}/valkey.sock"}
    house = RunningHouse(tmp_path / "data", environ=environ)
    try:
        house.opened()
        assert set(house.recorded()) == {"web", "worker 1", "worker 2", "tick"}
        assert house.answers()
        assert works(house)
        assert "Database: PostgreSQL" in house.lines
        assert house.stop()[0] == 0
        assert queue.lives()
        assert not (tmp_path / "data" / "townboard.sqlite").exists()
    finally:
        house.end()
        queue.ask_to_stop()
        queue.wait()


INSTEAD = """
from aggregator.supervise import commands, starting
{}
from aggregator import app
from aggregator.cli.main import townboard
townboard(["up"], obj=app)
"""


@pytest.mark.slow
def test_where_a_fork_may_crash_every_child_is_a_program_of_its_own(tmp_path: Path) -> None:
    command = ("-c", INSTEAD.format("starting.FORKS = False"))
    house = RunningHouse(tmp_path / "data", command, {"WORKERS": "1"})
    try:
        house.opened()
        assert works(house)
        tick = psutil.Process(house.recorded()["tick"])
        assert tick.cmdline() == [sys.executable, str(ROOT / "worker.py"), "tick"]
        family = house.family()
        assert house.stop()[0] == 0
        assert gone(family)
    finally:
        house.end()


def test_a_web_app_that_can_not_start_ends_the_start(tmp_path: Path) -> None:
    broken = INSTEAD.format("commands.web = lambda: starting.Command('no_such_module')")
    house = RunningHouse(tmp_path / "data", ("-c", broken))
    begun = time.monotonic()
    assert house.process.wait(30) == 1
    assert time.monotonic() - begun < 25
    until(lambda: "Error: The web app does not start" in "\n".join(house.lines))
    assert not (tmp_path / "data" / "run.pids").exists()


def test_a_process_is_ended_by_its_record_only_while_it_is_the_same(tmp_path: Path) -> None:
    other = psutil.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
    try:
        record = Record(tmp_path / "run.pids")
        at = begun(other.pid)
        assert at is not None
        record.write("somebody", [Process("web", other.pid, f"1{at}")])
        assert pids.end(record.read().processes) == []
        assert other.is_running()
        record.write("somebody", [Process("web", other.pid, at)])
        assert pids.end(record.read().processes) == ["web"]
        until(lambda: other.poll() is not None, 5)
    finally:
        if other.poll() is None:
            other.kill()


def test_a_damaged_record_names_nobody(tmp_path: Path) -> None:
    for text in ("", "[1, 2]", '{"owner": "x"}', '{"owner": "x", "processes": [{"pid": 1}]}'):
        (tmp_path / "run.pids").write_text(text)
        assert Record(tmp_path / "run.pids").read().processes == ()
