"""The house itself: up and its processes, migrate, backup, restore, doctor."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from aggregator import doctor as checks
from aggregator.cli.wiring import house, settings, told
from aggregator.services import accounts
from aggregator.storage import backup as archives
from aggregator.storage import folder
from aggregator.storage import migrate as migrations
from aggregator.supervise import commands, run
from aggregator.supervise import web as server
from words.say import say


@click.command()
def up() -> None:
    """Run the whole house here, until Ctrl-C."""
    wanted = settings()
    with told():
        raise SystemExit(run.up(wanted, click.echo, _set_up_link))


@click.command()
def web() -> None:
    """Run the web app alone."""
    server.serve(settings(), "aggregator.app:wsgi")


@click.command()
@click.argument(
    "queues", nargs=-1, required=True, type=click.Choice(["deliver", "look", "collect"])
)
def work(queues: tuple[str, ...]) -> None:
    """Run one worker that takes from QUEUES, the first named first."""
    line = commands.work(*queues).line
    os.execv(line[0], line)  # noqa: S606 (our own command line)


@click.command()
def tick() -> None:
    """Run the tick alone."""
    line = commands.tick().line
    os.execv(line[0], line)  # noqa: S606 (our own command line)


@click.command()
def migrate() -> None:
    """Bring the database up to date, after a copy; `up` does it by itself."""
    wanted = settings()
    with told(), folder.held(wanted.data_dir):
        migrations.migrate(wanted, datetime.now(UTC), _tell)
    _tell("migrate.done", revision=migrations.head())


@click.command()
@click.argument("path", default=".", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Write database, pictures and keys into one archive: PATH, or a new file in that folder."""
    wanted = settings()
    with told(), _Bar("Packing") as bar:
        written = archives.backup(wanted, path, datetime.now(UTC), bar.to)
    _tell("backup.done", path=written)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path))
def restore(archive: Path) -> None:
    """Put what ARCHIVE holds in place of database and keys; what stood before is kept."""
    wanted = settings()
    with told(), _Bar("Unpacking") as bar:
        kept = archives.restore(wanted, archive, datetime.now(UTC), bar.to)
    _tell("restore.done", path=archive)
    if kept is not None:
        _tell("restore.kept", path=kept)


@click.command()
def doctor() -> None:
    """Check the set-up and everything that must be true; exit 1 where something is broken."""
    with told():
        findings = checks.examine(house())
    for finding in findings:
        click.echo(f"{finding.weight}: {say(finding.code, finding.params)}")
    if any(finding.weight == "broken" for finding in findings):
        raise SystemExit(1)
    _tell("doctor.sound" if findings else "doctor.well")


def _set_up_link() -> str | None:
    """Asked once; the supervisor holds no connection while it forks."""
    built = house()
    try:
        return accounts.set_up_link(built)
    finally:
        built.database.close()


class _Bar:
    """A progress bar that learns its length when the work has begun."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar = click.progressbar(length=1, label=label, show_pos=True)

    def __enter__(self) -> "_Bar":
        self._bar.__enter__()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._bar.__exit__(None, None, None)

    def to(self, done: int, total: int) -> None:
        """So many of so many files are done."""
        self._bar.length = total
        self._bar.update(done - self._bar.pos)


def _tell(code: str, **params: object) -> None:
    click.echo(say(code, params))
