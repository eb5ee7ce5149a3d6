"""The small settings page: groups and their words, hashtags, purposes, and the library itself."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.services import choosing, library, naming, places
from aggregator.services.choosing import Audience, Choice, Hashtags, Purpose
from aggregator.services.errors import MissingError, ServiceError
from aggregator.storage import choices
from aggregator.storage import places as stored_places
from aggregator.web import here, sound, zones
from aggregator.web.staff import said
from words.say import say

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
def page() -> str:
    """Everything that is set, each part with its form."""
    return _page()


@blueprint.post("/<kind>")
def add(kind: str) -> Response | tuple[str, int]:
    """One group, purpose or set more."""
    choice = _choice(kind)
    try:
        choosing.add(here.house(), choice, actor=here.actor())
    except ServiceError as error:
        return _page(f"{kind}-new", error), 422
    said.plainly(say("done.choice_saved", {"name": choice.name}))
    return _back(kind)


@blueprint.post("/<kind>/<int:number>")
def change(kind: str, number: int) -> Response | tuple[str, int]:
    """What one has become."""
    choice = _choice(kind)
    try:
        choosing.change(here.house(), number, choice, actor=here.actor())
    except ServiceError as error:
        return _page(f"{kind}-{number}", error), 422
    said.plainly(say("done.choice_saved", {"name": choice.name}))
    return _back(kind)


@blueprint.post("/<kind>/<int:number>/remove")
def remove(kind: str, number: int) -> Response:
    """Offer it no more; a word and a way back are said."""
    name = _plain(kind, lambda: choosing.remove(here.house(), kind, number, actor=here.actor()))
    said.with_way_back(
        say("done.choice_removed", {"name": name}),
        url_for("settings.restore", kind=kind, number=number),
    )
    return _back(kind)


@blueprint.post("/<kind>/<int:number>/restore")
def restore(kind: str, number: int) -> Response:
    """It was no mistake to have it."""
    name = _plain(kind, lambda: choosing.restore(here.house(), kind, number, actor=here.actor()))
    said.plainly(say("done.choice_restored", {"name": name}))
    return _back(kind)


@blueprint.get("/library")
def home() -> str:
    """What the library is called, whose clock it goes by, and its buildings."""
    return _library()


@blueprint.post("/library")
def rename() -> Response | tuple[str, int]:
    """What the library is called and where it is."""
    form = request.form
    try:
        naming.change(
            here.house(),
            name=form.get("library", ""),
            town=form.get("town", ""),
            zone=form.get("zone", ""),
            actor=here.actor(),
        )
    except ServiceError as error:
        return _library("library", error), 422
    said.plainly(say("done.library"))
    return redirect(url_for("settings.home"), 303)


@blueprint.post("/places")
def add_place() -> Response | tuple[str, int]:
    """One branch more; also what takes a removal back."""
    asked = request.values
    try:
        places.add(here.house(), asked.get("name", ""), asked.get("where", ""), actor=here.actor())
    except ServiceError as error:
        return _library("place-new", error), 422
    said.plainly(say("done.choice_saved", {"name": asked.get("name", "")}))
    return redirect(url_for("settings.home", _anchor="places"), 303)


@blueprint.post("/places/<int:number>")
def change_place(number: int) -> Response | tuple[str, int]:
    """What a branch is called, and where it is."""
    form = request.form
    name = form.get("name", "")
    try:
        places.change(here.house(), number, name, form.get("where", ""), actor=here.actor())
    except MissingError as error:
        raise NotFound from error
    except ServiceError as error:
        return _library(f"place-{number}", error), 422
    said.plainly(say("done.choice_saved", {"name": name}))
    return redirect(url_for("settings.home", _anchor="places"), 303)


@blueprint.post("/places/<int:number>/remove")
def remove_place(number: int) -> Response:
    """A branch that is no more; it can be taken back at once."""
    with here.house().database.reading() as tx:
        row = next((each for each in stored_places.branches(tx) if each.id == number), None)
    if row is None:
        raise NotFound
    places.remove(here.house(), number, actor=here.actor())
    back = url_for("settings.add_place", name=row.name, where=_where(row))
    said.with_way_back(say("done.place_removed", {"name": row.name}), back)
    return redirect(url_for("settings.home", _anchor="places"), 303)


def _where(row: Any) -> str:
    """A branch's place as it may be typed: its address, and its point as a geo: URI (RFC 5870)."""
    point = f"geo:{row.latitude},{row.longitude}" if row.latitude is not None else ""
    return " ".join(filter(None, (row.address, point)))


def _page(at: str = "", error: ServiceError | None = None) -> str:
    """`at` names the form in which something is wrong; what was typed there stays."""
    with here.house().database.reading() as tx:
        rows = {kind: choices.listed(tx, kind) for kind in choices.TABLES}
    return render_template(
        "settings/page.html",
        groups=rows["audience"],
        purposes=rows["purpose"],
        hashtags=rows["hashtags"],
        names={row.id: row.name for row in rows["audience"]},
        **_wrong(at, error),
    )


def _library(at: str = "", error: ServiceError | None = None) -> str:
    """The same of the library's own page."""
    with here.house().database.reading() as tx:
        branches = [(row, _where(row)) for row in stored_places.branches(tx)]
        told = {"library": library.name(tx), "town": library.town(tx), "zone": library.zone(tx).key}
    typed = request.form if at == "library" else {}
    return render_template(
        "settings/library.html",
        told=told | {key: typed[key] for key in told if key in typed},
        branches=branches,
        regions=zones.regions(),
        **_wrong(at, error),
    )


def _wrong(at: str, error: ServiceError | None) -> dict[str, Any]:
    return {
        "at": at,
        "typed": request.form if error else {},
        "fault": say(error.code, error.params) if error else "",
    }


def _choice(kind: str) -> Choice:
    """What the form tells. Raises NotFound, BadRequest."""
    form = request.form
    if kind == "audience":
        words = choosing.split(form.get("words", ""))
        return Audience(form.get("name", ""), words, _age("youngest"), _age("oldest"))
    if kind == "purpose":
        return Purpose(form.get("name", ""), form.get("hint", ""))
    if kind == "hashtags":
        when = form.get("when", "")
        return Hashtags(
            form.get("name", ""),
            form.get("tags", "").replace("#", " ").replace(",", " ").split(),
            always=when == "always",
            audience_id=form.get("when", type=sound.whole),
        )
    raise NotFound


def _age(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 3:
        raise BadRequest
    return int(text)


def _plain(kind: str, do: Callable[[], str]) -> str:
    """Do it to one of that kind. Raises NotFound."""
    if kind not in choices.TABLES:
        raise NotFound
    try:
        return do()
    except ServiceError as error:
        raise NotFound from error


def _back(kind: str) -> Response:
    return redirect(url_for("settings.page", _anchor=kind), 303)
