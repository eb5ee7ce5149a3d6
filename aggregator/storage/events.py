"""Events, the sightings they come from, their dates and what changed about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from aggregator.domain.changes import Change
from aggregator.domain.dates import Date
from aggregator.domain.identity import ASSIGNED, Known
from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import change, event, occurrence, partner, review, sighting

#: How many values one statement may carry, with room to spare on every SQLite.
BATCH = 500


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


def known(tx: Reader, source_id: int) -> list[Known]:
    """What the source's sightings without a name of their own say, to find them again."""
    rows = tx.all(
        select(sighting.c.key, sighting.c.facts_digest, sighting.c.facts)
        .where(sighting.c.source_id == source_id, sighting.c.key.like(f"{ASSIGNED}%"))
        .order_by(sighting.c.id)
    )
    return [
        Known(row.key, row.facts_digest, row.facts["summary"], row.facts["start"], row.facts["url"])
        for row in rows
    ]


def add(tx: Writer, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New events, in order; their ids."""
    found: list[int] = []
    for start in range(0, len(rows), BATCH):
        statement = insert(event).returning(event.c.id, sort_by_parameter_order=True)
        found += [row.id for row in tx.all(statement, [*rows[start : start + BATCH]])]
    return found


def add_sightings(tx: Writer, rows: Sequence[Mapping[str, Any]]) -> None:
    """New sightings."""
    if rows:
        tx.run(insert(sighting), [*rows])


def accounts(tx: Reader, event_id: int) -> list[tuple[int, Mapping[str, Any]]]:
    """What each source tells of an event, the oldest sighting first."""
    rows = tx.all(
        select(sighting.c.id, sighting.c.facts)
        .where(sighting.c.event_id == event_id)
        .order_by(sighting.c.id)
    )
    return [(row.id, row.facts) for row in rows]


def change_sighting(tx: Writer, sighting_id: int, **values: Any) -> None:
    """Write what a source tells anew of one event."""
    tx.run(update(sighting).where(sighting.c.id == sighting_id).values(**values))


def change_event(tx: Writer, event_id: int, **values: Any) -> None:
    """Write what an event has become."""
    tx.run(update(event).where(event.c.id == event_id).values(**values))


def lock(tx: Writer, event_id: int) -> Row[Any]:
    """One event with its review and partner, held until the commit. Raises LookupError."""
    row = tx.first(_whole().where(event.c.id == event_id).with_for_update(of=[event, review]))
    if row is None:
        raise LookupError(event_id)
    return row


def by_id(tx: Reader, event_id: int) -> Row[Any] | None:
    """One event with its review and its partner's name."""
    return tx.first(_whole().where(event.c.id == event_id))


def by_pid(tx: Reader, pid: str) -> Row[Any] | None:
    """The same, by its public name."""
    return tx.first(_whole().where(event.c.pid == pid))


def batch(tx: Reader, after: int, state: str | None, limit: int = 500) -> Sequence[Row[Any]]:
    """The next events by id, of one state or of all."""
    wanted = _whole().where(event.c.id > after).order_by(event.c.id).limit(limit)
    return tx.all(wanted if state is None else wanted.where(review.c.state == state))


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
    ids = [*sightings]
    for start in range(0, len(ids), BATCH):
        some = sighting.c.id.in_(ids[start : start + BATCH])
        tx.run(update(sighting).where(some).values(presence=presence, missing_since=since))


def put_dates(tx: Writer, dates: Mapping[int, Iterable[Date]], *, fresh: bool = False) -> None:
    """The dates of events, in place of those that were there (none, if fresh)."""
    if not fresh:
        for event_id in dates:
            tx.run(delete(occurrence).where(occurrence.c.event_id == event_id))
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
        }
        for event_id, some in dates.items()
        for each in some
    ]
    if rows:
        tx.run(insert(occurrence), rows)


def add_changes(
    tx: Writer, event_id: int, at: datetime, cause: str, changes: Iterable[Change]
) -> None:
    """Append to an event's history."""
    rows = [
        {
            "event_id": event_id,
            "at": at,
            "cause": cause,
            "field": each.field,
            "before": each.before,
            "after": each.after,
            "material": each.material,
        }
        for each in changes
    ]
    if rows:
        tx.run(insert(change), rows)


def changes_seen(tx: Writer, event_id: int, at: datetime) -> None:
    """Staff have looked at what changed."""
    tx.run(
        update(change)
        .where(change.c.event_id == event_id, change.c.seen_at.is_(None))
        .values(seen_at=at)
    )


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
        .order_by(event.c.first_start, event.c.id)
    )


def pictures_due(tx: Reader, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Events that are not over and whose picture is to be asked for."""
    return tx.all(
        select(event.c.id, event.c.facts, event.c.image)
        .where(event.c.image_due_at <= now)
        .where((event.c.last_end.is_(None)) | (event.c.last_end > now))
        .order_by(event.c.image_due_at, event.c.id)
        .limit(limit)
    )


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
            partner.c.credit.label("credit"),
        )
        .join(review, review.c.event_id == event.c.id)
        .join(partner, partner.c.id == event.c.partner_id)
    )
