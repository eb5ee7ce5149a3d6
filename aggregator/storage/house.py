"""What the house knows of itself: settings made on a page, and facts of this installation."""

from typing import Any

from sqlalchemy import delete, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.tables import meta, revision, setting


def get(tx: Reader, name: str, default: Any = None) -> Any:
    """A setting made on a page; default before it was made."""
    value = tx.value(select(setting.c.value).where(setting.c.name == name))
    return default if value is None else value


def put(tx: Writer, name: str, value: Any) -> None:
    """Make a setting."""
    if not tx.insert_once(setting, name=name, value=value):
        tx.run(update(setting).where(setting.c.name == name).values(value=value))


def calendar(tx: Reader) -> tuple[int, str]:
    """What the calendar's name is made of, in one row: its revision and the library's zone."""
    zone = select(setting.c.value).where(setting.c.name == "zone").scalar_subquery()
    asked = select(revision.c.n, zone.label("zone")).where(revision.c.name == "calendar")
    row = tx.first(asked)
    return (0, "UTC") if row is None else (row.n, row.zone or "UTC")


def install_id(tx: Reader) -> str:
    """The name that this installation's UIDs end in; made by the migration, never changed."""
    return str(tx.value(select(meta.c.value).where(meta.c.name == "install_id")))


def marked(tx: Reader, name: str) -> str | None:
    """How far the house is with something that it does in the background; None: nothing to do."""
    found = tx.value(select(meta.c.value).where(meta.c.name == name))
    return None if found is None else str(found)


def mark(tx: Writer, name: str, value: str | None) -> None:
    """Keep how far it is; None when it is done."""
    if value is None:
        tx.run(delete(meta).where(meta.c.name == name))
    elif not tx.insert_once(meta, name=name, value=value):
        tx.run(update(meta).where(meta.c.name == name).values(value=value))
