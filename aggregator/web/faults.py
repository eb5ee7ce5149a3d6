"""Pages for what goes wrong, in words; none of them asks the database."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.response import Response

from aggregator.storage.doors import BusyError
from words.mark import N_
from words.say import translate as _


class Words(NamedTuple):
    """What happened, and what to do."""

    title: str
    text: str


WORDS: Mapping[int, Words] = {
    400: Words(
        N_("We couldn’t read that"),
        N_("Something was missing from what your browser sent. Go back, look again, and resend."),
    ),
    401: Words(
        N_("You are no longer logged in"),
        N_("Nothing was changed. Log in, go back to the page, and send it again."),
    ),
    403: Words(
        N_("This is not for you to open"),
        N_("Your account may not do this. An administrator of the library can."),
    ),
    404: Words(
        N_("There is nothing here"),
        N_("The address may be misspelt, or what stood here is gone."),
    ),
    405: Words(
        N_("This address can’t do that"),
        N_("Go back to the page you came from and use its buttons."),
    ),
    413: Words(
        N_("That is too much at once"),
        N_("What you sent is too large for us. Shorten it and send it again."),
    ),
    429: Words(
        N_("Too many tries"),
        N_("Wait a quarter of an hour before you try again. Nothing was changed."),
    ),
    500: Words(
        N_("Something broke on our side"),
        N_("It is written down for whoever looks after this site. Try again in a minute."),
    ),
    503: Words(
        N_("We are busy"),
        N_("Nothing was changed. Wait a few seconds and try again."),
    ),
}

#: Never written back into a page.
SECRET = frozenset({"csrf_token", "password"})


def install(app: Flask) -> None:
    """Answer every fault with a page."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _fault)
    app.register_error_handler(BusyError, lambda _error: page(503))
    app.register_error_handler(Exception, lambda error: _unforeseen(app, error))


def page(status: int) -> tuple[str, int]:
    """The page for a status."""
    words = WORDS.get(status, WORDS[400 if status < 500 else 500])
    shown = {"title": _(words.title), "text": _(words.text), "again": False}
    return render_template("fault.html", status=status, **shown), status


def too_often(wait: timedelta) -> tuple[str, int, dict[str, str]]:
    """The page for too many tries, and when the next may be made."""
    return *page(429), {"Retry-After": str(max(1, int(wait.total_seconds())))}


Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def _fault(error: HTTPException) -> Answer:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if 300 <= code < 400:
        return error.get_response(request.environ)
    headers = {}
    if allowed := getattr(error, "valid_methods", None):
        headers["Allow"] = ", ".join(sorted(allowed))
    return (*page(code), headers)


def _expired(_error: CSRFError) -> tuple[str, int]:
    """The page was open too long, or a login ended meanwhile: what was typed can be sent again.

    Offered only for what one of our own pages sent; a stranger's form is refused.
    """
    if not request.form or not _is_ours():
        return page(400)
    typed = request.form.items(multi=True)
    return render_template(
        "fault.html",
        status=400,
        title=_("This page was open for too long"),
        text=_("Nothing was changed yet. Think of what you were doing, then send it again."),
        kept=[(name, value) for name, value in typed if name not in SECRET],
        again=True,
        password="password" in request.form,
    ), 400


def _is_ours() -> bool:
    """Whether a page of this site sent it, as the browser says (plain http: by its origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "").rstrip("/") == request.host_url.rstrip("/")


def _unforeseen(app: Flask, error: Exception) -> tuple[str, int]:
    app.logger.error("%s %s", request.method, request.path, exc_info=error)
    return page(500)
