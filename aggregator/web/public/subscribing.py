"""The calendar as a file to subscribe to, whole or what is asked for, and its QR code."""

import io

import segno
from flask import request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.domain.filtering import Filter
from aggregator.services import calendar
from aggregator.storage import choices, listings
from aggregator.web import here
from aggregator.web.public import asking
from aggregator.web.public.around import etag, kept, panel, root
from aggregator.web.public.asking import Known
from aggregator.web.public.listing import PARTNERS


def feed() -> Response:
    """The combined calendar. Whoever has it already costs one row."""
    wanted = asking.without_days(asking.asked())
    if wanted != Filter():
        return _filtered(wanted)
    tag = calendar.etag(here.house())
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        body, tag = calendar.feed(here.house())
        response = Response(body, content_type="text/calendar; charset=utf-8")
    return _fresh(response, tag)


def qr(what: str) -> Response:
    """A QR code of the address to subscribe to, or of the list; only while residents reach it."""
    if what not in {"subscribe", "list"} or root() is None:
        raise NotFound
    wanted = asking.asked()
    if what == "subscribe":
        text = panel("", wanted).webcal
    else:
        text = f"{root()}{url_for('calendar.listing', **asking.arguments(wanted))}"
    out = io.BytesIO()
    try:
        code = segno.make(text, error="m")
    except segno.DataOverflowError as error:  # longer than any code can hold
        raise NotFound from error
    code.save(out, kind="svg", border=0, xmldecl=False, dark="#14201e")
    response = Response(out.getvalue(), content_type="image/svg+xml")
    return kept(response, etag(text))


def _filtered(wanted: Filter) -> Response:
    with here.house().database.reading() as tx:
        known = Known(choices.audiences(tx), listings.partners(tx, PARTNERS))
    words = asking.in_words(wanted, known)
    tag = calendar.filtered_etag(here.house(), wanted, words)
    if request.if_none_match.contains_weak(tag):
        return _fresh(Response(status=304), tag)
    body = calendar.filtered(here.house(), wanted, words)
    return _fresh(Response(body, content_type="text/calendar; charset=utf-8"), tag)


def _fresh(response: Response, tag: str) -> Response:
    """Kept, and asked for again each time."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
