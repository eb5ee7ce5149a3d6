"""Addresses that staff paste are looked at: politely, a few at once, none twice or for ever."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.services import lookups, scouting, ticking
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.services.lookups import Choice
from aggregator.storage import lookups as rows
from aggregator.storage import partners, sources
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house
from tests.support.running import until

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
    made = make_house(tmp_path, database_url, clock=Clock(), allowed=[server.port], at=OTHERS)
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
        assert row is not None
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


def page_of(server: FeedServer, *links: tuple[str, str]) -> str:
    """A page with links (path on which loopback host, words)."""
    anchors = "".join(f"<a href='{href}'>{title}</a>" for href, title in links)
    return server.put("/links", f"<title>Around town</title>{anchors}", "text/html")


def elsewhere(server: FeedServer, number: int, path: str) -> str:
    return f"http://127.0.0.{number}:{server.port}{path}"


def test_page_of_links_sorts_out_what_can_be_read_and_one_broken_link_stops_nothing(
    house: House, server: FeedServer
) -> None:
    server.put("/cal.ics", calendar("One", "Two", name=""))
    server.put(
        "/people", "<title>Barn</title><a href='mailto:barn@folk.example'>x</a>", "text/html"
    )
    server.put("/news", NEWS, "application/rss+xml")
    server.put("/locked", "no", "text/html", status=403)
    server.put("/odd", b"\x00\x01\x02" * 99, "application/octet-stream")
    url = page_of(
        server,
        (elsewhere(server, 2, "/cal.ics"), "River Museum"),
        (elsewhere(server, 3, "/people"), "click here"),
        (elsewhere(server, 4, "/news"), "Parks"),
        (elsewhere(server, 5, "/locked"), "Yacht Club"),
        (elsewhere(server, 6, "/gone"), "Mill"),
        (elsewhere(server, 7, "/odd"), "Odd"),
        ("https://www.facebook.com/SwapShop", "Swap Shop"),
        ("https://nobody.example/", "Nobody"),
    )
    row, [_, *links] = look(house, url)
    assert (row.kind, row.state, row.title) == ("links", "DONE", "Around town")
    assert [(each.title, each.state) for each in links] == [
        ("River Museum", "READABLE"),
        ("click here", "WORD_NEEDED"),
        ("Parks", "WORD_NEEDED"),
        ("Yacht Club", "WORD_NEEDED"),
        ("Mill", "NOTHING"),
        ("Odd", "NOTHING"),
        ("Swap Shop", "NOTHING"),
        ("Nobody", "NOTHING"),
    ]
    codes = [each.outcome["code"] for each in links[1:]]
    assert codes == [
        "page.no_events",
        "look.no_dates",
        "feed.forbidden",
        "feed.gone",
        "feed.unknown",
        "look.closed",
        "door.name",
    ]
    assert links[1].outcome["mail"] == "barn@folk.example"
    assert server.asked["/robots.txt"] == 6  # each site whose address we found ourselves


def test_site_that_asks_programs_to_stay_away_is_not_read(house: House, server: FeedServer) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /cal.ics", "text/plain")
    server.put("/cal.ics", calendar("One"))
    links = [(elsewhere(server, number, "/cal.ics"), "x") for number in range(2, 7)]
    _, [_, *found] = look(house, page_of(server, *links))
    assert {(each.state, each.outcome["code"]) for each in found} == {
        ("WORD_NEEDED", "look.robots")
    }
    assert server.asked["/cal.ics"] == 0
    _, [link] = look(house, server.url("/cal.ics"))  # a person named it: like a browser
    assert link.state == "READABLE"


def test_several_sites_are_asked_at_once_and_one_site_one_page_at_a_time(
    house: House, server: FeedServer
) -> None:
    server.put("/cal.ics", calendar("One"), delay=0.2)
    text = "\n".join(elsewhere(server, number, "/cal.ics") for number in range(2, 8))
    row, links = look(house, text)
    assert (row.kind, {each.state for each in links}) == ("opml", {"READABLE"})
    assert 1 < server.overlap <= 5
    server.overlap = 0
    for number in range(3):
        server.put(f"/{number}.ics", calendar("One"), delay=0.1)
    look(house, "\n".join(server.url(f"/{number}.ics") for number in range(3)))
    assert server.overlap == 1


def test_list_of_feeds_is_looked_at_whole(house: House, server: FeedServer) -> None:
    server.put("/a.ics", calendar("One"))
    opml = (
        f"<opml><body><outline text='Museum' xmlUrl='{server.url('/a.ics')}'/>"
        f"<outline text='Gone' xmlUrl='{server.url('/b.ics')}'/></body></opml>"
    )
    row, links = look(house, opml)
    assert (row.kind, row.page_url) == ("opml", None)
    assert [(each.title, each.state) for each in links] == [
        ("Museum", "READABLE"),
        ("Gone", "NOTHING"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "look.nothing"),
        ("<opml><body/></opml>", "look.opml_empty"),
        ("ftp://museum.example", "source.address"),
        ("https://m.facebook.com/museum", "look.closed"),
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(house: House, text: str, code: str) -> None:
    with pytest.raises(ServiceError) as refused:
        lookups.begin(house, text, by="Ana")
    assert refused.value.code == code


def test_what_was_found_becomes_partners_once(house: House, server: FeedServer) -> None:
    server.put("/a.ics", calendar("One"))
    server.put("/b.ics", calendar("Two", "Three"))
    row, links = look(house, f"{server.url('/a.ics')}\n{server.url('/b.ics')}")
    choices = [Choice(each.id, f"Partner {each.id}") for each in links]
    for _ in range(2):  # a second click adds nothing
        lookups.add(house, row.pid, choices, actor="Ana", trust="list")
    with house.database.reading() as tx:
        added = [(each.name, each.trust) for each in partners.listed(tx)]
        assert sources.find(tx, server.url("/b.ics")) is not None
    assert added == [(f"Partner {each.id}", "list") for each in links]
    row, [link] = look(house, server.url("/a.ics"))
    done = lookups.add(house, row.pid, [Choice(link.id, "Again")], actor="Ana")
    assert (done.partners, done.known) == ((), (server.url("/a.ics"),))


def test_our_own_calendar_belongs_to_the_library_itself(house: House, server: FeedServer) -> None:
    row, [link] = look(house, server.put("/a.ics", calendar("One")), ours=True)
    done = lookups.add(house, row.pid, [Choice(link.id, "x")], actor="Ana", ours=True)
    with house.database.reading() as tx:
        ours = partners.ours(tx)
    assert ours is not None
    assert done.partners == ((ours.id, "Millbrook Public Library"),)


def test_link_is_looked_at_once_more_when_asked(house: House, server: FeedServer) -> None:
    row, [link] = look(house, server.url("/a.ics"))
    assert (link.state, link.outcome["code"]) == ("NOTHING", "feed.gone")
    server.put("/a.ics", calendar("One"))
    assert lookups.again(house, row.pid, [link.id]) == 1
    assert ticking.due(house) >= {"look"}  # found by the tick, whatever becomes of the wake
    scouting.look(house, pause=0)
    row, [link] = of(house, row.pid)
    assert (row.state, link.state) == ("DONE", "READABLE")


def test_link_is_looked_at_once_more_however_old_its_list_is(
    house: House, server: FeedServer
) -> None:
    row, [link] = look(house, server.url("/a.ics"))
    assert isinstance(house.clock, Clock)
    house.clock.forward(hours=30)
    server.put("/a.ics", calendar("One"))
    lookups.again(house, row.pid, [link.id])
    scouting.look(house, pause=0)
    row, [link] = of(house, row.pid)
    assert (row.state, link.state) == ("DONE", "READABLE")


def test_what_nobody_got_round_to_is_given_up_after_an_hour(
    house: House, server: FeedServer
) -> None:
    pid = lookups.begin(house, server.put("/a.ics", calendar("One")), by="Ana")
    assert isinstance(house.clock, Clock)
    house.clock.forward(hours=2)
    scouting.look(house, pause=0)
    row, [link] = of(house, pid)
    assert (row.state, link.outcome["code"]) == ("DONE", "look.given_up")


KILLED = """
import os, sys
from datetime import datetime, timezone
from aggregator import app
from aggregator.services import scouting
from dataclasses import replace
from tests.support.houses import Clock
scouting.look(replace(app.build(app.settings()), clock=Clock()), pause=0)
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(house: House, server: FeedServer) -> None:
    """A worker with SIGKILL: what was found stays, what it held is given back by the tick."""
    for number in range(2, 6):
        server.put(f"/{number}.ics", calendar("One"), delay=0.0 if number < 4 else 60.0)
    text = "\n".join(elsewhere(server, number, f"/{number}.ics") for number in range(2, 6))
    pid = lookups.begin(house, text, by="Ana")
    wanted = {
        "DATA_DIR": str(house.settings.data_dir),
        "DATABASE_URL": house.settings.database_url,
        "REDIS_URL": "unix:///nowhere",
        "ALLOW_PRIVATE": " ".join(f"{host}:{server.port}" for host in ("127.0.0.1", *OTHERS)),
    }
    root = Path(__file__).parents[2]
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=root, env={**os.environ, **wanted}
    )
    try:
        until(lambda: [each.state for each in of(house, pid)[1]].count("READABLE") == 2, 30)
        until(lambda: server.asked["/4.ics"] + server.asked["/5.ics"] == 2, 30)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(30)
    assert scouting.look(house, pause=0, seconds=0.1) == 0  # still claimed
    assert ticking.free(house) == 4  # two links and their two hosts
    for number in (4, 5):
        server.put(f"/{number}.ics", calendar("One"))
    assert scouting.look(house, pause=0) == 2
    row, links = of(house, pid)
    assert (row.state, {each.state for each in links}) == ("DONE", {"READABLE"})
    assert server.asked["/2.ics"] == 1
