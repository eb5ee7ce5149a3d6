"""Places where a person puts the post up: what fits, what is opened, and nothing on the wire."""

from datetime import UTC, datetime, timedelta

import pytest

from networks.by_hand.adapter import hand
from networks.counting import count, shorten
from networks.errors import RefusedError
from networks.post import Account, Adapter, Limits, Post
from networks.registry import all_networks, complete
from tests.networks.stages import door

NETWORK = all_networks()["by_hand"]


def made(**given: str) -> Adapter:
    return NETWORK.connect(complete(NETWORK, given), door())


def test_nothing_is_ever_sent_or_looked_for() -> None:
    adapter, post = made(kind="page"), Post("1", "Stories")
    with pytest.raises(RefusedError, match=r"network\.by_hand"):
        adapter.publish(post, timedelta(seconds=5))
    with pytest.raises(RefusedError, match="no_search"):
        adapter.find(post, datetime.now(UTC))


def test_a_paper_counts_words_and_a_page_characters() -> None:
    assert made(kind="paper").limits() == Limits(120, unit="words")
    assert made(kind="page").limits() == Limits(2000)
    assert made(kind="group", length="300").limits() == Limits(300)
    assert made(kind="other", length="60", unit="words").limits() == Limits(60, unit="words")


def test_a_paper_is_called_by_its_address() -> None:
    adapter = made(kind="paper", mail="news@courier.example")
    assert adapter.check() == Account("news@courier.example", None)
    adapter = made(kind="group", address="https://www.facebook.com/groups/millbrook/")
    assert adapter.check() == Account(
        "facebook.com/groups/millbrook", "https://www.facebook.com/groups/millbrook/"
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"address": "javascript:alert(1)"}, "network.address"),
        ({"mail": "a@b.example?bcc=all@town.example"}, "network.mail"),
        ({"length": "many"}, "network.length"),
        ({"length": "5"}, "network.length"),
    ],
)
def test_what_cant_be_used_is_refused(given: dict[str, str], code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        made(**given).check()
    assert caught.value.code == code


def test_only_the_event_sheet_has_the_fields_of_a_form_and_a_cover() -> None:
    sheet = hand(complete(NETWORK, {"kind": "event"}))
    assert (sheet.theirs, sheet.cover) == (True, (1920, 1005))
    assert sheet.fields == ("name", "starts", "ends", "place", "details", "tickets")
    page = hand(complete(NETWORK, {"kind": "page", "address": "https://page.example/us"}))
    assert (page.fields, page.cover, page.opens) == ((), None, "https://page.example/us")


def test_words_are_counted_and_cut_between_them() -> None:
    limits = Limits(3, unit="words")
    text = "One two, three\nfour https://five.example"
    assert count(text, limits) == 5
    assert shorten(text, 2, limits) == "One two…"
    assert shorten(text, 0, limits) == ""
    assert shorten("One two", 2, limits) == "One two"


def test_an_address_that_can_not_be_read_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"network\.address"):
        made(kind="page", address="http://[::1").check()
