"""The only wiring place: settings, doors, networks, clock and wake become a House."""

import os
from datetime import UTC, datetime

from flask import Flask

from aggregator import config
from aggregator.config import Address, Settings
from aggregator.services.house import House
from aggregator.storage import keys
from aggregator.storage.doors import Database
from aggregator.wake import Wake
from aggregator.web import factory
from networks.registry import all_networks
from safehttp.door import Door

VERSION = "0.1.0"


def settings() -> Settings:
    """This process's settings. Raises config.SettingError."""
    return config.load(os.environ)


def build(wanted: Settings) -> House:
    """A house of these settings. Nothing is opened yet: engines and clients come when used."""
    held = keys.load(wanted)
    return House(
        settings=wanted,
        database=Database(wanted.database_url, Wake(wanted.queue_url)),
        door=_door(wanted, wanted.allow_private),
        network_door=_door(wanted, wanted.allow_private | {("127.0.0.1", wanted.port)}),
        networks=all_networks(),
        clock=utc_now,
        fernet=held.fernet,
        session_key=held.session,
    )


def web(house: House) -> Flask:
    """The web app of this house."""
    return factory.web(house)


def wsgi() -> Flask:
    """The web app of this process's settings, for the web server."""
    return web(build(settings()))


def utc_now() -> datetime:
    """The only clock."""
    return datetime.now(UTC)


def user_agent(contact: str | None) -> str:
    """Who asks, and where a partner reaches a person about it (RFC 9110, 10.1.5)."""
    return f"Townboard/{VERSION} ({contact})" if contact else f"Townboard/{VERSION}"


def _door(wanted: Settings, allowed: frozenset[Address]) -> Door:
    return Door(allow_private=allowed, user_agent=user_agent(wanted.contact))
