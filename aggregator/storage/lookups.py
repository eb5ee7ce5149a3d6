"""Look-ups: addresses that staff pasted, and what was found at each, before anything is saved."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from aggregator.storage.doors import Reader, Writer
from aggregator.storage.ids import new_pid
from aggregator.storage.tables import lookup, lookup_link

#: So many waiting links are looked through for one whose host is free.
AHEAD = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A link that is to be looked at. `first` says that it is the pasted address itself."""

    id: int
    lookup_id: int
    url: str
    title: str | None
    kind: str
    at: datetime

    by: str
    position: int

    @property
    def first(self) -> bool:
        return self.position == 0


def add(
    tx: Writer,
    now: datetime,
    by: str,
    kind: str,
    links: Sequence[tuple[str, str | None]],
    *,
    page_url: str | None = None,
    title: str | None = None,
    ours: bool = False,
) -> str:
    """Begin to look at links (address and what it is called); the public name."""
    pid = new_pid(now)
    values = {"kind": kind, "page_url": page_url, "title": title, "ours": ours, "by": by}
    lookup_id = tx.insert(insert(lookup).values(pid=pid, at=now, **values))
    add_links(tx, lookup_id, links, 0 if page_url else 1)
    return pid


def add_links(
    tx: Writer, lookup_id: int, links: Iterable[tuple[str, str | None]], position: int = 1
) -> None:
    """Further links of a look-up, from that position on; one address is looked at once."""
    for number, (url, title) in enumerate(dict(links).items(), position):
        row = {"lookup_id": lookup_id, "position": number, "url": url, "title": title}
        known = lookup_link.c.lookup_id == lookup_id, lookup_link.c.url == url
        if tx.first(select(lookup_link.c.id).where(*known)) is None:
            tx.run(insert(lookup_link).values(state="WAITING", **row))


def by_pid(tx: Reader, pid: str) -> Row[Any] | None:
    """One look-up."""
    return tx.first(select(lookup).where(lookup.c.pid == pid))


def links(tx: Reader, lookup_id: int) -> Sequence[Row[Any]]:
    """Its links in the order of the page."""
    mine = lookup_link.c.lookup_id == lookup_id
    order = lookup_link.c.position, lookup_link.c.id
    return tx.all(select(lookup_link).where(mine).order_by(*order))


def waiting(tx: Reader, now: datetime) -> Sequence[Waiting]:
    """Links that nobody looks at now, the oldest look-up's first; a few of them."""
    rows = tx.all(
        select(lookup_link, lookup.c.kind, lookup.c.at)
        .join(lookup, lookup.c.id == lookup_link.c.lookup_id)
        .where(lookup_link.c.state == "WAITING", _free(now))
        .order_by(lookup_link.c.lookup_id, lookup_link.c.position)
        .limit(AHEAD)
    )
    return [
        Waiting(
            row.id,
            row.lookup_id,
            row.url,
            row.title,
            row.kind,
            row.at,
            row.claim_by or "",
            row.position,
        )
        for row in rows
    ]


def claim(tx: Writer, link_id: int, by: str, now: datetime, until: datetime) -> bool:
    """Take this link to look at. False: somebody else has it, or it was looked at."""
    free = lookup_link.c.id == link_id, lookup_link.c.state == "WAITING", _free(now)
    return bool(tx.run(update(lookup_link).where(*free).values(claim_by=by, claim_until=until)))


def held_by(tx: Reader, machine: str, now: datetime) -> Sequence[Row[Any]]:
    """The links that owners on one machine hold: id and claim_by."""
    return tx.all(
        select(lookup_link.c.id, lookup_link.c.claim_by).where(
            lookup_link.c.state == "WAITING",
            lookup_link.c.claim_until > now,
            lookup_link.c.claim_by.startswith(machine, autoescape=True),
        )
    )


def let_go(tx: Writer, link_id: int, by: str) -> None:
    """Give a link back that its owner will not look at any more."""
    mine = lookup_link.c.id == link_id, lookup_link.c.claim_by == by
    tx.run(update(lookup_link).where(*mine).values(claim_by=None, claim_until=None))


def found(tx: Writer, link_id: int, by: str, **values: Any) -> bool:
    """Write down what was found. False: the claim is another owner's by now."""
    mine = lookup_link.c.id == link_id, lookup_link.c.claim_by == by
    free = {"claim_by": None, "claim_until": None}
    return bool(tx.run(update(lookup_link).where(*mine).values(**free, **values)))


def change(tx: Writer, lookup_id: int, **values: Any) -> None:
    """Write what became of a look-up as a whole."""
    tx.run(update(lookup).where(lookup.c.id == lookup_id).values(**values))


def settle(tx: Writer, lookup_id: int) -> None:
    """A look-up is done when no link waits any more."""
    tx.first(select(lookup.c.id).where(lookup.c.id == lookup_id).with_for_update())
    left = lookup_link.c.lookup_id == lookup_id, lookup_link.c.state == "WAITING"
    waits = tx.first(select(lookup_link.c.id).where(*left).limit(1)) is not None
    change(tx, lookup_id, state="LOOKING" if waits else "DONE")


def again(tx: Writer, lookup_id: int, link_ids: Collection[int], now: datetime) -> int:
    """Look at these links once more, from now on; how many there are to look at."""
    these = (
        lookup_link.c.lookup_id == lookup_id,
        lookup_link.c.id.in_([*link_ids]),
        lookup_link.c.state.in_(("NOTHING", "WORD_NEEDED")),
    )
    number = tx.run(update(lookup_link).where(*these).values(state="WAITING", outcome=None))
    if number:
        change(tx, lookup_id, at=now)  # else it would be given up at once where it is old
    settle(tx, lookup_id)
    return number


def added(tx: Writer, link_id: int, partner_id: int) -> None:
    """A link has become a partner's source."""
    values = {"state": "ADDED", "partner_id": partner_id}
    tx.run(update(lookup_link).where(lookup_link.c.id == link_id).values(**values))


def give_up(tx: Writer, before: datetime, outcome: dict[str, Any]) -> int:
    """Links of look-ups older than that are not looked at any more; how many those were."""
    old = select(lookup.c.id).where(lookup.c.state == "LOOKING", lookup.c.at < before)
    ids = [row.id for row in tx.all(old)]
    left = lookup_link.c.lookup_id.in_(ids), lookup_link.c.state == "WAITING"
    number = tx.run(update(lookup_link).where(*left).values(state="NOTHING", outcome=outcome))
    for lookup_id in ids:
        settle(tx, lookup_id)
    return number


def is_due(tx: Reader, now: datetime) -> bool:
    """Whether a link waits and nobody looks at it."""
    free = lookup_link.c.state == "WAITING", _free(now)
    return tx.first(select(lookup_link.c.id).where(*free).limit(1)) is not None


def count(tx: Reader, lookup_id: int) -> int:
    """How many links a look-up has."""
    mine = lookup_link.c.lookup_id == lookup_id
    return int(tx.value(select(func.count()).select_from(lookup_link).where(mine)) or 0)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(lookup_link.c.claim_until.is_(None), lookup_link.c.claim_until <= now)


def shut(tx: Writer, lookup_id: int, outcomes: Mapping[str, Any]) -> None:
    """Links that nobody needs to look at: the outcome by address."""
    for url, outcome in outcomes.items():
        mine = lookup_link.c.lookup_id == lookup_id, lookup_link.c.url == url
        waits = lookup_link.c.state == "WAITING"
        values = {"state": "NOTHING", "outcome": outcome}
        tx.run(update(lookup_link).where(*mine, waits).values(**values))
