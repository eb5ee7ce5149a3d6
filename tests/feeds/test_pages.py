"""Linked pages are read politely: few, in time, once each, and only if robots.txt allows."""

from collections.abc import Callable
from datetime import UTC, datetime

from pytest_httpserver import HTTPServer

from feeds.event import Event, Reading
from feeds.pages import MOST, WITHIN, Pages
from safehttp.door import Door

NOW = datetime(2026, 3, 26, 12, tzinfo=UTC)


def event_page(name: str) -> str:
    data = f'{{"@type":"Event","name":"{name}","startDate":"2026-04-01T10:00"}}'
    return f'<html><script type="application/ld+json">{data}</script></html>'


def notices(site: HTTPServer, *paths: str) -> Reading:
    events = (
        Event(uid=path, summary=path, url=site.url_for(path), kind="notice") for path in paths
    )
    return Reading(tuple(events), format="rss")


def read(door: Door, reading: Reading, clock: Callable[[], float] = lambda: 0.0) -> Reading:
    return Pages(door, now=NOW, zone=None, clock=clock).complete(reading)


def test_entry_is_filled_in_from_its_page(httpserver: HTTPServer, door: Door) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/a").respond_with_data(event_page("Chess"), content_type="text/html")
    httpserver.expect_request("/b").respond_with_data("<html>nothing</html>")
    httpserver.expect_request("/c").respond_with_data("", status=500)
    before = notices(httpserver, "/a", "/b", "/c", "/a")
    first, *others, again = read(door, before).events
    assert (first.kind, first.summary, first.uid) == ("event", "Chess", "/a")
    assert first.start == datetime.fromisoformat("2026-04-01T10:00")
    assert tuple(others) == before.events[1:3]
    assert again == first
    asked = [request.path for request, _ in httpserver.log]
    assert asked == ["/robots.txt", "/a", "/b", "/c"]


def test_dated_events_and_entries_without_a_link_are_left_alone(
    httpserver: HTTPServer, door: Door
) -> None:
    reading = Reading((Event(kind="notice"), Event(url=httpserver.url_for("/a"), start=NOW)))
    assert read(door, reading) == reading
    assert httpserver.log == []


def test_robots_that_forbid_are_obeyed(httpserver: HTTPServer, door: Door) -> None:
    rules = "User-agent: *\nDisallow: /a"
    httpserver.expect_request("/robots.txt").respond_with_data(rules)
    httpserver.expect_request("/a").respond_with_data(event_page("Chess"))
    httpserver.expect_request("/b").respond_with_data(event_page("Go"))
    found = read(door, notices(httpserver, "/a", "/b"))
    assert [event.kind for event in found.events] == ["notice", "event"]
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt", "/b"]


def test_robots_that_fail_to_come_forbid_all(httpserver: HTTPServer, door: Door) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=503)
    assert read(door, notices(httpserver, "/a")).events[0].kind == "notice"
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt"]


def test_no_more_pages_are_read_than_allowed_and_the_rest_is_named(
    httpserver: HTTPServer, door: Door
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("")
    for number in range(MOST + 3):
        page = event_page(f"Chess {number}")
        httpserver.expect_request(f"/{number}").respond_with_data(page)
    found = read(door, notices(httpserver, *(f"/{number}" for number in range(MOST + 3))))
    assert [event.kind for event in found.events] == ["event"] * MOST + ["notice"] * 3
    [problem] = found.problems
    assert (problem.code, problem.params) == ("feed.pages_left", {"count": 3})


def test_no_page_is_asked_when_time_is_up(httpserver: HTTPServer, door: Door) -> None:
    ticks = iter([0.0, WITHIN + 1])
    found = read(door, notices(httpserver, "/a"), lambda: next(ticks, WITHIN + 2))
    assert [problem.code for problem in found.problems] == ["feed.pages_left"]
    assert httpserver.log == []


def test_private_address_in_a_feed_is_never_asked(httpserver: HTTPServer) -> None:
    reading = notices(httpserver, "/a")
    found = read(Door(user_agent="x"), reading)
    assert found.events == reading.events
    assert httpserver.log == []
