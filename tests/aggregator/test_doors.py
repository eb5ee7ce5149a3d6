"""The two doors under many processes: nothing lost, nobody starved, nothing half written."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Table, Update, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from aggregator import config
from aggregator.storage import doors
from aggregator.storage.doors import BusyError, Database
from aggregator.storage.tables import media, partner, revision, setting

ROUNDS = 100
COUNTER = select(revision.c.n).where(revision.c.name == "counter")


@pytest.fixture
def counter(database: Database) -> Database:
    """A database with a counter that stands at 0."""
    with database.writing() as door:
        door.run(insert(revision).values(name="counter", n=0))
    return database


def standing(database: Database) -> int:
    with database.reading() as door:
        return int(door.value(COUNTER))


def _raise_by_one(database: Database) -> None:
    """Read, then write what was read plus one: the classic way to lose an update."""
    with database.writing() as door:
        seen = door.value(COUNTER.with_for_update())
        time.sleep(0)  # let another process come between, if it can
        door.run(update(revision).where(revision.c.name == "counter").values(n=seen + 1))


def _many(database: Database) -> None:
    for _ in range(ROUNDS):
        _raise_by_one(database)
    database.close()


def test_four_processes_that_read_then_write_a_counter_lose_nothing(counter: Database) -> None:
    assert standing(counter) == 0  # the parent's connections are open when it forks
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=_many, args=(counter,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert standing(counter) == 4 * ROUNDS


def test_threads_of_one_process_lose_nothing_either(counter: Database) -> None:
    threads = [threading.Thread(target=_many, args=(counter,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert standing(counter) == 3 * ROUNDS


def test_what_raises_inside_a_door_is_not_written(counter: Database) -> None:
    with suppress(ZeroDivisionError), counter.writing() as door:
        door.run(update(revision).values(n=7))
        _ = 1 / 0
    assert standing(counter) == 0


def test_the_door_to_look_refuses_to_write(counter: Database) -> None:
    with pytest.raises(DBAPIError), counter.reading() as door:
        door.first(insert(revision).values(name="other", n=1).returning(revision.c.n))
    with counter.reading() as door:
        assert door.value(select(revision.c.n).where(revision.c.name == "other")) is None


def test_a_wake_is_sent_after_the_commit_once_and_never_for_what_failed(database_url: str) -> None:
    seen: list[tuple[str, int]] = []
    doors_to = Database(
        database_url.replace("postgresql://", "postgresql+psycopg://"),
        lambda job: seen.append((job, standing(doors_to))),
    )
    with doors_to.writing() as door:
        door.run(insert(revision).values(name="counter", n=1))
        door.wake("collect")
        door.wake("collect")
    with suppress(ZeroDivisionError), doors_to.writing() as door:
        door.wake("deliver")
        _ = 1 / 0
    doors_to.close()
    assert seen == [("collect", 1)]


def test_a_writer_killed_inside_its_transaction_leaves_no_trace_and_no_lock(
    counter: Database,
) -> None:
    pid = os.fork()
    if pid == 0:
        with counter.writing() as door:
            door.run(update(revision).values(n=99))
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    _raise_by_one(counter)
    assert standing(counter) == 1


HOLDER = """
import fcntl, os, sys, time
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def test_a_writer_that_never_gets_its_turn_is_told_so(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "BUSY_SECONDS", 0.2)
    path = f"{Path(sqlite_url.removeprefix('sqlite:///'))}.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BusyError), Database(sqlite_url).writing():
            pass
    finally:
        holder.kill()
        holder.communicate()
    with Database(sqlite_url).writing() as door:
        door.run(insert(revision).values(name="after", n=1))


@pytest.mark.postgres
def test_a_row_that_stays_locked_is_told_in_the_same_way(postgres_url: str) -> None:
    database = Database(config.load({"DATABASE_URL": postgres_url}).database_url)
    counting = update(revision).where(revision.c.name == "calendar").values(n=1)
    with database.writing() as holding:
        holding.run(counting)
        with pytest.raises(BusyError):
            count_without_patience(database, counting)
    database.close()


def count_without_patience(database: Database, counting: Update) -> None:
    with database.writing() as waiting:
        waiting.run(text("SET LOCAL lock_timeout = '50ms'"))
        waiting.run(counting)


@pytest.mark.parametrize("table", [setting, media, partner])
def test_what_is_there_already_is_not_inserted_twice(database: Database, table: Table) -> None:
    row = {"name": "a", "value": 1} if table is setting else {"pid": "a", "name": "a", "slug": "a"}
    if table is media:
        row = {"sha256": "a", "mime": "image/png", "width": 1, "height": 1, "bytes": 1}
    with database.writing() as door:
        assert door.insert_once(table, **row)
        assert not door.insert_once(table, **row)
        assert door.value(select(func.count()).select_from(table)) == 1
