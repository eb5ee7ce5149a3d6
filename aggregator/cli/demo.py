"""`demo`: the house with the sample town and everything connected, in a folder of its own."""

import os

import click

from aggregator.cli.wiring import house, settings, told
from aggregator.services import demo as service
from aggregator.supervise import run
from words.say import say


@click.command()
def demo() -> None:
    """Run the demonstration, until Ctrl-C; it keeps what you do in demo-data."""
    os.environ.setdefault("DATA_DIR", "demo-data")
    with told():
        raise SystemExit(run.up(settings(), click.echo, _furnish))


def _furnish() -> str | None:
    name, password = service.furnish(house())
    click.echo(say("demo.ready", {"name": name, "password": password}))
    return None
