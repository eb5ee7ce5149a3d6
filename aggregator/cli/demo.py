"""`demo`: the house with two invented partners and everything connected, in a folder of its own."""

import os
import sys
from functools import partial

import click

from aggregator.cli.wiring import house, settings, told
from aggregator.services import demo as service
from aggregator.supervise import run
from aggregator.supervise.children import Child
from aggregator.supervise.starting import program
from words.say import say


@click.command()
def demo() -> None:
    """Run the demonstration, until Ctrl-C; it keeps what you do in demo-data."""
    os.environ.setdefault("DATA_DIR", "demo-data")
    port = settings().port
    os.environ["ALLOW_PRIVATE"] = f"{os.environ.get('ALLOW_PRIVATE', '')} 127.0.0.1:{port + 1}"
    site = f"http://127.0.0.1:{port + 1}"
    line = [sys.executable, "-m", "demo.site", str(port + 1)]
    partners = Child("partners", partial(program, line), patience=1.0)
    with told():
        raise SystemExit(run.up(settings(), click.echo, lambda: _furnish(site), (partners,)))


def _furnish(site: str) -> str | None:
    name, password = service.furnish(house(), site)
    click.echo(say("demo.ready", {"site": site, "name": name, "password": password}))
    return None
