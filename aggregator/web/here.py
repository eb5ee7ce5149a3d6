"""What a page asks of the request it answers: the house, who looks, and what time it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Request, current_app, g, request
from sqlalchemy import Row
from werkzeug.exceptions import BadRequest, NotFound

from aggregator.services import library
from aggregator.services.accounts import Account
from aggregator.services.house import House
from aggregator.storage import events, sources
from aggregator.storage.doors import Reader
from aggregator.web import sound

EXTENSION = "townboard"


def house() -> House:
    """The house that this app was made for."""
    found: House = current_app.extensions[EXTENSION]
    return found


def account() -> Account | None:
    """Who is logged in; None on open pages, which don't ask."""
    found: Account | None = g.get("account")
    return found


def actor() -> str:
    """The name that a decision of this request is written down under."""
    found = account()
    if found is None:
        raise LookupError("nobody is logged in on an open page")
    return found.name


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment a page is made, and the library's zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The library's day."""
        return self.now.astimezone(self.zone).date()


def clock(tx: Reader | None = None) -> Clock:
    """The moment and the zone; through a door of its own where none is open."""
    if tx is not None:
        return Clock(house().clock(), library.zone(tx))
    with house().database.reading() as own:
        return Clock(house().clock(), library.zone(own))


def address(incoming: Request = request) -> str:
    """Where the visitor is. Behind a proxy of this machine, what the proxy says of its peer."""
    nearest = incoming.remote_addr or ""
    if nearest not in {"127.0.0.1", "::1"}:
        return nearest
    return incoming.headers.get("X-Forwarded-For", nearest).rpartition(",")[2].strip() or nearest


def number(name: str) -> int:
    """A whole number of the form; one of ours always sends it. Raises BadRequest."""
    try:
        return sound.whole(request.form[name])
    except ValueError as error:
        raise BadRequest from error


def event(pid: str) -> Row[Any]:
    """The event of that public name, with its review. Raises NotFound."""
    with house().database.reading() as tx:
        row = events.by_pid(tx, pid)
    if row is None:
        raise NotFound
    return row


def is_begun() -> bool:
    """Whether anybody's events are read yet: an empty page says what to do first."""
    with house().database.reading() as tx:
        return sources.has_any(tx)


def author() -> int | None:
    """The user who does this; None on open pages."""
    found = account()
    return found.id if found else None


def web_address(name: str) -> str | None:
    """An address typed into the form, None when left empty. Raises BadRequest for another kind."""
    text = request.form.get(name, "").strip()
    if text and not text.startswith(("https://", "http://")):
        raise BadRequest
    return text[:2000] or None
