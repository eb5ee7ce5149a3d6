"""The looking job: addresses that staff pasted are looked at, a few at once, one a host.

A link is claimed with its host, looked at with no transaction open, and what was found is one
transaction. A killed job leaves claims that the tick gives back, so nothing is lost and nothing
is looked at for ever.
"""

import queue
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from aggregator.domain.outside import closed, worth_asking
from aggregator.services import library
from aggregator.services.house import House
from aggregator.services.owners import owner
from aggregator.services.probing import Probed, as_json, probe
from aggregator.storage import hosts, lookups
from aggregator.storage.doors import Writer
from aggregator.storage.hosts import Claim
from aggregator.storage.lookups import Waiting

#: A claim outlasts all that its owner may do with it.
LEASE = timedelta(seconds=90)
#: So long a look-up is worked on; then what is left is called not found.
OLDEST = timedelta(hours=1)
#: So many links to other sites make a page without events a page of links.
ENOUGH = 4
#: So many ways into one address are kept, to choose from.
WAYS = 4

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Task:
    link: Waiting
    held: Claim


@dataclass(slots=True)
class _Run:
    """One run of the job."""

    house: House
    zone: ZoneInfo
    pause: float
    me: str = field(default_factory=owner)
    done: "queue.Queue[tuple[_Task, Probed]]" = field(default_factory=queue.Queue)


def look(house: House, *, seconds: float = 25.0, at_once: int = 5, pause: float = 1.0) -> int:
    """Look at what waits until nothing does or the seconds are up. Returns how many links."""
    with house.database.reading() as tx:
        if not lookups.is_due(tx, house.clock()):
            return 0
        zone = library.zone(tx)
    _give_up(house)
    run, end, busy, number = _Run(house, zone, pause), time.monotonic() + seconds, 0, 0
    with ThreadPoolExecutor(at_once, thread_name_prefix="look") as pool:
        while True:
            while busy < at_once and time.monotonic() < end and (task := _take(run)):
                pool.submit(_look_at, run, task)
                busy += 1
            if busy:
                done = _store_next(run)
                busy, number = busy - done, number + done
            elif time.monotonic() < end and _is_due(run):
                time.sleep(0.2)  # their hosts are somebody else's just now
            else:
                return number


def _is_due(run: _Run) -> bool:
    with run.house.database.reading() as tx:
        return lookups.is_due(tx, run.house.clock())


def _take(run: _Run) -> _Task | None:
    """Claim the first link whose host nobody holds, and the host with it."""
    with run.house.database.reading() as tx:
        found = lookups.waiting(tx, run.house.clock())
    for link in found:
        with run.house.database.writing() as tx:
            now = run.house.clock()
            held = hosts.claim_named(tx, hosts.name_of(link.url), run.me, now, now + LEASE)
            if held is None:
                continue
            if lookups.claim(tx, link.id, run.me, now, now + LEASE):
                return _Task(link, held)
            hosts.release(tx, held, now)
    return None


def _look_at(run: _Run, task: _Task) -> None:
    """In a thread: look at one link; whatever happens, something is to be stored."""
    others: dict[str, Claim] = {}
    probed = Probed(code="look.crashed")
    try:
        probed = probe(
            run.house,
            task.link.url,
            run.zone,
            named=task.link.first or task.link.kind == "opml",
            pause=run.pause,
            hold=lambda host: _hold(run, task, others, host),
        )
    except Exception:  # one link's surprise must not cost the others
        _log.exception("look.crashed", url=task.link.url)
    finally:
        _release(run, [task.held, *others.values()])
        run.done.put((task, probed))


def _hold(run: _Run, task: _Task, others: dict[str, Claim], host: str) -> bool:
    """Take a further host, of a feed that a page offers elsewhere."""
    if host == task.held.host or host in others:
        return True
    with run.house.database.writing() as tx:
        now = run.house.clock()
        held = hosts.claim_named(tx, host, run.me, now, now + LEASE) if host else None
    if held is not None:
        others[host] = held
    return held is not None


def _release(run: _Run, held: list[Claim]) -> None:
    with run.house.database.writing() as tx:
        soon = run.house.clock() + timedelta(seconds=run.pause)
        for each in sorted(held, key=lambda claim: claim.host):
            hosts.release(tx, each, soon)


def _store_next(run: _Run) -> int:
    """Write down what the next thread found; 1, or 0 when none is ready."""
    try:
        task, probed = run.done.get(timeout=0.2)
    except queue.Empty:
        return 0
    try:
        with run.house.database.writing() as tx:
            _store(tx, run, task.link, probed)
    except Exception:  # it is still claimed, and is looked at again when that ends
        _log.exception("look.store", url=task.link.url)
    return 1


def _store(tx: Writer, run: _Run, link: Waiting, probed: Probed) -> None:
    links = _links(probed)
    wanted = link.kind == "links" and link.first
    if wanted or (link.kind == "address" and len(links) >= ENOUGH and _says_nothing(probed)):
        _expand(tx, run, link, probed, links)
    else:
        lookups.found(tx, link.id, run.me, **_outcome(link, probed, len(links)))
    lookups.settle(tx, link.lookup_id)


def _says_nothing(probed: Probed) -> bool:
    """Whether the page itself tells of no event that is to come."""
    return not any(way.upcoming for way in probed.ways)


def _links(probed: Probed) -> list[tuple[str, str]]:
    """The links of a page that may lead to partners."""
    page = probed.page
    return worth_asking((each.url, each.title) for each in page.links) if page else []


def _expand(
    tx: Writer, run: _Run, link: Waiting, probed: Probed, links: list[tuple[str, str]]
) -> None:
    """The page is a list of links: each is to be looked at."""
    title = probed.page.title if probed.page else None
    problem = None
    if not links:
        code = probed.code if probed.page is None and probed.code else "look.no_links"
        problem = {"code": code, "params": dict(probed.params)}
    outcome = {"code": "look.list", "params": {}}
    if lookups.found(tx, link.id, run.me, state="NOTHING", outcome=outcome, title=title):
        lookups.change(tx, link.lookup_id, kind="links", title=title, problem=problem)
        lookups.add_links(tx, link.lookup_id, links)
        lookups.shut(tx, link.lookup_id, {url: _shut(url) for url, _ in links if closed(url)})


def _shut(url: str) -> dict[str, Any]:
    return {"code": "look.closed", "params": {"place": closed(url)}}


def _outcome(link: Waiting, probed: Probed, sites: int) -> Mapping[str, Any]:
    """The columns that say what was found at a link."""
    page = probed.page
    values: dict[str, Any] = {}
    if page and page.title and not link.title:
        values["title"] = page.title[:200]
    about = {"page": page.title if page else "", "mail": page.mail if page else None}
    best = probed.ways[0] if probed.ways else None
    if best is None or (link.kind == "links" and not best.upcoming and best.notices):
        code, params = probed.code or "page.no_events", probed.params
        if best is not None:
            code, params = "look.no_dates", {"count": best.notices}
        state = "WORD_NEEDED" if probed.is_page or best or _is_refused(code) else "NOTHING"
        return {**values, "state": state, "outcome": {"code": code, "params": params, **about}}
    others = [as_json(way) for way in probed.ways[1:WAYS]]
    found = {**as_json(best), **about, "others": others, "sites": sites}
    return {**values, "state": "READABLE", "found": found}


def _is_refused(code: str) -> bool:
    """Whether somebody there could let us in."""
    return code in {"feed.forbidden", "look.robots"}


def _give_up(house: House) -> None:
    with house.database.writing() as tx:
        before = house.clock() - OLDEST
        lookups.give_up(tx, before, {"code": "look.given_up", "params": {}})
