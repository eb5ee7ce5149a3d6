"""The index of events' words, and the condition that asks it.

SQLite: an FTS5 table by rowid. PostgreSQL: a table of lexemes under a GIN index. Words come
normalised from domain/searching.py and neither database touches them, so both find the same.
Results come by date or newest, never by rank: frequent words would cost a second.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from aggregator.domain.searching import Asked
from aggregator.storage.doors import BATCH, Reader, Writer
from aggregator.storage.tables import event

_SQLITE = table("event_search", column("rowid", Integer), column("words"))
_POSTGRES = table("event_search", column("event_id", Integer), column("words"))


def put(tx: Writer, texts: Mapping[int, str], *, fresh: bool = False) -> None:
    """The words of events by their ids, in place of those that were there (none, if fresh)."""
    ids = [*texts]
    mine, key = (_POSTGRES, "event_id") if tx.postgres else (_SQLITE, "rowid")
    for start in range(0, 0 if fresh else len(ids), BATCH):
        some = ids[start : start + BATCH]
        tx.run(mine.delete().where(mine.c[key].in_(some)))
    value = "array_to_tsvector(string_to_array(:words, ' '))" if tx.postgres else ":words"
    if ids:
        tx.run(
            text(f"INSERT INTO event_search ({key}, words) VALUES (:id, {value})"),  # noqa: S608 (our own words)
            [{"id": each, "words": words} for each, words in texts.items()],
        )


def found(tx: Reader, wanted: Asked) -> Select[Any]:
    """The ids of the events that hold the words; at least one is asked."""
    if tx.postgres:
        parts = [f"'{word}'" for word in wanted.whole]
        parts += [f"'{wanted.begun}':*"] if wanted.begun else []
        query = literal(" & ".join(parts))
        asked = _POSTGRES.c.words.op("@@", is_comparison=True)(cast(query, TSQUERY))
        return select(_POSTGRES.c.event_id).where(asked)
    parts = [f'"{word}"' for word in wanted.whole]
    parts += [f'"{wanted.begun}" *'] if wanted.begun else []
    matches: ColumnElement[bool] = column("event_search").op("MATCH", is_comparison=True)(
        literal(" AND ".join(parts))
    )
    return select(_SQLITE.c.rowid.label("event_id")).where(matches)


def wrong(tx: Reader) -> Sequence[Row[Any]]:
    """Events whose words in the index are not those of their text."""
    mine, key = (_POSTGRES, "event_id") if tx.postgres else (_SQLITE, "rowid")
    kept: ColumnElement[Any] = event.c.search_text
    if tx.postgres:
        kept = func.array_to_tsvector(func.string_to_array(kept, " "))
    return tx.all(
        select(event.c.id, event.c.pid)
        .outerjoin(mine, mine.c[key] == event.c.id)
        .where(mine.c.words.is_distinct_from(kept))
        .order_by(event.c.id)
    )


def texts(rows: Iterable[Mapping[str, Any]], ids: Iterable[int]) -> dict[int, str]:
    """The words among the columns of events that are written."""
    return {
        event_id: row["search_text"]
        for event_id, row in zip(ids, rows, strict=True)
        if "search_text" in row
    }
