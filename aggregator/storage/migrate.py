"""Brings a database to this version's tables: new, older, the same, or refused with words.

SQLite is copied first (the last three copies are kept). On PostgreSQL the migration is one
transaction without a copy, and one machine at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from aggregator.config import Settings
from aggregator.storage.dumps import dump, sqlite_path
from aggregator.storage.errors import BackupError, MigrationError
from aggregator.storage.folder import prepare

MIGRATIONS = Path(__file__).parent / "migrations"
COPIES = 3
_VERSION = "alembic_version"
_LOCK = 7_269_382  # any number, the same on every machine

Say = Callable[..., None]  # say(code, **params): one line of progress


def head() -> str:
    """The revision that this version of Townboard works with."""
    return (MIGRATIONS / "HEAD").read_text("ascii").strip()


def known() -> frozenset[str]:
    """Every revision that this version knows: a migration's file begins with its own."""
    files = (MIGRATIONS / "versions").glob("[0-9]*.py")
    return frozenset(path.name.partition("_")[0] for path in files)


def current(settings: Settings) -> str | None:
    """The database's revision; None: it is empty. Raises MigrationError when it can't be read."""
    if not settings.postgres and not sqlite_path(settings).exists():
        return None
    with _transaction(settings) as connection:
        return _revision(connection)


def migrate(settings: Settings, now: datetime, say: Say) -> None:
    """Bring the database to `head()`. Raises MigrationError and leaves it as it was.

    `say` is told `migrate.new`, or `migrate.copied` and `migrate.older`; nothing when all is well.
    """
    if not settings.postgres:
        prepare(sqlite_path(settings).parent)
    revision = current(settings)
    if revision == head():
        return
    if revision is not None and revision not in known():
        raise MigrationError("migrate.newer", revision=revision, head=head())
    if revision is not None and not settings.postgres:
        say("migrate.copied", path=_copy(settings, now))
    say("migrate.new" if revision is None else "migrate.older", revision=head())
    if not settings.postgres:
        sqlite_path(settings).touch(mode=0o600)
    from aggregator.storage import upgrading  # noqa: PLC0415 (brings Alembic)

    with _transaction(settings, exclusive=True) as connection:
        upgrading.upgrade(MIGRATIONS, connection)
        _check_references(connection)


def _revision(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if _VERSION in tables:
        return str(connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar_one())  # noqa: S608 (our own constant)
    if tables:
        raise MigrationError("migrate.strange", table=min(tables))
    return None


def _copy(settings: Settings, now: datetime) -> Path:
    """A copy of the database as it stands, before it is changed; the oldest copies go."""
    folder = settings.data_dir / "backups"
    path = folder / f"before-{head()}-{now:%Y%m%dT%H%M%SZ}.sqlite"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        dump(settings, path)
    except BackupError as error:
        raise MigrationError("migrate.no_copy", path=path, **error.params) from error
    except OSError as error:
        raise MigrationError("migrate.no_copy", path=path, reason=error.strerror) from error
    kept = sorted(folder.glob("before-*.sqlite"), key=lambda copy: copy.stem.rpartition("-")[2])
    for old in kept[:-COPIES]:
        old.unlink()
    return path


@contextmanager
def _transaction(settings: Settings, *, exclusive: bool = False) -> Iterator[Connection]:
    """One transaction with foreign keys off (tables are rebuilt). Raises MigrationError."""
    engine = _engine(settings)
    try:
        with engine.begin() as connection:
            if exclusive and settings.postgres:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        raise MigrationError("migrate.database", reason=reason) from error
    finally:
        engine.dispose()


def _engine(settings: Settings) -> Engine:
    if settings.postgres:
        options = {"options": "-c timezone=utc -c lock_timeout=30s"}
        return create_engine(settings.database_url, poolclass=NullPool, connect_args=options)
    engine = create_engine(
        settings.database_url, poolclass=NullPool, connect_args={"timeout": 10.0}
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # so that tables are made within the transaction
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _check_references(connection: Connection) -> None:
    """SQLite's foreign keys were off meanwhile: a row left without its parent undoes it all."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise MigrationError("migrate.references", table=broken[0])
