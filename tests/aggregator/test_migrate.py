"""Databases that are new, older, the same, newer, somebody else's; on SQLite and PostgreSQL."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from aggregator import config
from aggregator.config import Settings
from aggregator.storage import migrate
from aggregator.storage.errors import MigrationError
from aggregator.storage.tables import metadata

NOW = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings that name an empty database."""
    environ = {"DATA_DIR": str(tmp_path / "data")}
    if request.param == "postgres":
        environ["DATABASE_URL"] = request.getfixturevalue("empty_postgres_url")
    return config.load(environ)


def run(settings: Settings, now: datetime = NOW) -> list[str]:
    """Migrate and return the codes of what was said."""
    said: list[str] = []
    migrate.migrate(settings, now, lambda code, **_params: said.append(code))
    return said


def execute(settings: Settings, statement: str) -> None:
    with create_engine(settings.database_url).begin() as connection:
        connection.execute(text(statement))


def test_an_empty_database_gets_exactly_the_tables_of_the_code(empty: Settings) -> None:
    assert run(empty) == ["migrate.new"]
    with create_engine(empty.database_url).connect() as connection:
        opts = {
            "compare_server_default": empty.postgres,  # SQLite tells '' as "''"
            "include_name": _is_in_the_code,
        }
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def _is_in_the_code(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is to be compared: each database has its own index of words."""
    return kind != "table" or not (name or "").startswith("event_search")


def test_a_check_of_the_code_is_a_check_of_the_database(empty: Settings) -> None:
    run(empty)
    found = inspect(create_engine(empty.database_url))
    wanted = {name: len(_checks(table)) for name, table in metadata.tables.items()}
    assert {name: len(found.get_check_constraints(name)) for name in wanted} == wanted


def _checks(table: object) -> list[object]:
    constraints = getattr(table, "constraints", ())
    return [each for each in constraints if type(each).__name__ == "CheckConstraint"]


def test_a_database_of_today_is_left_alone(empty: Settings) -> None:
    run(empty)
    assert migrate.current(empty) == migrate.head()
    assert run(empty) == []


def test_the_file_head_and_the_names_of_files_say_what_alembic_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == migrate.head()
    assert migrate.known() == {each.revision for each in script.walk_revisions()}


def test_a_newer_database_is_refused_and_left_as_it_was(empty: Settings) -> None:
    run(empty)
    execute(empty, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError) as caught:
        run(empty)
    assert caught.value.code == "migrate.newer"
    assert migrate.current(empty) == "9999"


def test_somebody_elses_database_is_refused(empty: Settings) -> None:
    empty.data_dir.mkdir()
    execute(empty, "CREATE TABLE invoices (id INTEGER PRIMARY KEY)")
    with pytest.raises(MigrationError) as caught:
        run(empty)
    assert (caught.value.code, caught.value.params["table"]) == ("migrate.strange", "invoices")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "townboard.sqlite").write_text("Dear library,\n" * 100)
    with pytest.raises(MigrationError) as caught:
        run(config.load({"DATA_DIR": str(tmp_path)}))
    assert caught.value.code == "migrate.database"


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = "postgresql://town@127.0.0.1:1/town"
    with pytest.raises(MigrationError) as caught:
        run(config.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": url}))
    assert caught.value.code == "migrate.database"


# An older database: the tables as they are, and one more migration than this code has.


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the migrations with one more, which the test writes; returns its file."""
    folder = tmp_path / "migrations"
    folder.joinpath("versions").mkdir(parents=True)
    for path in migrate.MIGRATIONS.rglob("*.py"):
        (folder / path.relative_to(migrate.MIGRATIONS)).write_bytes(path.read_bytes())
    (folder / "HEAD").write_text("9998\n")
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    return folder / "versions" / "9998_next.py"


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("partner", sa.Column("shoe_size", sa.Integer()))
    {more}
"""


def _older(settings: Settings, next_version: Path, before: str, more: str = "pass") -> None:
    next_version.unlink(missing_ok=True)
    (migrate.MIGRATIONS / "HEAD").write_text(f"{before}\n")
    run(settings)
    execute(settings, "INSERT INTO meta (name, value) VALUES ('mark', 'ours')")
    next_version.write_text(NEXT.format(before=before, more=more))
    (migrate.MIGRATIONS / "HEAD").write_text("9998\n")


BEFORE = migrate.head()


def test_an_older_sqlite_database_is_copied_then_brought_up_to_date(
    tmp_path: Path, next_version: Path
) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path / "data")})
    _older(settings, next_version, BEFORE)
    assert run(settings) == ["migrate.copied", "migrate.older"]
    assert migrate.current(settings) == "9998"
    [copy] = (tmp_path / "data" / "backups").iterdir()
    assert copy.name == "before-9998-20261205T120000Z.sqlite"
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (BEFORE,)
        ]
        assert connection.execute("SELECT value FROM meta WHERE name = 'mark'").fetchall() == [
            ("ours",)
        ]


def test_the_last_three_copies_are_kept(tmp_path: Path, next_version: Path) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path / "data")})
    _older(settings, next_version, BEFORE)
    backups = tmp_path / "data" / "backups"
    backups.mkdir()
    for day in (1, 2, 3, 4):
        moment = NOW - timedelta(days=10 - day)
        (backups / f"before-{day:04}-{moment:%Y%m%dT%H%M%SZ}.sqlite").touch()
    (backups / "mine.tar.gz").touch()
    run(settings)
    kept = sorted(path.name.split("-")[1] for path in backups.glob("before-*"))
    assert kept == ["0003", "0004", "9998"]
    assert (backups / "mine.tar.gz").exists()


@pytest.mark.parametrize("more", ['raise RuntimeError("half way")', 'op.execute("NONSENSE")'])
def test_a_migration_that_fails_half_way_changes_nothing(
    empty: Settings, next_version: Path, more: str
) -> None:
    _older(empty, next_version, BEFORE, more)
    with pytest.raises((RuntimeError, MigrationError)):
        run(empty)
    assert migrate.current(empty) == BEFORE
    columns = inspect(create_engine(empty.database_url)).get_columns("partner")
    assert "shoe_size" not in {column["name"] for column in columns}


def test_a_migration_that_leaves_rows_without_their_parent_is_undone(
    tmp_path: Path, next_version: Path
) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path / "data")})
    orphan = "op.execute(\"INSERT INTO review (event_id, state, version) VALUES (7, 'NEW', 0)\")"
    _older(settings, next_version, BEFORE, orphan)
    with pytest.raises(MigrationError) as caught:
        run(settings)
    assert caught.value.code == "migrate.references"
    assert migrate.current(settings) == BEFORE


def test_without_a_copy_nothing_is_migrated(tmp_path: Path, next_version: Path) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path / "data")})
    _older(settings, next_version, BEFORE)
    (tmp_path / "data" / "backups").write_text("in the way")
    with pytest.raises(MigrationError) as caught:
        run(settings)
    assert caught.value.code == "migrate.no_copy"
    assert migrate.current(settings) == BEFORE


def test_the_hashtags_of_the_first_version_become_the_set_that_every_post_carries(
    empty: Settings, next_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [later] = next_version.parent.glob("0002*")
    later.unlink()
    (migrate.MIGRATIONS / "HEAD").write_text("0001\n")
    run(empty)
    execute(empty, """INSERT INTO setting (name, value) VALUES ('hashtags', '["Millbrook"]')""")
    monkeypatch.undo()
    run(empty)
    with create_engine(empty.database_url).connect() as connection:
        found = connection.execute(text("SELECT name, tags FROM hashtag_set WHERE always"))
        assert [tuple(row) for row in found] == [("Every post", '["Millbrook"]')]
        left = connection.execute(text("SELECT count(*) FROM setting WHERE name = 'hashtags'"))
        assert left.scalar() == 0
