"""What staff do with a look-up: begin one, look once more, add what was found.

Nothing is fetched here: the worker looks (`scouting`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.domain.opml import looks_like_opml, outlines
from aggregator.domain.outside import MOST, closed
from aggregator.services import library, partners
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import journal, lookups, revisions
from aggregator.storage import partners as rows_of_partners
from aggregator.storage.doors import Writer


@dataclass(frozen=True, slots=True)
class Choice:
    """One link to add: which of the ways in (0 the best), and what the partner is called."""

    link_id: int
    name: str
    way: int = 0


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: the partners' ids and names, and addresses that we read already."""

    partners: tuple[tuple[int, str], ...]
    known: tuple[str, ...]


def begin(house: House, text: str, *, by: str, ours: bool = False, links: bool = False) -> str:
    """Look at what was pasted: an address, several, or a list of feeds. The public name.

    links: the address is a page of links, each of which is to be tried. Raises ServiceError when
    there is no address in it.
    """
    is_opml, listed = looks_like_opml(text), outlines(text) if looks_like_opml(text) else []
    found = [(url, each.title) for each in listed if (url := _address(each.url))]
    if is_opml and not found:
        raise ServiceError("look.opml_empty")
    with house.database.writing() as tx:
        now = house.clock()
        if is_opml:
            pid = lookups.add(tx, now, by, "opml", found[:MOST], ours=ours)
        else:
            pid = _pasted(tx, now, text, by=by, ours=ours, links=links)
        tx.wake("look")
    return pid


def is_list(text: str) -> bool:
    """Whether this is a list of feeds (OPML)."""
    return looks_like_opml(text)


def _pasted(tx: Writer, now: Any, text: str, *, by: str, ours: bool, links: bool) -> str:
    """One address, or one a line."""
    words = text.split()
    if not words:
        raise ServiceError("look.nothing")
    if len(words) == 1:
        url, _ = partners.address(words[0])
        if place := closed(url):
            raise ServiceError("look.closed", place=place)
        kind = "links" if links else "address"
        return lookups.add(tx, now, by, kind, [(url, None)], page_url=url, ours=ours)
    pasted = [(found, None) for word in words if "." in word and (found := _address(word))]
    if not pasted:
        raise ServiceError("source.address", url=text[:200])
    return lookups.add(tx, now, by, "opml", pasted[:MOST], ours=ours)


def _address(text: str) -> str | None:
    """A web address as we keep it; None for what is none."""
    try:
        return partners.address(text)[0]
    except ServiceError:
        return None


def again(house: House, pid: str, link_ids: Sequence[int]) -> int:
    """Look at links once more where nothing was found; how many. Raises MissingError."""
    with house.database.writing() as tx:
        row = _held(tx, pid)
        number = lookups.again(tx, row.id, link_ids, house.clock())
        tx.wake("look")
    return number


def add(
    house: House,
    pid: str,
    choices: Sequence[Choice],
    *,
    actor: str,
    trust: str = "look",
    contact: str | None = None,
    ours: bool = False,
    partner_id: int | None = None,
) -> Added:
    """Make partners of what was found, each with its source, read at once.

    partner_id: the sources go to this partner, whose name and trust stay. A second click adds
    nothing twice. Raises MissingError, or ServiceError for a name that is none.
    """
    if trust not in partners.TRUST:
        raise ServiceError("partner.trust")
    added: list[tuple[int, str]] = []
    known: list[str] = []
    with house.database.writing() as tx:
        row = _held(tx, pid)
        links = {each.id: each for each in lookups.links(tx, row.id)}
        for choice in choices:
            link = links.get(choice.link_id)
            if link is None or link.state != "READABLE":
                continue
            ways = [link.found, *link.found["others"]]
            if not 0 <= choice.way < len(ways):
                raise MissingError("look.missing")
            url, host = partners.address(ways[choice.way]["url"])
            if partners.is_known(tx, house.clock(), url, host):
                known.append(url)
                continue
            owner = _owner(tx, house, choice.name, partner_id, ours, trust, contact, actor)
            partners.remember(tx, house.clock(), owner[0], url, host, actor=actor)
            lookups.added(tx, link.id, owner[0])
            added.append(owner)
        if added:
            revisions.bump(tx, revisions.INBOX)
    return Added(tuple(added), tuple(known))


def _owner(
    tx: Writer,
    house: House,
    name: str,
    partner_id: int | None,
    ours: bool,
    trust: str,
    contact: str | None,
    actor: str,
) -> tuple[int, str]:
    """The partner whose source it becomes: that one, the library itself, or a new one."""
    now = house.clock()
    if partner_id is not None:
        row = rows_of_partners.by_id(tx, partner_id)
        if row is None:
            raise MissingError("partner.missing")
        return row.id, row.name
    if ours:
        library_name = library.name(tx)
        found = rows_of_partners.ensure_ours(tx, now, library_name)
        rows_of_partners.change(tx, found, trust=trust)
        return found, library_name
    name = partners.plain_name(name)
    found = rows_of_partners.add(tx, now, name)
    rows_of_partners.change(tx, found, trust=trust, contact=partners.plain_contact(contact))
    journal.add(tx, now, actor, "add_partner", f"partner:{found}")
    return found, name


def _held(tx: Writer, pid: str) -> Any:
    row = lookups.by_pid(tx, pid)
    if row is None:
        raise MissingError("look.missing")
    return row
