"""What stands around every public page: whose it is, what time it is, and how to subscribe."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from aggregator.domain.filtering import Filter
from aggregator.domain.reaching import is_public
from aggregator.storage import listings, places
from aggregator.storage.doors import Reader
from aggregator.web import here
from aggregator.web.public import asking
from calendars import adding

#: A list is made for the moment that such a span began: within it the page stays the same.
SPAN = timedelta(minutes=5)

_TEMPLATES = Path(__file__).parents[3] / "templates"
#: Names the templates as they are now, so that a kept page ends with an update.
VERSION = hashlib.sha256(
    b"".join(
        path.read_bytes()
        for path in sorted(
            [*_TEMPLATES.glob("*.html"), *_TEMPLATES.glob("calendar/*.html")],
        )
    )
).hexdigest()


@dataclass(frozen=True, slots=True)
class Around:
    """Whose calendar it is, and the moment and zone that a page is made for."""

    library: str
    town: str
    logo: str | None  # sha256 of our copy
    branches: Sequence[Any]
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The library's day."""
        return self.now.astimezone(self.zone).date()

    def named(self) -> tuple[Any, ...]:
        """All that a page says of the library, for its ETag."""
        return (self.library, self.town, self.logo, *map(tuple, self.branches))


def around(tx: Reader) -> Around:
    """What the house says of itself, in two queries."""
    said = listings.settings(tx, ("library", "town", "logo", "zone"))
    return Around(
        said.get("library", "Townboard"),
        said.get("town", ""),
        said.get("logo") or None,
        places.branches(tx),
        ZoneInfo(said.get("zone", "UTC")),
        here.house().clock(),
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """How to subscribe. `address` is None while residents can't reach us.

    `words` say what of the calendar one gets; "" for everything.
    """

    file: str
    address: str | None
    webcal: str
    google: str
    outlook: str
    qr: str
    words: str


def panel(library: str, wanted: Filter | None = None, words: str = "") -> Panel:
    """The panel for the whole calendar, or for what of it is asked for."""
    lasting = {} if wanted is None else asking.arguments(asking.without_days(wanted))
    file = url_for("calendar.feed", **lasting)
    base = root()
    address = base + file if base else None
    name = f"{library}: {words}" if words else library
    return Panel(
        file=file,
        address=address,
        webcal=adding.webcal(address) if address else "",
        google=adding.google_feed(address) if address else "",
        outlook=adding.outlook_feed(address, name) if address else "",
        qr=url_for("calendar.qr", what="subscribe", **lasting),
        words=words,
    )


def root() -> str | None:
    """Where residents reach us, without a closing slash; None where they can't.

    Whoever opened this page by a name that anybody can open has shown that it works.
    """
    for address in (here.house().settings.public_url, request.host_url):
        if address and is_public(address):
            return address.rstrip("/")
    return None


def base() -> str:
    """What our own absolute addresses begin with, reachable or not."""
    return root() or here.house().settings.public_url or request.host_url.rstrip("/")


def etag(*parts: Any) -> str:
    """Names a page by all that it is made from."""
    asset = current_app.jinja_env.globals["asset"]("css/public.css")  # type: ignore[operator]
    told = (VERSION, asset, request.host_url, *parts)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def kept(response: Response, tag: str | None = None) -> Response:
    """May be kept for a minute, and asked for again by its name: the given one, or its content."""
    response.headers["Cache-Control"] = "public, max-age=60"
    if tag is None:
        response.add_etag()
    else:
        response.set_etag(tag)
    return response.make_conditional(request)


def is_known(tag: str) -> bool:
    """Whether the visitor has this page already."""
    return request.if_none_match.contains_weak(tag)
