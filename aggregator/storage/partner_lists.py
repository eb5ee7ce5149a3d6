"""Partners and their feeds as lists show them: each function is one query, whatever it finds.

What is counted of a partner is bounded, so that a page costs the same however long somebody has
been with us: its newest MOST events.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
)

from aggregator.storage.doors import Reader
from aggregator.storage.tables import (
    delivery,
    fetch,
    partner,
    post,
    review,
    sighting,
    source,
)

#: So many of a partner's newest events are counted; one more says "500+".
MOST = 500
#: A post in one of these never reached anybody.
_NOWHERE = ("CANCELLED", "FAILED", "EXPIRED")


class Key(NamedTuple):
    """Where a page of partners ended: trouble first, then by name."""

    rank: int
    name: str
    id: int


def listing(tx: Reader, now: datetime, after: Key | None = None, limit: int = 25) -> Sequence[Any]:
    """Partners, those in trouble first, with what was offered and what became of it."""
    key = (_rank(), partner.c.name, partner.c.id)
    found = _counted(now).where(partner.c.archived_at.is_(None)).order_by(*key).limit(limit)
    if after is not None:
        found = found.where(tuple_(*key) > tuple_(*map(literal, after)))
    return tx.all(found)


def place_of(tx: Reader, pid: str) -> Key | None:
    """Where the list goes on behind this partner."""
    row = tx.first(select(_rank(), partner.c.name, partner.c.id).where(partner.c.pid == pid))
    return None if row is None else Key(*tuple(row))


def one(tx: Reader, pid: str, now: datetime) -> Row[Any] | None:
    """One partner with its counts, archived or not."""
    return tx.first(_counted(now).where(partner.c.pid == pid))


def totals(tx: Reader) -> Row[Any]:
    """How many partners and feeds there are, and how many feeds fail or are paused."""
    mine = source.join(partner, partner.c.id == source.c.partner_id)
    read = partner.c.archived_at.is_(None), source.c.removed_at.is_(None), source.c.url.is_not(None)
    partners = select(func.count()).where(partner.c.archived_at.is_(None)).scalar_subquery()
    failing = case((source.c.enabled & (source.c.failures > 0), 1), else_=0)
    paused = case((source.c.enabled, 0), else_=1)
    [row] = tx.all(
        select(
            partners.label("partners"),
            func.count().label("feeds"),
            func.coalesce(func.sum(failing), 0).label("failing"),
            func.coalesce(func.sum(paused), 0).label("paused"),
        )
        .select_from(mine)
        .where(*read)
    )
    return row


def feeds(tx: Reader, partner_ids: Collection[int]) -> Sequence[Row[Any]]:
    """These partners' sources with the last poll of each, by partner."""
    wanted = source.c.partner_id.in_([*partner_ids]), source.c.removed_at.is_(None)
    return tx.all(_feeds().where(*wanted).order_by(source.c.partner_id, source.c.id))


def feed(tx: Reader, source_id: int) -> Row[Any] | None:
    """One source with its last poll."""
    return tx.first(_feeds().where(source.c.id == source_id, source.c.removed_at.is_(None)))


def in_trouble(tx: Reader, limit: int = 20) -> Sequence[Row[Any]]:
    """Sources whose last poll failed, since when and why, the longest first."""
    failing = source.c.enabled, source.c.removed_at.is_(None), source.c.failures > 0
    found = _feeds().where(*failing, partner.c.archived_at.is_(None))
    return tx.all(found.order_by(source.c.failing_since, source.c.id).limit(limit))


def _feeds() -> Select[Any]:
    later = fetch.alias()
    newest = (
        select(later.c.id)
        .where(later.c.source_id == source.c.id)
        .order_by(later.c.at.desc(), later.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    held = (
        select(sighting.c.id)
        .where(sighting.c.source_id == source.c.id, sighting.c.presence == "HERE")
        .correlate(source)
        .limit(MOST + 1)
        .subquery()
    )
    return (
        select(
            source,
            partner.c.name.label("partner"),
            partner.c.pid,
            fetch.c.at,
            fetch.c.outcome,
            fetch.c.params,
            fetch.c.problems,
            fetch.c.n_new,
            fetch.c.n_changed,
            fetch.c.n_same,
            fetch.c.n_gone,
            select(func.count()).select_from(held).scalar_subquery().label("held"),
        )
        .select_from(source.outerjoin(fetch, fetch.c.id == newest))
        .join(partner, partner.c.id == source.c.partner_id)
    )


def _counted(now: datetime) -> Select[Any]:
    newest = _newest()
    reached = exists().where(
        post.c.event_id == newest.c.event_id,
        delivery.c.post_id == post.c.id,
        delivery.c.state.not_in(_NOWHERE),
    )
    return select(
        partner,
        _rank().label("rank"),
        _count(newest).label("offered"),
        _count(newest, reached).label("shared"),
        _count(newest, newest.c.state == "APPROVED").label("listed"),
        _count(newest, newest.c.state == "DECLINED").label("declined"),
        _count(newest, newest.c.ends_at > now).label("ahead"),
    )


def _newest() -> Subquery:
    """A partner's newest events with what became of each: one range of an index."""
    mine = (
        review.c.partner_id == partner.c.id,
        review.c.kind == "event",
        review.c.ends_at.is_not(None),
    )
    return (
        select(review.c.event_id, review.c.state, review.c.ends_at)
        .where(*mine)
        .correlate(partner)
        .order_by(review.c.event_id.desc())
        .limit(MOST + 1)
        .subquery()
    )


def _count(newest: Subquery, *wanted: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(newest).where(*wanted).scalar_subquery()


def _rank() -> ColumnElement[int]:
    """0 for a partner with a feed in trouble, else 1."""
    trouble = exists().where(
        source.c.partner_id == partner.c.id,
        source.c.removed_at.is_(None),
        source.c.enabled,
        source.c.failures > 0,
    )
    return case((trouble, 0), else_=1)


def partner_of(tx: Reader, source_id: int) -> str | None:
    """The public name of the partner whose source it is, removed or not."""
    mine = select(partner.c.pid).join(source, source.c.partner_id == partner.c.id)
    found = tx.value(mine.where(source.c.id == source_id))
    return None if found is None else str(found)
