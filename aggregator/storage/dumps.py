"""The whole database as one file, and back: VACUUM INTO and replace, or pg_dump and pg_restore."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from aggregator.config import Settings
from aggregator.storage.errors import BackupError

_WHOLE = ("--no-owner", "--no-privileges")  # another server may have other users


def sqlite_path(settings: Settings) -> Path:
    """The SQLite file that DATABASE_URL names."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


def kind(settings: Settings) -> str:
    """ "postgresql" or "sqlite": a dump of one can't be loaded into the other."""
    return "postgresql" if settings.postgres else "sqlite"


def dump(settings: Settings, path: Path) -> None:
    """Write the database as it stands to path (0600), also while it is in use.

    Raises BackupError; what stood at path may be gone.
    """
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)  # both programs write into it and leave its mode
    if settings.postgres:
        _postgres(settings, "pg_dump", "--format=custom", *_WHOLE, f"--file={path}")
        return
    engine = create_engine(settings.database_url, poolclass=NullPool)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM INTO :path"), {"path": str(path)})
    except DBAPIError as error:
        raise BackupError("backup.database", reason=error.orig) from error


def load(settings: Settings, path: Path) -> None:
    """Put the dump at path in place of the whole database. Nobody else may use it meanwhile.

    Raises BackupError. PostgreSQL: what stood there is dropped first, so keep it before.
    """
    if settings.postgres:
        _drop_everything(settings)
        _postgres(settings, "pg_restore", *_WHOLE, "--single-transaction", str(path))
        return
    database = sqlite_path(settings)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = database.with_name(f".{database.name}.new")
    shutil.copyfile(path, beside)
    beside.chmod(0o600)
    for ending in ("-wal", "-shm"):  # they belong to the file that goes
        database.with_name(database.name + ending).unlink(missing_ok=True)
    os.replace(beside, database)  # noqa: PTH105 (says what it does)


def keep(settings: Settings, folder: Path) -> Path | None:
    """Put what stands into folder before it is replaced; None when there is nothing.

    A SQLite file is copied as it is, with its -wal: it may be the damaged one.
    """
    if settings.postgres:
        dump(settings, folder / "database.postgresql")
        return folder / "database.postgresql"
    database = sqlite_path(settings)
    if not database.exists():
        return None
    for ending in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copy2(database.with_name(database.name + ending), folder)
    return folder / database.name


def _drop_everything(settings: Settings) -> None:
    """Every table, also those that this version does not know."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            tables = MetaData()
            tables.reflect(connection)
            tables.drop_all(connection)
    except DBAPIError as error:
        raise BackupError("backup.database", reason=str(error.orig).strip()) from error


def _postgres(settings: Settings, program: str, *options: str) -> None:
    """Run one of PostgreSQL's own programs; the password does not show in its command line."""
    url = make_url(settings.database_url)
    target = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    command = [program, f"--dbname={target}", "--no-password", *options]
    try:
        subprocess.run(  # noqa: S603 (a list, no shell)
            command, env=os.environ | secret, check=True, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise BackupError("backup.no_program", program=program) from error
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["?"])[0]
        raise BackupError("backup.program", program=program, reason=reason) from error
