"""Who works here: the list, letting somebody in, another role, letting out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.access import ROLES
from aggregator.services import people
from aggregator.services.accounts import Account, FaultyError
from aggregator.services.errors import MissingError, ServiceError
from aggregator.storage import users
from aggregator.web import here
from aggregator.web.staff import said
from words.say import say

blueprint = Blueprint("people", __name__, url_prefix="/people")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def listing() -> Answer:
    """Everybody who may log in, and who could once."""
    return _page()


@blueprint.post("")
def add() -> Answer:
    """Let somebody in; the page shows the link for them, once."""
    name, role = request.form.get("name", ""), request.form.get("role", "")
    try:
        address = people.invite(here.house(), name, role, actor=here.actor())
    except FaultyError as error:
        fault = next(iter(error.faults.values()))
        return _page(typed=name, role=role, fault=say(fault.code, fault.params)), 422
    return _page(address=address, invited=name.strip())


@blueprint.post("/<int:user_id>/link")
def link(user_id: int) -> Answer:
    """A new link, for somebody who forgot the password."""
    try:
        address = people.link(here.house(), user_id, actor=here.actor())
    except MissingError as error:
        raise NotFound from error
    with here.house().database.reading() as tx:
        user = users.one(tx, user_id)
    return _page(address=address, invited=user.name if user else "")


@blueprint.post("/<int:user_id>/role")
def role(user_id: int) -> Answer:
    """Make somebody an administrator, or staff."""
    wanted = request.form.get("role", "")
    try:
        user = people.give_role(here.house(), user_id, wanted, actor=_me())
    except ServiceError as error:
        return _refused(error)
    said.plainly(say("done.role", {"name": user.name, "role": say(f"role.{wanted}")}))
    return redirect(url_for("people.listing"), 303)


@blueprint.post("/<int:user_id>/out")
def out(user_id: int) -> Answer:
    """Let somebody log in no more."""
    try:
        user = people.let_out(here.house(), user_id, actor=_me())
    except ServiceError as error:
        return _refused(error)
    said.with_way_back(
        say("done.person_gone", {"name": user.name}), url_for("people.back", user_id=user_id)
    )
    return redirect(url_for("people.listing"), 303)


@blueprint.post("/<int:user_id>/in")
def back(user_id: int) -> Answer:
    """Let somebody log in again."""
    try:
        user = people.let_in(here.house(), user_id, actor=_me())
    except ServiceError as error:
        return _refused(error)
    said.plainly(say("done.person_back", {"name": user.name}))
    return redirect(url_for("people.listing"), 303)


def _page(
    typed: str = "", role: str = "staff", fault: str = "", address: str = "", invited: str = ""
) -> str:
    with here.house().database.reading() as tx:
        rows = users.everybody(tx)
    return render_template(
        "people/listing.html",
        people=rows,
        me=_me().id,
        roles=[(name, say(f"role.{name}")) for name in ROLES],
        typed=typed,
        role=role,
        fault=fault,
        address=address,
        invited=invited,
    )


def _refused(error: ServiceError) -> Answer:
    if isinstance(error, MissingError):
        raise NotFound from error
    said.fault(error)
    return redirect(url_for("people.listing"), 303)


def _me() -> Account:
    found = here.account()
    if found is None:
        raise LookupError("nobody is logged in on an open page")
    return found
