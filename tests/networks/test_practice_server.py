"""The practice network's server: what programs and people see, and how it fails on command."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import html5lib
import pytest

from networks.errors import LaterError, RefusedError, UnknownError
from networks.post import Adapter, Image, Post
from networks.practice.faults import WAYS
from networks.registry import all_networks
from safehttp.door import Answer
from tests.networks.stages import door
from tests.support.practice_server import TOKEN, PracticeServer, practice_server

SOON = timedelta(seconds=5)
PICTURE = Image(b"\x89PNG not really", "image/png", "A fire & two <readers>")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with practice_server(tmp_path) as found:
        yield found


@pytest.fixture
def adapter(server: PracticeServer) -> Adapter:
    return all_networks()["practice"].connect(server.settings, door(server.port))


def ask(
    server: PracticeServer, method: str, path: str, body: object = None, token: str | None = TOKEN
) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return door(server.port).request(method, f"{server.url}{path}", headers=headers, json=body)


def page(server: PracticeServer, path: str) -> str:
    """A page as people get it, which has to be sound HTML."""
    answer = ask(server, "GET", path, token=None)
    assert answer.status == 200
    html5lib.HTMLParser(strict=True).parse(answer.body.decode())
    return answer.body.decode()


@pytest.mark.parametrize("token", [None, "", "wrong", f"{TOKEN}x", "ü"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/account"),
        ("GET", "/api/posts?since=2026-01-01"),
        ("POST", "/api/posts"),
        ("GET", "/api/faults"),
        ("POST", "/api/faults"),
        ("DELETE", "/api/faults"),
    ],
)
def test_the_interface_needs_the_token(
    server: PracticeServer, method: str, path: str, token: str | None
) -> None:
    server.fail("refuse")
    body = {"key": "a", "text": "One", "fault": "busy"} if method == "POST" else None
    assert ask(server, method, path, body, token).status == 401
    assert server.store.timeline() == []
    assert [fault.name for fault in server.store.faults()] == ["refuse"]


def test_a_wrong_token_is_refused(server: PracticeServer, post: Post) -> None:
    settings = server.settings | {"token": "wrong"}
    stranger = all_networks()["practice"].connect(settings, door(server.port))
    with pytest.raises(RefusedError, match="token"):
        stranger.publish(post, SOON)
    with pytest.raises(RefusedError, match="token"):
        stranger.check()


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {},
        {"key": "a", "text": " "},
        {"key": "", "text": "One"},
        {"key": "a", "text": "x" * 501},
        {"key": "a", "text": "One", "images": "none"},
        {"key": "a", "text": "One", "images": [{"mime": "image/svg+xml", "data": ""}]},
        {"key": "a", "text": "One", "images": [{"mime": "image/png", "data": "not base64!"}]},
    ],
)
def test_what_is_no_post_is_refused(server: PracticeServer, message: object) -> None:
    answer = ask(server, "POST", "/api/posts", message)
    assert (answer.status, bool(answer.json["error"])) == (422, True)
    assert server.store.timeline() == []


def test_a_long_link_counts_as_the_limits_say(server: PracticeServer, adapter: Adapter) -> None:
    fits = Post("a", "x" * 476 + " https://example.org/" + "y" * 400)
    adapter.publish(fits, SOON)
    with pytest.raises(RefusedError, match="longer than 500"):
        adapter.publish(Post("b", f"x{fits.text}"), SOON)


def test_the_timeline_shows_a_post_as_it_appears(server: PracticeServer, adapter: Adapter) -> None:
    text = "Stories & <cocoa>\nSat 12 Dec\n\nhttps://example.org/a?b=1&c=2 #Families"
    receipt = adapter.publish(Post("a", text, language="fr", images=(PICTURE,)), SOON)
    shown = page(server, "/")
    assert "<p>Stories &amp; &lt;cocoa&gt;<br>Sat 12 Dec</p>" in shown
    href = "https://example.org/a?b=1&amp;c=2"
    assert f'<a href="{href}" rel="nofollow noopener">{href}</a>' in shown
    assert '<span class="hash">#Families</span>' in shown
    assert 'lang="fr"' in shown
    assert 'alt="A fire &amp; two &lt;readers&gt;"' in shown
    assert receipt.url == f"{server.url}/posts/{receipt.network_id}"
    assert "<h1>Post 1</h1>" in page(server, "/posts/1")
    picture = ask(server, "GET", "/posts/1/images/0", token=None)
    assert (picture.body, picture.headers["content-type"]) == (PICTURE.data, "image/png")


def test_the_empty_timeline_says_what_will_appear(server: PracticeServer) -> None:
    assert "Nothing has been posted here yet" in page(server, "/")


def test_older_posts_are_on_the_next_page(server: PracticeServer) -> None:
    for number in range(41):
        server.store.add(Post(str(number), f"Number {number}."))
    first = page(server, "/")
    assert "Number 0." not in first
    assert '<a href="/practice/?before=2">' in first
    assert "Number 0." in page(server, "/?before=2")


def test_pages_of_posts_that_are_not_there_are_not_found(server: PracticeServer) -> None:
    for path in ("/posts/1", "/posts/1/images/0"):
        assert ask(server, "GET", path, token=None).status == 404


def test_the_style_sheet_is_served(server: PracticeServer) -> None:
    answer = ask(server, "GET", "/look.css", token=None)
    assert (answer.status, b".post-practice" in answer.body) == (200, True)


def test_find_reads_on_until_the_listing_ends(server: PracticeServer, adapter: Adapter) -> None:
    since = datetime.now(UTC)
    receipt = adapter.publish(Post("a", "The first"), SOON)
    for number in range(90):
        server.store.add(Post(str(number), f"Number {number}"))
    assert adapter.find(Post("a", "The first"), since) == receipt


def test_a_listing_without_since_is_refused(server: PracticeServer) -> None:
    assert ask(server, "GET", "/api/posts?since=yesterday").status == 400


@pytest.mark.parametrize("fault", ["list_error", "list_short"])
def test_a_failing_listing_is_later_once(
    server: PracticeServer, adapter: Adapter, post: Post, fault: str
) -> None:
    server.fail(fault)
    with pytest.raises(LaterError):
        adapter.find(post, datetime.now(UTC))
    assert adapter.find(post, datetime.now(UTC)) is None


def test_a_post_that_acts_late_is_found_when_it_appears(
    server: PracticeServer, adapter: Adapter, post: Post
) -> None:
    since = datetime.now(UTC)
    server.fail("act_late", seconds=0.4)
    with pytest.raises(UnknownError):
        adapter.publish(post, SOON)
    assert (adapter.find(post, since), server.copies(post.text)) == (None, 0)
    time.sleep(0.45)
    assert adapter.find(post, since) is not None


def test_a_post_that_is_listed_late_is_found_when_it_is_listed(
    server: PracticeServer, adapter: Adapter, post: Post
) -> None:
    since = datetime.now(UTC)
    server.fail("list_late", seconds=0.4)
    with pytest.raises(UnknownError):
        adapter.publish(post, SOON)
    assert (adapter.find(post, since), server.copies(post.text)) == (None, 1)
    time.sleep(0.45)
    assert adapter.find(post, since) is not None


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if not way.listing])
def test_every_fault_acts_or_not_as_it_says(
    server: PracticeServer, adapter: Adapter, post: Post, name: str
) -> None:
    server.fail(name, seconds=0.2)
    with pytest.raises((LaterError, RefusedError, UnknownError)) as caught:
        adapter.publish(post, timedelta(seconds=0.15))
    assert WAYS[name].acts <= (caught.type is UnknownError)
    time.sleep(0.25)
    assert server.copies(post.text) == int(WAYS[name].acts)


def test_faults_are_asked_for_listed_and_forgotten(server: PracticeServer) -> None:
    asked = ask(server, "POST", "/api/faults", {"fault": "busy", "times": 3, "seconds": 7})
    ask(server, "POST", "/api/faults", {"fault": "hang"})
    assert (asked.status, asked.json) == (201, {"fault": "busy", "times": 3, "seconds": 7})
    assert ask(server, "GET", "/api/faults").json == {
        "faults": [
            {"fault": "busy", "times": 3, "seconds": 7},
            {"fault": "hang", "times": 1, "seconds": 5},
        ]
    }
    assert ask(server, "DELETE", "/api/faults").json == {"faults": []}
    assert server.store.faults() == []


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"fault": "explode"},
        {"fault": "hang", "seconds": 10_000},
        {"fault": "hang", "seconds": "long"},
        {"fault": "hang", "times": 10_000},
    ],
)
def test_a_fault_that_does_not_exist_is_refused(server: PracticeServer, asked: object) -> None:
    assert ask(server, "POST", "/api/faults", asked).status == 422
    assert server.store.faults() == []


def test_another_page_of_the_web_is_no_practice_network(server: PracticeServer) -> None:
    settings = server.settings | {"server": f"{server.url}/posts"}
    with pytest.raises(RefusedError, match="missing"):
        all_networks()["practice"].connect(settings, door(server.port)).check()
