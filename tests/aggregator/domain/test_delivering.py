"""What follows from what a network did: pure decisions, told one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.delivering import (
    LEASE,
    TRIES,
    WIRE,
    Attempt,
    Next,
    after_absence,
    after_later,
    after_lost_claim,
    after_no_search,
    after_unknown,
    after_unseen,
    doubted,
    repeated_at,
    settled,
    since,
)

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SETTLE = timedelta(minutes=2)
SECOND = timedelta(seconds=1)


def tried(*outcomes: str | None) -> list[Attempt]:
    """Attempts that ended so, a minute apart, the last one now."""
    first = NOW - timedelta(minutes=len(outcomes) - 1)
    begun = [first + timedelta(minutes=number) for number in range(len(outcomes))]
    return [
        Attempt(number, at, at + WIRE, outcome)
        for number, (at, outcome) in enumerate(zip(begun, outcomes, strict=True), start=1)
    ]


def test_a_request_may_take_half_of_the_claim_at_most() -> None:
    assert WIRE <= LEASE / 2


@pytest.mark.parametrize(
    ("outcome", "may_have_happened"),
    [(None, True), ("UNKNOWN", True), ("LATER", False), ("REFUSED", False), ("SENT", False)],
)
def test_only_an_attempt_without_a_clear_answer_stays_open(
    outcome: str | None, may_have_happened: bool
) -> None:
    assert tried(outcome)[0].open is may_have_happened


def test_an_unknown_outcome_is_looked_up_when_it_would_have_appeared() -> None:
    assert after_unknown(tried(None), SETTLE, "network.unknown") == Next(
        "UNKNOWN", NOW + WIRE + SETTLE, "network.unknown"
    )


def test_the_last_open_attempt_counts_for_waiting_and_the_first_for_looking_back() -> None:
    attempts = tried("UNKNOWN", None, "LATER")
    assert settled(attempts, SETTLE) == NOW - timedelta(minutes=1) + WIRE + SETTLE
    assert since(attempts) == NOW - timedelta(minutes=2)


def test_nothing_is_waited_for_where_every_attempt_had_an_answer() -> None:
    assert settled(tried("LATER", "REFUSED"), SETTLE) is None
    assert since(tried("LATER", "REFUSED")) is None


def test_a_claim_lost_while_sending_is_unknown_and_never_queued() -> None:
    assert after_lost_claim(tried(None), NOW, SETTLE).state == "UNKNOWN"
    assert after_lost_claim(tried(None), NOW, SETTLE).due_at == NOW + WIRE + SETTLE


def test_a_claim_lost_before_anything_was_on_the_wire_is_unknown_too_but_at_once() -> None:
    assert after_lost_claim([], NOW, SETTLE) == Next("UNKNOWN", NOW, "delivery.lost")


def test_one_listing_without_our_post_is_not_enough() -> None:
    step = after_absence(tried(None), 1, NOW, SETTLE, "send")
    assert (step.state, step.looks) == ("UNKNOWN", 1)


def test_between_two_looks_a_request_that_is_still_out_would_have_come_to_light() -> None:
    for step in (
        after_absence(tried(None), 1, NOW, SETTLE, "send"),
        after_no_search(1, NOW, SETTLE),
    ):
        assert step.due_at is not None
        assert step.due_at >= NOW + WIRE + SETTLE


def test_two_listings_without_it_and_it_is_sent_again() -> None:
    assert after_absence(tried(None), 2, NOW, SETTLE, "send") == Next(
        "QUEUED", NOW, "delivery.again"
    )


def test_where_the_channel_says_ask_a_person_is_asked_instead() -> None:
    step = after_absence(tried(None), 2, NOW, SETTLE, "ask")
    assert (step.state, step.due_at, step.code) == ("UNKNOWN", None, "delivery.ask")


def test_what_vanishes_again_and_again_ends_with_a_person() -> None:
    often = after_absence(tried(*[None] * TRIES), 2, NOW, SETTLE, "send")
    assert (often.state, often.due_at) == ("UNKNOWN", None)
    assert after_absence(tried(*[None] * (TRIES - 1)), 2, NOW, SETTLE, "send").state == "QUEUED"


def test_a_network_that_cant_be_searched_asks_a_person_when_all_has_settled() -> None:
    assert after_no_search(1, NOW, SETTLE).due_at == NOW + WIRE + SETTLE
    assert after_no_search(2, NOW, SETTLE) == Next("UNKNOWN", None, "delivery.ask", 2)


def test_a_listing_that_cant_be_had_says_nothing_and_is_asked_for_later() -> None:
    assert after_unseen(NOW, SETTLE, None).due_at == NOW + SETTLE
    assert after_unseen(NOW, SETTLE, timedelta(hours=1)).due_at == NOW + timedelta(hours=1)
    assert after_unseen(NOW, timedelta(), None).due_at == NOW + 15 * SECOND


def test_later_waits_twice_as_long_each_time_up_to_an_hour() -> None:
    waits = []
    for number in range(1, TRIES):
        due = after_later(tried(*["LATER"] * number), NOW, None, "network.busy").due_at
        assert due is not None
        waits.append((due - NOW).total_seconds())
    assert waits[:4] == [15, 30, 60, 120]
    assert max(waits) == 3600


def test_later_is_never_sooner_than_the_network_asked() -> None:
    step = after_later(tried("LATER"), NOW, timedelta(hours=3), "network.busy")
    assert step == Next("QUEUED", NOW + timedelta(hours=3), "network.busy")
    soon = after_later(tried("LATER"), NOW, SECOND, "network.busy")
    assert soon.due_at == NOW + 15 * SECOND


def test_a_network_that_always_says_later_is_given_up_with_its_reason() -> None:
    assert after_later(tried(*["LATER"] * TRIES), NOW, None, "network.busy") == Next(
        "FAILED", code="network.busy"
    )


def test_where_a_repeat_is_harmless_it_comes_ever_more_seldom_and_then_a_person() -> None:
    waits = []
    for number in (1, 2, 3):
        at = repeated_at(tried(*[None] * number))
        assert at is not None
        waits.append((at - NOW).total_seconds())
    assert waits == [15, 30, 60]
    assert repeated_at(tried(*[None] * TRIES)) is None


@pytest.mark.parametrize("ended", ["EXPIRED", "HELD", "FAILED", "CANCELLED"])
def test_what_may_be_out_neither_ends_nor_is_held_but_is_asked_about(ended: str) -> None:
    step = Next(ended, NOW, "network.token")  # type: ignore[arg-type]
    first = doubted("UNKNOWN", step, 1, NOW, SETTLE)
    assert (first.state, first.due_at, first.looks) == ("UNKNOWN", NOW + WIRE + SETTLE, 1)
    second = doubted("UNKNOWN", step, 2, NOW, SETTLE)
    assert (second.state, second.due_at) == ("UNKNOWN", None)
    assert doubted("SENDING", step, 1, NOW, SETTLE) == step


def test_what_may_be_out_is_repeated_while_it_stays_unknown() -> None:
    later = Next("QUEUED", NOW, "network.busy")
    assert doubted("UNKNOWN", later, 1, NOW, SETTLE) == Next("UNKNOWN", NOW, "network.busy")


def test_why_a_repeat_failed_is_not_forgotten() -> None:
    failed, expired = Next("FAILED", code="network.token"), Next("EXPIRED")
    assert doubted("UNKNOWN", failed, 2, NOW, SETTLE).code == "network.token"
    assert doubted("UNKNOWN", expired, 2, NOW, SETTLE).code == "delivery.ask"
