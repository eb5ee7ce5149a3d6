"""How each network draws: its style sheet and icon, from its own folder."""

from flask import Blueprint, send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from networks.registry import drawing

blueprint = Blueprint("drawings", __name__, url_prefix="/networks")


@blueprint.get("/<network>/look.css")
def look(network: str) -> Response:
    """Its colours and the shape of its posts."""
    return _file(network, "look.css", "text/css")


@blueprint.get("/<network>/icon.svg")
def icon(network: str) -> Response:
    """Its mark."""
    return _file(network, "icon.svg", "image/svg+xml")


def _file(network: str, name: str, mime: str) -> Response:
    path = drawing(network, name)
    if path is None:
        raise NotFound
    return send_file(path, mimetype=mime)
