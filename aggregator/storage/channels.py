"""Channels: one account on one network, with its slots, quiet hours and limits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import channel


def add(tx: Writer, **values: Any) -> int:
    """A new channel; `settings` comes encrypted."""
    return tx.insert(insert(channel).values(**values))


def change(tx: Writer, channel_id: int, **values: Any) -> None:
    """Write what was learned or decided of a channel."""
    tx.run(
        update(channel)
        .where(channel.c.id == channel_id)
        .values(version=channel.c.version + 1, **values)
    )


def remove(tx: Writer, channel_id: int) -> None:
    """Forget a channel that nothing refers to."""
    tx.run(delete(channel).where(channel.c.id == channel_id))


def by_id(tx: Reader, channel_id: int) -> Row[Any] | None:
    """One channel's row."""
    return tx.first(select(channel).where(channel.c.id == channel_id))


def find(tx: Reader, name: str) -> Row[Any] | None:
    """A channel by its name."""
    return tx.first(select(channel).where(channel.c.name == name))


def connected(tx: Reader) -> Sequence[Row[Any]]:
    """The channels that posts go to, in the order they were added."""
    return tx.all(select(channel).where(channel.c.state == "CONNECTED").order_by(channel.c.id))


def listed(tx: Reader) -> Sequence[Row[Any]]:
    """Every channel."""
    return tx.all(select(channel).order_by(channel.c.id))


def lock(tx: Writer, channel_id: int) -> None:
    """Hold a channel until the commit, so that two posts do not take one slot."""
    tx.first(select(channel.c.id).where(channel.c.id == channel_id).with_for_update())
