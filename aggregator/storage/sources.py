"""Sources: what we remember of one feed; also its last good body, its polls, its linked pages."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import body, fetch, linked_page, partner, source


@dataclass(frozen=True, slots=True)
class Source:
    """What a poll has to know of a source."""

    id: int
    partner_id: int
    url: str
    host: str
    rhythm: timedelta
    etag: str | None
    last_modified: str | None
    body_digest: str | None
    reader_version: int | None
    failures: int
    zone: str | None  # the partner's
    failing_since: datetime | None = None
    days: Mapping[str, Any] | None = None  # domain/health.py


def add(tx: Writer, now: datetime, partner_id: int, url: str, host: str, rhythm: timedelta) -> int:
    """Remember a source, due at once."""
    return tx.insert(
        insert(source).values(
            partner_id=partner_id,
            url=url,
            host=host,
            former_urls=[],
            enabled=True,
            rhythm_s=int(rhythm.total_seconds()),
            due_at=now,
        )
    )


def ensure_ours(tx: Writer, now: datetime, partner_id: int) -> int:
    """The source of what staff enter by hand, made when first needed: nobody is asked for it.

    The partner is held meanwhile (`partners.ensure_ours`), so that there is one.
    """
    ours = source.c.partner_id == partner_id, source.c.kind == "ours"
    found = tx.value(select(source.c.id).where(*ours))
    if found is not None:
        return int(found)
    return tx.insert(
        insert(source).values(
            partner_id=partner_id,
            kind="ours",
            former_urls=[],
            enabled=True,
            rhythm_s=0,
            due_at=now,
        )
    )


def has_any(tx: Reader) -> bool:
    """Whether anybody's events are read, or were."""
    return tx.first(select(source.c.id).where(source.c.url.is_not(None)).limit(1)) is not None


def find(tx: Reader, url: str) -> int | None:
    """A source by its address."""
    found = tx.value(select(source.c.id).where(source.c.url == url))
    return None if found is None else int(found)


def by_id(tx: Reader, source_id: int) -> Row[Any] | None:
    """One source's row."""
    return tx.first(select(source).where(source.c.id == source_id))


def of_partner(tx: Reader, partner_id: int) -> Sequence[Row[Any]]:
    """A partner's sources that were not removed, the oldest first."""
    mine = source.c.partner_id == partner_id, source.c.removed_at.is_(None)
    return tx.all(select(source).where(*mine).order_by(source.c.id))


def due(tx: Reader, host: str, now: datetime) -> list[Source]:
    """The host's sources that are due, longest first."""
    rows = tx.all(
        select(source, partner.c.zone)
        .join(partner, partner.c.id == source.c.partner_id)
        .where(source.c.host == host, source.c.enabled, source.c.due_at <= now)
        .order_by(source.c.due_at, source.c.id)
    )
    return [_source(row) for row in rows]


def host_of(tx: Reader, source_id: int) -> str | None:
    """A source's host; None when there is no such source."""
    found = tx.value(select(source.c.host).where(source.c.id == source_id))
    return None if found is None else str(found)


def change(tx: Writer, source_id: int, **values: Any) -> None:
    """Write what a poll learned of a source."""
    tx.run(update(source).where(source.c.id == source_id).values(**values))


def keep_body(
    tx: Writer, source_id: int, digest: str, data: bytes, media_type: str | None, url: str
) -> None:
    """Keep the last good body, for reading again after an upgrade."""
    tx.run(delete(body).where(body.c.source_id == source_id))
    tx.run(
        insert(body).values(
            source_id=source_id,
            digest=digest,
            media_type=media_type,
            url=url,
            bytes=zlib.compress(data, 1),
        )
    )


def kept_body(tx: Reader, source_id: int) -> tuple[bytes, str | None, str] | None:
    """The last good body, its media type and where it came from."""
    row = tx.first(select(body).where(body.c.source_id == source_id))
    return None if row is None else (zlib.decompress(row.bytes), row.media_type, row.url)


def record_fetch(tx: Writer, source_id: int, at: datetime, values: Mapping[str, Any]) -> int:
    """Write down one poll."""
    return tx.insert(insert(fetch).values(source_id=source_id, at=at, **values))


def count_fetch(tx: Writer, fetch_id: int, **counts: int) -> None:
    """Add to a poll's record what came of it."""
    tx.run(update(fetch).where(fetch.c.id == fetch_id).values(**counts))


def pages(tx: Reader, urls: Collection[str]) -> dict[str, Row[Any]]:
    """What is known of these linked pages."""
    wanted = [*urls]
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), BATCH):
        some = linked_page.c.url.in_(wanted[start : start + BATCH])
        found |= {row.url: row for row in tx.all(select(linked_page).where(some))}
    return found


def pages_due(tx: Reader, source_id: int, now: datetime) -> bool:
    """Whether linked pages of this source were left for later, and later is now."""
    left = select(linked_page.c.url).where(
        linked_page.c.source_id == source_id, linked_page.c.due_at <= now
    )
    return tx.first(left.limit(1)) is not None


def keep_page(tx: Writer, url: str, **values: Any) -> None:
    """Remember what a linked page told."""
    if not tx.insert_once(linked_page, url=url, **values):
        tx.run(update(linked_page).where(linked_page.c.url == url).values(**values))


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        partner_id=row.partner_id,
        url=row.url,
        host=row.host,
        rhythm=timedelta(seconds=row.rhythm_s),
        etag=row.etag,
        last_modified=row.last_modified,
        body_digest=row.body_digest,
        reader_version=row.reader_version,
        failures=row.failures,
        zone=row.zone,
        failing_since=row.failing_since,
        days=row.days,
    )
