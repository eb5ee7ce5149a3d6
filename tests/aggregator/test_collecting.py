"""Collecting, against a real web server on loopback and real databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from aggregator import doctor
from aggregator.services import collecting, partners, reviews, ticking
from aggregator.services.house import House
from aggregator.services.owners import owner
from aggregator.storage import events, hosts, sources
from aggregator.storage.tables import (
    body,
    change,
    event,
    fetch,
    host,
    linked_page,
    occurrence,
    review,
    sighting,
    source,
)
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house


def ics(*blocks: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", *blocks, "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def vevent(
    uid: str, *more: str, start: str = "20261205T140000", summary: str = "Story hour"
) -> str:
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SUMMARY:{summary}",
            f"DTSTART;TZID=America/New_York:{start}",
            *more,
            "END:VEVENT",
        ]
    )


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, database_url: str, server: FeedServer, clock: Clock) -> Iterator[House]:
    made = make_house(tmp_path, database_url, clock=clock, allowed=[server.port])
    yield made
    made.database.close()


def add(house: House, url: str, name: str = "Millbrook Museum") -> int:
    partner = partners.add(house, name, actor="test")
    return partners.add_source(house, partner, url, actor="test")


def collect(house: House, **more: Any) -> int:
    return collecting.collect(house, pause=0, **more)


def again(house: House, clock: Clock) -> int:
    """Let the source come due, and collect."""
    clock.forward(days=2)
    return collect(house)


def rows(house: House, table: Any) -> list[Any]:
    with house.database.reading() as tx:
        return [*tx.all(select(table).order_by(*table.primary_key))]


def snapshot(house: House) -> list[list[tuple[Any, ...]]]:
    """Every row that a poll without news must not touch."""
    tables = (event, sighting, occurrence, change, review, body)
    return [[tuple(row) for row in rows(house, table)] for table in tables]


def only(items: list[Any]) -> Any:
    [item] = items
    return item


def test_a_new_feed_gives_events_with_reviews_dates_and_a_record(
    house: House, server: FeedServer
) -> None:
    text = ics(vevent("a"), vevent("b", "RRULE:FREQ=WEEKLY;COUNT=5", summary="Choir"))
    add(house, server.put("/a.ics", text))
    assert collect(house) == 1
    assert [row.facts["summary"] for row in rows(house, event)] == ["Story hour", "Choir"]
    assert [row.state for row in rows(house, review)] == ["NEW", "NEW"]
    assert len(rows(house, occurrence)) == 6
    record = only(rows(house, fetch))
    assert (record.outcome, record.status, record.n_new, record.n_changed) == (
        "NEW_BODY",
        200,
        2,
        0,
    )
    assert doctor.invariants(house) == []


def test_a_second_poll_is_conditional_and_writes_no_event(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    collect(house)
    before = snapshot(house)
    assert again(house, clock) == 1
    assert server.answered[304] == 1
    assert snapshot(house) == before
    assert [row.outcome for row in rows(house, fetch)] == ["NEW_BODY", "NOT_MODIFIED"]


def test_the_same_body_without_an_etag_writes_no_event(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a")), etag=False))
    collect(house)
    before = snapshot(house)
    again(house, clock)
    assert snapshot(house) == before
    assert [row.outcome for row in rows(house, fetch)] == ["NEW_BODY", "SAME_BODY"]


def test_bookkeeping_of_the_partners_software_is_no_change(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a", "DTSTAMP:20260101T000000Z", "SEQUENCE:1"))))
    collect(house)
    before = snapshot(house)[:-1]
    text = ics(
        vevent("a", "DTSTAMP:20261124T000000Z", "SEQUENCE:2", "LAST-MODIFIED:20261124T000000Z")
    )
    server.put("/a.ics", text)
    again(house, clock)
    assert snapshot(house)[:-1] == before
    assert rows(house, fetch)[-1].n_same == 1


def test_a_changed_time_is_recorded_with_before_and_after(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    collect(house)
    old = only(rows(house, event))
    server.put("/a.ics", ics(vevent("a", start="20261205T160000")))
    again(house, clock)
    new, told = only(rows(house, event)), only(rows(house, change))
    assert (told.field, told.material, told.cause) == ("start", True, "fetch")
    assert told.before == "2026-12-05T14:00:00-05:00"
    assert told.after == "2026-12-05T16:00:00-05:00"
    assert (new.pid, new.sequence) == (old.pid, old.sequence + 1)
    assert "SEQUENCE:1" in new.ics_block
    assert only(rows(house, occurrence)).start_wall == "2026-12-05T16:00:00"
    assert doctor.invariants(house) == []


def test_one_bad_entry_never_sinks_a_feed(house: House, server: FeedServer) -> None:
    broken = "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:never\r\nSUMMARY:No\r\nEND:VEVENT"
    add(house, server.put("/a.ics", ics(broken, vevent("a"))))
    collect(house)
    assert "Story hour" in [row.facts["summary"] for row in rows(house, event)]
    assert only(rows(house, fetch)).problems


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("<html><title>Sorry</title></html>", "text/html", 200),
        ("", "text/calendar", 200),
        ('{"error": "no"}', "application/json", 200),
        ("gone", "text/plain", 404),
        ("oh", "text/plain", 500),
    ],
)
def test_a_bad_feed_deletes_nothing_and_is_asked_again(
    house: House, server: FeedServer, clock: Clock, text: str, kind: str, status: int
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    collect(house)
    before = snapshot(house)
    server.put("/a.ics", text, kind, status=status)
    again(house, clock)
    assert snapshot(house) == before
    found = only(rows(house, source))
    assert found.failures == 1
    assert found.due_at > clock.now
    server.put("/a.ics", ics(vevent("a")))
    again(house, clock)
    assert snapshot(house) == before
    assert only(rows(house, source)).failures == 0


def test_a_bad_feed_does_not_stop_another(house: House, server: FeedServer) -> None:
    add(house, server.put("/bad", "<html>", "text/html"), "Bad")
    add(house, server.put("/good.ics", ics(vevent("a"))), "Good")
    assert collect(house) == 2
    assert len(rows(house, event)) == 1


def test_what_is_gone_is_marked_and_nothing_is_deleted(
    house: House, server: FeedServer, clock: Clock
) -> None:
    later, last = vevent("b", start="20261212T100000"), vevent("c", start="20261219T100000")
    first = vevent("a", start="20261128T100000")
    add(house, server.put("/a.ics", ics(first, later, last)))
    collect(house)
    server.put("/a.ics", ics(first, last))
    again(house, clock)
    assert [row.presence for row in rows(house, sighting)] == ["HERE", "GONE", "HERE"]
    assert rows(house, fetch)[-1].n_gone == 1
    assert len(rows(house, event)) == 3
    server.put("/a.ics", ics(first, later, last))
    again(house, clock)
    assert [row.presence for row in rows(house, sighting)] == ["HERE", "HERE", "HERE"]


def test_what_fell_out_of_the_feeds_window_is_not_gone(
    house: House, server: FeedServer, clock: Clock
) -> None:
    texts = [vevent(str(n), start=f"202612{10 + n}T100000") for n in range(5)]
    add(house, server.put("/a.ics", ics(*texts)))
    collect(house)
    server.put("/a.ics", ics(*texts[1:4]))
    again(house, clock)
    presence = [row.presence for row in rows(house, sighting)]
    assert presence == ["OUT_OF_WINDOW", "HERE", "HERE", "HERE", "OUT_OF_WINDOW"]


def test_what_stood_behind_the_cut_of_an_rss_feed_is_not_gone(
    house: House, server: FeedServer, clock: Clock
) -> None:
    event = "xmlns:ev='http://purl.org/rss/1.0/modules/event/'"
    items = [
        f"<item><title>{n}</title><guid>{n}</guid>"
        f"<ev:startdate>2026-12-0{n}T10:00:00-05:00</ev:startdate></item>"
        for n in (3, 1, 5)
    ]
    whole = f"<rss version='2.0' {event}><channel>{''.join(items)}</channel></rss>"
    add(house, server.put("/rss", whole, "text/xml"))
    collect(house)
    first, last = whole.partition(items[0])[0] + items[1], items[2]
    for text, gone in ((first + last, "HERE"), (f"{first}{last}</channel></rss>", "GONE")):
        server.put("/rss", text, "text/xml")
        again(house, clock)
        assert [row.presence for row in rows(house, sighting)] == [gone, "HERE", "HERE"]


def test_an_empty_calendar_changes_nothing(house: House, server: FeedServer, clock: Clock) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    collect(house)
    before = snapshot(house)[:-1]
    server.put("/a.ics", ics())
    again(house, clock)
    assert snapshot(house)[:-1] == before


def test_events_without_uids_are_found_again(
    house: House, server: FeedServer, clock: Clock
) -> None:
    def nameless(summary: str, start: str) -> str:
        return vevent("", summary=summary, start=start).replace("UID:\r\n", "")

    add(
        house,
        server.put(
            "/a.ics", ics(nameless("A", "20261205T100000"), nameless("B", "20261206T100000"))
        ),
    )
    collect(house)
    pids = [row.pid for row in rows(house, event)]
    server.put("/a.ics", ics(nameless("B", "20261206T110000"), nameless("A", "20261205T100000")))
    again(house, clock)
    assert [row.pid for row in rows(house, event)] == pids
    assert rows(house, fetch)[-1].n_changed == 1


def test_a_declined_event_returns_only_when_it_changed_materially(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a", "DESCRIPTION:one"))))
    collect(house)
    found = only(rows(house, event))
    reviews.apply(house, "decline", found.id, actor="ana", version=0)
    server.put("/a.ics", ics(vevent("a", "DESCRIPTION:two")))
    again(house, clock)
    assert only(rows(house, review)).state == "DECLINED"
    server.put("/a.ics", ics(vevent("a", "DESCRIPTION:two", start="20261206T140000")))
    again(house, clock)
    assert only(rows(house, review)).state == "NEW"
    assert doctor.invariants(house) == []


def test_an_entry_without_a_date_is_a_notice_and_its_page_is_read_once(
    house: House, server: FeedServer, clock: Clock
) -> None:
    page = server.put(
        "/walk",
        '<html><script type="application/ld+json">{"@context": "https://schema.org",'
        '"@type": "Event", "name": "Walk", "startDate": "2026-12-05T10:00-05:00"}</script></html>',
        "text/html",
    )
    plain = server.put("/plain", "<html><p>Just words</p></html>", "text/html")
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid></item>"
        for title, link in (("Walk", page), ("News", plain))
    )
    add(
        house,
        server.put("/rss", rss(items), "text/xml"),
    )
    collect(house)
    assert [row.kind for row in rows(house, event)] == ["event", "notice"]
    assert only(rows(house, occurrence)).start_wall == "2026-12-05T10:00:00"
    again(house, clock)
    assert (server.asked["/walk"], server.asked["/plain"]) == (1, 1)
    assert len(rows(house, linked_page)) == 2
    assert doctor.invariants(house) == []


def test_twenty_linked_pages_are_read_a_poll_and_the_rest_at_the_next(
    house: House, server: FeedServer, clock: Clock
) -> None:
    items = ""
    for number in range(25):
        link = server.put(
            f"/e{number}",
            '<html><script type="application/ld+json">{"@type": "Event", "name": "E", "@context":'
            f'"https://schema.org", "startDate": "2026-12-{number + 1:02}T10:00-05:00"}}</script>',
            "text/html",
        )
        items += f"<item><title>E{number}</title><link>{link}</link><guid>{number}</guid></item>"
    add(
        house,
        server.put("/rss", rss(items), "text/xml"),
    )
    collect(house)
    assert sum(row.kind == "event" for row in rows(house, event)) == 20
    again(house, clock)
    assert sum(row.kind == "event" for row in rows(house, event)) == 25
    assert all(server.asked[f"/e{number}"] == 1 for number in range(25))
    assert doctor.invariants(house) == []


def test_robots_txt_keeps_us_from_linked_pages_but_not_from_the_feed(
    house: House, server: FeedServer
) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    page = server.put("/walk", "<html></html>", "text/html")
    item = f"<item><title>Walk</title><link>{page}</link><guid>1</guid></item>"
    add(house, server.put("/rss", rss(item), "text/xml"))
    collect(house)
    assert server.asked["/walk"] == 0
    assert only(rows(house, event)).kind == "notice"


def test_one_host_is_asked_one_request_at_a_time(house: House, server: FeedServer) -> None:
    for number in range(6):
        add(house, server.put(f"/{number}.ics", ics(vevent(str(number))), delay=0.02), f"P{number}")
    assert collect(house) == 6
    assert server.overlap == 1


def test_the_partners_servers_learn_who_asks(house: House, server: FeedServer) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    collect(house)
    assert server.agents == {"Townboard/test (it@library.example)"}


def test_a_server_that_says_later_is_left_alone_as_long_as_it_asks(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", "", status=429, headers={"Retry-After": "40000"}))
    collect(house)
    found = only(rows(house, source))
    assert (found.due_at - clock.now).total_seconds() >= 40000
    clock.forward(hours=5)
    assert collect(house) == 0


def test_a_host_whose_owner_vanished_is_taken_over_after_the_lease(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    with house.database.writing() as tx:
        assert hosts.claim(tx, "somebody", clock.now, clock.now + collecting.LEASE)
    assert collect(house) == 0
    clock.forward(seconds=collecting.LEASE.total_seconds() + 1)
    assert collect(house) == 1


def test_a_host_whose_owner_was_killed_on_this_machine_is_free_within_a_tick(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    alive = owner()
    killed = alive.replace(f":{os.getpid()}:", f":{child.pid}:")
    for name, freed in ((alive, 0), (killed, 1)):
        with house.database.writing() as tx:
            held = hosts.claim(tx, name, clock.now, clock.now + collecting.LEASE)
        assert held is not None
        assert ticking.free(house) == freed
        if not freed:
            with house.database.writing() as tx:
                hosts.release(tx, held, clock.now)
    assert collect(house) == 1


def test_a_poll_whose_claim_was_taken_over_writes_nothing(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    from aggregator.services import library, polls, storing

    with house.database.writing() as tx:
        held = hosts.claim(tx, "slow", clock.now, clock.now + collecting.LEASE)
    assert held is not None
    with house.database.reading() as tx:
        due, zone = sources.due(tx, held.host, clock.now), library.zone(tx)
    done = polls.poll(house, due[0], held, zone)
    clock.forward(hours=1)
    with house.database.writing() as tx:
        assert hosts.claim(tx, "fast", clock.now, clock.now + collecting.LEASE)
    assert storing.store(house.database, held, done) is None
    assert rows(house, event) == []


def test_a_picture_becomes_our_own_without_what_the_camera_noted(
    house: House, server: FeedServer
) -> None:
    import io

    from PIL import Image

    from aggregator.services.pictures import path_of

    photo, noted = io.BytesIO(), Image.Exif()
    noted[0x010F] = "A camera"
    Image.new("RGB", (3000, 2000), "teal").save(photo, "JPEG", exif=noted)
    url = server.put("/photo.jpg", photo.getvalue(), "image/jpeg")
    add(house, server.put("/a.ics", ics(vevent("a", f"ATTACH;FMTTYPE=image/jpeg:{url}"))))
    collect(house)
    found = only(rows(house, event))
    with Image.open(path_of(house.settings.media_dir, found.image)) as ours:
        assert max(ours.size) == 1600
        assert not ours.getexif()
    assert found.image_due_at is None


def test_what_is_no_picture_is_not_asked_for_again(house: House, server: FeedServer) -> None:
    url = server.put("/photo.jpg", b"<svg onload='x()'/>", "image/jpeg")
    add(house, server.put("/a.ics", ics(vevent("a", f"ATTACH;FMTTYPE=image/jpeg:{url}"))))
    collect(house)
    found = only(rows(house, event))
    assert (found.image, found.image_due_at) == (None, None)


def test_an_upgraded_reader_reads_the_stored_body_again(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    collect(house)
    with house.database.writing() as tx:  # as an older reader would have left it
        found = only(rows(house, sighting))
        facts = {**found.facts, "summary": "Older"}
        from aggregator.domain.changes import facts_digest

        events.change_sightings(
            tx,
            [{"sighting_id": found.id, "facts": facts, "facts_digest": facts_digest(facts)}],
        )
        sources.change(tx, 1, reader_version=0)
        events.change_event(tx, found.event_id, facts=facts)
    again(house, clock)
    assert only(rows(house, event)).facts["summary"] == "Story hour"
    assert only(rows(house, change)).cause == "reader"
    assert server.answered[304] == 1


def test_a_feed_larger_than_allowed_costs_itself_alone(house: House, server: FeedServer) -> None:
    add(house, server.put("/big.ics", b"BEGIN:VCALENDAR\r\n" + b"X:" + b"x" * 21_000_000), "Big")
    add(house, server.put("/good.ics", ics(vevent("a"))), "Good")
    collect(house)
    assert len(rows(house, event)) == 1
    assert {row.failures for row in rows(house, source)} == {0, 1}


def test_hosts_without_due_sources_are_not_claimed_for_ever(
    house: House, server: FeedServer
) -> None:
    with house.database.writing() as tx:
        hosts.ensure(tx, "pictures.example", house.clock())
    assert collect(house) == 0
    assert only(rows(house, host)).claim_no == 0
