"""The two doors to the database; nothing else opens a connection.

SQLite: WAL; a write takes a lock file, then BEGIN IMMEDIATE, so that reading before writing is
safe and nobody starves. PostgreSQL: READ COMMITTED; what is read to be written is read with
`for_update`. Nobody holds a door open across network I/O.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, Table, create_engine, event
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 10.0

#: How many values one statement may carry, with room to spare on every SQLite.
BATCH = 500


class BusyError(Exception):
    """What was asked has not happened: somebody else held the database, or those rows."""


class Reader:
    """An open door: what queries need of a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def postgres(self) -> bool:
        """Whether the other side is PostgreSQL (for SKIP LOCKED and the like)."""
        return self._connection.dialect.name == "postgresql"

    def all(self, statement: Executable, values: Any = None) -> Sequence[Row[Any]]:
        """Every row."""
        return self._connection.execute(statement, values).all()

    def first(self, statement: Executable, values: Any = None) -> Row[Any] | None:
        """The first row, if any."""
        return self._connection.execute(statement, values).first()

    def value(self, statement: Executable, values: Any = None) -> Any:
        """The first column of the first row, None without a row."""
        return self._connection.execute(statement, values).scalar()


class Writer(Reader):
    """An open door to write: one transaction, committed whole or not at all."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.wakes: list[str] = []

    def run(self, statement: Executable, values: Any = None) -> int:
        """Execute and say how many rows it touched."""
        return int(self._connection.execute(statement, values).rowcount)

    def insert(self, statement: Executable) -> int:
        """Execute an insert of one row and return its new id."""
        key = self._connection.execute(statement).inserted_primary_key
        return int(key[0]) if key else 0

    def insert_once(self, table: Table, **values: Any) -> bool:
        """Insert a row unless one with its key is there, made by anybody at any moment.

        False: it was there, and is as it was.
        """
        make = postgres_insert if self.postgres else sqlite_insert
        once = make(table).values(**values).on_conflict_do_nothing()
        return self.first(once.returning(*table.primary_key)) is not None

    def wake(self, job: str) -> None:
        """Ask for job to be woken once this transaction is committed; the tick finds it anyway."""
        if job not in self.wakes:
            self.wakes.append(job)


class Database:
    """One database and its two doors. Engines are made in the process that uses them."""

    def __init__(self, url: str, wake: Callable[[str], None] | None = None) -> None:
        self.url = url
        self._wake = wake
        self._engines: tuple[int, Engine, Engine] | None = None  # our pid, readers, writers
        path = make_url(url).database if url.startswith("sqlite") else None
        self.path = Path(path) if path else None

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A door to look: one consistent view where the database gives one; writes fail."""
        with self._engine(writing=False).connect() as connection:
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A door to change. Raises BusyError when it stays locked for ten seconds."""
        try:
            with self._lock(), self._engine(writing=True).begin() as connection:
                writer = Writer(connection)
                yield writer
        except OperationalError as error:
            if _is_busy(error):
                raise BusyError from error
            raise
        if self._wake is not None:
            for job in writer.wakes:
                self._wake(job)

    def close(self) -> None:
        """Give every connection of this process back."""
        engines, self._engines = self._engines, None
        if engines is not None:
            for engine in engines[1:]:
                engine.dispose(close=engines[0] == os.getpid())

    def _engine(self, *, writing: bool) -> Engine:
        """The engine of this process; two threads that come first at once make one too many."""
        engines = self._engines
        if engines is None or engines[0] != os.getpid():
            self.close()  # after a fork the parent's connections stay the parent's
            reading, writing_ = (_engine(self.url, writing=each) for each in (False, True))
            engines = self._engines = (os.getpid(), reading, writing_)
        return engines[2] if writing else engines[1]

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """SQLite's queue of writers: a file lock, so that a click waits milliseconds."""
        if self.path is None:
            yield
            return
        handle = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _acquire(handle)
            yield
        finally:
            os.close(handle)  # lets the lock go


def _acquire(handle: int) -> None:
    """Take the lock. Polled: a holder that was stopped must not stop everybody for ever."""
    end, pause = time.monotonic() + BUSY_SECONDS, 0.0005
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise BusyError from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.005)
        else:
            return


def _is_busy(error: OperationalError) -> bool:
    """Somebody else held what was wanted: lock_not_available, deadlock_detected; SQLITE_BUSY."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in {"55P03", "40P01", "SQLITE_BUSY"}


def _engine(url: str, *, writing: bool) -> Engine:
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=8,
            max_overflow=64,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            connect_args={"options": "-c timezone=utc -c lock_timeout=10s"},
        )
        return engine if writing else engine.execution_options(postgresql_readonly=True)
    engine = create_engine(
        url, pool_size=8, max_overflow=64, connect_args={"timeout": BUSY_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        if not writing:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
