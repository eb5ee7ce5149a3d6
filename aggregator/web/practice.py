"""Mounts the practice network's server: its pages for staff, its interface for its token."""

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from aggregator.services import practice
from aggregator.services.house import House
from networks.practice.server import blueprint
from networks.practice.store import Store

#: A post with its pictures, in bytes.
LONGEST = 40_000_000


def mount(app: Flask, house: House, csrf: CSRFProtect) -> None:
    """Add it at /practice. The interface knows no cookie, so no other site can use a login."""
    store = Store(practice.store(house), clock=house.clock)
    pages = blueprint(store, practice.token(house))
    csrf.exempt(pages)

    def allow_pictures() -> None:
        request.max_content_length = LONGEST
        request.max_form_memory_size = LONGEST

    pages.before_request(allow_pictures)
    app.register_blueprint(pages, url_prefix=practice.PATH)
