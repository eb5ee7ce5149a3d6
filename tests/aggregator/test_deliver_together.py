"""A network that hangs does not make the others wait."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from aggregator.services import channels, collecting, deliveries, partners, sharing
from aggregator.services.house import House
from aggregator.storage.tables import delivery
from networks.errors import UnknownError
from networks.post import Account, Clock, Limits, Network, Post, Receipt, Setting, utc_now
from safehttp.door import Door
from tests.aggregator.test_collecting import ics, vevent
from tests.support.feed_server import feed_server
from tests.support.houses import make_house

LIMITS = Limits(500)


class Quick:
    """Answers at once."""

    def __init__(self, settings: Mapping[str, str], door: Door, clock: Clock = utc_now) -> None:
        self._name = settings["name"]

    def check(self) -> Account:
        return Account(self._name)

    def limits(self) -> Limits:
        return LIMITS

    def publish(self, post: Post, within: timedelta) -> Receipt:
        return Receipt(post.key)

    def find(self, post: Post, since: datetime) -> Receipt | None:
        return None


def hanging(until: threading.Event) -> type[Quick]:
    """A network that answers nothing until `until` is set."""

    class Hanging(Quick):
        def publish(self, post: Post, within: timedelta) -> Receipt:
            until.wait(10)
            raise UnknownError("door.timeout")

    return Hanging


@pytest.fixture
def until() -> threading.Event:
    return threading.Event()


@pytest.fixture
def house(tmp_path: Path, database_url: str, until: threading.Event) -> Iterator[House]:
    """One event, shared on a network that hangs and on one that does not."""
    settle, settings = timedelta(seconds=5), (Setting("name", default="x"),)
    quick = Network("quick", "Quick", settings, settle, Quick, LIMITS)
    slow = replace(quick, name="slow", label="Slow", connect=hanging(until))
    with feed_server() as server:
        made = make_house(
            tmp_path,
            database_url,
            allowed=[server.port],
            networks={each.name: each for each in (slow, quick)},
        )
        partner = partners.add(made, "Museum", actor="test")
        partners.add_source(made, partner, server.put("/a.ics", ics(vevent("a"))), actor="test")
        collecting.collect(made, pause=0)
    for name in ("slow", "quick"):
        channels.add(made, name, name, {}, actor="test")
    sharing.share(made, 1, actor="ana", version=0, post_now=True)
    yield made
    made.database.close()


def test_a_post_goes_out_while_another_networks_answer_is_waited_for(
    house: House, until: threading.Event
) -> None:
    running = threading.Thread(target=deliveries.deliver, args=(house,))
    running.start()
    try:
        for _ in range(400):
            found = states(house)
            if "SENT" in found:
                break
            until.wait(0.01)
        assert sorted(found) == ["SENDING", "SENT"]
    finally:
        until.set()
        running.join()
    assert sorted(states(house)) == ["SENT", "UNKNOWN"]


def states(house: House) -> list[str]:
    with house.database.reading() as tx:
        return [row.state for row in tx.all(select(delivery.c.state))]
