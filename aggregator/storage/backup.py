"""All that can't be fetched again, in one file: the database, the pictures, the keys.

The archive (.tar.gz, 0600) holds manifest.json, database.<kind>, keys/ and media/. It can be
made while the house runs; it is restored while the house stands still.
"""

import gzip
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.config import Settings
from aggregator.storage import dumps, keys, migrate
from aggregator.storage.errors import BackupError
from aggregator.storage.folder import held

FORMAT = 1
_NAMES = re.compile(
    r"manifest\.json|database\.(?:sqlite|postgresql)"
    rf"|{keys.FOLDER}/(?:{'|'.join(map(re.escape, keys.NAMES))})"
    r"|media/[0-9A-Za-z][0-9A-Za-z._-]*"
)

Progress = Callable[[int, int], None]  # files done, files in all


def backup(settings: Settings, target: Path, now: datetime, progress: Progress) -> Path:
    """Write an archive to target, or into it where it is a folder; return its path.

    Raises BackupError, also when the file is there already; nothing half written stays.
    """
    if target.is_dir():
        target = target / f"townboard-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    if target.exists():
        raise BackupError("backup.exists", path=target)
    revision = migrate.current(settings)
    if revision is None:
        raise BackupError("backup.empty")
    manifest = {
        "format": FORMAT,
        "database": dumps.kind(settings),
        "revision": revision,
        "made_at": now.isoformat(),
    }
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".townboard-") as name:
            folder = Path(name)
            (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
            dumps.dump(settings, folder / f"database.{dumps.kind(settings)}")
            _pack(folder, settings, progress)
            os.link(folder / "archive", target)
    except OSError as error:
        reason = error.strerror or error
        raise BackupError("backup.unwritable", path=target, reason=reason) from error
    return target


def restore(settings: Settings, archive: Path, now: datetime, progress: Progress) -> Path | None:
    """Put an archive's database, keys and pictures in place of ours; pictures of ours stay.

    Returns the folder where what stood before was kept, None if there was nothing. Raises
    RunningError while the house runs, and BackupError for an archive that is damaged, newer than
    this version, or of the other kind of database.
    """
    with held(settings.data_dir), _unpacked(settings, archive, progress) as folder:
        _check(settings, folder)
        kept = _keep(settings, now)
        shutil.copytree(folder / "media", settings.media_dir, dirs_exist_ok=True)
        _load(settings, folder, kept)
        (settings.data_dir / keys.FOLDER).mkdir(mode=0o700, exist_ok=True)
        for name in keys.NAMES:
            with suppress(FileNotFoundError):
                (folder / keys.FOLDER / name).replace(settings.data_dir / keys.FOLDER / name)
        return kept


def _pack(folder: Path, settings: Settings, progress: Progress) -> None:
    """The archive of what stands in folder, the keys and the pictures, as folder/archive."""
    files = [path for path in folder.iterdir() if _NAMES.fullmatch(path.name)]
    named = [(path.name, path) for path in sorted(files, reverse=True)]  # the manifest first
    for place in (settings.data_dir / keys.FOLDER, settings.media_dir):
        if place.is_dir():
            named += [(f"{place.name}/{path.name}", path) for path in sorted(place.iterdir())]
    named = [(name, path) for name, path in named if _NAMES.fullmatch(name)]
    (folder / "archive").touch(mode=0o600)
    with tarfile.open(folder / "archive", "w:gz", compresslevel=6) as tar:
        for number, (name, path) in enumerate(named, 1):
            tar.add(path, name, recursive=False)
            progress(number, len(named))


@contextmanager
def _unpacked(settings: Settings, archive: Path, progress: Progress) -> Iterator[Path]:
    """The archive's files in a folder beside ours, each checked by name; gone afterwards."""
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
        folder = Path(name)
        for each in ("media", keys.FOLDER):
            (folder / each).mkdir(mode=0o700)
        try:
            _read_through(archive)
            with tarfile.open(archive, "r:gz") as tar:
                members = tar.getmembers()
                for number, member in enumerate(members, 1):
                    _unpack(tar, member, folder)
                    progress(number, len(members))
        except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
            raise BackupError("restore.unreadable", path=archive, reason=error) from error
        yield folder


def _read_through(archive: Path) -> None:
    """To the check sum at its end, which tarfile alone never reads. Raises what gzip raises."""
    with gzip.open(archive) as stream:
        while stream.read(1 << 20):
            pass


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One plain file to the one place it may have."""
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not _NAMES.fullmatch(member.name):
        raise BackupError("restore.foreign", name=member.name)
    path = folder / member.name
    path.touch(mode=0o600)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)


def _check(settings: Settings, folder: Path) -> None:
    """Raises BackupError unless this house can live on what was unpacked."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        revision, database = manifest["revision"], manifest["database"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError("restore.no_manifest") from error
    if manifest.get("format") != FORMAT or revision not in migrate.known():
        raise BackupError("restore.newer", revision=revision, head=migrate.head())
    if database != dumps.kind(settings):
        raise BackupError("restore.other_database", theirs=database, ours=dumps.kind(settings))
    if not (folder / f"database.{database}").is_file():
        raise BackupError("restore.no_manifest")


def _load(settings: Settings, folder: Path, kept: Path | None) -> None:
    """The archive's database in place of ours; ours again if PostgreSQL won't take it."""
    name = f"database.{dumps.kind(settings)}"
    try:
        dumps.load(settings, folder / name)
    except BackupError:
        if settings.postgres and kept is not None:
            dumps.load(settings, kept / name)
        raise


def _keep(settings: Settings, now: datetime) -> Path | None:
    """What stands now, aside: the database as it is, and the keys that read it."""
    folder = settings.data_dir / "backups" / f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    folder.mkdir(mode=0o700, parents=True)
    if dumps.keep(settings, folder) is None:
        folder.rmdir()
        return None
    if (settings.data_dir / keys.FOLDER).is_dir():
        shutil.copytree(settings.data_dir / keys.FOLDER, folder / keys.FOLDER)
    return folder
