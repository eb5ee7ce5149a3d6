"""One decision for several events, with one undo for all of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.domain.verbs import VERBS
from aggregator.services import reviews
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.services.reviews import Decision
from aggregator.storage import events, ids, journal
from aggregator.storage.doors import Writer

#: What can be decided for several at once. Sharing is looked at post by post.
TOGETHER = ("calendar_only", "decline", "snooze")

#: At most so many at once: a page has to show them all.
MOST = 100

_BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Left:
    """An event that stayed as it is, and why."""

    facts: Mapping[str, Any]
    error: ServiceError


@dataclass(frozen=True, slots=True)
class Done:
    """What was decided together. `pid` names it for undo; None where nothing was decided."""

    pid: str | None
    decided: tuple[Decision, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back; `pids` are the events' public names, `out` the posts that stay out."""

    pids: tuple[str, ...]
    left: tuple[Left, ...]
    out: int = 0


def decide(
    house: House,
    verb: str,
    versions: Mapping[int, int],
    *,
    actor: str,
    until: reviews.Until | None = None,
    reason: str | None = None,
) -> Done:
    """Decide about events, each at the version that was looked at.

    Those that somebody else decided meanwhile, or that can't be decided so, are left and named.
    Raises ServiceError when nothing, or too much, is chosen.
    """
    if verb not in TOGETHER or not versions:
        raise ServiceError("bulk.nothing")
    if len(versions) > MOST:
        raise ServiceError("bulk.most", most=MOST)
    with house.database.writing() as tx:
        now = house.clock()
        rows = events.lock_all(tx, versions)

        def one(event_id: int) -> Decision:
            start = rows[event_id].first_start
            return reviews.decide(
                tx,
                now,
                verb,
                event_id,
                actor=actor,
                version=versions[event_id],
                until=reviews.snooze_until(until, now, start) if until else None,
                reason=reason,
            )

        decided, left = _each(rows, one)
        pid = _note(tx, now, verb, decided, actor, reason)
    return Done(pid, decided, left)


def undo(house: House, pid: str, *, actor: str) -> Undone:
    """Take a decision for several back, except where somebody has decided since."""
    with house.database.writing() as tx:
        return _take_back(tx, house.clock(), journal.bulk(tx, pid), actor)


def undo_last(house: House, *, actor: str) -> Undone:
    """Take back the last decision of this person that still stands, for one event or several."""
    with house.database.writing() as tx:
        last = journal.last_of(tx, actor, (*VERBS, _BULK))
        if last is None:
            raise ServiceError("review.nothing_to_undo")
        if last.verb == _BULK:
            return _take_back(tx, house.clock(), last, actor)
        event_id = int(last.subject.partition(":")[2])
        row = events.lock(tx, event_id)
        done = reviews.take_back(tx, house.clock(), event_id, actor=actor, version=row.version)
        return Undone((row.pid,), (), done.out)


def _note(
    tx: Writer,
    now: datetime,
    verb: str,
    decided: Collection[Decision],
    actor: str,
    reason: str | None,
) -> str | None:
    """Write down what belongs together; its name. A second click finds the first one's."""
    lines = [[each.event_id, each.line] for each in decided if each.line is not None]
    if lines:
        pid = ids.new_pid(now)
        after = {"verb": verb, "events": lines}
        journal.add(tx, now, actor, _BULK, f"bulk:{pid}", after=after, reason=reason)
        return pid
    last = journal.last_of(tx, actor, [_BULK])
    if last is None or {each for each, _ in last.after["events"]} != {
        each.event_id for each in decided
    }:
        return None
    return last.subject.partition(":")[2]


def _take_back(tx: Writer, now: datetime, entry: journal.Entry | None, actor: str) -> Undone:
    if entry is None:
        raise MissingError("bulk.missing")
    if journal.is_undone(tx, entry):
        raise ServiceError("review.nothing_to_undo")
    lines: dict[int, int] = dict(entry.after["events"])
    rows = events.lock_all(tx, lines)

    def one(event_id: int) -> Decision:
        last = journal.last_decision(tx, event_id)
        if last is None or last.id != lines[event_id]:
            raise reviews.faster(tx, event_id)
        version = rows[event_id].version
        return reviews.take_back(tx, now, event_id, actor=actor, version=version)

    back, left = _each(rows, one)
    journal.add(tx, now, actor, "undo", entry.subject, undo_of=entry.id)
    pids = tuple(rows[each.event_id].pid for each in back)
    return Undone(pids, left, sum(each.out for each in back))


def _each(
    rows: Mapping[int, Any], one: Callable[[int], Decision]
) -> tuple[tuple[Decision, ...], tuple[Left, ...]]:
    """Every event by itself: one that is refused has changed nothing, and the others go on."""
    done, left = [], []
    for event_id in sorted(rows):
        try:
            done.append(one(event_id))
        except ServiceError as error:
            left.append(Left(rows[event_id].facts, error))
    return tuple(done), tuple(left)
