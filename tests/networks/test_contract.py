"""What every network owes the queue: one outcome for each thing that can happen on the wire."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from networks.errors import LaterError, RefusedError, UnknownError
from networks.post import Post, Receipt
from networks.registry import all_networks
from tests.networks.conftest import NETWORKS
from tests.networks.stages import Stage

#: Time enough for a server that answers, and how much more may pass where it does not.
SOON = timedelta(seconds=5)
SHORT = timedelta(seconds=0.4)
SLACK = 1.0


def test_the_contract_is_kept_by_every_network() -> None:
    sent = {name for name, each in all_networks().items() if not each.abilities.by_hand}
    assert set(NETWORKS) == sent


def test_publish_makes_one_post_that_find_finds(stage: Stage, post: Post) -> None:
    since = datetime.now(UTC)
    receipt = stage.adapter.publish(post, SOON)
    assert stage.copies(post.text) == 1
    if stage.searchable:
        assert receipt.network_id is not None
        assert receipt.url is not None
        assert receipt == stage.adapter.find(post, since)
    else:
        assert receipt == Receipt(None)


def test_find_gives_none_for_a_post_that_was_never_made(stage: Stage, post: Post) -> None:
    stage.adapter.publish(post, SOON)
    other = Post("other", f"{post.text}!")
    if stage.searchable:
        assert stage.adapter.find(other, datetime.now(UTC)) is None
    else:
        with pytest.raises(RefusedError, match="no_search"):
            stage.adapter.find(other, datetime.now(UTC))


def test_find_looks_at_no_post_from_before(stage: Stage, post: Post) -> None:
    if stage.searchable:
        stage.adapter.publish(post, SOON)
        assert stage.adapter.find(post, datetime.now(UTC) + timedelta(hours=1)) is None


def test_refusal_is_refused_with_the_networks_words(stage: Stage, post: Post) -> None:
    stage.refuse()
    with pytest.raises(RefusedError) as caught:
        stage.adapter.publish(post, SOON)
    assert caught.value.code == "network.refused"
    assert caught.value.detail is not None
    assert caught.value.detail.startswith("422 ")
    assert stage.copies(post.text) == 0


def test_too_many_requests_is_later_after_the_wait(stage: Stage, post: Post) -> None:
    stage.busy(37)
    with pytest.raises(LaterError) as caught:
        stage.adapter.publish(post, SOON)
    assert caught.value.code == "network.busy"
    assert caught.value.wait == timedelta(seconds=37)
    assert stage.copies(post.text) == 0


def test_server_error_is_unknown_and_nothing_is_found(stage: Stage, post: Post) -> None:
    since = datetime.now(UTC)
    stage.error()
    with pytest.raises(UnknownError):
        stage.adapter.publish(post, SOON)
    assert stage.copies(post.text) == 0
    if stage.searchable:
        assert stage.adapter.find(post, since) is None


@pytest.mark.parametrize("fault", ["act_then_error", "act_then_cut"])
def test_lost_answer_is_unknown_and_leaves_one_copy(stage: Stage, post: Post, fault: str) -> None:
    since = datetime.now(UTC)
    getattr(stage, fault)()
    with pytest.raises(UnknownError):
        stage.adapter.publish(post, SOON)
    assert stage.copies(post.text) == 1
    if stage.searchable:
        assert stage.adapter.find(post, since) is not None
    else:
        stage.adapter.publish(post, SOON)
    assert stage.copies(post.text) == 1


def test_unreadable_success_is_unknown_where_an_id_is_due(stage: Stage, post: Post) -> None:
    since = datetime.now(UTC)
    stage.act_then_garble()
    if stage.searchable:
        with pytest.raises(UnknownError, match="no_id"):
            stage.adapter.publish(post, SOON)
        assert stage.adapter.find(post, since) is not None
    else:
        assert stage.adapter.publish(post, SOON) == Receipt(None)
    assert stage.copies(post.text) == 1


def test_second_sending_makes_a_second_post_unless_a_repeat_is_harmless(
    stage: Stage, post: Post
) -> None:
    stage.adapter.publish(post, SOON)
    stage.adapter.publish(post, SOON)
    harmless = all_networks()[stage.name].abilities.repeat_harmless
    assert stage.copies(post.text) == (1 if harmless else 2)


def test_nobody_there_is_later(stage: Stage, post: Post) -> None:
    with pytest.raises(LaterError):
        stage.nobody.publish(post, SOON)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_slow_answer_is_unknown_within_the_time(stage: Stage, post: Post, fault: str) -> None:
    getattr(stage, fault)()
    begin = time.monotonic()
    with pytest.raises(UnknownError):
        stage.adapter.publish(post, SHORT)
    assert time.monotonic() - begin < SHORT.total_seconds() + SLACK


def test_no_time_left_is_later_and_nothing_is_written(stage: Stage, post: Post) -> None:
    with pytest.raises(LaterError):
        stage.adapter.publish(post, timedelta(0))
    assert stage.copies(post.text) == 0


def test_listing_that_does_not_reach_back_is_later(stage: Stage, post: Post) -> None:
    if stage.searchable:
        stage.list_short()
        with pytest.raises(LaterError, match="listing_short"):
            stage.adapter.find(post, datetime.now(UTC))


def test_check_says_who_we_are_and_posts_nothing(stage: Stage) -> None:
    assert stage.adapter.check().name


def test_limits_are_what_the_network_declares_until_asked(stage: Stage) -> None:
    assert stage.adapter.limits() == all_networks()[stage.name].limits
