"""What is in the way of a start gets one line, with its name and the remedy."""

import socket
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from aggregator import app
from aggregator.cli.main import townboard
from tests.support.running import free_port


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def refused(data_dir: Path, **environ: str) -> str:
    """The one line of error of a start that is refused."""
    wanted = {"DATA_DIR": str(data_dir), "PORT": str(free_port())} | environ
    result = CliRunner(env=wanted).invoke(townboard, ["up"], obj=app)
    assert result.exit_code == 1, result.output
    lines = result.output.splitlines()
    [error] = [line for line in lines if line.startswith("Error: ")]
    assert error == lines[-1]
    return error.removeprefix("Error: ")


def test_a_busy_port_is_named_with_the_remedy(data_dir: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert refused(data_dir, PORT=str(port)) == (
            f"Port {port} is in use by another program. Choose another one, as in:"
            " PORT=8010 make run"
        )


def test_a_folder_we_can_not_write_into_is_named(data_dir: Path) -> None:
    data_dir.write_text("a file in its place")  # root may write into any folder
    said = refused(data_dir)
    assert said.startswith(f"We can't write into {data_dir} (")
    assert "DATA_DIR=~/townboard make run" in said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "http", "a number from 1 to 65535, not “http”"),
        ("WORKERS", "0", "a number from 1 to 64"),
        ("DATABASE_URL", "mysql://librarian:secret@host/db", "should look like postgresql://"),
        ("REDIS_URL", "http://:secret@host", "should begin with redis://"),
        ("PUBLIC_URL", "events.example.org", "“events.example.org” is not one"),
        ("ALLOW_PRIVATE", "localhost:80", "“localhost:80” can't be read that way"),
        ("CONTACT", "us", "“us” is neither"),
        ("CONTACT_FILE", "/no/such/file", "“/no/such/file”, which can't be read"),
    ],
)
def test_a_setting_that_can_not_be_used_is_named(
    data_dir: Path, name: str, value: str, words: str
) -> None:
    said = refused(data_dir, **{name: value})
    assert said.startswith(name)
    assert words in said
    assert "secret" not in said
    assert not data_dir.exists()


def test_a_setting_given_twice_is_named(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "contact").write_text("events@library.example")
    said = refused(data_dir, CONTACT="us@library.example", CONTACT_FILE=str(tmp_path / "contact"))
    assert said == "CONTACT and CONTACT_FILE are both set. Keep one of them."


def test_a_database_of_a_newer_version_is_refused_and_left_alone(data_dir: Path) -> None:
    data_dir.mkdir()
    with sqlite3.connect(data_dir / "townboard.sqlite") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    assert "newer version of Townboard (step 9999" in refused(data_dir)
    with sqlite3.connect(data_dir / "townboard.sqlite") as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("9999",)]


def test_a_postgresql_server_that_does_not_answer_is_said_without_its_password(
    data_dir: Path,
) -> None:
    said = refused(data_dir, DATABASE_URL="postgresql://town:secret@127.0.0.1:1/town")
    assert said.startswith("The database can't be used: ")
    assert "secret" not in said
