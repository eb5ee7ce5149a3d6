"""What an administrator does with a channel that is connected: times, test, off and on, away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from cryptography.fernet import InvalidToken

from aggregator.domain.schedule import Plan, within_quiet
from aggregator.services import channels as connecting
from aggregator.services import waiting
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import channels, deliveries, journal, lanes
from aggregator.storage.doors import Writer
from networks.errors import LaterError, NetworkError

#: What undo takes back: the columns as they were.
UNDOABLE = frozenset({"rhythm", "off", "on", "archive"})

#: Something is out there, or may be, and nobody knows yet.
DOUBTFUL = ("SENDING", "UNKNOWN")

WhenUnknown = Literal["send", "ask"]


def rhythm(
    house: House,
    channel_id: int,
    day: Plan,
    *,
    when_unknown: WhenUnknown,
    version: int,
    actor: str,
) -> None:
    """When it posts, when it is quiet, and what to do when unsure. What waits keeps its time.

    Raises ServiceError for times that can't be, ConflictError for an old version.
    """
    _check(day)
    with house.database.writing() as tx:
        row = _lock(tx, channel_id, "CONNECTED", "OFF", version=version)
        kind = house.networks.get(row.network)
        can_send = kind is not None and connecting.can_settle(kind)
        values = {
            "slots": day.slots_json(),
            "quiet": day.quiet_json(),
            "when_unknown": when_unknown if can_send else "ask",
        }
        _record(house, tx, actor, "rhythm", row, values)


def test(house: House, channel_id: int, *, actor: str) -> None:
    """Ask the network once more who we are there and what fits; nothing is posted.

    Raises ServiceError with the network's reason.
    """
    with house.database.reading() as tx:
        row = channels.by_id(tx, channel_id)
    if row is None or row.network not in house.networks:
        raise MissingError("channel.missing")
    try:
        adapter = connecting.adapter(house, row.network, row.settings)
        account, limits = adapter.check(), adapter.limits()
    except InvalidToken as error:
        raise ServiceError("channel.locked") from error
    except (LaterError, NetworkError) as error:
        _note(house, actor, "test_failed", channel_id)
        raise ServiceError(error.code, **error.params) from error
    with house.database.writing() as tx:
        channels.change(tx, channel_id, account=asdict(account), limits=asdict(limits))
        journal.add(tx, house.clock(), actor, "test", f"channel:{channel_id}")


def off(house: House, channel_id: int, *, version: int, actor: str) -> None:
    """Nothing goes out there any more; what waits stays. What is on the wire is not stopped."""
    with house.database.writing() as tx:
        row = _lock(tx, channel_id, "CONNECTED", version=version)
        _record(house, tx, actor, "off", row, {"state": "OFF"})


def on(house: House, channel_id: int, *, version: int, actor: str) -> None:
    """Posts go out again. Those whose time has passed take the next free times, in their order."""
    with house.database.writing() as tx:
        row = _lock(tx, channel_id, "OFF", "ARCHIVED", version=version)
        _record(house, tx, actor, "on", row, {"state": "CONNECTED"})
        _catch_up(tx, house.clock(), channel_id)
        tx.wake("deliver")


def archive(house: House, channel_id: int, *, version: int, actor: str) -> int:
    """Put a channel away; what waits there is withdrawn until undo. How many posts that were.

    Raises ServiceError while something is, or may be, going out there.
    """
    with house.database.writing() as tx:
        row = _lock(tx, channel_id, "CONNECTED", "OFF", version=version)
        if lanes.is_used(tx, channel_id, *DOUBTFUL):
            raise ServiceError("channel.on_the_wire")
        kept = waiting.take(tx, lanes.waiting_on(tx, channel_id))
        _record(house, tx, actor, "archive", row, {"state": "ARCHIVED"}, posts=kept)
        return len(kept)


def remove(house: House, channel_id: int, *, version: int, actor: str) -> None:
    """Forget a channel to which nothing was ever shared. Raises ServiceError for another."""
    with house.database.writing() as tx:
        row = _lock(tx, channel_id, "CONNECTED", "OFF", "ARCHIVED", version=version)
        if lanes.is_used(tx, channel_id):
            raise ServiceError("channel.used")
        channels.remove(tx, channel_id)
        journal.add(
            tx,
            house.clock(),
            actor,
            "remove",
            f"channel:{channel_id}",
            before={"network": row.network, "name": row.name},
        )


def undo(house: House, channel_id: int, *, actor: str) -> None:
    """Take the last step back. Raises ServiceError when there is none to take back."""
    with house.database.writing() as tx:
        row = _lock(tx, channel_id, "CONNECTED", "OFF", "ARCHIVED")
        last = journal.newest(tx, f"channel:{channel_id}")
        if last is None or last.undo_of is not None or last.verb not in UNDOABLE:
            raise ServiceError("queue.nothing_to_undo")
        columns = {**last.before}
        kept = columns.pop("posts", ())
        _record(house, tx, actor, "undo", row, columns, undo_of=last.id)
        waiting.put_back(tx, house.clock(), kept)
        if columns.get("state") == "CONNECTED":
            _catch_up(tx, house.clock(), channel_id)
        tx.wake("deliver")


def _catch_up(tx: Writer, now: datetime, channel_id: int) -> None:
    """What waited there beyond its time takes the next free times, in its order."""
    for each in lanes.waiting_on(tx, channel_id):
        if each.state == "QUEUED" and each.due_at is not None and each.due_at <= now:
            deliveries.change(tx, each.id, due_at=waiting.next_time(tx, now, each))


def _check(day: Plan) -> None:
    if day.quiet is not None and day.quiet[0] == day.quiet[1]:
        raise ServiceError("channel.quiet")
    if day.every is not None:
        if not 1 <= day.every <= 1440:
            raise ServiceError("channel.every")
        return
    if not day.times or len({*day.times}) != len(day.times):
        raise ServiceError("channel.times")
    if all(within_quiet(day, each) for each in day.times):
        raise ServiceError("channel.all_quiet")


def _lock(tx: Writer, channel_id: int, *states: str, version: int | None = None) -> Any:
    channels.lock(tx, channel_id)
    row = channels.by_id(tx, channel_id)
    if row is None:
        raise MissingError("channel.missing")
    if version is not None and row.version != version:
        raise ConflictError("channel.version")
    if row.state not in states:
        raise ConflictError("channel.state")
    return row


def _record(
    house: House,
    tx: Writer,
    actor: str,
    verb: str,
    row: Any,
    values: Mapping[str, Any],
    *,
    undo_of: int | None = None,
    posts: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Change the channel, with how it was, and the posts that it had, in the journal for undo."""
    before = {name: getattr(row, name) for name in values}
    if posts:
        before["posts"] = [*posts]
    channels.change(tx, row.id, **values)
    subject = f"channel:{row.id}"
    journal.add(
        tx, house.clock(), actor, verb, subject, before=before, after=dict(values), undo_of=undo_of
    )


def _note(house: House, actor: str, verb: str, channel_id: int) -> None:
    with house.database.writing() as tx:
        journal.add(tx, house.clock(), actor, verb, f"channel:{channel_id}")
