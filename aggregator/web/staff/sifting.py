"""Narrowing the inbox: the panel of filters, and views that somebody keeps."""

from flask import Blueprint, redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from aggregator.domain.filtering import STATES, WHENS, Filter
from aggregator.domain.tagging import ACCESS
from aggregator.services import saved_views
from aggregator.services.errors import ServiceError
from aggregator.storage import choices, partners, tags
from aggregator.storage import saved_views as kept
from aggregator.web import fragments, here
from aggregator.web.staff import panes, said
from words.say import say
from words.say import translate as _

blueprint = Blueprint("sifting", __name__, url_prefix="/inbox")


@blueprint.get("/filter")
def panel() -> str:
    """What a list can be narrowed by; opened in the list where htmx is there."""
    asked = panes.wanted()
    with here.house().database.reading() as tx:
        shown = {
            "partners": [(row.pid, row.name) for row in partners.listed(tx)],
            "audiences": [(str(row.id), row.name) for row in choices.audiences(tx)],
            "categories": [(each, each) for each in tags.values(tx, "category")],
            "places": [(each, each) for each in tags.values(tx, "place")],
        }
    return fragments.page(
        "inbox/filter.html",
        "panel",
        wanted=asked,
        whens=[(code, say(f"public.when.{code}")) for code in WHENS],
        access=[(code, say(f"public.access.{code}")) for code in ACCESS],
        states=[(code, say(f"state.{code}")) for code in STATES],
        back=panes.address("inbox.listing", asked),
        clear=panes.address("inbox.listing", Filter(view=asked.view)),
        **shown,
    )


@blueprint.post("/views")
def keep() -> Response:
    """Keep what is asked for under a name."""
    asked, author = panes.wanted(), here.author()
    try:
        name = saved_views.add(here.house(), author or 0, _name(), asked.query())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(_("Kept as “{name}”. It stands beside the list now.").format(name=name))
    return redirect(panes.address("inbox.listing", asked), 303)


@blueprint.get("/views")
def views() -> str:
    """All that this person keeps, to be renamed and removed."""
    with here.house().database.reading() as tx:
        rows = kept.of(tx, here.author() or 0)
    return fragments.page("inbox/views.html", "main", views=rows)


@blueprint.post("/views/<int:number>")
def change(number: int) -> Response:
    """Rename or remove one."""
    act, author = request.form.get("act"), here.author() or 0
    if act not in {"rename", "remove"}:
        raise BadRequest
    try:
        if act == "rename":
            saved_views.rename(here.house(), author, number, _name())
            said.plainly(_("Renamed."))
        else:
            saved_views.remove(here.house(), author, number)
            said.plainly(_("Removed from your views. No event has changed."))
    except ServiceError as error:
        said.fault(error)
    return redirect(panes.address("sifting.views", Filter()), 303)


def _name() -> str:
    return request.form.get("name", "")
