"""What an RSS or Atom feed says of itself, how it is recognised, and where reading ends."""

from datetime import UTC, datetime, timedelta

import pytest

from feeds.errors import UnreadableError
from feeds.event import Reading
from feeds.formats import rss
from feeds.registry import Context

HOURLY = "<sy:updatePeriod>hourly</sy:updatePeriod>"
CONTEXT = Context(datetime(2026, 3, 1, tzinfo=UTC))


def read(inside: str, channel: str = "") -> Reading:
    names = 'xmlns:ev="http://purl.org/rss/1.0/modules/event/"'
    sy = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    text = f'<rss version="2.0" {names} {sy}><channel>{channel}{inside}</channel></rss>'
    return rss.read(text.encode(), CONTEXT)


@pytest.mark.parametrize(
    ("head", "media_type", "known"),
    [
        (b'<?xml version="1.0"?>\n<rss version="2.0">', "", True),
        (b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom">', "text/html", True),
        (b"<!-- <html> --><rdf:RDF>", "", True),
        ("<rss>".encode("utf-16"), "", True),
        (b"<atom:feed>", "", True),
        (b"<?xml version='1.0'?><!--" + b" " * 5000, "application/rss+xml", True),
        (b"<!doctype html><html><body><feed>", "application/rss+xml", False),
        (b"<root/>", "text/xml", False),
        (b"BEGIN:VCALENDAR", "", False),
        (b"", "", False),
    ],
)
def test_feed_is_known_by_its_root_before_its_media_type(
    head: bytes, media_type: str, known: bool
) -> None:
    assert rss.sniff(head, media_type) is known


@pytest.mark.parametrize(
    ("channel", "asked"),
    [
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        (HOURLY + "<sy:updateFrequency>4</sy:updateFrequency>", timedelta(minutes=15)),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", timedelta(days=7)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        (HOURLY + "<sy:updateFrequency>0</sy:updateFrequency>", timedelta(hours=1)),
        ("", None),
    ],
)
def test_feed_says_how_seldom_it_wants_to_be_read(channel: str, asked: timedelta | None) -> None:
    assert read("", channel).refresh == asked


def test_bad_entry_costs_only_itself() -> None:
    items = "<item><ev:startdate>{}</ev:startdate><title>{}</title></item>"
    told = [("2026-03-07", "good"), ("9999-99-99", "bad"), ("2026-03-09T10:00", "good too")]
    reading = read("".join(items.format(*each) for each in told))
    assert [event.kind for event in reading.events] == ["event", "notice", "event"]
    assert [problem.where for problem in reading.problems] == ["entry 2 “bad”"]


def test_only_the_first_entries_of_an_endless_feed_are_read() -> None:
    reading = read("".join(f"<item><guid>{number}</guid></item>" for number in range(rss.MOST + 5)))
    assert [problem.code for problem in reading.problems] == ["feed.too_many"]
    assert [reading.events[0].uid, reading.events[-1].uid] == ["0", str(rss.MOST - 1)]


def test_larger_feed_and_flood_of_tags_are_refused_at_once() -> None:
    for body in (
        b"<rss>" + b" " * rss.CAP,
        b"<rss>" + b"<a>" * rss.MOST_TAGS,
        b"<rss>" + b"&" * 400_000,
    ):
        with pytest.raises(UnreadableError) as told:
            rss.read(body, CONTEXT)
        assert told.value.code == "feed.too_large"


@pytest.mark.parametrize(
    "root", [b"<rss version='2.0'><channel>", b"<feed xmlns='http://www.w3.org/2005/Atom'>"]
)
def test_entities_are_never_filled_in(root: bytes) -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    doctype = (
        b'<!DOCTYPE x [<!ENTITY l0 "LAUGH"><!ENTITY f SYSTEM "file:///etc/hostname">'
        + laughs
        + b"]>"
    )
    title = b"<title>a &l0; &l9; &f; b</title>"
    item = b"<item>" + title + b"</item><entry>" + title + b"</entry>"
    body = doctype + root + item + (b"</channel></rss>" if b"rss" in root else b"</feed>")
    for each in (body, body.decode().encode("utf-16")):
        told = {event.summary for event in rss.read(each, CONTEXT).events}
        assert told == {"a &l0; &l9; &f; b"}


def test_prefix_that_nobody_declared_does_not_lose_the_dates() -> None:
    reading = read(
        "<item><title>A</title><itunes:email>x</itunes:email>"
        "<ev:startdate>2026-03-07</ev:startdate></item>"
    )
    assert [event.kind for event in reading.events] == ["event"]


def test_dates_are_not_guessed_where_entries_can_not_be_told_apart() -> None:
    deep = "<x>" * 300  # deeper than the tree goes, so that the entries behind are missing there
    item = "<item><title>A</title><ev:startdate>2026-03-07</ev:startdate></item>"
    reading = read(f"{item}{deep}{item}")
    assert {event.kind for event in reading.events} == {"notice"}
    assert [problem.code for problem in reading.problems] == ["rss.dates_unread"]


def test_name_of_a_file_in_the_body_opens_no_file() -> None:
    with pytest.raises(UnreadableError):
        rss.read(b"/etc/hostname", CONTEXT)


def test_even_a_harmless_entity_of_the_feed_itself_is_not_filled_in() -> None:
    body = (
        b'<!DOCTYPE rss [\n<!ENTITY a "LAUGH">\n]>\n<rss><channel><item><title>x &a;</title></item>'
    )
    [event] = rss.read(body + b"</channel></rss>", CONTEXT).events
    assert event.summary == "x &a;"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<rss><channel><item><title>a</title></item>", "</channel></rss>"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title></entry>", "</feed>"),
    ],
)
def test_feed_that_ends_in_the_middle_says_so(start: str, end: str) -> None:
    codes = [
        {problem.code for problem in rss.read(text.encode(), CONTEXT).problems}
        for text in (start, start + end)
    ]
    assert [("feed.cut_off" in each) for each in codes] == [True, False]
