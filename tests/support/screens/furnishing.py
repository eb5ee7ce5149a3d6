"""Houses to be photographed: one that is new, and one with the sample town and a busy morning."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from werkzeug.serving import make_server

from aggregator.domain.filtering import Filter
from aggregator.services import (
    accounts,
    by_hand,
    channels,
    collecting,
    entering,
    lookups,
    people,
    practice,
    reports,
    sample,
    scouting,
)
from aggregator.services.house import House
from aggregator.services.notes import add as add_note
from aggregator.storage import house as settings
from aggregator.storage import partners, views
from aggregator.web import factory
from feeds.event import Event, Place
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.databases import make_tables
from tests.support.houses import NOON, Clock, make_house
from tests.support.running import free_port

#: On the calendar, put up by hand in the morning's first minutes, of the town's own events.
LISTED = (
    "Bird walk at the weir",
    "Repair café",
    "Story hour in the whale room",
    "Winter fair of the schools",
    "Concert of the school orchestra",
    "Open stage",
    "Cancelled: The mill and its owners, a talk",
    "Language café",
    "Stars over East Meadow",
    "The tin bear: puppets for children from four",
)
SHARED = ("Tree lighting", "The ice rink opens", "Winter run, 5 km")

#: Places where somebody of the library puts things up, as the form for a channel asks.
PLACES = {
    "Facebook page": {"kind": "page", "address": "https://www.facebook.com/millbrooklibrary"},
    "Facebook events": {"kind": "event"},
    "Millbrook Weekly": {"kind": "paper", "mail": "desk@weekly.example"},
}


@contextmanager
def served(folder: Path, public_url: str | None = None) -> Iterator[House]:
    """A house in folder with a web app that answers at its own address."""
    folder.mkdir()
    url, port = f"sqlite:///{folder / 'townboard.sqlite'}", _port()
    make_tables(url)
    clock = Clock(NOON - timedelta(hours=5))
    house = make_house(
        folder, url, clock=clock, allowed=[port], PORT=str(port), PUBLIC_URL=public_url or ""
    )
    server = make_server("127.0.0.1", port, factory.web(house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield house
    finally:
        server.shutdown()
        house.database.close()


def _port() -> int:
    """The one that a library has, so that pictures show it; another where that is taken."""
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", 8000)) == 0
    return free_port() if taken else 8000


def clock_of(house: House) -> Clock:
    """The clock that was put into it."""
    assert isinstance(house.clock, Clock)
    return house.clock


def new(house: House, _password: str) -> dict[str, str]:
    """Nobody was here yet."""
    link = accounts.set_up_link(house)
    assert link is not None
    return {"begin": link.rpartition("/")[2]}


def begun(house: House, password: str) -> dict[str, str]:
    """Set up a minute ago."""
    accounts.add_user(house, "Ana", password, "administrator", actor="Ana")
    return {}


def calm(house: House, password: str) -> dict[str, str]:
    """All is done, and something went by."""
    begun(house, password)
    town = Town(house)
    over = an_event(
        "over",
        summary="Coffee at nine",
        start=datetime(2026, 11, 24, 9, tzinfo=ZONE),
        end=datetime(2026, 11, 24, 10, tzinfo=ZONE),
        location=Place("Harbour Community Centre"),
    )
    [pid] = town.approve(over, partner="Harbour Community Centre")
    practice.connect(house, actor="Ana")
    clock_of(house).now = NOON
    return {"over": pid}


def broken(house: House, _password: str) -> dict[str, str]:
    """What lists read is gone."""
    with house.database.writing() as tx:
        tx.run(text("DROP TABLE occurrence"))
    return {}


def furnish(house: House, password: str) -> dict[str, str]:
    """Fill it with a town and a morning; what the addresses of its pages are made of, by name."""
    with house.database.writing() as tx:
        settings.put(tx, "town", "Millbrook")
    for name, role in (("Ana", "administrator"), ("Tom", "staff")):
        accounts.add_user(house, name, password, role, actor="Ana")
    practice.connect(house, actor="Ana")
    blank = {"address": "", "mail": "", "length": "", "unit": "usual"}
    for name, place in PLACES.items():
        channels.add(house, "by_hand", name, blank | place, actor="Ana")
    sample.load(house, actor="Ana")
    collecting.collect(house, seconds=20, pause=0)
    town, found = Town(house), _found(house)
    for title in LISTED:
        town.decide(found[title], "calendar_only")
    for title in SHARED:
        town.share(found[title])
    town.decide(found["School board meeting"], "decline")
    town.decide(found["Blood drive"], "snooze", NOON + timedelta(days=5))
    names = {"new": found["Late night at the museum"], "series": found["Homework club"]}
    names |= {"listed": found["Bird walk at the weir"], "shared": found["Tree lighting"]}
    names |= {"cancelled": found["Cancelled: The mill and its owners, a talk"]}
    names |= {"alike": found["Yarn swap"], "channel": "1"}
    reading = Event(
        summary="Reading group: The Lighthouse Keepers",
        start=datetime(2026, 12, 8, 18, 30, tzinfo=ZONE),
        zone=ZONE.key,
        location=Place("Reading Room"),
        rrule="FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
    )
    names["ours"] = entering.enter(house, reading, actor="Ana")
    names |= _later(house, town) | _looked(house)
    report(house, names["listed"])
    add_note(house, town.row(names["new"]).id, "Ask them about the lift.", author_id=1)
    house_link = people.invite(house, "Priya", "staff", actor="Ana")
    names["welcome"] = house_link.rpartition("/")[2]
    with house.database.reading() as tx:
        for row in partners.listed(tx):
            names[row.name] = row.pid
    return names


def _found(house: House) -> dict[str, str]:
    """The town's events: title → public name; of two alike the one that came first."""
    found: dict[str, str] = {}
    with house.database.reading() as tx:
        for row in views.inbox(tx, Filter(view="new"), house.clock(), limit=200):
            found[row.facts["summary"]] = row.pid
    return found


def _later(house: House, town: Town) -> dict[str, str]:
    """What changed after it was shared, what is due, and what a resident tells of."""
    start = datetime(2026, 12, 12, 19, tzinfo=ZONE)
    plain = an_event(
        "comet",
        summary="The comet through our telescopes",
        description="Wrap up warmly. Two telescopes, one comet, and hot cocoa.",
        start=start,
        end=start + timedelta(hours=2),
        location=Place("Mill Hill, top car park"),
        url="https://nightsky.example/comet",
        categories=("Nature",),
    )
    [comet] = town.tell(plain, partner="Night Sky Club of Millbrook")
    town.share(comet, now=True)
    with house.database.reading() as tx:
        due = by_hand.tasks(house, tx)
    for task in due:
        by_hand.done(house, task.row.id, actor="Tom", url="https://weekly.example/comet")
    clock_of(house).forward(minutes=40)
    town.deliver()
    [owls] = town.tell(
        replace(plain, uid="owls", summary="Owls at the old mill"),
        plain,
        partner="Night Sky Club of Millbrook",
    )[:1]
    town.share(owls)
    clock_of(house).forward(hours=2)
    later, clearer = timedelta(hours=1, minutes=30), "Mill Hill, by the water tower"
    moved = replace(plain, start=start + later, end=start + 2 * later, location=Place(clearer))
    town.tell(
        replace(moved, uid="owls", summary="Owls at the old mill"),
        moved,
        partner="Night Sky Club of Millbrook",
    )
    clock_of(house).now = NOON
    town.deliver()
    collecting.collect(house, seconds=20, pause=0)
    return {"moved": comet, "held": owls}


def _looked(house: House) -> dict[str, str]:
    """Look-ups of pages of our own: a feed, a page without one, a list of three, and a busy one."""
    ours = f"{house.settings.local_url}/sample-town"
    feed, page, gone = (f"{ours}/{path}" for path in ("museum/events.ics", "market", "nothing"))
    asked = {
        "feed": feed,
        "nothing": f"{house.settings.local_url}/login",
        "links": f"{feed} {ours}/centre {ours}/playhouse/feed.json {page} {gone}",
    }
    pids = {name: lookups.begin(house, text, by="Ana") for name, text in asked.items()}
    scouting.look(house, pause=0)
    pids["busy"] = lookups.begin(house, feed, by="Ana")
    pids["links-busy"] = lookups.begin(house, asked["links"], by="Ana")
    return pids


def report(house: House, pid: str) -> None:
    """A resident says what is wrong with an event."""
    signed = reports.token(house, pid)
    clock_of(house).forward(seconds=30)
    words = "The weir car park is closed until spring. Do they mean the one at the boat house?"
    reports.send(house, pid, signed=signed, kind="other", text=words, address="127.0.0.1")


#: state → what fills a house so: takes the password of everybody in it, gives names for addresses.
FURNISH: Mapping[str, Callable[[House, str], dict[str, str]]] = {
    "new": new,
    "begun": begun,
    "calm": calm,
    "town": furnish,
    "broken": broken,
}
