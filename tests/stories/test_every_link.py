"""Every link is followed and every form is sent: in an empty house, and in the sample town."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from werkzeug.serving import make_server

from aggregator.domain.filtering import Filter
from aggregator.services import (
    accounts,
    channels,
    collecting,
    deliveries,
    practice,
    reviews,
    sample,
    scouting,
    sharing,
)
from aggregator.services.house import House
from aggregator.storage import views
from aggregator.web import factory
from safehttp.door import Door
from tests.aggregator.web.conftest import Visitor, _quick, compiled
from tests.aggregator.web.town import PASSWORD
from tests.stories.walking import Walk
from tests.support.houses import Clock, make_house, only_here
from tests.support.running import free_port

__all__ = ["_quick", "compiled"]

ROOT = Path(__file__).parents[2]

#: Names of people and places on the drawings that the pages were made from.
DRAWN = ("Lindenford", "River Museum", "Winter Stories", "Carver", "Playhouse", "Tom", "Courier")

#: Sent to by no form of these walks, and why.
NOT_HERE = {
    *("door.begun", "door.enter", "door.logout", "welcome.choose"),  # another person's
    *("practice.publish", "practice.fail"),  # asked by the network's program and its test bench
    *("event.theirs", "event.ours", "inbox.seen"),  # no source changes while we walk
    *("event.forget", "event.put_back"),  # each stands behind a second visit to one event
    "lookups.add",  # needs another site that can be read
    "entering.remove",  # only offered before anybody could have seen it
}

STARTS = ("/today", "/inbox", "/", "/calendar")


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str) -> Iterator[House]:
    """A house that is served at its own address, with an administrator."""
    port = free_port()
    made = make_house(tmp_path, sqlite_url, clock=Clock(), PORT=str(port), allowed=[port])
    made = replace(made, door=Door(user_agent="Townboard/test", resolve=only_here))
    accounts.add_user(made, "ana", PASSWORD, "administrator", actor="test")
    server = make_server("127.0.0.1", port, factory.web(made), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    made.database.close()


@pytest.fixture
def walk(house: House, compiled: FileSystemBytecodeCache) -> Callable[[], Walk]:
    """An administrator who goes everywhere, without JavaScript."""

    def go() -> Walk:
        app = factory.web(house)
        app.jinja_env.bytecode_cache = compiled
        visitor = Visitor(app.test_client())
        visitor.log_in("ana")
        clock = house.clock
        assert isinstance(clock, Clock)

        def work() -> None:
            scouting.look(house, pause=0)
            deliveries.deliver(house, seconds=5)

        typed = {
            "address": f"{house.settings.local_url}/calendar.ics",
            "title": "Carols in the reading room",
            "day": "2026-12-04",
            "start": "17:30",
            "time": "17:30",
            "alt": "A choir by the window",
            "image_alt": "A choir by the window",
            "setting.url": "https://hooks.library.example/posts",
        }
        walk = Walk(visitor.client, clock, work, typed).go(*STARTS, back=False)
        clock.forward(days=1)
        work()
        return walk.go(*STARTS, back=True)

    return go


def _begin(house: House, number: int) -> None:
    """The first events of the inbox are on the calendar or in the queue, by turns."""
    with house.database.reading() as tx:
        rows = views.inbox(tx, Filter(), house.clock(), limit=number)
    for row in rows[::2]:
        reviews.apply(house, "calendar_only", row.id, actor="ana", version=row.version)
    for row in rows[1::2]:
        sharing.share(house, row.id, actor="ana", version=row.version)


def test_empty_house_leads_nowhere_wrong(walk: Callable[[], Walk]) -> None:
    found = walk()
    assert found.faults == []
    assert len(found.opened) > 30


def test_sample_town_leads_nowhere_wrong(house: House, walk: Callable[[], Walk]) -> None:
    sample.load(house, actor="ana")
    channels.add(house, "practice", "Practice", practice.known(house, "practice"), actor="ana")
    channels.add(house, "by_hand", "The paper", {}, actor="ana")
    collecting.collect(house, seconds=20, pause=0)
    _begin(house, 6)
    found = walk()
    assert found.faults == []
    assert _never(found) - NOT_HERE == set()


def _never(found: Walk) -> set[str]:
    """The endpoints that take a form, and that got none."""
    rules = found.client.application.url_map
    bound = rules.bind("localhost")
    paths = {each.partition("?")[0] for each in found.actions}
    reached = {bound.match(path, method="POST")[0] for path in paths}
    asking = {each.endpoint for each in rules.iter_rules() if "POST" in (each.methods or ())}
    return asking - reached


def test_no_name_of_the_drawings_stands_in_a_template() -> None:
    pattern = re.compile(rf"\b({'|'.join(DRAWN)})\b")
    found = {
        str(path.relative_to(ROOT)): pattern.findall(path.read_text("utf-8"))
        for path in (ROOT / "templates").rglob("*.html")
    }
    assert {path: names for path, names in found.items() if names} == {}
