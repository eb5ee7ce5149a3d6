"""Views that somebody keeps: an address under a name, of each user their own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import saved_view


def of(tx: Reader, user_id: int) -> Sequence[Row[Any]]:
    """A person's views by name: id, name, query."""
    mine = saved_view.c.user_id == user_id
    return tx.all(
        select(saved_view).where(mine).order_by(func.lower(saved_view.c.name), saved_view.c.id)
    )


def add(tx: Writer, user_id: int, name: str, query: str) -> bool:
    """Keep one; False: there is one of that name."""
    return tx.insert_once(saved_view, user_id=user_id, name=name, query=query)


def change(tx: Writer, user_id: int, view_id: int, **values: str) -> bool:
    """Write a view's name or query; False: it is not this person's, or gone."""
    mine = saved_view.c.user_id == user_id, saved_view.c.id == view_id
    return bool(tx.run(update(saved_view).where(*mine).values(**values)))


def remove(tx: Writer, user_id: int, view_id: int) -> bool:
    """Forget one; False: it is not this person's, or gone."""
    mine = saved_view.c.user_id == user_id, saved_view.c.id == view_id
    return bool(tx.run(delete(saved_view).where(*mine)))
