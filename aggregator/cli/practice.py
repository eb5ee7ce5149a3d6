"""The practice network on command: practice fail."""

import click

from aggregator.cli.wiring import house
from aggregator.services import practice as service
from networks.practice.faults import MOST_SECONDS, MOST_TIMES, WAYS, Fault
from networks.practice.store import Store


@click.group()
def practice() -> None:
    """The practice network, to try things on."""


@practice.command()
@click.argument("way", type=click.Choice([*WAYS]))
@click.option("--times", default=1, show_default=True, type=click.IntRange(1, MOST_TIMES))
@click.option(
    "--seconds",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, MOST_SECONDS),
    help="How long or how late, where the way has a time.",
)
def fail(way: str, times: int, seconds: float) -> None:
    """Let the next requests fail in that WAY."""
    store = Store(service.store(house()))
    store.ask_for(Fault(way, times, seconds))
    for each in store.faults():
        click.echo(f"{each.name}\t{each.times}\t{each.seconds:g}")


@practice.command()
def behave() -> None:
    """Forget every fault that was asked for."""
    Store(service.store(house())).forget_faults()
