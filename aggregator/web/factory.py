"""The web app, made from a house."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from aggregator.services.house import House
from aggregator.web import (
    door,
    drawings,
    faults,
    gate,
    headers,
    here,
    packing,
    pages,
    practice,
    sample,
    sound,
    welcome,
)
from aggregator.web.public import calendar, reporting
from aggregator.web.staff import (
    bulk,
    by_hand,
    channels,
    entering,
    event,
    inbox,
    lookups,
    partners,
    people,
    posts,
    settings,
    sharing,
    sifting,
    today,
    writing,
)

ROOT = Path(__file__).parents[2]

#: How long a login lasts without a visit.
LOGIN = timedelta(days=7)

#: The longest that anybody has to send us, in bytes: text alone.
LONGEST = 1_000_000


def web(house: House) -> Flask:
    """The app that serves every page of this house."""
    app = Flask(
        "townboard", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.extensions[here.EXTENSION] = house
    app.config.update(
        SECRET_KEY=house.session_key,
        SESSION_COOKIE_NAME="townboard",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=(house.settings.public_url or "").startswith("https:"),
        PERMANENT_SESSION_LIFETIME=LOGIN,
        SESSION_REFRESH_EACH_REQUEST=False,  # the gate renews it, never an open page
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=12).total_seconds()),
        MAX_CONTENT_LENGTH=LONGEST,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
    )
    pages.install(app)
    gate.install(app)  # before CSRF: who may not come in is told so, not that a form is old
    sound.install(app)
    csrf = CSRFProtect(app)
    headers.install(app)
    packing.install(app)
    faults.install(app)
    for blueprint in (
        door.blueprint,
        drawings.blueprint,
        calendar.blueprint,
        reporting.blueprint,
        today.blueprint,
        inbox.blueprint,
        event.blueprint,
        bulk.blueprint,
        sifting.blueprint,
        entering.blueprint,
        sharing.blueprint,
        posts.blueprint,
        by_hand.blueprint,
        writing.blueprint,
        lookups.blueprint,
        partners.blueprint,
        channels.blueprint,
        settings.blueprint,
        people.blueprint,
        welcome.blueprint,
        sample.blueprint,
    ):
        app.register_blueprint(blueprint)
    csrf.exempt(reporting.blueprint)  # no session there: its forms carry a token of their own
    practice.mount(app, house, csrf)
    return app
