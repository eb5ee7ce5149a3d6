"""What only Mastodon's interface knows: limits, pictures, listing, and how its servers differ."""

import json
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import NoReturn, cast

import pytest

from networks.errors import LaterError, RefusedError, UnknownError
from networks.mastodon import listing
from networks.post import Account, Image, Limits, Post, Receipt
from networks.registry import all_networks
from safehttp.door import Door
from tests.networks.stages import MastodonStage, door
from tests.support.scripted import Said, Trick

SOON = timedelta(seconds=5)
PICTURE = Image(b"\xff\xd8 not really\r\n--", "image/jpeg", "A fire, “two” readers\nand a cat")
NOW = datetime(2026, 12, 5, 12, tzinfo=UTC)
ME = Said(200, b'{"id": "1", "acct": "library"}')


def said(found: object, status: int = 200, **headers: str) -> Said:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, json.dumps(found).encode(), {"content-type": "application/json"} | named)


def status(text: str, at: datetime = NOW, number: int = 7) -> dict[str, object]:
    return {"id": str(number), "created_at": at.isoformat(), "content": f"<p>{text}</p>"}


def lists(stage: MastodonStage, *pages: Said) -> None:
    """Let the server list these pages, then nothing more."""
    stage.proxy.play(Trick(ME, "GET", "verify_credentials", times=100))
    stage.proxy.play(*(Trick(page, "GET", "/statuses?") for page in pages))
    stage.proxy.play(Trick(said([]), "GET", "/statuses?", times=100))


def sent(stage: MastodonStage, path: str) -> list[bytes]:
    return [seen.body for seen in stage.proxy.seen if path in seen.path and seen.method == "POST"]


def test_check_names_the_account_and_its_server(mastodon_stage: MastodonStage) -> None:
    account = mastodon_stage.adapter.check()
    host = mastodon_stage.proxy.url.removeprefix("http://")
    assert account.name == f"@testuser@{host}"
    assert account.url is not None
    assert account != Account(account.name)


def test_check_of_what_is_no_such_server_says_so(mastodon_stage: MastodonStage) -> None:
    mastodon_stage.proxy.play(Trick(Said(200, b"<h1>Welcome</h1>"), "GET", "verify"))
    with pytest.raises(RefusedError, match="foreign"):
        mastodon_stage.adapter.check()


def test_check_with_a_token_that_is_not_theirs_is_refused(mastodon_stage: MastodonStage) -> None:
    settings = {"server": mastodon_stage.proxy.url, "token": "stale"}
    connect = all_networks()["mastodon"].connect
    with pytest.raises(RefusedError, match="token"):
        connect(settings, door(mastodon_stage.proxy.port)).check()


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "tökén", "a\x00b"])
def test_what_can_be_no_token_is_refused_unsent(mastodon_stage: MastodonStage, token: str) -> None:
    settings = {"server": mastodon_stage.proxy.url, "token": token}
    adapter = all_networks()["mastodon"].connect(settings, door(mastodon_stage.proxy.port))
    with pytest.raises(RefusedError, match="token"):
        adapter.publish(Post("a", "One"), SOON)
    assert mastodon_stage.proxy.seen == []


def test_the_token_is_not_carried_to_where_a_server_redirects(
    mastodon_stage: MastodonStage,
) -> None:
    moved = said({}, 301, location="http://127.0.0.1:9/api/v1/accounts/verify_credentials")
    mastodon_stage.proxy.play(Trick(moved, "GET", "verify"))
    with pytest.raises(RefusedError, match="moved") as caught:
        mastodon_stage.adapter.check()
    assert caught.value.detail == "http://127.0.0.1:9/api/v1/accounts/verify_credentials"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"max_characters": 10_000, "characters_reserved_per_url": 256}, (10_000, 256)),
        ({"max_characters": 0, "characters_reserved_per_url": "many"}, (500, 23)),
        ({}, (500, 23)),
    ],
)
def test_limits_are_the_servers_own(
    mastodon_stage: MastodonStage, found: dict[str, object], expected: tuple[int, int]
) -> None:
    instance = said({"configuration": {"statuses": found}})
    mastodon_stage.proxy.play(Trick(instance, "GET", "/api/v2/instance"))
    assert mastodon_stage.adapter.limits() == Limits(*expected, local_mentions=True)


def test_the_key_goes_out_and_the_proxy_strips_it(mastodon_stage: MastodonStage) -> None:
    mastodon_stage.adapter.publish(Post("7:a", "One"), SOON)
    assert mastodon_stage.proxy.seen[-1].headers["idempotency-key"] == "7:a"


def test_a_server_is_reached_by_its_name_alone() -> None:
    asked = list[tuple[object, ...]]()

    def resolve(*where: object, **how: object) -> NoReturn:
        asked.append(where)
        raise socket.gaierror("no network in tests")

    lonely = Door(user_agent="Townboard tests", resolve=resolve)
    adapter = all_networks()["mastodon"].connect(
        {"server": " town.example/ ", "token": "t"}, lonely
    )
    with pytest.raises(LaterError, match=r"door\.name"):
        adapter.limits()
    assert asked == [("town.example", 443)]


def test_reset_of_the_rate_limit_is_the_wait(mastodon_stage: MastodonStage) -> None:
    until = datetime.now(UTC) + timedelta(minutes=4)
    busy = said({"error": "Too many"}, 429, x_ratelimit_reset=until.isoformat())
    mastodon_stage.proxy.play(Trick(busy))
    with pytest.raises(LaterError) as caught:
        mastodon_stage.adapter.publish(Post("a", "One"), SOON)
    assert caught.value.wait is not None
    assert timedelta(minutes=3, seconds=50) < caught.value.wait <= timedelta(minutes=4, seconds=2)


# Pictures


def test_a_picture_is_sent_first_with_its_description(
    mastodon_stage: MastodonStage, post: Post
) -> None:
    shown = Post(post.key, post.text, images=(PICTURE,))
    receipt = mastodon_stage.adapter.publish(shown, SOON)
    statuses = {found["id"]: found for found in mastodon_stage.server.statuses()}
    [media] = cast("list[dict[str, object]]", statuses[receipt.network_id]["media_attachments"])
    assert (media["description"], media["type"]) == (PICTURE.alt, "image")
    assert PICTURE.data in sent(mastodon_stage, "/api/v2/media")[0]


def test_a_picture_in_the_making_is_waited_for(mastodon_stage: MastodonStage) -> None:
    mastodon_stage.proxy.play(
        Trick(said({"id": "77", "url": None}, 202), "POST", "/media"),
        Trick(said({"id": "77", "url": None}, 206), "GET", "/media/77"),
        Trick(said({"id": "77", "url": "https://x.example"}), "GET", "/media/77"),
    )
    mastodon_stage.adapter.publish(Post("a", "One", images=(PICTURE,)), SOON)
    [body] = sent(mastodon_stage, "/api/v1/statuses")
    assert json.loads(body)["media_ids"] == ["77"]


def test_a_picture_that_is_never_ready_is_later_within_the_time(
    mastodon_stage: MastodonStage,
) -> None:
    mastodon_stage.proxy.play(
        Trick(said({"id": "77"}, 202), "POST", "/media"),
        Trick(said({"id": "77"}, 206), "GET", "/media/77", times=100),
    )
    begin = time.monotonic()
    with pytest.raises(LaterError, match="no_time"):
        mastodon_stage.adapter.publish(Post("a", "One", images=(PICTURE,)), timedelta(seconds=0.7))
    assert time.monotonic() - begin < 1.7
    assert sent(mastodon_stage, "/api/v1/statuses") == []


@pytest.mark.parametrize("answer", [said({}, 500), said({}, 429), said({}), "cut", "drip"])
def test_a_picture_that_fails_is_later_and_nothing_is_posted(
    mastodon_stage: MastodonStage, answer: Said
) -> None:
    mastodon_stage.proxy.play(Trick(answer, path="/media", acts=True))
    begin = time.monotonic()
    with pytest.raises(LaterError):
        mastodon_stage.adapter.publish(Post("a", "One", images=(PICTURE,)), timedelta(seconds=0.5))
    assert time.monotonic() - begin < 1.5
    assert sent(mastodon_stage, "/api/v1/statuses") == []


@pytest.mark.parametrize("code", [401, 403, 413, 422])
def test_a_picture_that_is_refused_is_refused_and_nothing_is_posted(
    mastodon_stage: MastodonStage, code: int
) -> None:
    mastodon_stage.proxy.play(Trick(said({"error": "File is too big"}, code), path="/media"))
    with pytest.raises(RefusedError):
        mastodon_stage.adapter.publish(Post("a", "One", images=(PICTURE,)), SOON)
    assert sent(mastodon_stage, "/api/v1/statuses") == []


# Looking for our own post


def test_find_reads_on_until_it_reaches_back(mastodon_stage: MastodonStage, post: Post) -> None:
    since = datetime.now(UTC)
    receipt = mastodon_stage.adapter.publish(post, SOON)
    for number in range(listing.PAGE + 1):
        mastodon_stage.adapter.publish(Post(f"{number}", f"Number {number}"), SOON)
    assert mastodon_stage.adapter.find(post, since) == receipt
    asked = [seen.path for seen in mastodon_stage.proxy.seen if "/statuses?" in seen.path]
    assert len(asked) == 2


def test_find_stops_where_the_listing_reaches_back(mastodon_stage: MastodonStage) -> None:
    lists(mastodon_stage, said([status("Other"), status("Old", NOW - timedelta(hours=1))]))
    assert mastodon_stage.adapter.find(Post("a", "One"), NOW) is None
    assert sum("/statuses?" in seen.path for seen in mastodon_stage.proxy.seen) == 1


def test_find_reads_on_past_a_pinned_old_post(mastodon_stage: MastodonStage) -> None:
    pinned = status("Pinned", NOW - timedelta(days=90), 1)
    lists(mastodon_stage, said([pinned, status("Other", NOW, 9)]), said([status("One", NOW, 8)]))
    assert mastodon_stage.adapter.find(Post("a", "One"), NOW) == Receipt("8")


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        (timedelta(0), True),
        (timedelta(minutes=4), True),
        (timedelta(minutes=6), False),
        (timedelta(days=-1), True),
    ],
)
def test_find_allows_for_clocks_that_differ(
    mastodon_stage: MastodonStage, behind: timedelta, found: bool
) -> None:
    lists(mastodon_stage, said([status("One", NOW - behind)]))
    assert (mastodon_stage.adapter.find(Post("a", "One"), NOW) is not None) == found


def test_find_goes_by_the_servers_clock_where_it_is_far_behind(
    mastodon_stage: MastodonStage,
) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=2)
    settings = {"server": mastodon_stage.proxy.url, "token": "mock_token"}
    adapter = all_networks()["mastodon"].connect(
        settings, door(mastodon_stage.proxy.port), lambda: ahead
    )
    lists(mastodon_stage, said([status("One", datetime.now(UTC))]))
    assert adapter.find(Post("a", "One"), ahead) is not None


@pytest.mark.parametrize(
    "page",
    [
        Said(200, b"<p>"),
        Said(200, b""),
        Said(200, b'[{"id": "7", "created_at": "2026-12-05T12:00:00Z", "content": "<p>Oth'),
        said({"error": "x"}),
        said([{"id": "7"}]),
        said([status("Other") | {"created_at": "soon"}]),
        said([status("Other") | {"content": None}]),
        said({}, 500),
        said({}, 429),
        said({}, 302, location="/elsewhere"),
    ],
)
def test_a_listing_that_cannot_be_read_is_later_and_never_nothing(
    mastodon_stage: MastodonStage, page: Said
) -> None:
    lists(mastodon_stage, page)
    with pytest.raises(LaterError):
        mastodon_stage.adapter.find(Post("a", "One"), NOW)


def test_a_second_page_that_fails_is_later(mastodon_stage: MastodonStage) -> None:
    lists(mastodon_stage, said([status("Other")]), said({}, 503))
    with pytest.raises(LaterError, match="unwell"):
        mastodon_stage.adapter.find(Post("a", "One"), NOW)


def test_a_lost_connection_while_looking_is_later(mastodon_stage: MastodonStage) -> None:
    mastodon_stage.proxy.play(Trick("cut", "GET", "/statuses?", acts=True))
    with pytest.raises(LaterError, match=r"door\.cut"):
        mastodon_stage.adapter.find(Post("a", "One"), NOW)


def test_another_post_with_the_same_link_is_not_ours(mastodon_stage: MastodonStage) -> None:
    link = '<a href="https://example.org/a">example.org/a</a>'
    lists(mastodon_stage, said([status(f"Tomorrow: {link}")]))
    assert mastodon_stage.adapter.find(Post("a", "Today: https://example.org/a"), NOW) is None


def test_accepted_without_an_id_is_unknown(mastodon_stage: MastodonStage) -> None:
    mastodon_stage.proxy.play(Trick(said({"url": "https://town.example/7"})))
    with pytest.raises(UnknownError, match="no_id"):
        mastodon_stage.adapter.publish(Post("a", "One"), SOON)
