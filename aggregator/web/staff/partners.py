"""Partners, where they list their events, and how reading it goes. Nothing is fetched here."""

from collections import defaultdict
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator import access
from aggregator.services import partners
from aggregator.services.errors import ServiceError
from aggregator.storage import partners as rows_of_partners
from aggregator.storage import views
from aggregator.web import here, zones
from aggregator.web.staff import said
from words import when
from words.say import say

blueprint = Blueprint("partners", __name__, url_prefix="/partners")


class Feed(NamedTuple):
    """One source and how its last poll went."""

    id: int
    url: str
    format: str
    state: str  # yes, changed, cancelled, or "" before the first poll
    words: str
    read: str  # when it last answered well
    asked: str  # when it was last asked
    problems: list[str]


@blueprint.get("")
def listing() -> str:
    """Every partner with its sources."""
    return _page()


@blueprint.post("")
def add() -> Response | tuple[str, int]:
    """Remember a partner."""
    name, zone = request.form.get("name", ""), request.form.get("zone", "")
    try:
        partners.add(here.house(), name, zone or None, actor=here.actor())
    except ServiceError as error:
        return _page(name=name, zone=zone, wrong=say(error.code, error.params)), 422
    said.plainly(say("done.partner", {"name": name}))
    return redirect(url_for("partners.listing"), 303)


@blueprint.post("/<int:partner_id>/sources")
def add_source(partner_id: int) -> Response | tuple[str, int]:
    """Remember where a partner lists its events."""
    url = request.form.get("url", "")
    try:
        partners.add_source(here.house(), partner_id, url, actor=here.actor())
    except ServiceError as error:
        wrong = say(error.code, error.params)
        return _page(url=url, at=partner_id, wrong_url=wrong), 422
    said.plainly(say("done.source"))
    return redirect(url_for("partners.listing"), 303)


@blueprint.post("/sources/<int:source_id>/poll")
def poll(source_id: int) -> Response:
    """Ask for a source to be read soon."""
    try:
        partners.poll(here.house(), source_id)
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("done.poll"))
    return redirect(url_for("partners.listing"), 303)


def _page(**typed: Any) -> str:
    with here.house().database.reading() as tx:
        listed, found = rows_of_partners.listed(tx), views.feeds(tx)
    feeds: defaultdict[int, list[Feed]] = defaultdict(list)
    for row in found:
        feeds[row.partner_id].append(_feed(row))
    account = here.account()
    shown = {"name": "", "zone": "", "wrong": "", "url": "", "at": 0, "wrong_url": ""} | typed
    return render_template(
        "partners/listing.html",
        partners=listed,
        feeds=feeds,
        regions=zones.regions(),
        may_add=access.can(account.role if account else None, "partners"),
        **shown,
    )


def _feed(row: Any) -> Feed:
    now = here.house().clock()
    well = row.outcome in {"NEW_BODY", "SAME_BODY", "NOT_MODIFIED"}
    state = "" if row.outcome is None else "yes" if well else "cancelled"
    problems = [say(each["code"], each.get("params")) for each in row.problems or ()]
    if well and problems:
        state = "changed"
    return Feed(
        row.id,
        row.url,
        row.format or "",
        state,
        _outcome(row),
        when.ago(row.last_ok_at, now) if row.last_ok_at else "",
        when.ago(row.at, now) if row.at else "",
        [*dict.fromkeys(problems)][:5],
    )


def _outcome(row: Any) -> str:
    if row.outcome is None:
        return say("fetch.never")
    if row.outcome.isupper():
        return say(f"fetch.{row.outcome.lower()}")
    return say(row.outcome, row.params)
