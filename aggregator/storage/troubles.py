"""Feeds that can't be read at present, for Today."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from aggregator.storage.doors import Reader
from aggregator.storage.tables import fetch, partner, source


def feeds(tx: Reader, limit: int = 10) -> Sequence[Row[Any]]:
    """Sources whose last polls failed, the one that fails longest first, with the last reason."""
    last = (
        select(fetch.c.id)
        .where(fetch.c.source_id == source.c.id)
        .order_by(fetch.c.at.desc(), fetch.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    failing = (
        select(source.c.id, source.c.partner_id, source.c.failing_since, last.label("fetch_id"))
        .join(partner, partner.c.id == source.c.partner_id)
        .where(
            source.c.failing_since.is_not(None),
            source.c.enabled,
            source.c.removed_at.is_(None),
            partner.c.archived_at.is_(None),
        )
        .order_by(source.c.failing_since, source.c.id)
        .limit(limit)
        .subquery()
    )
    return tx.all(
        select(
            failing.c.failing_since.label("since"),
            partner.c.name.label("partner"),
            partner.c.pid.label("partner_pid"),
            fetch.c.outcome,
            fetch.c.params,
        )
        .join(partner, partner.c.id == failing.c.partner_id)
        .join(fetch, fetch.c.id == failing.c.fetch_id)
        .order_by(failing.c.failing_since, failing.c.id)
    )
