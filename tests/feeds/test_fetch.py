"""Polite retrieval: what is sent, what comes of each answer, and what to do next."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feeds.errors import LaterError, RefusedError, UnreadableError
from feeds.fetch import fetch, https_address
from safehttp.door import Door

NOW = datetime(2026, 3, 26, 12, tzinfo=UTC)


def answer(site: HTTPServer, response: Response) -> str:
    """Let the site give this answer; the address to ask."""
    site.expect_request("/feed").respond_with_response(response)
    return site.url_for("/feed")


def test_good_answer_brings_body_validators_and_freshness(
    httpserver: HTTPServer, door: Door
) -> None:
    headers = {
        "ETag": 'W/"1"',
        "Last-Modified": "Wed, 25 Mar 2026 08:00:00 GMT",
        "Cache-Control": "public, max-age=900",
    }
    url = answer(httpserver, Response(b"BEGIN", 200, headers, content_type="text/calendar"))
    found = fetch(door, url, now=NOW)
    assert (found.status, found.body, found.bytes, found.url) == (200, b"BEGIN", 5, url)
    assert found.media_type == "text/calendar"
    assert (found.etag, found.last_modified) == (headers["ETag"], headers["Last-Modified"])
    assert (found.max_age, found.moved_to) == (timedelta(minutes=15), None)


def test_unchanged_feed_costs_no_body_and_keeps_its_validators(
    httpserver: HTTPServer, door: Door
) -> None:
    seen = list[Request]()

    def unchanged(request: Request) -> Response:
        seen.append(request)
        return Response(status=304)

    httpserver.expect_request("/feed").respond_with_handler(unchanged)
    found = fetch(door, httpserver.url_for("/feed"), etag='"1"', last_modified="x", now=NOW)
    assert (found.status, found.body, found.bytes) == (304, None, 0)
    assert (found.etag, found.last_modified) == ('"1"', "x")
    assert seen[0].headers["If-None-Match"] == '"1"'
    assert seen[0].headers["If-Modified-Since"] == "x"
    assert seen[0].headers["Accept"].startswith("text/calendar")


def test_etag_that_no_header_can_hold_is_not_sent(httpserver: HTTPServer, door: Door) -> None:
    url = answer(httpserver, Response(b"x"))
    assert fetch(door, url, etag='"é\n"', now=NOW).status == 200


def test_lasting_move_names_the_new_address(httpserver: HTTPServer, door: Door) -> None:
    new = answer(httpserver, Response(b"x"))
    httpserver.expect_request("/old").respond_with_response(
        Response(status=301, headers={"Location": "/feed"})
    )
    found = fetch(door, httpserver.url_for("/old"), now=NOW)
    assert (found.url, found.moved_to) == (new, new)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "feed.gone"),
        (410, "feed.gone"),
        (401, "feed.forbidden"),
        (403, "feed.forbidden"),
        (400, "feed.status"),
        (418, "feed.status"),
    ],
)
def test_refusal_is_for_a_person(
    httpserver: HTTPServer, door: Door, status: int, code: str
) -> None:
    url = answer(httpserver, Response(status=status))
    with pytest.raises(RefusedError) as told:
        fetch(door, url, now=NOW)
    assert (told.value.code, told.value.params) == (code, {"status": status})


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_trouble_is_for_later(httpserver: HTTPServer, door: Door, status: int) -> None:
    url = answer(httpserver, Response(status=status, headers={"Retry-After": "120"}))
    with pytest.raises(LaterError) as told:
        fetch(door, url, now=NOW)
    assert (told.value.code, told.value.wait) == ("feed.later", timedelta(minutes=2))


def test_wait_is_counted_from_now_where_a_date_is_given(httpserver: HTTPServer, door: Door) -> None:
    later = {"Retry-After": "Thu, 26 Mar 2026 13:00:00 GMT"}
    url = answer(httpserver, Response(status=503, headers=later))
    with pytest.raises(LaterError) as told:
        fetch(door, url, now=NOW)
    assert told.value.wait == timedelta(hours=1)


def test_silence_is_for_later(httpserver: HTTPServer) -> None:
    door = Door(user_agent="x", allow_private=[("127.0.0.1", 9)])
    with pytest.raises(LaterError) as told:
        fetch(door, "http://127.0.0.1:9/feed", now=NOW)
    assert (told.value.code, told.value.wait) == ("door.connect", None)


def test_private_address_is_refused() -> None:
    with pytest.raises(RefusedError) as told:
        fetch(Door(user_agent="x"), "http://127.0.0.1/feed", now=NOW)
    assert told.value.code == "door.address"


def test_answer_without_end_is_unreadable(httpserver: HTTPServer) -> None:
    door = Door(user_agent="x", allow_private=[(httpserver.host, httpserver.port)], limit=10)
    url = answer(httpserver, Response(b"x" * 11))
    with pytest.raises(UnreadableError) as told:
        fetch(door, url, now=NOW)
    assert told.value.code == "door.too_large"


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("webcal://a.example/x?y", "https://a.example/x?y"),
        ("WEBCALS://a.example/", "https://a.example/"),
        ("feed://a.example/", "https://a.example/"),
        ("feed:https://a.example/", "https://a.example/"),
        ("webcal:http://a.example/", "http://a.example/"),
        (" http://a.example/ ", "http://a.example/"),
        ("https://a.example/webcal:x", "https://a.example/webcal:x"),
    ],
)
def test_calendar_addresses_stand_for_https(given: str, asked: str) -> None:
    assert https_address(given) == asked
