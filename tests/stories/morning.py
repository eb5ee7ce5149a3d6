"""A morning at the library: something of all that Today asks about, and an inbox to triage."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.serving import make_server

from aggregator.services import channels
from aggregator.web import factory
from feeds.event import Event, Place
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.houses import Clock, make_house

TUESDAY = datetime(2026, 11, 24, 19, tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class Morning:
    """The town, its clock, and where it is served."""

    town: Town
    clock: Clock
    url: str


@contextmanager
def morning(folder: Path, database_url: str) -> Iterator[Morning]:
    """Noon of a Tuesday; Ana, an administrator, has not begun yet."""
    clock = Clock()
    networks = {**all_networks(), "board": Board().network()}
    house = make_house(folder, database_url, clock=clock, networks=networks)
    server = make_server("127.0.0.1", 0, factory.web(house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    town = Town(house)
    _fill(town, clock)
    yield Morning(town, clock, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    house.database.close()


def _fill(town: Town, clock: Clock) -> None:
    town.user("Ana", "administrator")
    town.connect()
    [walk] = town.tell(evening("walk", "Lantern walk", 18), partner="Parks")
    town.share(walk, now=True)
    where = {"kind": "group", "address": "https://neighbours.example/"}
    channels.add(town.house, "by_hand", "Neighbours", where, actor="test")
    [choir] = town.tell(evening("choir", "Choir for everybody", 20), partner="Harbour")
    town.share(choir, now=True)
    town.deliver()
    town.fail("door.timeout", partner="Playhouse")
    clock.forward(minutes=5)
    town.tell(evening("walk", "Lantern walk", 19), partner="Parks")
    for partner in ("Planetarium", "Schools"):
        town.tell(evening("science", "Snowflake science", 21), partner=partner)
    town.tell(evening("rink", "The rink opens", 1), partner="Market")
    town.tell(*evenings({}))


def evenings(rooms: Mapping[str, str]) -> list[Event]:
    """What the museum tells: eight evenings, some in another room by now."""
    numbers = range(1, 9)
    titles = {each: f"Evening {100 + each}" for each in numbers}
    return [
        evening(f"e{each}", titles[each], 30 + each, rooms.get(titles[each], "Hearth Room"))
        for each in numbers
    ]


def evening(uid: str, title: str, days: int, room: str = "Hearth Room") -> Event:
    """An event at seven, so many days from now."""
    start = TUESDAY + timedelta(days=days)
    end = start + timedelta(hours=1)
    return an_event(uid, summary=title, start=start, end=end, location=Place(room))
