"""The gate: before every request it asks the table in `access` whether this person may.

Open pages never touch the session, so that they set no cookie and may be kept by caches.
"""

from flask import Flask, g, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from aggregator import access
from aggregator.services import accounts
from aggregator.services.accounts import Account
from aggregator.web import fragments, here

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Ask before every request. To be called before anything else that asks something."""
    app.before_request(_ask)


def let_in(account: Account) -> None:
    """Begin a login. The cookie is a new one, so that nobody can have planted it."""
    session.clear()
    session.permanent = True
    session["user"], session["sessions"] = account.id, account.sessions


def let_out() -> None:
    """End this login."""
    session.clear()


def _ask() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or access.is_open(endpoint):
        return None  # without an endpoint: not found, or not that method
    found = _logged_in()
    if access.may(found.role if found else None, endpoint):
        g.account, session.modified = found, True  # a login lasts from its last visit on
        return None
    if found is None and endpoint in access.ENDPOINTS:
        return _send_to_login()
    raise Forbidden


def _logged_in() -> Account | None:
    user, sessions = session.get("user"), session.get("sessions")
    if not isinstance(user, int) or not isinstance(sessions, int):
        return None
    with here.house().database.reading() as tx:
        return accounts.present(tx, user, sessions)


def _send_to_login() -> Response:
    """A page comes back after logging in; something sent says so, since it can't be sent again.

    So does a part of a page: the login is no part of one.
    """
    if request.method not in LOOKING or fragments.is_partial():
        raise Unauthorized
    return redirect(url_for("door.login", next=request.full_path.rstrip("?")), 303)
