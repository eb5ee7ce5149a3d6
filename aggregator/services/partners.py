"""Partners and their sources."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.domain.polling import RHYTHM
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import hosts, journal, partners, sources


def add(house: House, name: str, zone: str | None = None, *, actor: str) -> int:
    """Remember a partner. Raises ServiceError for an empty name or an unknown zone."""
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= 200:
        raise ServiceError("partner.name")
    if zone and not is_zone(zone):
        raise ServiceError("partner.zone", zone=zone)
    with house.database.writing() as tx:
        partner_id = partners.add(tx, house.clock(), name, zone or None)
        journal.add(tx, house.clock(), actor, "add_partner", f"partner:{partner_id}")
    return partner_id


def add_source(house: House, partner_id: int, url: str, *, actor: str) -> int:
    """Remember a feed's address; it is read within seconds. Raises ServiceError."""
    url, host = address(url)
    with house.database.writing() as tx:
        now = house.clock()
        if partners.by_id(tx, partner_id) is None:
            raise MissingError("partner.missing")
        hosts.ensure(tx, host, now)
        hosts.hurry(tx, host, now)  # locks it, so that two who add the same come one by one
        if sources.find(tx, url) is not None:
            raise ServiceError("source.known", url=url)
        source_id = sources.add(tx, now, partner_id, url, host, RHYTHM)
        journal.add(tx, now, actor, "add_source", f"source:{source_id}")
        tx.wake("collect")
    return source_id


def poll(house: House, source_id: int) -> None:
    """Ask a source as soon as its host is free. Raises MissingError."""
    with house.database.writing() as tx:
        now, host = house.clock(), sources.host_of(tx, source_id)
        if host is None:
            raise MissingError("source.missing")
        hosts.hurry(tx, host, now)
        sources.change(tx, source_id, due_at=now)
        tx.wake("collect")


def address(text: str) -> tuple[str, str]:
    """A feed's address as it is kept, and its host. Raises ServiceError.

    webcal is https spelt for calendars; what it may lead to is the door's to decide.
    """
    url = text.strip()
    if "://" not in url:
        url = f"https://{url}"
    scheme, _, rest = url.partition("://")
    if scheme.lower() in {"webcal", "webcals"}:
        url = f"https://{rest}"
    host = hosts.name_of(url)
    if not host or not _is_web_address(url):
        raise ServiceError("source.address", url=text[:200])
    return url, host


def _is_web_address(url: str) -> bool:
    """Whether it can be asked, and kept: printable, and no longer than an index can hold."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    short = url.isprintable() and " " not in url and len(url.encode()) <= 2000
    return short and parts.scheme.lower() in {"http", "https"}


def is_zone(name: str) -> bool:
    """Whether it is an IANA zone we know."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
