"""Events, the sightings they come from, their dates and what changed about them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from aggregator.domain.changes import Change
from aggregator.domain.dates import LONG, Date
from aggregator.domain.identity import Known
from aggregator.storage import reviews, search, tags
from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import (
    change,
    event,
    occurrence,
    partner,
    review,
    sighting,
    source,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one sighting of a source."""

    id: int
    key: str
    digest: str
    presence: str
    event_id: int


def seen(tx: Reader, source_id: int) -> dict[str, Seen]:
    """Every sighting of a source by its key."""
    columns = (
        sighting.c.id,
        sighting.c.key,
        sighting.c.facts_digest,
        sighting.c.presence,
        sighting.c.event_id,
    )
    rows = tx.all(select(*columns).where(sighting.c.source_id == source_id))
    return {row.key: Seen(*tuple(row)) for row in rows}


def known(tx: Reader, sightings: Iterable[int]) -> list[Known]:
    """What these sightings say, the oldest first, to find them again."""
    found: list[Row[Any]] = []
    for some in _batches(sightings):
        found += tx.all(
            select(sighting.c.key, sighting.c.facts_digest, sighting.c.facts)
            .where(sighting.c.id.in_(some))
            .order_by(sighting.c.id)
        )
    return [
        Known(row.key, row.facts_digest, row.facts["summary"], row.facts["start"], row.facts["url"])
        for row in found
    ]


def add(tx: Writer, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New events, in order; their ids. `tags` among the columns are written to their own table."""
    found: list[int] = []
    for start in range(0, len(rows), BATCH):
        statement = insert(event).returning(event.c.id, sort_by_parameter_order=True)
        some = [_own(row) for row in rows[start : start + BATCH]]
        found += [row.id for row in tx.all(statement, some)]
    tags.put(tx, _tags(rows, found), fresh=True)
    search.put(tx, search.texts(rows, found), fresh=True)
    return found


def add_sightings(tx: Writer, rows: Sequence[Mapping[str, Any]]) -> None:
    """New sightings."""
    if rows:
        tx.run(insert(sighting), [*rows])


def accounts(tx: Reader, event_id: int) -> list[tuple[int, Mapping[str, Any]]]:
    """What each source tells of an event, the oldest sighting first."""
    return accounts_of(tx, [event_id])[event_id]


def accounts_of(
    tx: Reader, event_ids: Collection[int]
) -> dict[int, list[tuple[int, Mapping[str, Any]]]]:
    """The same of several events."""
    found: dict[int, list[tuple[int, Mapping[str, Any]]]] = {each: [] for each in event_ids}
    for some in _batches(event_ids):
        rows = tx.all(
            select(sighting.c.event_id, sighting.c.id, sighting.c.facts)
            .where(sighting.c.event_id.in_(some))
            .order_by(sighting.c.id)
        )
        for row in rows:
            found[row.event_id].append((row.id, row.facts))
    return found


def by_hand(tx: Reader, event_id: int) -> tuple[Seen, Mapping[str, Any]] | None:
    """What staff entered of an event, and the sighting that says so; None for a feed's event."""
    row = tx.first(
        select(sighting)
        .join(source, source.c.id == sighting.c.source_id)
        .where(sighting.c.event_id == event_id, source.c.kind == "ours")
    )
    if row is None:
        return None
    return Seen(row.id, row.key, row.facts_digest, row.presence, row.event_id), row.facts


def pid_of_key(tx: Reader, source_id: int, key: str) -> str | None:
    """The public name of the event that a source tells under that key."""
    found = (
        select(event.c.pid)
        .join(sighting, sighting.c.event_id == event.c.id)
        .where(sighting.c.source_id == source_id, sighting.c.key == key)
    )
    return None if (pid_ := tx.value(found)) is None else str(pid_)


def change_sightings(tx: Writer, values: Sequence[Mapping[str, Any]]) -> None:
    """Write what a source tells anew; each with the `sighting_id` and the same columns."""
    if values:
        tx.run(update(sighting).where(sighting.c.id == bindparam("sighting_id")), [*values])


def change_event(tx: Writer, event_id: int, **values: Any) -> None:
    """Write what an event has become."""
    change_events(tx, [{"event_id": event_id, **values}])


def change_events(tx: Writer, values: Iterable[Mapping[str, Any]]) -> None:
    """The same of several, each with its `event_id`; what lists go by follows."""
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for each in values:
        alike.setdefault(tuple(each), []).append(each)
    for columns, some in alike.items():
        own = [_own(each) for each in some]
        tx.run(update(event).where(event.c.id == bindparam("event_id")), own)
        ids = [each["event_id"] for each in some]
        tags.put(tx, _tags(some, ids))
        search.put(tx, search.texts(some, ids))
        if reviews.FOLLOWS.intersection(columns):
            reviews.follow(tx, ids)


def lock(tx: Writer, event_id: int) -> Row[Any]:
    """One event with its review and partner, held until the commit. Raises LookupError."""
    row = lock_all(tx, [event_id]).get(event_id)
    if row is None:
        raise LookupError(event_id)
    return row


def lock_all(tx: Writer, event_ids: Collection[int]) -> dict[int, Row[Any]]:
    """The same of several by id, locked in the order of their ids."""
    found: dict[int, Row[Any]] = {}
    for some in _batches(event_ids):
        wanted = _whole().where(event.c.id.in_(some)).order_by(event.c.id)
        rows = tx.all(wanted.with_for_update(of=[event, review]))
        found |= {row.id: row for row in rows}
    return found


def by_ids(tx: Reader, event_ids: Collection[int]) -> dict[int, Row[Any]]:
    """Several events with their reviews, by id."""
    found: dict[int, Row[Any]] = {}
    for some in _batches(event_ids):
        found |= {row.id: row for row in tx.all(_whole().where(event.c.id.in_(some)))}
    return found


def by_id(tx: Reader, event_id: int) -> Row[Any] | None:
    """One event with its review and its partner's name."""
    return tx.first(_whole().where(event.c.id == event_id))


def by_pid(tx: Reader, pid: str) -> Row[Any] | None:
    """The same, by its public name."""
    return tx.first(_whole().where(event.c.pid == pid))


def by_pids(tx: Reader, pids: Collection[str]) -> Sequence[Row[Any]]:
    """Several events by their public names, the newest first."""
    return tx.all(_whole().where(event.c.pid.in_([*pids])).order_by(event.c.id.desc()))


def batch(tx: Reader, after: int, state: str | None, limit: int = 500) -> Sequence[Row[Any]]:
    """The next events by id, of one state or of all."""
    wanted = _whole().where(event.c.id > after).order_by(event.c.id).limit(limit)
    return tx.all(wanted if state is None else wanted.where(review.c.state == state))


def of_partner(tx: Reader, partner_id: int, after: int, limit: int = 500) -> Sequence[Row[Any]]:
    """The next events of a partner by id."""
    theirs = event.c.partner_id == partner_id, event.c.id > after
    return tx.all(_whole().where(*theirs).order_by(event.c.id).limit(limit))


def pid(tx: Reader, event_id: int) -> str | None:
    """The public name of an event."""
    found = tx.value(select(event.c.pid).where(event.c.id == event_id))
    return None if found is None else str(found)


def here(tx: Reader, source_id: int) -> list[Row[Any]]:
    """The sightings that the feed held last time, with when their event begins and ends."""
    return [
        *tx.all(
            select(sighting.c.id, sighting.c.key, event.c.first_start, event.c.last_end)
            .join(event, event.c.id == sighting.c.event_id)
            .where(sighting.c.source_id == source_id, sighting.c.presence == "HERE")
        )
    ]


def mark(tx: Writer, sightings: Collection[int], presence: str, since: datetime | None) -> None:
    """Say of sightings whether their feed still holds them, and since when not."""
    for some in _batches(sightings):
        these = update(sighting).where(sighting.c.id.in_(some))
        tx.run(these.values(presence=presence, missing_since=since))


def put_dates(tx: Writer, dates: Mapping[int, Iterable[Date]], *, fresh: bool = False) -> None:
    """The dates of events, in place of those that were there (none, if fresh)."""
    if not fresh:
        for some_ids in _batches(dates):
            tx.run(delete(occurrence).where(occurrence.c.event_id.in_(some_ids)))
    rows = [
        {
            "event_id": event_id,
            "rid": each.rid,
            "start_at": each.start_at,
            "end_at": each.end_at,
            "start_wall": each.start_wall,
            "local_date": each.local_date,
            "all_day": each.all_day,
            "status": each.status,
            "long": each.end_at - each.start_at > LONG,
        }
        for event_id, some in dates.items()
        for each in some
    ]
    if rows:
        tx.run(insert(occurrence), rows)


def add_changes(
    tx: Writer, at: datetime, cause: str, changes: Mapping[int, Iterable[Change]]
) -> None:
    """Append to the history of events, by their ids."""
    rows = [
        {
            "event_id": event_id,
            "rid": each.rid,
            "at": at,
            "cause": cause,
            "field": each.field,
            "before": each.before,
            "after": each.after,
            "material": each.material,
            "kept": each.kept,
            "seen_at": at if cause == "staff" else None,  # who wrote it knows
        }
        for event_id, some in changes.items()
        for each in some
    ]
    if rows:
        tx.run(insert(change), rows)
        reviews.follow_changes(tx, {row["event_id"] for row in rows if row["material"]})


def kept_seen(tx: Writer, event_id: int, rid: str, fields: Collection[str], at: datetime) -> None:
    """Staff have looked at what a source told anew of facts that are ours."""
    news = change.c.event_id == event_id, change.c.rid == rid, change.c.field.in_([*fields])
    unseen = change.c.kept, change.c.seen_at.is_(None)
    tx.run(update(change).where(*news, *unseen).values(seen_at=at))
    reviews.follow_changes(tx, [event_id])


def changes_seen(tx: Writer, event_id: int, at: datetime) -> None:
    """Staff have looked at what changed."""
    tx.run(
        update(change)
        .where(change.c.event_id == event_id, change.c.seen_at.is_(None))
        .values(seen_at=at)
    )
    reviews.follow_changes(tx, [event_id])


def calendar_blocks(tx: Reader, ended_after: datetime) -> Sequence[Row[Any]]:
    """The rendered blocks of what is approved and not over, in a steady order."""
    return tx.all(
        select(event.c.ics_block, event.c.ics_zones)
        .join(review, review.c.event_id == event.c.id)
        .where(
            review.c.state == "APPROVED",
            event.c.kind == "event",
            event.c.merged_into.is_(None),
            event.c.ics_block.is_not(None),
            (event.c.last_end.is_(None)) | (event.c.last_end > ended_after),
        )
        .order_by(event.c.id)
    )


def running_out(tx: Reader, before: datetime, limit: int = 100) -> list[int]:
    """Series that go on, and whose dates are written down until before then."""
    goes_on = (event.c.last_end.is_(None)) | (event.c.last_end > event.c.expanded_until)
    rows = tx.all(
        select(event.c.id)
        .where(event.c.expanded_until < before, goes_on)
        .order_by(event.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]


def pictures_due(tx: Reader, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Events that are not over and whose picture is to be asked for."""
    return tx.all(
        select(event.c.id, event.c.facts, event.c.image)
        .where(event.c.image_due_at <= now)
        .where((event.c.last_end.is_(None)) | (event.c.last_end > now))
        .order_by(event.c.image_due_at, event.c.id)
        .limit(limit)
    )


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the event itself."""
    return {name: value for name, value in row.items() if name != "tags"}


def _tags(rows: Iterable[Mapping[str, Any]], ids: Iterable[int]) -> dict[int, Any]:
    """The tags among the columns of events that are written."""
    return {n: row["tags"] for n, row in zip(ids, rows, strict=True) if "tags" in row}


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """In rising order, as many at a time as one statement may carry."""
    rising = sorted(ids)
    for start in range(0, len(rising), BATCH):
        yield rising[start : start + BATCH]


def _whole() -> Any:
    return (
        select(
            event,
            review.c.state,
            review.c.until,
            review.c.reason,
            review.c.decided_digest,
            review.c.version,
            partner.c.name.label("partner"),
            partner.c.pid.label("partner_pid"),
            partner.c.credit.label("credit"),
        )
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
    )
