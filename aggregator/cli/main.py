"""`python -m aggregator`: a group a file, each command one call of a service."""

import click

from aggregator.cli import accounts, demo, events, feeds, practice, running


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def townboard() -> None:
    """Townboard: partners' events in, posts and one calendar out."""


for _command in (
    running.up,
    demo.demo,
    running.web,
    running.work,
    running.tick,
    running.migrate,
    running.backup,
    running.restore,
    running.doctor,
    feeds.partner,
    feeds.source,
    events.events,
    events.share,
    events.queue,
    events.calendar,
    accounts.user,
    accounts.channel,
    practice.practice,
):
    townboard.add_command(_command)
