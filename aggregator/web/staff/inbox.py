"""The inbox: what came in, one event open, and four decisions with undo."""

from datetime import datetime
from typing import Any, cast

from flask import Blueprint, redirect, request, session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from aggregator.services import bulk, looking, reviews
from aggregator.services.errors import ServiceError
from aggregator.web import fragments, here, telling
from aggregator.web.staff import panes, said
from aggregator.web.staff.pane import REASONS, SNOOZES
from words.say import say

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

#: The longest reason that is kept.
LONGEST = 500


@blueprint.get("")
def listing() -> str:
    """One list; on wide screens its first event stands open beside it."""
    return panes.whole(panes.wanted())


@blueprint.get("/<pid>")
def event(pid: str) -> str:
    """One event; on wide screens with its list beside it."""
    if fragments.is_partial():
        return panes.event(panes.wanted(), pid)
    return panes.whole(panes.wanted(), pid)


@blueprint.get("/revision")
def revision() -> Response:
    """Asked every three seconds by an open list: what is new, or that nothing is."""
    session.modified = False  # an answer that comes late may not bring back an older session
    return panes.news(panes.wanted())


@blueprint.post("/<pid>/decide")
def decide(pid: str) -> Response | str:
    """Calendar only, decline or snooze."""
    verb, row = request.form.get("verb", ""), here.event(pid)
    if verb not in bulk.TOGETHER:
        raise BadRequest
    try:
        until = _until(row) if verb == "snooze" else None
        done = reviews.apply(
            here.house(),
            verb,
            row.id,
            actor=here.actor(),
            version=here.number("version"),
            until=until,
            reason=reason() if verb == "decline" else None,
        )
    except ServiceError as error:
        return _again(pid, error)
    said.decided(verb, row, done.version, said.moment(until, here.clock()) if until else "")
    return panes.onward(pid)


@blueprint.post("/<pid>/undo")
def undo(pid: str) -> Response | str:
    """Take the last decision back."""
    row = here.event(pid)
    try:
        done = reviews.undo(
            here.house(), row.id, actor=here.actor(), version=here.number("version")
        )
    except ServiceError as error:
        return _again(pid, error)
    said.plainly(said.undone(telling.title(row.facts), done.out))
    return redirect(panes.address("inbox.event", panes.wanted(), pid=pid), 303)


@blueprint.post("/<pid>/seen")
def seen(pid: str) -> Response:
    """What changed was looked at; everything stays as it is."""
    row = here.event(pid)
    looking.seen(here.house(), row.id)
    said.plainly(say("done.seen", {"title": telling.title(row.facts)}))
    return panes.onward(pid)


def reason() -> str | None:
    """Why something is declined: a quick reason, or own words; None where nothing is said."""
    if (code := request.form.get("quick")) in REASONS:
        return say(f"reason.{code}")
    return " ".join(request.form.get("reason", "").split())[:LONGEST] or None


def snooze_choice(name: str = "until") -> reviews.Until:
    """How long to snooze. Raises BadRequest for what no form of ours sends."""
    choice = request.form.get(name, "")
    if choice not in SNOOZES:
        raise BadRequest
    return cast("reviews.Until", choice)


def _until(row: Any) -> datetime:
    """The moment that the form's choice stands for. Raises BadRequest, ServiceError."""
    return reviews.snooze_until(snooze_choice(), here.house().clock(), row.first_start)


def _again(pid: str, error: ServiceError) -> Response | str:
    """It was not done: say why, and show the event as it is now."""
    if fragments.is_partial():
        return panes.event(panes.wanted(), pid, faster=said.why(error))
    said.fault(error)
    return redirect(panes.address("inbox.event", panes.wanted(), pid=pid), 303)
