"""Links between sightings: are these two one event? Nothing is merged yet, it is only asked.

A question is open while both events still have the same twin key; so it closes by itself when a
partner changes title or start, and what a person said (NEVER) stays said.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, text, update

from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import event, link, partner, review, sighting

#: Any number, the same on every machine: who stores twins on PostgreSQL does it one by one.
_LOCK = 7_269_383


def ask(tx: Writer, now: datetime, event_ids: Iterable[int]) -> int:
    """Ask of these events whether one of another partner is the same; how many new questions."""
    ids, pairs = sorted(event_ids), set[tuple[int, int]]()
    for start in range(0, len(ids), BATCH):
        pairs |= _pairs(tx, now, ids[start : start + BATCH])
    if not pairs:
        return 0
    if tx.postgres:
        # two partners stored at the same moment see each other's events only one by one
        tx.run(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    known = _known(tx, {a for a, _ in pairs})
    rows = [
        {"a": a, "b": b, "verdict": "ASK", "reasons": ["twin"], "actor": "townboard", "at": now}
        for a, b in sorted(pairs - known)
    ]
    if rows:
        tx.run(insert(link), rows)
    return len(rows)


def asked(tx: Reader, now: datetime, limit: int = 20) -> Sequence[Row[Any]]:
    """Open questions, newest first: both events are to come and neither is declined.

    Each row: a, b (sightings), at, and of both events id, pid, facts, image, state, version and
    partner, as `a_pid`, `b_pid` …; a is the one that was told first.
    """
    one, other = _side("a"), _side("b")
    return tx.all(
        select(link.c.a, link.c.b, link.c.at, *one.columns, *other.columns)
        .join_from(link, one.sighting, one.sighting.c.id == link.c.a)
        .join(other.sighting, other.sighting.c.id == link.c.b)
        .join(one.event, one.event.c.id == one.sighting.c.event_id)
        .join(other.event, other.event.c.id == other.sighting.c.event_id)
        .join(one.review, one.review.c.event_id == one.event.c.id)
        .join(other.review, other.review.c.event_id == other.event.c.id)
        .join(one.partner, one.partner.c.id == one.event.c.partner_id)
        .join(other.partner, other.partner.c.id == other.event.c.partner_id)
        .where(
            link.c.verdict == "ASK",
            link.c.undone_at.is_(None),
            one.event.c.twin_key == other.event.c.twin_key,
            *one.is_open(now),
            *other.is_open(now),
        )
        .order_by(link.c.at.desc(), link.c.a, link.c.b)
        .limit(limit)
    )


def say(tx: Writer, a: int, b: int, verdict: str, actor: str, now: datetime) -> str | None:
    """Write what a person says of two sightings; what stood there. None: no such question.

    a is the lower of the two.
    """
    mine = link.c.a == a, link.c.b == b
    before = tx.value(select(link.c.verdict).where(*mine).with_for_update())
    if before is not None:
        tx.run(update(link).where(*mine).values(verdict=verdict, actor=actor, at=now))
    return None if before is None else str(before)


def event_of(tx: Reader, sighting_id: int) -> int | None:
    """The event that a sighting tells of."""
    found = tx.value(select(sighting.c.event_id).where(sighting.c.id == sighting_id))
    return None if found is None else int(found)


class _side:  # noqa: N801 (a handful of aliases, used like a function)
    """One of the two events of a question."""

    def __init__(self, name: str) -> None:
        self.sighting = sighting.alias(f"{name}_sighting")
        self.event = event.alias(f"{name}_event")
        self.review = review.alias(f"{name}_review")
        self.partner = partner.alias(f"{name}_partner")
        kept = ("id", "pid", "facts", "image", "first_start", "arrived_at")
        self.columns = [
            *(self.event.c[each].label(f"{name}_{each}") for each in kept),
            self.review.c.state.label(f"{name}_state"),
            self.review.c.version.label(f"{name}_version"),
            self.partner.c.name.label(f"{name}_partner"),
        ]

    def is_open(self, now: datetime) -> tuple[Any, ...]:
        return self.review.c.ends_at > now, self.review.c.state != "DECLINED"


def _pairs(tx: Reader, now: datetime, ids: Sequence[int]) -> set[tuple[int, int]]:
    """The first sightings of these events and of their twins, the lower one first."""
    mine, twin = event.alias("mine"), event.alias("twin")
    theirs = review.alias("theirs")
    first = [
        select(func.min(sighting.c.id)).where(sighting.c.event_id == each.c.id).scalar_subquery()
        for each in (mine, twin)
    ]
    rows = tx.all(
        select(first[0].label("one"), first[1].label("other"))
        .select_from(mine)
        .join(twin, twin.c.twin_key == mine.c.twin_key)
        .join(theirs, theirs.c.event_id == twin.c.id)
        .where(
            mine.c.id.in_(ids),
            twin.c.partner_id != mine.c.partner_id,
            theirs.c.ends_at > now,
        )
    )
    both = [(row.one, row.other) for row in rows if row.one and row.other]
    return {(min(pair), max(pair)) for pair in both}


def _known(tx: Reader, sightings: Iterable[int]) -> set[tuple[int, int]]:
    """The links that are there already of these lower sightings."""
    found, ids = set[tuple[int, int]](), sorted(sightings)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        rows = tx.all(select(link.c.a, link.c.b).where(link.c.a.in_(some)))
        found |= {(row.a, row.b) for row in rows}
    return found
