"""Hosts: the unit of claiming. One owner, so one request at a time per host on any machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, or_, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import host, source

#: A host without a source is looked at again after so long; adding one hurries it.
UNUSED = timedelta(days=1)

#: No host's name is longer (RFC 1035, 2.3.4).
LONGEST = 253


@dataclass(frozen=True, slots=True)
class Claim:
    """One owner's hold on one host, until a moment. `no` tells this hold from the next."""

    host: str
    no: int
    by: str


def name_of(url: str) -> str:
    """The host that an address names; empty if it names none that there could be."""
    try:
        name = (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    return name if len(name) <= LONGEST else ""


def ensure(tx: Writer, name: str, now: datetime) -> None:
    """Know the host; a new one may be asked at once."""
    tx.insert_once(host, name=name, next_at=now, claim_no=0)


def claim(tx: Writer, by: str, now: datetime, until: datetime) -> Claim | None:
    """Take the host that has been due longest and nobody holds; None when there is none."""
    row = tx.first(
        select(host.c.name, host.c.claim_no)
        .where(host.c.next_at <= now, _free(now), _has_due_source(now))
        .order_by(host.c.next_at, host.c.name)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return None if row is None else _take(tx, row.name, row.claim_no, by, until)


def claim_named(tx: Writer, name: str, by: str, now: datetime, until: datetime) -> Claim | None:
    """Take this very host if nobody holds it (for a linked page elsewhere)."""
    ensure(tx, name, now)
    row = tx.first(
        select(host.c.claim_no)
        .where(host.c.name == name, _free(now))
        .with_for_update(skip_locked=True)
    )
    return None if row is None else _take(tx, name, row.claim_no, by, until)


def holds(tx: Writer, held: Claim) -> bool:
    """Whether the hold is still ours; locks the row, so that it stays so until the commit."""
    found = tx.first(
        select(host.c.name)
        .where(host.c.name == held.host, host.c.claim_no == held.no, host.c.claim_by == held.by)
        .with_for_update()
    )
    return found is not None


def extend(tx: Writer, held: Claim, until: datetime) -> bool:
    """Hold it for longer. False: it is another's by now."""
    return bool(tx.run(_ours(held).values(claim_until=until)))


def release(tx: Writer, held: Claim, not_before: datetime) -> None:
    """Give it back. Due again when its first source is, and not before that moment."""
    if not holds(tx, held):  # locked before looking: a source that comes meanwhile hurries it after
        return
    due = select(func.min(source.c.due_at)).where(source.c.host == held.host, source.c.enabled)
    first = tx.value(due)
    next_at = not_before + UNUSED if first is None else max(first, not_before)
    tx.run(_ours(held).values(claim_by=None, claim_until=None, next_at=next_at))


def held_by(tx: Reader, machine: str, now: datetime) -> list[Claim]:
    """The holds of owners on one machine: their names begin with it."""
    rows = tx.all(
        select(host.c.name, host.c.claim_no, host.c.claim_by)
        .where(host.c.claim_until > now, host.c.claim_by.startswith(machine, autoescape=True))
        .order_by(host.c.name)
    )
    return [Claim(row.name, row.claim_no, row.claim_by) for row in rows]


def hurry(tx: Writer, name: str, now: datetime) -> None:
    """Make it due now, for a source that a person wants to see; locks it, due or not.

    Whoever gives it back at this moment then sees that source, or comes before. To be called
    before the source is written, as a poll does: whoever locks in one order waits for nobody.
    """
    tx.run(update(host).where(host.c.name == name).values(next_at=now))


def due(tx: Reader, now: datetime) -> bool:
    """Whether a host waits for an owner and a source of it is due."""
    return (
        tx.first(
            select(host.c.name)
            .where(host.c.next_at <= now, _free(now), _has_due_source(now))
            .limit(1)
        )
        is not None
    )


def robots(tx: Reader, name: str, now: datetime) -> str | None:
    """The host's robots.txt as we know it; None when unknown or too old."""
    row = tx.first(select(host.c.robots).where(host.c.name == name, host.c.robots_until > now))
    return None if row is None else str(row.robots or "")


def remember_robots(tx: Writer, name: str, text: str, until: datetime) -> None:
    """Keep the host's robots.txt until then."""
    tx.run(update(host).where(host.c.name == name).values(robots=text, robots_until=until))


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(host.c.claim_until.is_(None), host.c.claim_until <= now)


def _has_due_source(now: datetime) -> ColumnElement[bool]:
    """A host may be known for its pictures or linked pages alone."""
    due = source.c.host == host.c.name, source.c.enabled, source.c.due_at <= now
    return select(source.c.id).where(*due).exists()


def _take(tx: Writer, name: str, no: int, by: str, until: datetime) -> Claim | None:
    taken = tx.run(
        update(host)
        .where(host.c.name == name, host.c.claim_no == no)
        .values(claim_by=by, claim_until=until, claim_no=no + 1)
    )
    return Claim(name, no + 1, by) if taken else None


def _ours(held: Claim) -> Any:
    return update(host).where(
        host.c.name == held.host, host.c.claim_no == held.no, host.c.claim_by == held.by
    )
