"""Publishing exactly once: real services, databases and networks, and what may go wrong."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from aggregator import doctor
from aggregator.domain.delivering import LEASE, WIRE
from aggregator.services import channels, queueing, reviews, ticking
from aggregator.services.deliveries import deliver, step
from aggregator.services.errors import ConflictError, ServiceError
from aggregator.storage import channels as channel_rows
from aggregator.storage import deliveries
from aggregator.storage.deliveries import Claimed
from networks.practice.adapter import NETWORK
from networks.webhook.signature import new_secret
from tests.aggregator.posting import ANA, Posting, posting
from tests.support.houses import Clock
from tests.support.receiver import Receiver
from tests.support.scripted import Said, Trick

#: When an unknown outcome is looked up first, and how much later again.
SETTLED = (WIRE + NETWORK.settle).total_seconds()


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Iterator[Posting]:
    with posting(tmp_path, database_url) as made:
        yield made
        assert doctor.invariants(made.house) == []


def claimed(here: Posting, by: str = "somebody") -> Claimed:
    """Somebody else claims what is due."""
    with here.house.database.writing() as tx:
        now = here.house.clock()
        held = deliveries.claim(tx, by, now, now + LEASE)
    assert held is not None
    return held


def test_a_post_goes_out_and_its_name_there_is_kept(here: Posting) -> None:
    here.share()
    assert here.deliver() == 1
    row = here.only()
    assert (row.state, row.remote_id, row.error_code, row.claim_by) == ("SENT", "1", None, None)
    assert row.remote_url == f"{here.network.url}/posts/1"
    assert (here.attempts(), len(here.posts())) == (["SENT"], 1)


def test_what_is_out_is_never_due_again(here: Posting) -> None:
    here.share()
    here.deliver()
    assert here.deliver(days=1) == 0
    assert "deliver" not in ticking.due(here.house)


def test_the_tick_finds_every_post_whose_time_has_come(here: Posting) -> None:
    here.share(post_now=False)
    assert "deliver" not in ticking.due(here.house)
    here.clock.forward(minutes=1)
    assert "deliver" in ticking.due(here.house)


def test_a_refusal_fails_with_the_networks_words_and_frees_the_place(here: Posting) -> None:
    here.share()
    here.network.fail("refuse")
    here.deliver()
    row = here.only()
    assert (row.state, row.live_key, row.error_code) == ("FAILED", None, "network.refused")
    assert "422" in row.error_detail
    here.share()
    here.deliver()
    assert ([each.state for each in here.deliveries()], len(here.posts())) == (
        ["FAILED", "SENT"],
        1,
    )


def test_a_busy_network_is_asked_again_after_the_wait_that_it_names(here: Posting) -> None:
    here.share()
    here.network.fail("busy", seconds=90)
    here.deliver()
    assert (here.only().state, here.only().error_code) == ("QUEUED", "network.busy")
    assert here.deliver(seconds=80) == 0
    here.deliver(seconds=20)
    assert (here.only().state, here.attempts()) == ("SENT", ["LATER", "SENT"])


@pytest.mark.parametrize("way", ["act_then_error", "act_then_cut", "act_then_garble"])
def test_a_lost_answer_is_looked_up_and_nothing_is_sent_again(here: Posting, way: str) -> None:
    here.share()
    here.network.fail(way)
    here.deliver()
    assert here.only().state == "UNKNOWN"
    assert here.deliver(seconds=SETTLED - 1) == 0  # it may still appear
    here.deliver(seconds=2)
    assert (here.only().state, here.only().remote_id) == ("SENT", "1")
    assert (here.attempts(), len(here.posts())) == (["UNKNOWN"], 1)


def test_what_appears_late_is_found_by_the_look_that_waited_for_it(here: Posting) -> None:
    here.share()
    here.network.fail("act_late", seconds=SETTLED - 1)
    here.deliver()
    here.deliver(seconds=SETTLED)
    assert (here.only().state, len(here.posts())) == ("SENT", 1)


def test_what_was_not_done_is_sent_again_after_two_looks(here: Posting) -> None:
    here.share()
    here.network.fail("error")
    here.deliver()
    here.deliver(seconds=SETTLED)
    assert (here.only().state, here.only().looks, here.posts()) == ("UNKNOWN", 1, [])
    here.deliver(seconds=SETTLED)
    assert (here.only().state, here.attempts()) == ("SENT", ["UNKNOWN", "SENT"])
    assert len(here.posts()) == 1


@pytest.mark.parametrize("way", ["list_short", "list_error"])
def test_a_listing_that_does_not_reach_back_is_no_look(here: Posting, way: str) -> None:
    here.share()
    here.network.fail("act_then_cut")
    here.deliver()
    here.network.fail(way, times=2)
    here.deliver(seconds=SETTLED)
    here.deliver(seconds=15)
    assert (here.only().state, here.only().looks) == ("UNKNOWN", 0)
    assert here.only().error_code == "delivery.unseen"
    here.deliver(seconds=15)
    assert (here.only().state, len(here.posts())) == ("SENT", 1)


def test_a_network_that_is_down_is_asked_later_and_nothing_was_sent(here: Posting) -> None:
    here.share()
    served = here.network.settings
    for server in ("http://127.0.0.1:9/practice", served["server"]):  # nobody is at port 9
        sealed = channels.seal(here.house, {**served, "server": server})
        with here.house.database.writing() as tx:
            channel_rows.change(tx, 1, settings=sealed)
        here.deliver(seconds=16)
    assert (here.attempts(), len(here.posts())) == (["LATER", "SENT"], 1)


# Lost claims


def test_a_claim_lost_before_the_wire_costs_time_and_no_post(here: Posting) -> None:
    here.share()
    claimed(here)
    assert here.deliver(seconds=30) == 0
    here.deliver(seconds=31)
    assert (here.only().state, here.attempts()) == ("SENT", ["SENT"])
    assert len(here.posts()) == 1


def test_a_claim_lost_on_the_wire_is_unknown_until_it_is_looked_up(here: Posting) -> None:
    here.share()
    held = claimed(here)
    with here.house.database.writing() as tx:
        now = here.house.clock()
        deliveries.begin_attempt(tx, held.id, now, now + WIRE)
    here.deliver(seconds=61)
    assert (here.only().state, here.only().looks) == ("UNKNOWN", 1)
    here.deliver(seconds=SETTLED)
    assert (here.only().state, here.attempts()) == ("SENT", [None, "SENT"])


def test_a_receipt_that_was_kept_is_believed_without_asking_anybody(here: Posting) -> None:
    here.share()
    held = claimed(here)
    with here.house.database.writing() as tx:
        now = here.house.clock()
        n = deliveries.begin_attempt(tx, held.id, now, now + WIRE)
        deliveries.end_attempt(tx, held.id, n, "SENT", {"id": "77", "url": None})
    here.network.fail("list_error", times=9)
    here.deliver(seconds=61)
    assert (here.only().state, here.only().remote_id, here.posts()) == ("SENT", "77", [])


def test_who_lost_the_claim_writes_nothing(here: Posting) -> None:
    here.share()
    held = claimed(here)
    here.clock.forward(seconds=61)
    with here.house.database.writing() as tx:
        assert not deliveries.ours(tx, held, here.house.clock())


def test_many_workers_send_everything_once(here: Posting) -> None:
    for number in range(12):
        here.tell(f"b{number}", summary=f"Chess {number}")
    for number in range(1, 14):
        here.share(number)
    threads = [threading.Thread(target=deliver, args=(here.house,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(row.state for row in here.deliveries()) == {"SENT": 13}
    assert {*Counter(here.posts()).values()} == {1}
    assert len(here.posts()) == 13


# Times and changes


def test_nothing_is_attempted_once_the_event_has_begun(here: Posting) -> None:
    here.share(post_now=False)
    here.deliver(days=11, hours=2)
    assert (here.only().state, here.attempts(), here.posts()) == ("EXPIRED", [], [])


def test_what_was_claimed_before_the_event_began_is_not_sent_after_it(here: Posting) -> None:
    here.share(post_now=False)
    begins: datetime = here.only().not_after

    def clock() -> datetime:
        return begins if here.only().state == "SENDING" else begins - timedelta(seconds=30)

    assert step(replace(here.house, clock=clock), "me")
    assert (here.only().state, here.attempts(), here.posts()) == ("EXPIRED", [], [])


def test_a_change_after_the_claim_holds_before_the_wire(here: Posting) -> None:
    here.share()
    claimed(here)
    here.tell("a", location="Hall 2")
    assert here.only().state == "SENDING"
    here.deliver(seconds=61)
    assert (here.only().state, here.attempts(), here.posts()) == ("HELD", [], [])


# A person is asked


@pytest.fixture
def asked(here: Posting) -> Posting:
    """A post that went out, whose answer was lost, on a channel whose people want to be asked."""
    with here.house.database.writing() as tx:
        channel_rows.change(tx, 1, when_unknown="ask")
    here.share()
    here.network.fail("error")
    here.deliver()
    with pytest.raises(ServiceError, match="still_looking"):
        queueing.again(here.house, 1, actor=ANA)
    here.deliver(seconds=SETTLED)
    here.deliver(seconds=SETTLED)
    row = here.only()
    assert (row.state, row.due_at, row.error_code) == ("UNKNOWN", None, "delivery.ask")
    assert here.deliver(days=1) == 0
    return here


def test_somebody_says_that_it_is_there(asked: Posting) -> None:
    queueing.there(asked.house, 1, actor=ANA, url="https://social.example/1")
    assert (asked.only().state, asked.only().remote_url) == ("SENT", "https://social.example/1")
    asked.deliver(hours=1)
    assert asked.posts() == []


def test_somebody_says_that_it_is_not_there(asked: Posting) -> None:
    queueing.again(asked.house, 1, actor=ANA)
    asked.deliver()
    assert (asked.only().state, len(asked.posts())) == ("SENT", 1)


def test_somebody_gives_up_and_the_place_is_free(asked: Posting) -> None:
    queueing.give_up(asked.house, 1, actor=ANA)
    row = asked.only()
    assert (row.state, row.live_key, row.error_code) == ("FAILED", None, "delivery.given_up")
    asked.deliver(hours=1)
    assert asked.posts() == []


def test_what_is_asked_about_cant_be_withdrawn(asked: Posting) -> None:
    with pytest.raises(ConflictError, match="moved"):
        queueing.withdraw(asked.house, 1, actor=ANA)


def test_sent_again_after_the_event_changed_it_is_held(asked: Posting) -> None:
    asked.tell("a", location="Hall 2")
    queueing.again(asked.house, 1, actor=ANA)
    assert asked.only().state == "HELD"


# Keys and networks that are gone


def test_a_channel_whose_key_is_lost_fails_and_stops_no_other(here: Posting) -> None:
    here.share()
    lost = replace(here.house, fernet=MultiFernet([Fernet(Fernet.generate_key())]))
    assert step(lost, "me")
    assert (here.only().state, here.only().error_code) == ("FAILED", "channel.locked")


def test_of_what_may_be_out_a_lost_key_says_nothing(here: Posting) -> None:
    here.share()
    here.network.fail("act_then_cut")
    here.deliver()
    lost = replace(here.house, fernet=MultiFernet([Fernet(Fernet.generate_key())]))
    for _ in range(2):
        here.clock.forward(seconds=SETTLED)
        deliver(lost)
    row = here.only()
    assert (row.state, row.due_at, row.error_code) == ("UNKNOWN", None, "channel.locked")


def test_a_network_whose_folder_is_gone_does_not_stop_the_others(here: Posting) -> None:
    here.tell("b", summary="Chess")
    here.share(1)
    claimed(here)
    here.share(2)
    here.clock.forward(seconds=61)
    deliver(replace(here.house, networks={}))
    assert [row.state for row in here.deliveries()] == ["UNKNOWN", "FAILED"]


# A webhook: a repeat is harmless there


@pytest.fixture
def hooked(tmp_path: Path, database_url: str) -> Iterator[tuple[Posting, Receiver]]:
    """A library whose one channel is a webhook."""
    secret, clock = new_secret(), Clock()
    with (
        Receiver(secret, lambda: clock().timestamp()) as receiver,
        posting(tmp_path, database_url, clock=clock, also=receiver.port) as made,
    ):
        with made.house.database.writing() as tx:
            channel_rows.change(tx, 1, state="OFF")
        settings = {"url": f"{receiver.url}/town", "secret": secret}
        channels.add(made.house, "webhook", "Website", settings, actor=ANA)
        yield made, receiver
        assert doctor.invariants(made.house) == []


def lost_answer(receiver: Receiver, times: int = 1) -> None:
    """The receiver keeps the message and fails to say so."""
    receiver.play(Trick(Said(500, b"oops"), acts=True, times=times))


def test_a_message_is_repeated_with_the_same_id_until_there_is_an_answer(
    hooked: tuple[Posting, Receiver],
) -> None:
    here, receiver = hooked
    here.share()
    lost_answer(receiver, times=2)
    here.deliver()
    assert here.only().state == "UNKNOWN"
    here.deliver(seconds=20)
    assert here.only().state == "UNKNOWN"
    here.deliver(seconds=60)
    assert (here.only().state, here.attempts()) == ("SENT", ["UNKNOWN", "UNKNOWN", "SENT"])
    assert [*receiver.kept] == ["1::announce:2"]
    ids = {seen.headers["webhook-id"] for seen in receiver.seen}
    assert (len(receiver.seen), ids) == (3, {"1::announce:2"})


def test_a_message_that_may_be_out_cant_be_withdrawn_while_it_is_repeated(
    hooked: tuple[Posting, Receiver],
) -> None:
    here, receiver = hooked
    shared = here.share()
    lost_answer(receiver)
    here.deliver()
    with pytest.raises(ConflictError, match="moved"):
        queueing.withdraw(here.house, 1, actor=ANA)
    assert reviews.undo(here.house, 1, actor=ANA, version=shared.version).out == 1
    assert here.only().state == "UNKNOWN"


def test_a_message_that_may_be_out_is_not_repeated_with_old_facts_but_asked_about(
    hooked: tuple[Posting, Receiver],
) -> None:
    here, receiver = hooked
    here.share()
    lost_answer(receiver)
    here.deliver()
    here.tell("a", location="Hall 2")
    for _ in range(3):
        here.deliver(seconds=60)
    assert (here.only().state, here.only().due_at) == ("UNKNOWN", None)
    assert len(receiver.seen) == 1


def test_a_receiver_that_says_later_while_repeating_leaves_it_unknown(
    hooked: tuple[Posting, Receiver],
) -> None:
    here, receiver = hooked
    here.share()
    lost_answer(receiver)
    here.deliver()
    receiver.play(Trick(Said(503, b"{}")))
    here.deliver(seconds=20)
    assert (here.only().state, here.only().error_code) == ("UNKNOWN", "network.busy")
    here.deliver(seconds=60)
    assert (here.only().state, len(receiver.kept)) == ("SENT", 1)
