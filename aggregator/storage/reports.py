"""What residents told us is wrong about an event. Writes report."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import event, partner, report


def add(tx: Writer, event_id: int, at: datetime, text: str) -> int:
    """Remember a report; its id."""
    return tx.insert(insert(report).values(event_id=event_id, at=at, text=text))


def open_(tx: Reader, limit: int = 50) -> Sequence[Row[Any]]:
    """Reports that nobody has dealt with, oldest first, each with its event."""
    return tx.all(
        select(
            report.c.id,
            report.c.event_id,
            report.c.at,
            report.c.text,
            event.c.pid,
            event.c.facts,
            event.c.first_start,
            partner.c.name.label("partner"),
        )
        .join(event, event.c.id == report.c.event_id)
        .join(partner, partner.c.id == event.c.partner_id)
        .where(report.c.done_at.is_(None))
        .order_by(report.c.id)
        .limit(limit)
    )


def waiting(tx: Reader, event_id: int) -> int:
    """How many of one event nobody has dealt with."""
    mine = report.c.event_id == event_id, report.c.done_at.is_(None)
    return int(tx.value(select(func.count()).select_from(report).where(*mine)))


def one(tx: Reader, report_id: int) -> Row[Any] | None:
    """One report, held until the commit where a door to write is open."""
    return tx.first(select(report).where(report.c.id == report_id).with_for_update())


def settle(tx: Writer, report_id: int, at: datetime | None, by: str | None) -> None:
    """It is dealt with, by whom; None: it waits again."""
    tx.run(update(report).where(report.c.id == report_id).values(done_at=at, done_by=by))
