"""The way in: the set-up link, logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator.services import accounts
from aggregator.services.accounts import FaultyError, StaleLinkError, TooOftenError, WrongError
from aggregator.storage import house as settings
from aggregator.web import faults, gate, here, zones
from words.say import say

blueprint = Blueprint("door", __name__)

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/login")
def login() -> Answer:
    """The form."""
    return _login_page(request.args.get("next", ""))


@blueprint.post("/login")
def enter() -> Answer:
    """Let somebody in who knows a name and its password."""
    name, onward = request.form.get("name", ""), request.form.get("next", "")
    try:
        found = accounts.log_in(
            here.house(), name, request.form.get("password", ""), here.address()
        )
    except WrongError:
        return _login_page(onward, name, say("login.wrong")), 403
    except TooOftenError as error:
        return faults.too_often(error.wait)
    gate.let_in(found)
    return redirect(_within(onward) or url_for("inbox.listing"), 303)


@blueprint.post("/logout")
def logout() -> Answer:
    """End this login."""
    gate.let_out()
    return redirect(url_for("door.login"), 303)


@blueprint.get("/begin/<token>")
def begin(token: str) -> Answer:
    """The first page of a new library."""
    if not accounts.is_set_up_link(here.house(), token):
        return render_template("door/used.html"), 404
    zone = zones.proposal([language for language, _ in request.accept_languages])
    return _begin_page(token, {"library": "", "zone": zone, "name": ""})


@blueprint.post("/begin/<token>")
def begun(token: str) -> Answer:
    """Name the library, make its first administrator and log them in."""
    typed = {name: request.form.get(name, "") for name in ("library", "zone", "name")}
    password = request.form.get("password", "")
    try:
        user_id = accounts.set_up(here.house(), token, **typed, password=password)
    except StaleLinkError:
        return render_template("door/used.html"), 404
    except FaultyError as error:
        said = {name: say(fault.code, fault.params) for name, fault in error.faults.items()}
        return _begin_page(token, typed, said), 422
    gate.let_in(accounts.account(here.house(), user_id))
    return redirect(url_for("inbox.listing"), 303)


def _login_page(onward: str, name: str = "", wrong: str = "") -> str:
    with here.house().database.reading() as tx:
        library = settings.get(tx, "library", "")
    return render_template(
        "door/login.html", next=_within(onward), name=name, wrong=wrong, library=library
    )


def _begin_page(token: str, typed: dict[str, str], said: dict[str, str] | None = None) -> str:
    return render_template(
        "door/begin.html",
        token=token,
        typed=typed,
        faults={name: (said or {}).get(name, "") for name in (*typed, "password")},
        mend=len(said or {}),
        regions=zones.regions(),
        least=accounts.SHORTEST,
        most=accounts.LONGEST,
    )


def _within(onward: str) -> str:
    """A path of this site to go on to, "" for anything else."""
    parts = urlsplit(onward.replace("\\", "/"))
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return onward if local and not onward.startswith("//") else ""
