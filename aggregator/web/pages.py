"""How templates are read: strict, escaped, translated, and with the house's few helpers."""

import hashlib
import re
from pathlib import Path

from flask import Flask, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from aggregator import access
from aggregator.web import here, shapes, telling
from aggregator.web.staff import said
from networks.registry import drawing
from words import when
from words.mark import N_
from words.say import ngettext, say, translate

#: endpoint, icon, words: what the bar at the top offers, to those who may.
MENU = (
    ("today.page", "sun", N_("Today")),
    ("inbox.listing", "inbox", N_("Inbox")),
    ("posts.listing", "columns-3", N_("Queue")),
    ("calendar.listing", "calendar-days", N_("Calendar")),
    ("partners.listing", "users", N_("Partners")),
)

#: Rooms that stand in none of its places, and the place under which one finds them.
WITHIN = {
    **dict.fromkeys(("sharing", "bulk", "sifting", "event", "entering"), "inbox"),
    **dict.fromkeys(("by_hand", "writing"), "posts"),
    "lookups": "partners",
}

_PARTS = re.compile(r"(https?://\S+|(?<!\w)#\w+)")


def install(app: Flask) -> None:
    """Set up Jinja. To be called before a template is read."""
    app.jinja_options = {
        "undefined": StrictUndefined,
        "autoescape": True,
        "extensions": ["jinja2.ext.i18n"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    environment = app.jinja_env
    environment.install_gettext_callables(translate, ngettext, newstyle=True)  # type: ignore[attr-defined]
    version = _version(Path(app.static_folder or ""))

    def asset(name: str) -> str:
        """A file of ours, under an address that changes when any of them does."""
        return url_for("static", filename=name, v=version)

    environment.filters["marked"] = _marked
    environment.globals.update(
        asset=asset, say=say, when=when, leaf=shapes.leaf, mark_of=shapes.mark, menu=_menu
    )
    environment.globals.update(
        account=here.account,
        is_begun=here.is_begun,
        may=_may,
        look=_look,
        said=said.take,
        title_of=telling.title,
        place_of=telling.place,
        price_of=telling.price,
        audience_of=telling.audience,
    )


def _may(endpoint: str) -> bool:
    """Whether whoever looks may use the endpoint."""
    found = here.account()
    return access.may(found.role if found else None, endpoint)


def _look(network: str) -> Markup:
    """The link to a network's own style sheet; one without it is drawn in ink."""
    if drawing(network, "look.css") is None:
        return Markup("")
    address = url_for("drawings.look", network=network)
    return Markup('<link rel="stylesheet" href="{}">').format(address)


def _marked(text: str) -> Markup:
    """A post's text with its addresses and hashtags marked as the networks mark them."""
    found = Markup("")
    for part in _PARTS.split(text):
        if part.startswith(("https://", "http://")):
            found += Markup('<a href="{0}" rel="noopener">{0}</a>').format(part)
        elif part.startswith("#") and len(part) > 1:
            found += Markup('<span class="hash">{}</span>').format(part)
        else:
            found += Markup.escape(part)
    return found


def _menu() -> list[tuple[str, str, str, bool]]:
    """Address, icon, words and whether we are there, of each page that this person may see."""
    blueprint = WITHIN.get(request.blueprint or "", request.blueprint)
    return [
        (url_for(endpoint), icon, translate(words), endpoint.partition(".")[0] == blueprint)
        for endpoint, icon, words in MENU
        if _may(endpoint)
    ]


def _version(folder: Path) -> str:
    """Names the files as they are now."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
