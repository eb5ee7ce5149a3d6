"""The way in: the set-up link, logging in and out."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator.services import accounts, places, practice, uploads
from aggregator.services.accounts import (
    Fault,
    FaultyError,
    Library,
    StaleLinkError,
    TooOftenError,
    WrongError,
)
from aggregator.services.errors import ServiceError
from aggregator.services.places import Branch
from aggregator.storage import house as settings
from aggregator.web import faults, gate, here, zones
from words.say import say

blueprint = Blueprint("door", __name__)

#: Branches of one set-up form, and bytes of a form with a logo.
BRANCHES, LOGO_FORM = 12, 6_000_000

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
    return redirect(_within(onward) or url_for("today.page"), 303)


@blueprint.post("/logout")
def logout() -> Answer:
    """End this login."""
    gate.let_out()
    return redirect(url_for("door.login"), 303)


@blueprint.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The set-up form may hold a logo. Before anything reads it."""
    if endpoint == "door.begun":
        request.max_content_length = LOGO_FORM


@blueprint.get("/begin/<token>")
def begin(token: str) -> Answer:
    """The first page of a new library."""
    if not accounts.is_set_up_link(here.house(), token):
        return render_template("door/used.html"), 404
    zone = zones.proposal(_languages(), zones.machine_zone())
    return _begin_page(token, {"library": "", "town": "", "zone": zone, "name": ""}, [("", "")])


@blueprint.post("/begin/<token>")
def begun(token: str) -> Answer:
    """Name the library, make its first administrator and log them in."""
    typed = {name: request.form.get(name, "") for name in ("library", "town", "zone", "name")}
    rows = [*zip(request.form.getlist("branch"), request.form.getlist("where"), strict=False)]
    if "more" in request.form:
        return _begin_page(token, typed, [*rows, ("", "")][:BRANCHES])
    faults: dict[str, Fault] = {}
    branches = _branches(rows, faults)
    told = {name: typed[name] for name in ("library", "zone", "name")}
    try:
        user_id = accounts.set_up(
            here.house(),
            token,
            **told,
            password=request.form.get("password", ""),
            more=Library(typed["town"], branches, _logo(token, faults)),
            faults=faults,
        )
    except StaleLinkError:
        return render_template("door/used.html"), 404
    except FaultyError as error:
        said = {name: say(fault.code, fault.params) for name, fault in error.faults.items()}
        return _begin_page(token, typed, rows or [("", "")], said), 422
    found = accounts.account(here.house(), user_id)
    with suppress(ServiceError):  # whoever misses it connects it on the channels page
        practice.connect(here.house(), actor=found.name)
    gate.let_in(found)
    return redirect(url_for("lookups.form"), 303)


def _branches(rows: list[tuple[str, str]], faults: dict[str, Fault]) -> list[Branch]:
    """The branches that were typed; a row left empty is none."""
    found = []
    for number, (name, where) in enumerate(rows[:BRANCHES]):
        if name.strip() or where.strip():
            try:
                found.append(places.read(name, where))
            except ServiceError as error:
                field = "branch" if error.code == "place.name" else "where"
                faults[f"{field}-{number}"] = Fault(error.code, error.params)
    return found


def _logo(token: str, faults: dict[str, Fault]) -> str | None:
    """Our copy of the logo that was chosen; kept only for whoever has the link."""
    chosen = request.files.get("logo")
    if chosen is None or not chosen.filename or not accounts.is_set_up_link(here.house(), token):
        return None
    try:
        return uploads.keep(here.house(), chosen.read())
    except ServiceError as error:
        faults["logo"] = Fault(error.code, error.params)
        return None


def _languages() -> list[str]:
    return [language for language, _ in request.accept_languages]


def _login_page(onward: str, name: str = "", wrong: str = "") -> str:
    with here.house().database.reading() as tx:
        library = settings.get(tx, "library", "")
    return render_template(
        "door/login.html", next=_within(onward), name=name, wrong=wrong, library=library
    )


def _begin_page(
    token: str,
    typed: dict[str, str],
    rows: list[tuple[str, str]],
    said: dict[str, str] | None = None,
) -> str:
    said = said or {}
    return render_template(
        "door/begin.html",
        token=token,
        typed=typed,
        rows=rows,
        faults={name: said.get(name, "") for name in (*typed, "password", "logo")},
        row_faults=said,
        mend=len(said),
        likely=zones.likely(_languages(), zones.machine_zone()),
        regions=zones.regions(),
        most_branches=BRANCHES,
        least=accounts.SHORTEST,
        most=accounts.LONGEST,
    )


def _within(onward: str) -> str:
    """A path of this site to go on to, "" for anything else."""
    try:
        parts = urlsplit(onward.replace("\\", "/"))
    except ValueError:
        return ""
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return onward if local and not onward.startswith("//") else ""
