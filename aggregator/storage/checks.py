"""Rows for the doctor: what its invariants are asked of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from aggregator.storage.doors import Reader
from aggregator.storage.tables import (
    attempt,
    channel,
    delivery,
    event,
    fetch,
    journal,
    occurrence,
    post,
    sighting,
    source,
    user,
)

GOOD = ("NEW_BODY", "SAME_BODY", "NOT_MODIFIED")


def administrators(tx: Reader) -> int:
    """How many can administrate."""
    able = user.c.role == "administrator", user.c.disabled_at.is_(None)
    return int(tx.value(select(func.count()).select_from(user).where(*able)) or 0)


def channels(tx: Reader) -> Sequence[Row[Any]]:
    """Every channel's name and sealed settings."""
    return tx.all(select(channel.c.name, channel.c.settings).order_by(channel.c.id))


def failing(tx: Reader) -> Sequence[Row[Any]]:
    """Sources that have failed three times in a row or more."""
    failed = source.c.failures >= 3, source.c.enabled
    return tx.all(select(source.c.url, source.c.failures).where(*failed).order_by(source.c.id))


def dates(tx: Reader, event_id: int) -> set[tuple[object, ...]]:
    """The stored dates of an event, comparable."""
    columns = (
        occurrence.c.rid,
        occurrence.c.start_at,
        occurrence.c.end_at,
        occurrence.c.start_wall,
        occurrence.c.all_day,
        occurrence.c.status,
    )
    rows = tx.all(select(*columns).where(occurrence.c.event_id == event_id))
    return {tuple(row) for row in rows}


def failed_fetches_with_effect(tx: Reader) -> Sequence[Row[Any]]:
    """Failed polls that count events, or that a sighting names."""
    counted = fetch.c.n_new + fetch.c.n_changed + fetch.c.n_gone > 0
    named = (
        select(sighting.c.id)
        .where((sighting.c.first_fetch == fetch.c.id) | (sighting.c.changed_fetch == fetch.c.id))
        .exists()
    )
    return tx.all(
        select(fetch.c.id, fetch.c.source_id).where(fetch.c.outcome.not_in(GOOD), counted | named)
    )


def deliveries(tx: Reader) -> Sequence[Row[Any]]:
    """Every delivery with its post, its event's material digest and its attempts counted."""
    tries = select(func.count()).where(attempt.c.delivery_id == delivery.c.id).scalar_subquery()
    last = select(func.max(attempt.c.at)).where(attempt.c.delivery_id == delivery.c.id)
    return tx.all(
        select(
            delivery,
            post.c.event_id,
            post.c.rid,
            post.c.moment,
            post.c.facts_digest,
            channel.c.network,
            channel.c.way,
            event.c.material_digest,
            tries.label("attempts"),
            last.scalar_subquery().label("last_attempt"),
        )
        .join(post, post.c.id == delivery.c.post_id)
        .join(channel, channel.c.id == delivery.c.channel_id)
        .outerjoin(event, event.c.id == post.c.event_id)
        .order_by(delivery.c.id)
    )


def answered_by_a_person(tx: Reader, delivery_id: int) -> bool:
    """Whether somebody said that the post is there: found it, or put it up."""
    verbs = ("there", "done", "theirs", "corrected")
    said = journal.c.subject == f"delivery:{delivery_id}", journal.c.verb.in_(verbs)
    return tx.first(select(journal.c.id).where(*said).limit(1)) is not None
