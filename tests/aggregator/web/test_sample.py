"""The sample town: loaded with one click, read like any partner's feeds, taken away again."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from aggregator.services import collecting, sample
from aggregator.services.house import House
from aggregator.storage import links, views
from aggregator.storage import partners as stored
from aggregator.web import factory
from safehttp.door import Door
from tests.aggregator.web.conftest import Visitor
from tests.support.houses import Clock, make_house, only_here
from tests.support.running import free_port


@pytest.fixture
def served(tmp_path: Path, sqlite_url: str, clock: Clock) -> Iterator[House]:
    """A house whose own web app answers at its own address, as the running one does."""
    port = free_port()
    made = make_house(tmp_path, sqlite_url, clock=clock, PORT=str(port), allowed=[port])
    guarded = Door(user_agent="Townboard/test", resolve=only_here)  # no machine of ours
    house = replace(made, door=guarded)
    server = make_server("127.0.0.1", port, factory.web(house), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield house
    server.shutdown()
    house.database.close()


def test_loaded_town_is_read_like_any_partner(served: House) -> None:
    assert sample.load(served, actor="ana") == 8
    collecting.collect(served, seconds=20, pause=0)
    with served.database.reading() as tx:
        counts = views.counts(tx, served.clock())
        asked = links.asked(tx, served.clock())
        rows = {row.partner: row for row in views.feeds(tx)}
    assert counts["new"] > 20
    assert counts["dateless"] == 1
    assert [row.a_facts["summary"] for row in asked] == ["Lantern walk along the river"]
    assert rows["Millbrook Farmers’ Market"].outcome == "page.no_events"
    assert rows["Millbrook Historical Society"].outcome == "NEW_BODY"


def test_only_the_path_of_the_sample_town_leads_through_the_open_door(served: House) -> None:
    ours = served.settings.local_url
    assert served.feed_door(f"{ours}/sample-town/centre") is served.network_door
    for path in ("/inbox", "/sample-town", "/sample-town/../inbox", "/sample-townhall"):
        assert served.feed_door(ours + path) is served.door


def test_town_leaves_with_its_events_and_comes_back_with_them(
    house: House, administrator: Visitor
) -> None:
    sample.load(house, actor="ana")
    sample.take_away(house, actor="ana")
    with house.database.reading() as tx:
        assert [row.name for row in stored.listed(tx) if row.sample] == []
        assert sample.since(tx) is None
    assert administrator.client.get("/sample-town/museum/events.ics").status_code == 404
    sample.load(house, actor="ana")
    with house.database.reading() as tx:
        assert len([row for row in stored.listed(tx) if row.sample]) == 8
    assert administrator.client.get("/sample-town/museum/events.ics").mimetype == "text/calendar"
