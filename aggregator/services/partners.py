"""Partners and their sources: adding, changing, pausing, parting; all is in the journal."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.domain.polling import RHYTHM
from aggregator.services import deriving, entering
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import hosts, journal, partners, revisions, sources
from aggregator.storage.doors import Writer

#: What a partner's new events do: wait for staff, or go straight on the calendar.
TRUST = ("look", "list")
#: Characters of a name; of how a post names them; of whom to write to.
NAME, CREDIT, CONTACT = 200, 200, 500


def add(house: House, name: str, zone: str | None = None, *, actor: str) -> int:
    """Remember a partner. Raises ServiceError for an empty name or an unknown zone."""
    name = plain_name(name)
    if zone and not is_zone(zone):
        raise ServiceError("partner.zone", zone=zone)
    with house.database.writing() as tx:
        partner_id = partners.add(tx, house.clock(), name, zone or None)
        journal.add(tx, house.clock(), actor, "add_partner", f"partner:{partner_id}")
    return partner_id


def change(
    house: House,
    partner_id: int,
    *,
    actor: str,
    name: str,
    zone: str | None,
    credit: str | None,
    contact: str | None,
) -> None:
    """Write down what they are called, whose clock they go by, how and whom to write to.

    Raises MissingError, ServiceError.
    """
    values = {
        "name": plain_name(name),
        "zone": zone or None,
        "credit": _plain(credit, CREDIT, "partner.credit"),
        "contact": plain_contact(contact),
    }
    if zone and not is_zone(zone):
        raise ServiceError("partner.zone", zone=zone)
    with house.database.writing() as tx:
        row = _partner(tx, partner_id)
        _write(tx, house.clock(), row, "change_partner", values, actor=actor)
        if row.name != values["name"]:
            entering.render_again(tx, partner_id, str(values["name"]))
            deriving.anew(tx)
            revisions.bump(tx, revisions.INBOX)
            revisions.bump(tx, revisions.CALENDAR)
        if row.zone != values["zone"]:
            _read_again(tx, house.clock(), partner_id)


def trust(house: House, partner_id: int, wanted: str, *, actor: str) -> None:
    """Say what their new events do. Raises MissingError, ServiceError."""
    if wanted not in TRUST:
        raise ServiceError("partner.trust")
    with house.database.writing() as tx:
        row = _partner(tx, partner_id)
        _write(tx, house.clock(), row, "trust", {"trust": wanted}, actor=actor)


def archive(house: House, partner_id: int, *, actor: str) -> None:
    """End it: nothing of theirs is read any more; what they told stays. Raises MissingError."""
    with house.database.writing() as tx:
        now, row = house.clock(), _partner(tx, partner_id)
        if row.archived_at is not None:
            return  # a second click may not make it forget what was read
        read = [each.id for each in sources.of_partner(tx, partner_id) if each.enabled]
        for source_id in read:
            sources.change(tx, source_id, enabled=False)
        partners.change(tx, partner_id, archived_at=now)
        before = {"archived_at": None, "read": read}
        journal.add(tx, now, actor, "archive", f"partner:{partner_id}", before=before)


def bring_back(house: House, partner_id: int, *, actor: str) -> None:
    """Take the end back: what was read then is read again, at once. Raises MissingError."""
    with house.database.writing() as tx:
        now, row = house.clock(), _partner(tx, partner_id)
        if row.archived_at is None:
            return
        last = journal.newest_of(tx, f"partner:{partner_id}", ("archive",))
        read = last.before["read"] if last is not None else []
        mine = [each for each in sources.of_partner(tx, partner_id) if each.id in read]
        for each in mine:
            hosts.hurry(tx, each.host, now)
            sources.change(tx, each.id, enabled=True, due_at=now)
        partners.change(tx, partner_id, archived_at=None)
        journal.add(tx, now, actor, "bring_back", f"partner:{partner_id}")
        tx.wake("collect")


def add_source(house: House, partner_id: int, url: str, *, actor: str) -> int:
    """Remember a feed's address; it is read within seconds. Raises ServiceError."""
    url, host = address(url)
    with house.database.writing() as tx:
        now = house.clock()
        _partner(tx, partner_id)
        if is_known(tx, now, url, host):
            raise ServiceError("source.known", url=url)
        return remember(tx, now, partner_id, url, host, actor=actor)


def is_known(tx: Writer, now: datetime, url: str, host: str) -> bool:
    """Whether we read this address already; its host is locked, so that two come one by one."""
    hosts.ensure(tx, host, now)
    hosts.hurry(tx, host, now)
    known = sources.find(tx, url)
    row = sources.by_id(tx, known) if known is not None else None
    return row is not None and row.removed_at is None


def remember(tx: Writer, now: datetime, partner_id: int, url: str, host: str, *, actor: str) -> int:
    """Read this address from now on; one that was removed comes back. After `is_known`."""
    source_id = sources.find(tx, url)
    if source_id is None:
        source_id = sources.add(tx, now, partner_id, url, host, RHYTHM)
    else:
        values = {"partner_id": partner_id, "enabled": True, "removed_at": None, "due_at": now}
        sources.change(tx, source_id, **values)
    journal.add(tx, now, actor, "add_source", f"source:{source_id}")
    tx.wake("collect")
    return source_id


def poll(house: House, source_id: int) -> None:
    """Ask a source as soon as its host is free. Raises MissingError; ServiceError when paused."""
    with house.database.writing() as tx:
        now, row = house.clock(), _source(tx, source_id)
        if not row.enabled:
            raise ServiceError("source.paused")
        hosts.hurry(tx, row.host, now)
        sources.change(tx, source_id, due_at=now)
        tx.wake("collect")


def pause(house: House, source_id: int, *, actor: str) -> None:
    """Do not read it for now. Raises MissingError."""
    with house.database.writing() as tx:
        _source(tx, source_id)
        sources.change(tx, source_id, enabled=False)
        journal.add(tx, house.clock(), actor, "pause", f"source:{source_id}")


def resume(house: House, source_id: int, *, actor: str) -> None:
    """Read it again, at once. Raises MissingError."""
    with house.database.writing() as tx:
        now, row = house.clock(), _source(tx, source_id)
        hosts.hurry(tx, row.host, now)
        sources.change(tx, source_id, enabled=True, due_at=now)
        journal.add(tx, now, actor, "resume", f"source:{source_id}")
        tx.wake("collect")


def move(house: House, source_id: int, url: str, *, actor: str) -> None:
    """The feed is at another address now; what it told stays its own. Raises ServiceError.

    What we knew of the old answer would mislead: the new one is read whole.
    """
    url, host = address(url)
    with house.database.writing() as tx:
        now, row = house.clock(), _source(tx, source_id)
        if url == row.url:
            raise ServiceError("source.same")
        if is_known(tx, now, url, host) or sources.find(tx, url) is not None:
            raise ServiceError("source.known", url=url)
        values = {
            "url": url,
            "host": host,
            "former_urls": [*row.former_urls, row.url],
            "enabled": True,
            "due_at": now,
            "etag": None,
            "last_modified": None,
            "body_digest": None,
        }
        sources.change(tx, source_id, **values)
        old, new = {"url": row.url}, {"url": url}
        journal.add(tx, now, actor, "move", f"source:{source_id}", before=old, after=new)
        tx.wake("collect")


def remove(house: House, source_id: int, *, actor: str) -> None:
    """Read it no more and list it no more; what it told stays. Raises MissingError."""
    with house.database.writing() as tx:
        now, row = house.clock(), _source(tx, source_id)
        sources.change(tx, source_id, enabled=False, removed_at=now)
        before = {"enabled": row.enabled}
        journal.add(tx, now, actor, "remove_source", f"source:{source_id}", before=before)


def put_back(house: House, source_id: int, *, actor: str) -> None:
    """Take a removal back. Raises MissingError."""
    with house.database.writing() as tx:
        now, row = house.clock(), sources.by_id(tx, source_id)
        if row is None or row.host is None:
            raise MissingError("source.missing")
        if row.removed_at is None:
            return
        last = journal.newest_of(tx, f"source:{source_id}", ("remove_source",))
        was = last is None or bool(last.before["enabled"])
        hosts.hurry(tx, row.host, now)
        sources.change(tx, source_id, enabled=was, removed_at=None, due_at=now)
        journal.add(tx, now, actor, "put_back", f"source:{source_id}")
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


def plain_name(name: str) -> str:
    """A name as it is kept. Raises ServiceError."""
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= NAME:
        raise ServiceError("partner.name")
    return name


def plain_contact(contact: str | None) -> str | None:
    """Whom to write to, as it is kept. Raises ServiceError."""
    return _plain(contact, CONTACT, "partner.contact")


def is_zone(name: str) -> bool:
    """Whether it is an IANA zone we know."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _plain(text: str | None, most: int, code: str) -> str | None:
    text = " ".join((text or "").split())
    if not text.isprintable() or len(text) > most:
        raise ServiceError(code, most=most)
    return text or None


def _write(
    tx: Writer, now: datetime, row: Any, verb: str, values: dict[str, Any], *, actor: str
) -> None:
    """Write what differs, and down how it was before."""
    before = {name: getattr(row, name) for name in values}
    if before != values:
        partners.change(tx, row.id, **values)
        journal.add(tx, now, actor, verb, f"partner:{row.id}", before=before, after=values)


def _read_again(tx: Writer, now: datetime, partner_id: int) -> None:
    """Read what is kept of their feeds anew, as after an upgrade of the reader."""
    for each in sources.of_partner(tx, partner_id):
        if each.host is not None and each.enabled:
            hosts.hurry(tx, each.host, now)
            sources.change(tx, each.id, reader_version=None, due_at=now)
    tx.wake("collect")


def _partner(tx: Writer, partner_id: int) -> Any:
    row = partners.by_id(tx, partner_id)
    if row is None:
        raise MissingError("partner.missing")
    return row


def _source(tx: Writer, source_id: int) -> Any:
    """A source that somebody is asked for, and that was not removed."""
    row = sources.by_id(tx, source_id)
    if row is None or row.removed_at is not None or row.host is None:
        raise MissingError("source.missing")
    return row


def _is_web_address(url: str) -> bool:
    """Whether it can be asked, and kept: printable, and no longer than an index can hold."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    short = url.isprintable() and " " not in url and len(url.encode()) <= 2000
    return short and parts.scheme.lower() in {"http", "https"}
