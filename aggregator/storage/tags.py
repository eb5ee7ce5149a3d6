"""Tags of events: what lists filter by. Which an event has, domain/tagging.py says."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, func, insert, literal, select

from aggregator.domain.tagging import Tag
from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import event_tag


def put(tx: Writer, wanted: Mapping[int, Collection[Tag]], *, fresh: bool = False) -> None:
    """The tags of events by their ids, in place of those that were there (none, if fresh)."""
    ids = [*wanted]
    for start in range(0, 0 if fresh else len(ids), BATCH):
        some = ids[start : start + BATCH]
        tx.run(delete(event_tag).where(event_tag.c.event_id.in_(some)))
    rows = [
        {"event_id": event_id, "kind": kind, "value": value}
        for event_id, some_tags in wanted.items()
        for kind, value in sorted(some_tags)
    ]
    if rows:
        tx.run(insert(event_tag), rows)


def of(tx: Reader, event_ids: Collection[int]) -> dict[int, set[Tag]]:
    """The tags of these events."""
    found: dict[int, set[Tag]] = {each: set() for each in event_ids}
    rising = sorted(event_ids)
    for start in range(0, len(rising), BATCH):
        some = rising[start : start + BATCH]
        for row in tx.all(select(event_tag).where(event_tag.c.event_id.in_(some))):
            found[row.event_id].add((row.kind, row.value))
    return found


def values(tx: Reader, kind: str, after: str = "", limit: int = 100) -> Sequence[str]:
    """The values of a kind in the order of the database, from behind `after` on.

    Each is looked up from the one before, so that a million rows cost as little as a thousand.
    """
    mine, value = event_tag.c.kind == kind, event_tag.c.value
    first = select(func.min(value).label("value"), literal(1).label("n")).where(mine, value > after)
    walk = first.cte("walk", recursive=True)
    further = select(func.min(value)).where(mine, value > walk.c.value).scalar_subquery()
    on = walk.c.n < limit, walk.c.value.is_not(None)
    walk = walk.union_all(select(further, walk.c.n + 1).where(*on))
    return [row.value for row in tx.all(select(walk.c.value)) if row.value is not None]
