"""Pictures: our own copies, named by the digest of their bytes."""

from typing import Any

from sqlalchemy import Row, select

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import media


def add(tx: Writer, sha256: str, **values: Any) -> None:
    """Know a picture; the same bytes twice are one."""
    tx.insert_once(media, sha256=sha256, **values)


def by_digest(tx: Reader, sha256: str) -> Row[Any] | None:
    """One picture's row."""
    return tx.first(select(media).where(media.c.sha256 == sha256))


def by_source(tx: Reader, url: str) -> str | None:
    """Our copy of what stood at that address, if we have one."""
    found = tx.value(select(media.c.sha256).where(media.c.source_url == url).limit(1))
    return None if found is None else str(found)
