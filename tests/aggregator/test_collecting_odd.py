"""Collecting where it is odd: races, odd bytes, far days, pages and pictures that fail."""

import io
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import _GeneratorContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update

from aggregator import doctor
from aggregator.domain.absence import CUT_OFF
from aggregator.domain.polling import RHYTHM
from aggregator.services import accounts, calendar, demo, partners, pictures, reviews
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.storage import events, hosts, revisions, sources
from aggregator.storage import house as settings
from aggregator.storage import partners as stored
from aggregator.storage.doors import BusyError, Database, Writer
from aggregator.storage.tables import (
    channel,
    event,
    fetch,
    host,
    occurrence,
    partner,
    sighting,
    source,
)
from demo.town import PARTNERS
from tests.aggregator.test_collecting import (
    add,
    again,
    collect,
    ics,
    only,
    rows,
    rss,
    vevent,
)
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house
from tests.support.running import free_port
from words.say import sentences


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


def dated(day: int, uid: str) -> str:
    return vevent(uid, start=f"202612{day:02}T100000")


def item(title: str, link: str, guid: str) -> str:
    return f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid></item>"


PAGE = (
    '<html><script type="application/ld+json">{"@context": "https://schema.org",'
    '"@type": "Event", "name": "Walk", "startDate": "2026-12-05T10:00-05:00"}</script></html>'
)


def test_a_feed_that_was_cut_off_says_nothing_of_what_is_missing(
    house: House, server: FeedServer, clock: Clock
) -> None:
    texts = [dated(day, str(day)) for day in (1, 2, 3)]
    add(house, server.put("/a.ics", ics(*texts)))
    collect(house)
    whole = ics(texts[0], texts[2], texts[1])
    server.put("/a.ics", whole[: whole.rindex("BEGIN:VEVENT") + 40])
    again(house, clock)
    assert [row.presence for row in rows(house, sighting)] == ["HERE", "HERE", "HERE"]


def test_every_problem_that_cuts_a_reading_off_is_one_that_readers_tell() -> None:
    assert sentences().keys() >= CUT_OFF


def test_a_block_that_cant_be_read_says_nothing_of_what_is_missing(
    house: House, server: FeedServer, clock: Clock
) -> None:
    def block(day: int) -> str:
        return (
            '<script type="application/ld+json">{"@context": "https://schema.org", "@type":'
            f'"Event", "name": "E{day}", "@id": "urn:{day}", "startDate": "2026-12-{day:02}"}}'
            "</script>"
        )

    add(house, server.put("/a", "".join(block(day) for day in (1, 2, 3)), "text/html"))
    collect(house)
    broken = block(1) + block(2).replace("}", "") + block(3)
    server.put("/a", broken, "text/html")
    again(house, clock)
    assert rows(house, fetch)[-1].problems
    assert [row.presence for row in rows(house, sighting)] == ["HERE", "HERE", "HERE"]


def test_a_decision_and_a_poll_never_wait_for_each_other(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(dated(1, "a"), dated(2, "b"))))
    collect(house)
    for row in rows(house, event):
        reviews.apply(house, "calendar_only", row.id, actor="ana", version=0)
    server.put("/a.ics", ics(dated(3, "a"), dated(4, "b")))
    second = rows(house, event)[1].id
    clock.forward(days=2)
    with house.database.writing() as tx:
        events.lock(tx, second)
        polling = threading.Thread(target=collect, args=(house,))
        polling.start()
        polling.join(1.0)
        revisions.bump(tx, revisions.INBOX)
        revisions.bump(tx, revisions.CALENDAR)
    polling.join()
    assert rows(house, fetch)[-1].n_changed == 2


def test_a_source_that_is_added_while_its_host_is_given_back_is_asked_soon(
    house: House, server: FeedServer, clock: Clock
) -> None:
    partner = partners.add(house, "Museum", actor="test")
    first = partners.add_source(house, partner, server.put("/a.ics", ics()), actor="test")
    collect(house)
    clock.forward(days=2)
    with house.database.writing() as tx:
        held = hosts.claim(tx, "me", clock.now, clock.now + timedelta(minutes=4))
    assert held is not None
    with house.database.writing() as tx:
        sources.change(tx, first, due_at=clock.now + timedelta(days=1))
    started = threading.Event()

    def give_back() -> None:
        with house.database.writing() as tx:
            started.set()
            hosts.release(tx, held, clock.now)

    with house.database.writing() as tx:
        hosts.hurry(tx, held.host, clock.now)
        sources.change(tx, first, due_at=clock.now)
        giving = threading.Thread(target=give_back)
        giving.start()
        started.wait(0.5)
        giving.join(0.3)
    giving.join()
    assert only(rows(house, host)).next_at <= clock.now


def test_a_robots_txt_of_any_bytes_is_remembered(house: House, server: FeedServer) -> None:
    server.put("/robots.txt", b"User-agent: *\0\nDisallow: /x\xff\n", "text/plain")
    page = server.put("/walk", PAGE, "text/html")
    add(house, server.put("/rss", rss(item("Walk", page, "1")), "text/xml"))
    collect(house)
    assert only(rows(house, fetch)).outcome == "NEW_BODY"
    assert only(rows(house, event)).kind == "event"


def test_pages_of_a_site_whose_robots_txt_did_not_answer_are_asked_later(
    house: House, server: FeedServer, clock: Clock
) -> None:
    server.put("/robots.txt", "", "text/plain", status=503)
    page = server.put("/walk", PAGE, "text/html")
    add(house, server.put("/rss", rss(item("Walk", page, "1")), "text/xml"))
    collect(house)
    assert server.asked["/walk"] == 0
    server.put("/robots.txt", "", "text/plain")
    again(house, clock)
    assert only(rows(house, event)).kind == "event"


def test_an_event_stays_one_when_its_page_is_refused(
    house: House, server: FeedServer, clock: Clock
) -> None:
    page = server.put("/walk", PAGE, "text/html")
    add(house, server.put("/rss", rss(item("Walk", page, "1")), "text/xml"))
    collect(house)
    server.put("/walk", "", "text/html", status=404)
    server.put("/rss", rss(item("Walk, by night", page, "1")), "text/xml")
    again(house, clock)
    server.put("/rss", rss(item("Walk, by night", page, "1"), item("News", "", "2")), "text/xml")
    again(house, clock)
    assert [row.kind for row in rows(house, event)] == ["event", "notice"]


def test_identities_and_addresses_may_be_long(
    house: House, server: FeedServer, clock: Clock
) -> None:
    odd = random.Random(1)
    name = "".join(odd.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(30_000))
    add(house, server.put("/a.ics", ics(vevent(name), vevent("b"))))
    texts = item("Walk", f"{server.url('/')}{name}", "1") + item("Talk", f"http://{name}.x/", name)
    add(house, server.put("/rss", rss(texts), "text/xml"), "RSS")
    photo = f"ATTACH;FMTTYPE=image/jpeg:http://{name}.example/{name}"
    add(house, server.put("/b.ics", ics(vevent("a", photo))), "Photos")
    collect(house)
    assert {row.failures for row in rows(house, source)} == {0}
    assert {row.outcome for row in rows(house, fetch)} == {"NEW_BODY"}
    assert len(rows(house, event)) == 5
    pids = {row.pid for row in rows(house, event)}
    server.put("/a.ics", ics(vevent(name, summary="Other"), vevent("b")))
    again(house, clock)
    assert {row.pid for row in rows(house, event)} == pids


@pytest.mark.parametrize("day", ["00010101", "99991231"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_first_and_the_last_day_there_is_cost_themselves_alone(
    house: House, server: FeedServer, day: str, zone: str
) -> None:
    with house.database.writing() as tx:
        settings.put(tx, "zone", zone)

    def odd(uid: str, *more: str) -> str:
        return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Odd", *more, "END:VEVENT"])

    add(
        house,
        server.put(
            "/a.ics",
            ics(
                vevent("good"),
                odd("1", f"DTSTART;VALUE=DATE:{day}"),
                odd("2", f"DTSTART:{day}T000000"),
                odd("3", f"DTSTART:{day}T235959Z"),
                odd("4", f"DTSTART;TZID={zone}:{day}T235959", "DURATION:P1D"),
                odd("5", f"DTSTART;TZID=Pacific/Kiritimati:{day}T000000", "RRULE:FREQ=DAILY"),
                odd("6", f"DTSTART;VALUE=DATE:{day}", "RRULE:FREQ=YEARLY;COUNT=3"),
                odd("7", f"DTSTART;TZID=America/New_York:{day}T235959"),
                odd("8", f"DTSTART;TZID=Asia/Tokyo:{day}T000000"),
            ),
        ),
    )
    collect(house)
    assert only(rows(house, fetch)).outcome == "NEW_BODY"
    assert "Story hour" in [row.facts["summary"] for row in rows(house, event)]
    for row in rows(house, event):
        if row.kind == "event":
            reviews.apply(house, "calendar_only", row.id, actor="ana", version=0)
    assert b"Story hour" in calendar.feed(house)[0]
    assert doctor.invariants(house) == []


def test_a_zone_that_is_known_no_more_does_not_stop_a_host(
    house: House, server: FeedServer
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    with house.database.writing() as tx:
        tx.run(update(partner).values(zone="Atlantis/Capital"))
    assert collect(house, seconds=3) == 1
    assert len(rows(house, event)) == 1


def test_one_etag_stands_for_one_calendar_all_day(
    house: House, server: FeedServer, clock: Clock
) -> None:
    clock.now = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
    ended = vevent("a", start="20261105T140000")
    add(house, server.put("/a.ics", ics(ended, vevent("b"))))
    collect(house)
    for row in rows(house, event):
        reviews.apply(house, "calendar_only", row.id, actor="ana", version=0)
    seen: dict[str, bytes] = {}
    for _ in range(26):
        clock.forward(hours=1)
        body, tag = calendar.feed(house)
        assert seen.setdefault(tag, body) == body
    assert len(seen) == 2


def test_a_series_never_runs_out_of_dates(house: House, server: FeedServer, clock: Clock) -> None:
    add(house, server.put("/a.ics", ics(vevent("a", "RRULE:FREQ=WEEKLY"))))
    collect(house)
    for _ in range(12):
        clock.forward(days=60)
        collect(house)
    last = max(row.start_at for row in rows(house, occurrence))
    assert last > clock.now + timedelta(days=300)
    assert doctor.invariants(house) == []


def test_a_picture_that_the_partner_took_back_is_shown_no_more(
    house: House, server: FeedServer, clock: Clock
) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(photo, "PNG")
    url = server.put("/photo.png", photo.getvalue(), "image/png")
    add(house, server.put("/a.ics", ics(vevent("a", f"ATTACH;FMTTYPE=image/png:{url}"))))
    collect(house)
    assert only(rows(house, event)).image
    server.put("/a.ics", ics(vevent("a")))
    again(house, clock)
    assert only(rows(house, event)).image is None


def test_a_picture_that_is_not_there_is_asked_for_once_for_all_its_events(
    house: House, server: FeedServer
) -> None:
    url = server.put("/photo.png", b"", "image/png", status=404)
    late = server.put("/later.png", b"", "image/png", status=503)
    texts = [vevent(str(n), f"ATTACH;FMTTYPE=image/png:{url}") for n in range(4)]
    texts += [vevent(f"l{n}", f"ATTACH;FMTTYPE=image/png:{late}") for n in range(4)]
    add(house, server.put("/a.ics", ics(*texts)))
    collect(house)
    assert (server.asked["/photo.png"], server.asked["/later.png"]) == (1, 1)


def test_a_picture_does_not_replace_one_that_was_named_meanwhile(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(
        house, server.put("/a.ics", ics(vevent("a", "ATTACH;FMTTYPE=image/png:http://x.example/1")))
    )
    collect(house, seconds=0.5)
    before = only(rows(house, event))
    with house.database.writing() as tx:
        events.change_event(
            tx,
            before.id,
            facts={**before.facts, "image": "http://x.example/2"},
            image_due_at=clock.now,
        )
    pictures._keep(house, before.id, "http://x.example/1", image="f" * 64, image_due_at=None)
    after = only(rows(house, event))
    assert (after.image, after.image_due_at) == (None, clock.now)


@pytest.mark.parametrize("name", ["Muse\0um", "Muse\ud800um"])
def test_what_a_database_cant_keep_is_refused_in_words(house: House, name: str) -> None:
    with pytest.raises(ServiceError):
        partners.add(house, name, actor="test")
    known = partners.add(house, "Museum", actor="test")
    for address in (f"https://example.org/{name}", "https://example.org/" + "é" * 1900):
        with pytest.raises(ServiceError):
            partners.add_source(house, known, address, actor="test")


def test_a_changed_clock_of_the_library_moves_whole_days(
    house: House, server: FeedServer, clock: Clock
) -> None:
    feed = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Day\r\nDTSTART;VALUE=DATE:20261205\r\nEND:VEVENT"
    add(house, server.put("/a.ics", ics(feed)))
    collect(house)
    link = accounts.set_up_link(house)
    assert link
    accounts.set_up(
        house,
        link.rpartition("/")[2],
        library="L",
        zone="Asia/Tokyo",
        name="ana",
        password="a long enough password",
    )
    collect(house)
    assert doctor.invariants(house) == []


def test_an_event_stays_one_when_it_gets_a_name_of_its_own(
    house: House, server: FeedServer, clock: Clock
) -> None:
    def told(guid: str, title: str) -> str:
        link = server.url("/walk")
        return rss(f"<item><title>{title}</title><link>{link}</link>{guid}</item>")

    add(house, server.put("/rss", told("", "Walk"), "text/xml"))
    collect(house)
    server.put("/rss", told("<guid isPermaLink='false'>7</guid>", "Walk by night"), "text/xml")
    again(house, clock)
    server.put("/rss", told("<guid isPermaLink='false'>7</guid>", "Walk by day"), "text/xml")
    again(house, clock)
    assert only(rows(house, event)).facts["summary"] == "Walk by day"
    assert only(rows(house, sighting)).presence == "HERE"


def test_an_event_stays_one_when_its_uid_becomes_anothers_too(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(dated(1, "a"))))
    collect(house)
    first = only(rows(house, event))
    server.put("/a.ics", ics(dated(1, "a"), dated(8, "a")))
    again(house, clock)
    assert len(rows(house, event)) == 2
    assert rows(house, sighting)[0].presence == "HERE"
    server.put("/a.ics", ics(dated(1, "a")))
    again(house, clock)
    assert len(rows(house, event)) == 2
    assert rows(house, event)[0].pid == first.pid
    assert rows(house, sighting)[0].presence == "HERE"


def test_letters_that_are_none_reach_no_table(house: House, server: FeedServer) -> None:
    text = (
        r'{"version": "https://jsonfeed.org/version/1.1", "title": "\u0000\ud800",'
        r' "items": [{"id": "a\u0000\ud800b", "title": "T\ud800\u0000",'
        r' "url": "https://x.example/\u0000\ud800", "content_text": "\udfff\u0000", "tags":'
        r' ["\ud800\u0000"]}, 5]}'
    )
    add(house, server.put("/a.json", text, "application/feed+json"))
    page = PAGE.replace('"Walk"', r'"W\ud800\u0000", "@id": "\u0000\udc00", "zz\ud800": 1')
    add(house, server.put("/p", page, "text/html"), "Page")
    bad = vevent("a\0b", "CATEGORIES:\0", summary="S\0").encode() + b"\xed\xa0\x80"
    add(house, server.put("/a.ics", ics("@@").encode().replace(b"@@", bad)), "iCal")
    collect(house)
    assert {row.outcome for row in rows(house, fetch)} <= {"NEW_BODY"}


def beside(house: House, act: Callable[[], object], meanwhile: Callable[[Writer], object]) -> None:
    """act runs in a thread while a transaction that did `meanwhile` is open."""
    with ThreadPoolExecutor(1) as pool, house.database.writing() as tx:
        meanwhile(tx)
        acting = pool.submit(act)
        wait([acting], 0.5)
    acting.result()


def test_two_who_add_one_source_at_once_are_told_that_it_is_known(house: House) -> None:
    known = partners.add(house, "Museum", actor="test")
    url = "https://museum.example/a.ics"

    def first(tx: Writer) -> None:
        hosts.ensure(tx, "museum.example", house.clock())
        sources.add(tx, house.clock(), known, url, "museum.example", RHYTHM)

    with pytest.raises(ServiceError, match=r"source\.known"):
        beside(house, lambda: partners.add_source(house, known, url, actor="test"), first)


def test_two_partners_of_one_name_may_be_added_at_once(house: House) -> None:
    beside(
        house,
        lambda: partners.add(house, "Museum", actor="test"),
        lambda tx: stored.add(tx, house.clock(), "Museum"),
    )
    assert [row.slug for row in rows(house, partner)] == ["museum", "museum-2"]


class Failing(Database):
    """The n-th time that somebody wants to write, it ends otherwise."""

    def __init__(self, url: str, n: int, error: BaseException) -> None:
        super().__init__(url)
        self._left, self._error = n, error

    def writing(self) -> _GeneratorContextManager[Writer]:
        self._left -= 1
        if self._left == 0:
            raise self._error
        return super().writing()


def failing(house: House, n: int, error: BaseException) -> House:
    house.database.close()
    return replace(house, database=Failing(house.settings.database_url, n, error))


@pytest.mark.parametrize("step", range(1, 18, 4))
def test_a_demo_that_was_killed_while_it_was_furnished_is_finished(
    tmp_path: Path, database_url: str, step: int
) -> None:
    port = free_port()
    house = make_house(tmp_path, database_url, allowed=[port], PORT=str(port))
    house = failing(house, step, KeyboardInterrupt())
    with suppress(KeyboardInterrupt):
        demo.furnish(house)
    name, password = demo.furnish(house)
    assert accounts.log_in(house, name, password, "127.0.0.1").name == name
    assert [row.name for row in rows(house, partner)] == [each.name for each in PARTNERS]
    assert len(rows(house, source)) == len(PARTNERS)
    assert len(rows(house, channel)) == 1
    house.database.close()


def test_what_could_not_be_stored_while_others_wrote_is_asked_again_soon(
    house: House, server: FeedServer, clock: Clock
) -> None:
    add(house, server.put("/a.ics", ics(vevent("a"))))
    busy = failing(house, 2, BusyError())  # the first to write is the claim, the second what came
    collect(busy)
    assert rows(house, fetch) == []
    collect(busy)
    assert only(rows(house, fetch)).n_new == 1
    busy.database.close()
