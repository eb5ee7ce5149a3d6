"""Partners and their sources: partner add|trust|list, source add|preview|poll|pause …"""

from datetime import UTC, datetime
from typing import Any

import click

from aggregator.cli.wiring import ACTOR, fail, house, told
from aggregator.services import collecting, library, probing
from aggregator.services import partners as service
from aggregator.services.errors import MissingError
from aggregator.services.house import House
from aggregator.services.polls import Poll
from aggregator.services.storing import Counts
from aggregator.storage import partners, views
from words.say import say
from words.when import ago


@click.group()
def partner() -> None:
    """Who publishes events."""


@partner.command("add")
@click.argument("name")
@click.option("--zone", help="IANA zone of their wall times, where it is not the library's.")
def add_partner(name: str, zone: str | None) -> None:
    """Remember a partner called NAME."""
    with told():
        click.echo(service.add(house(), name, zone, actor=ACTOR))


@partner.command("trust")
@click.argument("partner")
@click.argument("wanted", type=click.Choice(service.TRUST))
def trust_partner(partner: str, wanted: str) -> None:
    """Let new events of PARTNER wait for staff (look), or go straight on the calendar (list)."""
    built = house()
    with told():
        service.trust(built, _partner(built, partner), wanted, actor=ACTOR)


@partner.command("list")
def list_partners() -> None:
    """Every partner, with the number of its sources."""
    with house().database.reading() as tx:
        for row in partners.listed(tx):
            click.echo(f"{row.id}\t{row.name}\t{row.sources}")


@click.group()
def source() -> None:
    """The feeds we read."""


@source.command("add")
@click.argument("partner")
@click.argument("address")
def add_source(partner: str, address: str) -> None:
    """Read ADDRESS for PARTNER (a number, a name or its short form)."""
    built = house()
    with told():
        click.echo(service.add_source(built, _partner(built, partner), address, actor=ACTOR))


@source.command()
@click.argument("address")
def preview(address: str) -> None:
    """Look at ADDRESS, here, and say what could be read there. Nothing is saved."""
    built = house()
    with told():
        url, _ = service.address(address)
    with built.database.reading() as tx:
        zone = library.zone(tx)
    found = probing.probe(built, url, zone, named=True, pause=1.0, hold=lambda _: True)
    if not found.ways:
        fail(found.code or "page.no_events", found.params)
    for way in found.ways:
        line = say("look.way", {"upcoming": way.upcoming, "notices": way.notices})
        click.echo(f"{way.format}\t{way.url}\t{line}")
        for each in way.events:
            click.echo(f"  {each['date']['start_wall']}\t{each['facts']['summary'] or '-'}")


@source.command()
@click.argument("number", type=int)
def pause(number: int) -> None:
    """Do not read the source NUMBER until it is resumed."""
    with told():
        service.pause(house(), number, actor=ACTOR)


@source.command()
@click.argument("number", type=int)
def resume(number: int) -> None:
    """Read the source NUMBER again."""
    with told():
        service.resume(house(), number, actor=ACTOR)


@source.command("list")
def list_sources() -> None:
    """Every source with its last poll in words."""
    built = house()
    with built.database.reading() as tx:
        for row in views.feeds(tx):
            click.echo(f"{row.id}\t{row.partner}\t{row.url}\t{_last(row, built.clock())}")


@source.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every source.")
@click.option("--pause", default=1.0, show_default=True, help="Seconds between two of one host.")
@click.option("--seconds", default=600.0, show_default=True, help="Stop after so long.")
def poll(numbers: tuple[int, ...], everything: bool, pause: float, seconds: float) -> None:
    """Ask the sources NUMBERS now, here, and say what came of it."""
    if not numbers and not everything:
        raise click.UsageError("Name the NUMBERS of sources, or --all.")
    built = house()
    with built.database.reading() as tx:
        wanted = {row.id for row in views.feeds(tx)} if everything else {*numbers}
    with told():
        for number in sorted(wanted):
            service.poll(built, number)
    with click.progressbar(length=len(wanted), label="Reading", show_pos=True) as bar:
        lines: list[str] = []

        def tell(done: Poll, counts: Counts) -> None:
            lines.append(f"{done.source.id}\t{_outcome(done, counts)}")
            bar.update(1)

        collecting.collect(built, seconds=seconds, pause=pause, told=tell)
    for line in lines:
        click.echo(line)


def _partner(built: House, name: str) -> int:
    """The partner's number; ends the command where there is none."""
    with built.database.reading() as tx:
        found = int(name) if name.isdecimal() else partners.find(tx, name)
    if found is None:
        raise MissingError("partner.missing")
    return found


def _outcome(done: Poll, counts: Counts) -> str:
    if done.failed:
        return say(done.outcome, done.params)
    if done.reading is None:
        return say(f"fetch.{done.outcome.lower()}")
    problems = len(done.reading.problems)
    return say("fetch.counts", {**_counts(counts), "problems": problems})


def _counts(counts: Counts) -> dict[str, int]:
    return {"new": counts.new, "changed": counts.changed, "same": counts.same, "gone": counts.gone}


def _last(row: Any, now: datetime) -> str:
    if row.at is None:
        return say("fetch.never")
    code = f"fetch.{row.outcome.lower()}" if row.outcome.isupper() else row.outcome
    return f"{ago(row.at.astimezone(UTC), now)}: {say(code, row.params)}"
