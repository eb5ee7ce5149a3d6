"""Events and posts: events list, share, queue list, calendar export."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from aggregator.cli.wiring import ACTOR, emit, fail, house, told
from aggregator.domain.verbs import STATES
from aggregator.services import calendar as calendars
from aggregator.services import library, sharing
from aggregator.storage import deliveries
from aggregator.storage import events as stored
from words.say import say
from words.when import when


@click.group()
def events() -> None:
    """What has arrived."""


@events.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, facts whole.")
@click.option("--state", type=click.Choice(STATES), help="Only what is decided so.")
def list_events(as_json: bool, state: str | None) -> None:
    """Every event, oldest arrival first."""
    built = house()
    after = 0
    while True:
        with built.database.reading() as tx:
            rows = stored.batch(tx, after, state)
        if not rows:
            break
        for row in rows:
            _print(row, as_json=as_json)
        after = rows[-1].id


def _print(row: Any, *, as_json: bool) -> None:
    if as_json:
        emit({"id": row.pid, "state": row.state, "partner": row.partner, "facts": row.facts})
        return
    start = row.facts["start"] or ""
    click.echo(f"{row.pid}\t{row.state}\t{start}\t{row.facts['summary'] or ''}\t{row.partner}")


@click.command()
@click.argument("event")
@click.option("--now", "post_now", is_flag=True, help="Post at once, not at the next free slot.")
def share(event: str, post_now: bool) -> None:
    """Approve EVENT (its id of `events list`) and queue a post for every connected channel."""
    built = house()
    with built.database.reading() as tx:
        row, zone = stored.by_pid(tx, event), library.zone(tx)
    if row is None:
        fail("event.missing")
        return
    with told():
        done = sharing.share(built, row.id, actor=ACTOR, version=row.version, post_now=post_now)
    for channel, due in done.queued:
        click.echo(f"{channel}: {_local(due, zone)}")
    if not done.queued:
        click.echo(say("share.already"))


@click.group()
def queue() -> None:
    """Posts on their way."""


@queue.command("list")
def list_queue() -> None:
    """What is waiting, held, being sent or unknown, soonest first."""
    built = house()
    with built.database.reading() as tx:
        zone = library.zone(tx)
        for row in deliveries.on_the_way(tx):
            due = _local(row.due_at, zone) if row.due_at else "-"
            text = row.frozen["text"].partition("\n")[0]
            click.echo(f"{row.id}\t{row.state}\t{due}\t{row.channel}\t{text}")


@click.group()
def calendar() -> None:
    """The combined calendar."""


@calendar.command()
@click.argument("days", required=False, type=click.IntRange(0, 3650))
def keep(days: int | None) -> None:
    """Keep what is over on the calendar for DAYS; without DAYS, say for how many."""
    built = house()
    if days is not None:
        calendars.keep(built, days, actor=ACTOR)
    with built.database.reading() as tx:
        click.echo(calendars.kept(tx).days)


@calendar.command()
@click.argument("path", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export(path: Path | None) -> None:
    """Write /calendar.ics to PATH, or to standard output."""
    body, _ = calendars.feed(house())
    if path is None:
        sys.stdout.buffer.write(body)
    else:
        path.write_bytes(body)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return when(moment.astimezone(zone))
