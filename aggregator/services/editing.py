"""Staff's own words for an event, or for one date of a series: kept whatever the source tells.

What a source tells of it anew stands beside them until somebody takes it or keeps ours.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator.domain.changes import Change, is_material
from aggregator.domain.resolve import Accounts, Facts, Lock, on_date, resolve, told
from aggregator.services import correcting, preparing, reviews
from aggregator.services.errors import ConflictError, MissingError
from aggregator.services.house import House
from aggregator.storage import deliveries, events, journal, links, locks, revisions
from aggregator.storage import reviews as rows_of_reviews
from aggregator.storage.doors import Reader, Writer


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it: the review's new version, the journal's line (None: nothing to do), and
    how many posts wait for another look."""

    event_id: int
    version: int
    line: int | None = None
    held: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    """One edit: which facts of which date, whose, and how the journal calls it."""

    rid: str
    fields: tuple[str, ...]
    verb: str
    actor: str
    undo_of: int | None = None


def edit(
    house: House,
    event_id: int,
    values: Mapping[str, Any],
    *,
    rid: str = "",
    actor: str,
    version: int,
) -> Edited:
    """Write facts of an event, or of its date rid; they are ours from now on.

    What is as the source tells it follows the source again. Raises MissingError, or ConflictError
    for an old version.
    """
    with house.database.writing() as tx:
        if (done := _repeated(tx, event_id, version, rid, values, actor)) is not None:
            return done
        row, now = reviews.held(tx, event_id, version), house.clock()
        held, accounts = locks.of_event(tx, event_id), events.accounts(tx, event_id)
        here = _facts(row.facts, rid)
        if all(here[field] == value for field, value in values.items()):
            return Edited(event_id, version)
        source = {field: told(accounts, rid, field) for field in values}
        after = _without(held, rid, values)
        if source != values:
            after += [
                Lock(rid, field, value, source[field], actor, now)
                for field, value in values.items()
            ]
        step = _Step(rid, tuple(values), "edit", actor)
        return _write(tx, now, row, accounts, held, after, step)


def take_theirs(
    house: House,
    event_id: int,
    fields: Collection[str],
    *,
    rid: str = "",
    actor: str,
    version: int,
) -> Edited:
    """Follow the source again. Raises MissingError or ConflictError."""
    with house.database.writing() as tx:
        row, now = reviews.held(tx, event_id, version), house.clock()
        held, accounts = locks.of_event(tx, event_id), events.accounts(tx, event_id)
        after = _without(held, rid, fields)
        if len(after) == len(held):
            return Edited(event_id, version)
        step = _Step(rid, tuple(fields), "take_theirs", actor)
        return _write(tx, now, row, accounts, held, after, step)


def keep_ours(
    house: House,
    event_id: int,
    fields: Collection[str],
    *,
    rid: str = "",
    actor: str,
    version: int,
) -> Edited:
    """What the source says by now was looked at, and ours stays. Raises as take_theirs."""
    with house.database.writing() as tx:
        row, now = reviews.held(tx, event_id, version), house.clock()
        held, accounts = locks.of_event(tx, event_id), events.accounts(tx, event_id)
        after = [
            replace(each, seen=told(accounts, rid, each.field))
            if each.rid == rid and each.field in fields
            else each
            for each in held
        ]
        if after == held:
            return Edited(event_id, version)
        step = _Step(rid, tuple(fields), "keep_ours", actor)
        return _write(tx, now, row, accounts, held, after, step)


def undo(house: House, event_id: int, line: int, *, actor: str, version: int) -> Edited:
    """Put back what an edit changed, as it was before it. Raises MissingError or ConflictError."""
    with house.database.writing() as tx:
        row, now = reviews.held(tx, event_id, version), house.clock()
        entry = journal.line(tx, line)
        if entry is None or entry.subject != _subject(event_id):
            raise MissingError("edit.line")
        held, accounts = locks.of_event(tx, event_id), events.accounts(tx, event_id)
        rid, fields = entry.before["rid"], tuple(entry.before["facts"])
        before = [
            Lock(rid, field, at=datetime.fromisoformat(each.pop("at")), **each)
            for field, each in entry.before["locks"].items()
        ]
        after = [*_without(held, rid, fields), *before]
        step = _Step(rid, fields, "put_back", actor, undo_of=line)
        return _write(tx, now, row, accounts, held, after, step)


def _write(
    tx: Writer,
    now: datetime,
    row: Any,
    accounts: Accounts,
    before: Sequence[Lock],
    after: Sequence[Lock],
    step: _Step,
) -> Edited:
    """These are the event's locks now: all that follows from them, in one go."""
    resolved = resolve(accounts, after)
    place = preparing.of_partner(tx, row.partner_id, now)
    columns, listed, _ = preparing.followed(place, row, resolved)
    was, now_is = _facts(row.facts, step.rid), _facts(resolved.facts, step.rid)
    locks.put(tx, row.id, after)
    events.change_event(tx, row.id, **columns)
    held = 0
    if listed is not None:
        events.put_dates(tx, {row.id: listed})
        events.add_changes(tx, now, "staff", {row.id: _changes(was, now_is, step)})
        if columns["material_digest"] != row.material_digest:
            held = deliveries.hold(tx, row.id)
            correcting.tell(tx, now, {row.id: columns["material_digest"]})
            correcting.tell(tx, now, {row.id: columns["material_digest"]})
        links.ask(tx, now, [row.id])
    events.kept_seen(tx, row.id, step.rid, step.fields, now)
    line = journal.add(
        tx,
        now,
        step.actor,
        step.verb,
        _subject(row.id),
        before=_as_json(before, was, step),
        after=_as_json(after, now_is, step),
        undo_of=step.undo_of,
    )
    _raise_version(tx, row)
    revisions.bump(tx, revisions.INBOX)
    if listed is not None and row.state == "APPROVED":
        revisions.bump(tx, revisions.CALENDAR)
    return Edited(row.id, row.version + 1, line, held)


def _repeated(
    tx: Reader, event_id: int, version: int, rid: str, values: Mapping[str, Any], actor: str
) -> Edited | None:
    """What the same person's first click on the same form did, if this is the second."""
    row, last = events.by_id(tx, event_id), journal.last_about(tx, _subject(event_id))
    if row is None or last is None or row.version != version + 1 or last.actor != actor:
        return None
    if (last.after["rid"], last.after["facts"]) != (rid, dict(values)):
        return None
    return Edited(event_id, row.version, last.id)


def _facts(facts: Facts, rid: str) -> Facts:
    """The facts of the event, or of one date. Raises MissingError."""
    found = on_date(facts, rid) if rid else facts
    if found is None:
        raise ConflictError("edit.date")
    return found


def _without(held: Sequence[Lock], rid: str, fields: Collection[str]) -> list[Lock]:
    return [each for each in held if each.rid != rid or each.field not in fields]


def _changes(was: Facts, now_is: Facts, step: _Step) -> list[Change]:
    return [
        Change(field, was[field], now_is[field], is_material(field, was, now_is), step.rid)
        for field in step.fields
        if was[field] != now_is[field]
    ]


def _as_json(held: Sequence[Lock], facts: Facts, step: _Step) -> dict[str, Any]:
    """How these facts were or are, as the journal keeps it, to be put back by undo."""
    return {
        "rid": step.rid,
        "facts": {field: facts[field] for field in step.fields},
        "locks": {
            each.field: {
                "value": each.value,
                "seen": each.seen,
                "by": each.by,
                "at": each.at.isoformat(),
            }
            for each in held
            if each.rid == step.rid and each.field in step.fields
        },
    }


def _raise_version(tx: Writer, row: Any) -> None:
    """Whoever has the event open in its old words is told so; what was decided stays."""
    rows_of_reviews.put(
        tx,
        row.id,
        row.version,
        state=row.state,
        until=row.until,
        reason=row.reason,
        decided_digest=row.decided_digest,
    )


def _subject(event_id: int) -> str:
    """Edits stand beside decisions in the journal: undoing one leaves the other."""
    return f"facts:{event_id}"
