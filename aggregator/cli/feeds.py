"""Partners and their sources: partner add|list, source add|list|poll."""

from datetime import UTC, datetime
from typing import Any

import click

from aggregator.cli.wiring import ACTOR, fail, house, told
from aggregator.services import collecting
from aggregator.services import partners as service
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
    with built.database.reading() as tx:
        found = int(partner) if partner.isdecimal() else partners.find(tx, partner)
    if found is None:
        fail("partner.missing")
        return
    with told():
        click.echo(service.add_source(built, found, address, actor=ACTOR))


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
