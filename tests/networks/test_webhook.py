"""A webhook as Standard Webhooks 1.0.0 say, seen from the receiver."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from networks.errors import LaterError, RefusedError, UnknownError
from networks.post import Account, Adapter, Image, Post
from networks.registry import all_networks
from networks.webhook.signature import key_of, new_secret, signed
from tests.networks.stages import WebhookStage, door, webhook_stage
from tests.support.receiver import Receiver
from tests.support.scripted import Said, Trick

SOON = timedelta(seconds=5)
POST = Post("7:2026-12-12:announce:3", "Café & cocoa", "https://example.org/a", "fr")


@pytest.fixture
def stage() -> Iterator[WebhookStage]:
    with webhook_stage() as found:
        yield found


def connect(url: str, secret: str, *ports: int) -> Adapter:
    return all_networks()["webhook"].connect({"url": url, "secret": secret}, door(*ports))


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example that the standard's reference libraries test against."""
    headers = signed(
        key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_message_carries_the_post_and_its_facts(stage: WebhookStage) -> None:
    post = Post(POST.key, POST.text, POST.link, "fr", facts={"summary": "Café", "overrides": []})
    stage.adapter.publish(post, SOON)
    message = stage.receiver.kept[post.key]
    at = datetime.fromisoformat(str(message.pop("timestamp")))
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert message == {
        "type": "post.publish",
        "data": {
            "text": post.text,
            "link": post.link,
            "language": "fr",
            "facts": {"summary": "Café", "overrides": []},
        },
    }
    assert stage.receiver.seen[-1].headers["content-type"] == "application/json"


def test_pictures_stay_at_home(stage: WebhookStage) -> None:
    stage.adapter.publish(Post("a", "One", images=(Image(b"data", "image/png", "alt"),)), SOON)
    assert "alt" not in json.dumps(stage.receiver.kept["a"])


def test_the_same_post_comes_again_with_the_same_id_and_a_fresh_signature(
    stage: WebhookStage,
) -> None:
    stage.adapter.publish(POST, SOON)
    stage.adapter.publish(POST, SOON)
    assert len(stage.receiver.seen) == 2
    assert list(stage.receiver.kept) == [POST.key]
    assert stage.receiver.doubts == []


def test_a_receiver_with_another_secret_believes_nothing() -> None:
    with Receiver(new_secret()) as receiver:
        adapter = connect(receiver.url, new_secret(), receiver.port)
        with pytest.raises(RefusedError, match="token"):
            adapter.publish(POST, SOON)
        assert (receiver.kept, receiver.doubts) == ({}, ["no signature fits"])


def test_a_receiver_does_not_believe_an_old_message(stage: WebhookStage) -> None:
    secret = new_secret()
    with Receiver(secret) as receiver:
        settings = {"url": receiver.url, "secret": secret}
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        adapter = all_networks()["webhook"].connect(settings, door(receiver.port), lambda: hour_ago)
        with pytest.raises(RefusedError):
            adapter.publish(POST, SOON)
        assert receiver.doubts == ["too old or too new"]


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (410, RefusedError, "network.gone"),
        (404, RefusedError, "network.missing"),
        (400, RefusedError, "network.refused"),
        (301, RefusedError, "network.moved"),
        (429, LaterError, "network.busy"),
        (503, LaterError, "network.busy"),
        (500, UnknownError, "network.unknown"),
        (502, UnknownError, "network.unknown"),
        (504, UnknownError, "network.unknown"),
    ],
)
def test_each_status_means_what_the_standard_says(
    stage: WebhookStage, status: int, kind: type[Exception], code: str
) -> None:
    stage.receiver.play(Trick(Said(status, headers={"retry-after": "9", "location": "/b"})))
    with pytest.raises(kind, match=code) as caught:
        stage.adapter.publish(POST, SOON)
    if isinstance(caught.value, LaterError):
        assert caught.value.wait == timedelta(seconds=9)
    assert stage.receiver.kept == {}


def test_check_sends_nothing(stage: WebhookStage) -> None:
    assert stage.adapter.check() == Account("127.0.0.1")
    assert stage.receiver.seen == []


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "secret",
        "whsec_",
        "whsec_not base64",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
    ],
)
def test_what_can_be_no_secret_is_refused_unsent(stage: WebhookStage, secret: str) -> None:
    adapter = connect(stage.receiver.url, secret, stage.receiver.port)
    with pytest.raises(RefusedError, match="secret"):
        adapter.check()
    with pytest.raises(RefusedError, match="secret"):
        adapter.publish(POST, SOON)
    assert stage.receiver.seen == []


@pytest.mark.parametrize("url", ["", "town.example", "ftp://town.example", "https://"])
def test_what_can_be_no_address_is_refused(url: str) -> None:
    adapter = connect(url, new_secret())
    with pytest.raises(RefusedError, match="address"):
        adapter.check()
    with pytest.raises(RefusedError):
        adapter.publish(POST, SOON)


def test_an_address_on_this_machine_is_refused_unless_it_is_allowed() -> None:
    adapter = connect("http://127.0.0.1:1/", new_secret())
    with pytest.raises(RefusedError, match=r"door\."):
        adapter.publish(POST, SOON)
