"""The collecting job: due hosts are claimed until none is left or the time is up.

One owner a host, so one request at a time per host on any number of machines; up to 64
requests in flight. Threads fetch and read; the job's own thread stores, so that what came
together is written together.
"""

import queue
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from aggregator.services import dating, deriving, library, pictures
from aggregator.services.house import House
from aggregator.services.owners import owner
from aggregator.services.partners import is_zone
from aggregator.services.polls import Poll, poll
from aggregator.services.storing import Counts, store, store_unchanged
from aggregator.storage import hosts, sources
from aggregator.storage.doors import BusyError
from aggregator.storage.hosts import Claim
from aggregator.storage.sources import Source

#: A claim outlasts all that its owner may do with it.
LEASE = timedelta(seconds=240)
#: So long is one host asked in one go, and so many unchanged polls are written together.
HOST_SECONDS, BATCH = 60.0, 100
#: A source whose poll could not be stored waits so long, so that it cannot spin.
PUT_OFF = timedelta(hours=1)

Told = Callable[[Poll, Counts], None]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Left:
    """A host has been asked all that was due."""

    held: Claim


@dataclass(slots=True)
class _Run:
    """One run of the job."""

    house: House
    zone: ZoneInfo
    pause: float
    end: float
    told: Told | None
    me: str = field(default_factory=owner)
    done: "queue.Queue[tuple[Claim, Poll] | _Left]" = field(default_factory=queue.Queue)
    quiet: list[tuple[Claim, Poll]] = field(default_factory=list)
    left: list[Claim] = field(default_factory=list)
    polls: int = 0


def collect(
    house: House,
    *,
    seconds: float = 60.0,
    in_flight: int = 64,
    pause: float = 1.0,
    told: Told | None = None,
) -> int:
    """Poll what is due, until nothing is or the seconds are up. Returns how many were polled."""
    with house.database.reading() as tx:
        zone = library.zone(tx)
    run = _Run(house, zone, pause, time.monotonic() + seconds, told)
    busy = 0
    with ThreadPoolExecutor(in_flight, thread_name_prefix="collect") as pool:
        while True:
            while busy < in_flight and time.monotonic() < run.end and (held := _claim(run)):
                pool.submit(_ask_host, run, held)
                busy += 1
            if not busy:
                break
            busy -= _write(run)
    _write_quiet(run)
    dating.extend(house, run.end)
    deriving.catch_up(house, run.end)
    pictures.fetch_due(house, run.me, run.end)
    return run.polls


def _claim(run: _Run) -> Claim | None:
    with run.house.database.reading() as tx:  # looking is cheap, writing waits its turn
        if not hosts.due(tx, run.house.clock()):
            return None
    with run.house.database.writing() as tx:
        now = run.house.clock()
        return hosts.claim(tx, run.me, now, now + LEASE)


def _ask_host(run: _Run, held: Claim) -> None:
    """In a thread: the host's due sources one after the other, with a pause between."""
    try:
        with run.house.database.reading() as tx:
            due = sources.due(tx, held.host, run.house.clock())
        end = min(run.end, time.monotonic() + HOST_SECONDS)
        for number, source in enumerate(due):
            if number:
                time.sleep(run.pause)
            if number and time.monotonic() > end:
                break
            run.done.put((held, poll(run.house, source, held, _zone(run, source))))
    except Exception:
        _log.exception("collect.host", host=held.host)
    finally:
        run.done.put(_Left(held))


def _zone(run: _Run, source: Source) -> ZoneInfo:
    """The zone of the partner's wall times, where the feed names none.

    The library's own where the partner's is known no more: zones are renamed now and then.
    """
    return ZoneInfo(source.zone) if source.zone and is_zone(source.zone) else run.zone


def _write(run: _Run) -> int:
    """Store the next thing that a thread has done; 1 when a host is through."""
    try:
        item = run.done.get(timeout=0.2)
    except queue.Empty:
        _write_quiet(run)  # nobody else is ready: write what waits
        return 0
    if isinstance(item, _Left):
        run.left.append(item.held)
        if len(run.left) >= BATCH:
            _write_quiet(run)
        return 1
    held, done = item
    run.polls += 1
    if done.reading is None and not done.pages:
        run.quiet.append(item)
        if len(run.quiet) >= BATCH:
            _write_quiet(run)
    else:
        _store(run, held, done)
    return 0


def _store(run: _Run, held: Claim, done: Poll) -> None:
    try:
        counts = store(run.house.database, held, done)
    except BusyError:  # it is still due, and will be asked again soon
        _log.warning("collect.busy", source=done.source.url)
        return
    except Exception:
        _log.exception("collect.store", source=done.source.url)
        with run.house.database.writing() as tx:
            sources.change(tx, done.source.id, due_at=run.house.clock() + PUT_OFF)
        return
    if counts is not None and run.told:
        run.told(done, counts)


def _write_quiet(run: _Run) -> None:
    """Unchanged polls, and the hosts that are through, in one transaction each."""
    quiet, left = [*run.quiet], [*run.left]
    run.quiet.clear()
    run.left.clear()
    if quiet:
        store_unchanged(run.house.database, quiet)
        for _, done in quiet:
            if run.told:
                run.told(done, Counts())
    if left:
        with run.house.database.writing() as tx:
            soon = run.house.clock() + timedelta(seconds=run.pause)
            for held in left:
                hosts.release(tx, held, soon)
