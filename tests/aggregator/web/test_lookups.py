"""Whose events shall we read: an address is pasted, looked at by the worker, shown, saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.services import collecting, scouting
from aggregator.services.house import House
from aggregator.storage import partners
from tests.aggregator.test_scouting import calendar
from tests.aggregator.web.conftest import Visitor, text
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house

OTHERS = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6")


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server(*OTHERS) as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str, clock: Clock, server: FeedServer) -> Iterator[House]:
    """A house that may read the partners of this test."""
    made = make_house(tmp_path, sqlite_url, clock=clock, allowed=[server.port], at=OTHERS)
    yield made
    made.database.close()


def paste(visitor: Visitor, address: str) -> str:
    """Paste it into the one box; where the result stands."""
    page = visitor.get("/partners/add")
    answer = visitor.send(page, "/partners/look", address=address)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_pasted_address_is_shown_before_anything_is_saved_and_then_read_at_once(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    feed = server.put("/all.ics", calendar("Story time", "Map evening"))
    at = paste(administrator, feed)
    assert "Looking there now" in text(administrator.get(at))
    assert server.asked["/all.ics"] == 0  # no page fetches
    scouting.look(house, pause=0)
    page = administrator.get(at)
    said = text(page)
    assert "We can read this one" in said
    assert "2 events, the last on Wed 2 Dec" in said
    assert "Story timeTue 1 Dec, 10 am · Hall" in said
    assert "No end time. We show the start only." in said
    with house.database.reading() as tx:
        assert partners.listed(tx) == []
    inbox = administrator.follow(administrator.send(page, f"{at}/add", trust="look"))
    assert "Added River Museum. Its events come in within seconds." in text(inbox)
    collecting.collect(house, pause=0)
    assert "Map evening" in text(administrator.get("/inbox"))
