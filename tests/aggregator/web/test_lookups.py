"""Whose events shall we read: an address is pasted, looked at by the worker, shown, saved."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from aggregator.services import collecting, lookups, scouting
from aggregator.services.house import House
from aggregator.storage import partners, sources
from tests.aggregator.test_scouting import NEWS, calendar
from tests.aggregator.web.checking import named
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town
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


def test_page_without_javascript_loads_itself_again_while_we_look(
    administrator: Visitor, server: FeedServer
) -> None:
    at = paste(administrator, server.url("/all.ics"))
    page = administrator.client.get(at).text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert "Look again" in page


def test_nothing_readable_is_told_with_a_message_to_send(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    body = "<title>Yacht Club</title><a href='mailto:office@yacht.example'>Office</a>"
    at = paste(administrator, server.put("/poster", body, "text/html"))
    scouting.look(house, pause=0)
    page = administrator.get(at)
    said = text(page)
    assert "Nothing to read here yet" in said
    assert "Does your website offer a calendar to subscribe to?" in said
    assert "Ana the administrator, Millbrook Public Library" in said
    assert "office@yacht.example" in said
    server.put("/poster", calendar("Regatta"))
    administrator.follow(administrator.send(page, f"{at}/again"))
    scouting.look(house, pause=0)
    assert "We can read this one" in text(administrator.get(at))


def test_other_way_in_can_be_chosen(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    server.put("/all.ics", calendar("Story time"))
    server.put("/news", NEWS, "application/rss+xml")
    body = (
        "<title>Events | River Museum</title><a href='/all.ics'>iCal</a>"
        "<link rel=alternate type=application/rss+xml href=/news>"
    )
    at = paste(administrator, server.put("/", body, "text/html"))
    scouting.look(house, pause=0)
    assert "2 ways in. Which?" in text(administrator.get(at))
    page = administrator.get(f"{at}?way=1")
    assert "1 entry, without a date" in text(page)
    administrator.follow(administrator.send(page, f"{at}/add"))
    with house.database.reading() as tx:
        assert sources.find(tx, server.url("/news")) is not None


def test_page_of_links_gives_a_list_to_add_from_with_names_of_ones_own(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    for number in range(2, 5):
        server.put(f"/{number}.ics", calendar("Story time", name=""))
    links = "".join(
        f"<a href='http://127.0.0.{number}:{server.port}/{number}.ics'>Partner {number}</a>"
        for number in range(2, 6)
    )
    at = paste(administrator, server.put("/", f"<title>Around town</title>{links}", "text/html"))
    scouting.look(house, pause=0, seconds=0.0)
    scouting.look(house, pause=0)
    page = administrator.get(at)
    said = text(page)
    assert "All 4 sites looked at" in said
    assert "We can read these3" in said
    assert "Nothing found1" in said
    boxes = [each for each in named(page, "input") if each.get("name") == "add"]
    first, _, third = (each.get("value", "") for each in boxes)
    sent = administrator.send(
        page, f"{at}/add", add=[first, third], **{f"name-{first}": "River Museum"}, trust="list"
    )
    inbox = administrator.follow(sent)
    assert "Added 2 partners." in text(inbox)
    with house.database.reading() as tx:
        assert [each.name for each in partners.listed(tx)] == ["Partner 4", "River Museum"]
    assert "Added2" in text(administrator.get(at))
    server.put("/5.ics", "<title>Barn</title>", "text/html")
    page = administrator.follow(administrator.send(page, f"{at}/again", state="NOTHING"))
    scouting.look(house, pause=0)
    page = administrator.get(at)
    assert "Need a word with them1" in text(page)
    [word] = [a.get("href", "") for a in named(page, "a") if "word=" in a.get("href", "")]
    assert "We would love to list your events" in text(administrator.get(word.partition("#")[0]))


def test_progress_brings_only_what_the_page_does_not_show_yet(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    server.put("/2.ics", calendar("Story time"))
    pid = lookups.begin(
        house, f"http://127.0.0.2:{server.port}/2.ics {server.url('/gone')}", by="Ana"
    )
    part = {"HX-Request-Type": "partial"}
    asking = f"/partners/look/{pid}/progress?kind=opml"
    assert "Still looking (0 of 2)" in administrator.client.get(asking, headers=part).text
    scouting.look(house, pause=0)
    answer = administrator.client.get(asking, headers=part).text
    assert answer.count("<hx-partial") == 2
    assert "every 1s" not in answer
    assert (
        "<hx-partial" not in administrator.client.get(f"{asking}&seen=1&seen=2", headers=part).text
    )
    changed = administrator.client.get(f"/partners/look/{pid}/progress?kind=address", headers=part)
    assert changed.headers["HX-Refresh"] == "true"


def test_chosen_file_is_a_list_of_feeds_or_is_refused(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    opml = f"<opml><body><outline text='Museum' xmlUrl='{server.url('/a.ics')}'/></body></opml>"
    page = administrator.get("/partners/add")
    sent = administrator.send(page, "/partners/look", file=(BytesIO(opml.encode()), "list.opml"))
    assert "Your list" in text(administrator.follow(sent))
    sent = administrator.send(page, "/partners/look", file=(BytesIO(b"x"), "list.opml"))
    assert sent.status_code == 422
    assert "That is no list of feeds." in text(administrator.read(sent))


def test_fault_is_told_beside_the_box_and_keeps_what_was_typed(administrator: Visitor) -> None:
    page = administrator.get("/partners/add")
    sent = administrator.send(page, "/partners/look", address="https://facebook.com/museum")
    assert sent.status_code == 422
    assert "Facebook shows its pages to members only" in text(administrator.read(sent))
    assert 'value="https://facebook.com/museum"' in sent.text


def test_another_address_is_added_to_the_same_partner(
    house: House, town: Town, administrator: Visitor, server: FeedServer
) -> None:
    town.source()
    with house.database.reading() as tx:
        row = partners.by_id(tx, 1)
    assert row is not None
    page = administrator.get(f"/partners/add?partner={row.pid}")
    assert "Another address of River Museum" in text(page)
    server.put("/more.ics", calendar("Story time"))
    sent = administrator.send(page, "/partners/look", address=server.url("/more.ics"))
    at = str(sent.headers["Location"])
    scouting.look(house, pause=0)
    page = administrator.get(at)
    after = administrator.follow(administrator.send(page, f"{at.partition('?')[0]}/add"))
    assert "2 addresses" in text(after)
    with house.database.reading() as tx:
        assert len(partners.listed(tx)) == 1


def test_our_own_calendar_is_added_the_same_way(
    house: House, administrator: Visitor, server: FeedServer
) -> None:
    page = administrator.get("/partners/add?ours=1")
    assert "Our own calendar" in text(page)
    server.put("/own.ics", calendar("Story time"))
    sent = administrator.send(page, "/partners/look", address=server.url("/own.ics"))
    at = str(sent.headers["Location"])
    scouting.look(house, pause=0)
    page = administrator.get(at)
    [box] = [each for each in named(page, "input") if each.get("name") == "ours"]
    assert box.get("checked") is not None
    administrator.follow(administrator.send(page, f"{at}/add"))
    with house.database.reading() as tx:
        ours = partners.ours(tx)
    assert ours is not None
    assert (ours.name, ours.trust) == ("Millbrook Public Library", "list")
