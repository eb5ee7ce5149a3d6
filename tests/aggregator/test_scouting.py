"""Addresses that staff paste are looked at: politely, a few at once, and none twice or for ever."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.services import lookups, scouting
from aggregator.services.house import House
from aggregator.storage import lookups as rows
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house

OTHERS = tuple(f"127.0.0.{number}" for number in range(2, 9))


def calendar(*titles: str, name: str = "River Museum") -> str:
    """A feed of one event a title, in December 2026."""
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART:202612{number:02}T150000Z\r\n"
        f"LOCATION:Hall\r\nEND:VEVENT\r\n"
        for number, title in enumerate(titles, 1)
    )
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:{name}\r\n"
    return f"{head}{entries}END:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def servers() -> Iterator[FeedServer]:
    with feed_server(*OTHERS) as server:
        yield server


@pytest.fixture
def server(servers: FeedServer) -> FeedServer:
    servers.pages.clear()
    servers.asked.clear()
    servers.overlap = 0
    return servers


@pytest.fixture
def house(tmp_path: Path, database_url: str, server: FeedServer) -> Iterator[House]:
    made = make_house(tmp_path, database_url, clock=Clock(), allowed=[server.port])
    yield made
    made.database.close()


def look(house: House, text: str, **how: Any) -> tuple[Any, list[Any]]:
    """Paste it and let the worker look; the look-up and its links."""
    pid = lookups.begin(house, text, by="Ana", **how)
    scouting.look(house, pause=0)
    return of(house, pid)


def of(house: House, pid: str) -> tuple[Any, list[Any]]:
    with house.database.reading() as tx:
        row = rows.by_pid(tx, pid)
        return row, [*rows.links(tx, row.id)]


def test_feeds_address_shows_its_next_ten_events(house: House, server: FeedServer) -> None:
    url = server.put("/a.ics", calendar(*(f"Event {each}" for each in range(12))))
    row, [link] = look(house, url)
    assert (row.state, row.kind, link.state) == ("DONE", "address", "READABLE")
    assert link.found["upcoming"] == 12
    assert [each["facts"]["summary"] for each in link.found["events"]] == [
        f"Event {each}" for each in range(10)
    ]
    assert link.found["title"] == "River Museum"
    assert server.asked["/robots.txt"] == 0  # a person named this address


def test_page_is_read_by_the_feeds_that_it_offers_the_best_first(
    house: House, server: FeedServer
) -> None:
    server.put("/news", NEWS, "application/rss+xml")
    server.put("/all.ics", calendar("One", "Two"))
    page = (
        "<title>Events | River Museum</title>"
        "<link rel=alternate type=application/rss+xml href=/news>"
        "<a href='/all.ics'>Subscribe</a>"
    )
    _, [link] = look(house, server.put("/", page, "text/html"))
    assert link.state == "READABLE"
    assert link.found["url"] == server.url("/all.ics")
    assert [each["format"] for each in link.found["others"]] == ["rss"]
    assert server.asked["/robots.txt"] == 1
    assert server.overlap == 1


NEWS = (
    "<rss version='2.0'><channel><title>News</title>"
    "<item><title>We painted the door</title><link>https://museum.example/door</link></item>"
    "</channel></rss>"
)
