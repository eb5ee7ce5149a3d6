"""Partners: who publishes events."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.ids import new_pid
from aggregator.storage.tables import partner, source


def add(tx: Writer, now: datetime, name: str, zone: str | None = None) -> int:
    """Remember a partner; two of one name get different slugs."""
    pid = new_pid(now)
    while not tx.insert_once(partner, pid=pid, name=name, slug=_free_slug(tx, name), zone=zone):
        pass  # somebody took that slug since we looked
    return int(tx.value(select(partner.c.id).where(partner.c.pid == pid)))


def ours(tx: Reader) -> Row[Any] | None:
    """The library itself, as the partner whose events it makes; None before its first."""
    return tx.first(select(partner).where(partner.c.ours).order_by(partner.c.id))


def ensure_ours(tx: Writer, now: datetime, name: str) -> int:
    """The library as a partner, made when it is first needed; held until the commit."""
    base, number = _plain(name), 0
    while (row := ours(tx)) is None:
        # no look at which slug is free: two who come first at once have to meet in the same one
        slug = f"{base}-{number}" if number else base
        tx.insert_once(partner, pid=new_pid(now), name=name, slug=slug, ours=True)
        number += 1
    tx.first(select(partner.c.id).where(partner.c.id == row.id).with_for_update())
    return int(row.id)


def rename(tx: Writer, partner_id: int, name: str) -> None:
    """Call a partner something else; its slug stays, since addresses name it."""
    tx.run(update(partner).where(partner.c.id == partner_id).values(name=name))


def change(tx: Writer, partner_id: int, **values: Any) -> None:
    """Write what staff say of a partner."""
    tx.run(update(partner).where(partner.c.id == partner_id).values(**values))


def by_pid(tx: Reader, pid: str) -> Row[Any] | None:
    """One partner by its public name."""
    return tx.first(select(partner).where(partner.c.pid == pid))


def by_id(tx: Reader, partner_id: int) -> Row[Any] | None:
    """One partner's row."""
    return tx.first(select(partner).where(partner.c.id == partner_id))


def find(tx: Reader, name: str) -> int | None:
    """A partner by name, slug or public id."""
    wanted = (partner.c.name == name) | (partner.c.slug == name) | (partner.c.pid == name)
    found = tx.value(select(partner.c.id).where(wanted).order_by(partner.c.id))
    return None if found is None else int(found)


def any_of_others(tx: Reader) -> bool:
    """Whether somebody's events are read already, other than the library's own."""
    others = partner.c.archived_at.is_(None), partner.c.ours.is_(False)
    return tx.first(select(partner.c.id).where(*others).limit(1)) is not None


def listed(tx: Reader) -> Sequence[Row[Any]]:
    """Every partner by name, with the number of its sources."""
    sources = select(func.count()).where(source.c.partner_id == partner.c.id).scalar_subquery()
    return tx.all(
        select(partner, sources.label("sources"))
        .where(partner.c.archived_at.is_(None))
        .order_by(partner.c.name, partner.c.id)
    )


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "partner"


def _free_slug(tx: Reader, name: str) -> str:
    base = _plain(name)
    taken = {
        row.slug for row in tx.all(select(partner.c.slug).where(partner.c.slug.like(f"{base}%")))
    }
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
