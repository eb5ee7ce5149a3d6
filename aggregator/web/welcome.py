"""The link that an administrator passes on: somebody chooses a password and is in."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator.services import accounts, people
from aggregator.services.accounts import FaultyError, StaleLinkError
from aggregator.web import gate, here
from words.say import say

blueprint = Blueprint("welcome", __name__, url_prefix="/welcome")

Answer = str | Response | tuple[str, int]


@blueprint.get("/<token>")
def form(token: str) -> Answer:
    """Asks for a password."""
    return _page(token)


@blueprint.post("/<token>")
def choose(token: str) -> Answer:
    """Keeps it and logs in."""
    try:
        found = people.choose_password(here.house(), token, request.form.get("password", ""))
    except StaleLinkError:
        return _stale()
    except FaultyError as error:
        [fault] = error.faults.values()
        return _page(token, say(fault.code, fault.params), 422)
    gate.let_in(found)
    return redirect(url_for("calendar.home"), 303)


def _page(token: str, wrong: str = "", status: int = 200) -> Answer:
    try:
        who = people.invited(here.house(), token)
    except StaleLinkError:
        return _stale()
    limits = {"least": accounts.SHORTEST, "most": accounts.LONGEST}
    page = render_template("door/welcome.html", token=token, name=who.name, wrong=wrong, **limits)
    return page, status


def _stale() -> Answer:
    return render_template("door/stale.html", words=say("person.link")), 404
