"""Channels: where posts go. What is secret is asked for once and never shown again."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.services import channels, practice
from aggregator.services.errors import ServiceError
from aggregator.storage import channels as rows_of_channels
from aggregator.web import here
from aggregator.web.staff import said
from networks.post import Network, Setting
from words.say import say, sentences

blueprint = Blueprint("channels", __name__, url_prefix="/channels")


@blueprint.get("")
def listing() -> str:
    """Every channel, and the networks that more can be connected of."""
    with here.house().database.reading() as tx:
        rows = rows_of_channels.listed(tx)
    return render_template("channels/listing.html", channels=rows, networks=here.house().networks)


@blueprint.get("/add/<network>")
def form(network: str) -> str:
    """What that network asks for."""
    return _form(_network(network))


@blueprint.post("/add/<network>")
def add(network: str) -> Response | tuple[str, int] | str:
    """Connect an account; the network is asked who we are, nothing is posted."""
    kind, name = _network(network), request.form.get("name", "").strip()[:60]
    typed = {each.name: request.form.get(f"setting.{each.name}", "") for each in kind.settings}
    given = typed | practice.known(here.house(), network)
    try:
        made = channels.add(
            here.house(), network, name or kind.label, given, actor=here.actor()
        ).made
    except ServiceError as error:
        return _form(kind, typed | {"name": name}, say(error.code, error.params)), 422
    if made:
        shown = [(key, _label(kind, key), value) for key, value in made.items()]
        return render_template("channels/added.html", name=name or kind.label, made=shown)
    said.plainly(say("done.channel", {"name": name or kind.label}))
    return redirect(url_for("channels.listing"), 303)


def _network(name: str) -> Network:
    found = here.house().networks.get(name)
    if found is None:
        raise NotFound
    return found


def _form(kind: Network, typed: Mapping[str, str] | None = None, wrong: str = "") -> str:
    known = practice.known(here.house(), kind.name)
    fields = [_field(kind, each, typed or {}) for each in kind.settings if each.name not in known]
    return render_template(
        "channels/add.html",
        network=kind,
        fields=fields,
        name=(typed or {}).get("name", ""),
        wrong=wrong,
    )


def _label(kind: Network, setting: str) -> str:
    """The setting in words; a network that brings none shows its own name for it."""
    code = f"network.{kind.name}.{setting}"
    return say(code) if code in sentences() else setting.replace("_", " ").capitalize()


def _field(kind: Network, setting: Setting, typed: Mapping[str, str]) -> dict[str, Any]:
    """One thing the network asks for, in its own words; a secret is never written back."""
    code = f"network.{kind.name}.{setting.name}"
    return {
        "name": f"setting.{setting.name}",
        "id": f"setting-{setting.name}",
        "label": _label(kind, setting.name),
        "hint": say(f"{code}.hint") if f"{code}.hint" in sentences() else "",
        "secret": setting.secret,
        "value": "" if setting.secret else typed.get(setting.name, setting.default or ""),
        "required": setting.default is None and setting.make is None,
    }
