"""The index of events' words, and the condition that asks it.

SQLite: an FTS5 table by rowid. PostgreSQL: a table of lexemes under a GIN index. Words come
normalised from domain/searching.py and neither database touches them, so both find the same.
Results come by date or newest, never by rank: frequent words would cost a second.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
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
    mine, key = (_POSTGRES, "event_id") if tx.postgres else (_SQLITE, "rowid")
    return select(mine.c[key].label("event_id")).where(_holds(tx, wanted))


def _holds(tx: Reader, wanted: Asked) -> ColumnElement[bool]:
    if tx.postgres:
        parts = [f"'{word}'" for word in wanted.whole]
        parts += [f"'{wanted.begun}':*"] if wanted.begun else []
        query = cast(literal(" & ".join(parts)), TSQUERY)
        return _POSTGRES.c.words.op("@@", is_comparison=True)(query)
    parts = [f'"{word}"' for word in wanted.whole]
    parts += [f'"{wanted.begun}" *'] if wanted.begun else []
    return column("event_search").op("MATCH", is_comparison=True)(literal(" AND ".join(parts)))


def index(tx: Reader, wanted: Asked) -> tuple[FromClause, ColumnElement[int], ColumnElement[bool]]:
    """The index as a table to walk, the event's id in it, and the condition that asks it.

    SQLite's gives its rows by id, from either end, and stops where nobody reads on.
    """
    mine, key = (_POSTGRES, "event_id") if tx.postgres else (_SQLITE, "rowid")
    return mine, mine.c[key], _holds(tx, wanted)


def said(wanted: Asked) -> list[ColumnElement[bool]]:
    """The same of a few events whose text is read: what both indexes answer."""
    padded = literal(" ") + event.c.search_text + literal(" ")
    found = [padded.contains(f" {word} ") for word in wanted.whole]
    return [*found, padded.contains(f" {wanted.begun}")] if wanted.begun else found


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
