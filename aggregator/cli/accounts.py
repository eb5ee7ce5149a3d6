"""People and channels: user add|passwd, channel add|list."""

import click

from aggregator.access import ROLES
from aggregator.cli.wiring import ACTOR, house, told
from aggregator.services import accounts, practice
from aggregator.services import channels as service
from aggregator.services.accounts import FaultyError
from aggregator.storage import channels
from words.say import say

_PASSWORD = click.password_option(help="Asked for when not given.")


@click.group()
def user() -> None:
    """Who may log in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="staff", show_default=True)
@_PASSWORD
def add_user(name: str, role: str, password: str) -> None:
    """Let NAME log in."""
    with told():
        try:
            accounts.add_user(house(), name, password, role, actor=ACTOR)
        except FaultyError as error:
            raise click.ClickException(_faults(error)) from error


@user.command()
@click.argument("name")
@_PASSWORD
def passwd(name: str, password: str) -> None:
    """Give NAME a new password; every session of theirs ends."""
    with told():
        try:
            accounts.set_password(house(), name, password, actor=ACTOR)
        except FaultyError as error:
            raise click.ClickException(_faults(error)) from error


@click.group()
def channel() -> None:
    """The library's accounts on networks."""


@channel.command("add")
@click.argument("network")
@click.argument("name")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="A setting; repeat.")
def add_channel(network: str, name: str, given: tuple[str, ...]) -> None:
    """Connect an account on NETWORK under NAME; nothing is posted."""
    settings, built = dict(item.partition("=")[::2] for item in given), house()
    with told():
        done = service.add(
            built, network, name, practice.known(built, network) | settings, actor=ACTOR
        )
    if done.account is None:
        click.echo(say("channel.unreached", {"number": done.id}))
    else:
        click.echo(say("channel.connected", {"number": done.id, "account": done.account.name}))
    for key, value in done.made.items():
        click.echo(say("channel.made", {"setting": key, "value": value}))


@channel.command("list")
def list_channels() -> None:
    """Every channel and its state."""
    with house().database.reading() as tx:
        for row in channels.listed(tx):
            click.echo(f"{row.id}\t{row.network}\t{row.name}\t{row.state}")


def _faults(error: FaultyError) -> str:
    return " ".join(say(fault.code, fault.params) for fault in error.faults.values())
