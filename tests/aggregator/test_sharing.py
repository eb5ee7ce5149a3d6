"""Share, undo, withdraw and release, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator import doctor
from aggregator.domain.delivering import LEASE
from aggregator.services import previewing, queueing, reviews, sharing
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.sharing import Shared
from aggregator.storage import channels, choices, deliveries
from aggregator.storage.doors import Database
from tests.aggregator.posting import ANA, Posting, posting


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Iterator[Posting]:
    with posting(tmp_path, database_url) as made:
        yield made


def test_what_the_preview_shows_is_what_goes_out(here: Posting) -> None:
    [shown] = previewing.preview(here.house, 1).channels
    here.share()
    here.deliver()
    assert here.posts() == [shown.composed.text]
    assert shown.composed.text == "Story hour\nSat 5 Dec, 2 pm\nHall 1\nWith River Museum"
    assert (shown.composed.count, shown.composed.limit) == (len(shown.composed.text), 500)
    assert doctor.invariants(here.house) == []


def test_sharing_approves_and_queues_at_the_next_free_slot(here: Posting) -> None:
    shared = here.share(post_now=False)
    assert (here.event().state, shared.version) == ("APPROVED", 1)
    next_minute = here.clock.now.replace(second=0) + timedelta(minutes=1)
    assert shared.queued == (("Practice", next_minute),)
    row = here.only()
    assert (row.state, row.due_at, row.live_key) == ("QUEUED", next_minute, "1::announce:1")
    assert row.not_after == datetime(2026, 12, 5, 19, 0, tzinfo=UTC)  # when it begins
    assert here.posts() == []


def test_every_connected_channel_gets_one_and_a_disconnected_none(here: Posting) -> None:
    here.connect("Second")
    off = here.connect("Off")
    with here.house.database.writing() as tx:
        channels.change(tx, off, state="OFF")
    shared = here.share()
    assert [name for name, _ in shared.queued] == ["Practice", "Second"]
    here.deliver()
    assert len(here.posts()) == 2


def test_two_events_never_take_one_slot(here: Posting) -> None:
    here.tell("b", summary="Chess")
    first, second = here.share(1, post_now=False), here.share(2, post_now=False)
    assert second.queued[0][1] - first.queued[0][1] == timedelta(minutes=1)


def test_a_double_click_makes_one_post(here: Posting) -> None:
    first = sharing.share(here.house, 1, actor=ANA, version=0, post_now=True)
    second = sharing.share(here.house, 1, actor=ANA, version=0, post_now=True)
    assert (first.version, second.version) == (1, 1)
    assert second.queued == first.queued
    here.deliver()
    assert len(here.posts()) == 1


def test_clicks_at_the_same_moment_make_one_post(here: Posting) -> None:
    clicked: list[Shared | Exception] = []

    def click() -> None:
        try:
            clicked.append(sharing.share(here.house, 1, actor=ANA, version=0, post_now=True))
        except ServiceError as error:
            clicked.append(error)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.version for each in clicked if isinstance(each, Shared)] == [1, 1, 1, 1]
    assert len(here.deliveries()) == 1
    assert doctor.invariants(here.house) == []


def test_the_second_of_two_people_is_told_and_posts_nothing(here: Posting) -> None:
    here.share()
    with pytest.raises(ConflictError, match="faster"):
        sharing.share(here.house, 1, actor="ben", version=0)
    assert len(here.deliveries()) == 1


def test_sharing_again_adds_only_what_is_missing(here: Posting) -> None:
    here.share()
    here.deliver()
    assert here.share().queued == ()
    here.connect("Second")
    assert [name for name, _ in here.share().queued] == ["Second"]
    here.deliver()
    assert len(here.posts()) == 2
    assert doctor.invariants(here.house) == []


def test_what_was_looked_at_is_what_is_shared_or_nothing(here: Posting) -> None:
    looked = previewing.preview(here.house, 1)
    here.tell("a", location="Hall 2")
    with pytest.raises(ConflictError, match="changed"):
        here.share(shown=looked.digest)
    assert (here.event().state, here.deliveries()) == ("NEW", [])
    here.share(shown=previewing.preview(here.house, 1).digest)
    assert len(here.deliveries()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "CANCELLED"}, "share.cancelled"),
        ({"start": "20261101T140000"}, "share.over"),
    ],
)
def test_what_nobody_can_come_to_is_not_shared(
    here: Posting, changes: dict[str, str], code: str
) -> None:
    here.tell("a", **changes)
    assert (problem := previewing.preview(here.house, 1).problem) is not None
    assert problem.code == code
    with pytest.raises(ServiceError, match=code):
        here.share()
    assert (here.event().state, here.deliveries()) == ("NEW", [])


def test_without_a_channel_nothing_is_shared_and_nothing_decided(here: Posting) -> None:
    with here.house.database.writing() as tx:
        channels.change(tx, 1, state="OFF")
    with pytest.raises(ServiceError, match="no_channel"):
        here.share()
    assert here.event().state == "NEW"


def test_what_is_not_there_is_said(here: Posting) -> None:
    with pytest.raises(MissingError):
        previewing.preview(here.house, 99)
    with pytest.raises(MissingError):
        sharing.share(here.house, 99, actor=ANA, version=0)


def test_the_events_own_page_is_linked(here: Posting) -> None:
    here.tell("a", url="https://museum.example/story")
    here.share()
    here.deliver()
    assert "\nhttps://museum.example/story" in here.posts()[0]


def test_without_its_own_page_ours_is_linked_where_residents_reach_us(
    tmp_path: Path, sqlite_url: str
) -> None:
    with posting(tmp_path, sqlite_url, PUBLIC_URL="https://events.library.example/") as here:
        here.share()
        here.deliver()
        pid = here.event().pid
        assert f"\nhttps://events.library.example/event/{pid}" in here.posts()[0]


def test_the_houses_hashtags_stand_beside_the_events_own(here: Posting) -> None:
    with here.house.database.writing() as tx:
        every = choices.find(tx, "hashtags", "Every post")
        assert every is not None
        choices.change(tx, "hashtags", every.id, tags=["Millbrook"])
    here.tell("a", categories="Families")
    here.share()
    here.deliver()
    assert here.posts()[0].endswith("\n#Millbrook #Families")


def test_of_a_series_only_dates_after_the_slot_are_told(here: Posting) -> None:
    here.tell("a", rrule="FREQ=WEEKLY;COUNT=3")
    here.clock.forward(days=12)  # a day after the first date
    [shown] = previewing.preview(here.house, 1).channels
    assert "Sat 12 Dec, 2 pm (Saturdays, 2 dates)" in shown.composed.text
    assert shown.not_after == datetime(2026, 12, 19, 19, 0, tzinfo=UTC)


def test_a_wake_follows_the_commit(tmp_path: Path, sqlite_url: str) -> None:
    with posting(tmp_path, sqlite_url) as here:
        woken: list[str] = []
        waking = Database(here.house.database.url, woken.append)
        here.house.database.close()
        object.__setattr__(here.house, "database", waking)
        here.share()
        assert woken == ["deliver"]


# Undo, decline, withdraw


def test_undo_before_the_claim_withdraws(here: Posting) -> None:
    shared = here.share()
    undone = reviews.undo(here.house, 1, actor=ANA, version=shared.version)
    assert (undone.state, undone.out) == ("NEW", 0)
    assert (here.only().state, here.only().live_key) == ("CANCELLED", None)
    here.deliver(hours=1)
    assert here.posts() == []
    assert doctor.invariants(here.house) == []


def test_what_was_withdrawn_can_be_shared_again(here: Posting) -> None:
    reviews.undo(here.house, 1, actor=ANA, version=here.share().version)
    here.share()
    here.deliver()
    assert [row.state for row in here.deliveries()] == ["CANCELLED", "SENT"]
    assert len(here.posts()) == 1


def test_undo_says_what_is_out_already(here: Posting) -> None:
    shared = here.share()
    here.deliver()
    assert reviews.undo(here.house, 1, actor=ANA, version=shared.version).out == 1
    assert (here.only().state, len(here.posts())) == ("SENT", 1)


def test_declining_withdraws_what_waits(here: Posting) -> None:
    shared = here.share(post_now=False)
    reviews.apply(here.house, "decline", 1, actor=ANA, version=shared.version)
    assert here.only().state == "CANCELLED"


def claimed(here: Posting, **by: float) -> None:
    """Time passes, and somebody claims the next delivery and vanishes."""
    here.clock.forward(**by)
    with here.house.database.writing() as tx:
        held = deliveries.claim(tx, "somebody", here.clock.now, here.clock.now + LEASE)
    assert held is not None


def test_what_was_declined_while_the_network_was_busy_is_not_sent_later(here: Posting) -> None:
    shared = here.share()
    here.network.fail("busy", seconds=30)
    here.deliver()
    assert (here.only().state, here.attempts()) == ("QUEUED", ["LATER"])
    claimed(here, minutes=2)  # somebody is about to send it again
    reviews.apply(here.house, "decline", 1, actor=ANA, version=shared.version)
    here.deliver(minutes=2)
    here.deliver(minutes=2)
    assert (here.only().state, here.posts()) == ("CANCELLED", [])


def test_one_post_of_several_can_be_withdrawn(here: Posting) -> None:
    here.connect("Second")
    here.share()
    queueing.withdraw(here.house, 1, actor=ANA)
    here.deliver()
    assert [row.state for row in here.deliveries()] == ["CANCELLED", "SENT"]
    assert doctor.invariants(here.house) == []


def test_what_is_out_cant_be_withdrawn_and_that_is_said(here: Posting) -> None:
    here.share()
    here.deliver()
    with pytest.raises(ConflictError, match="moved"):
        queueing.withdraw(here.house, 1, actor=ANA)
    with pytest.raises(MissingError):
        queueing.withdraw(here.house, 99, actor=ANA)


def test_post_now_does_not_wait_for_the_slot(here: Posting) -> None:
    here.share(post_now=False)
    assert here.deliver() == 0
    queueing.post_now(here.house, 1, actor=ANA)
    here.deliver()
    assert here.only().state == "SENT"


# A changed event holds


def test_a_material_change_holds_what_is_queued(here: Posting) -> None:
    here.share(post_now=False)
    here.tell("a", start="20261205T160000")
    assert (here.only().state, here.only().error_code) == ("HELD", "delivery.changed")
    here.deliver(hours=1)
    assert here.posts() == []
    assert doctor.invariants(here.house) == []


def test_a_change_of_words_holds_nothing(here: Posting) -> None:
    here.share(post_now=False)
    here.tell("a", description="With cocoa.")
    assert here.only().state == "QUEUED"


def test_released_it_tells_the_event_as_it_is_now(here: Posting) -> None:
    here.share(post_now=False)
    here.tell("a", start="20261205T160000")
    queueing.release(here.house, 1, actor=ANA)
    assert (here.only().state, here.only().error_code) == ("QUEUED", None)
    assert doctor.invariants(here.house) == []
    here.deliver(hours=1)
    assert ["Sat 5 Dec, 4 pm" in text for text in here.posts()] == [True]


def test_a_cancelled_event_cant_be_released_but_withdrawn(here: Posting) -> None:
    here.share(post_now=False)
    here.tell("a", status="CANCELLED")
    with pytest.raises(ServiceError, match="cancelled"):
        queueing.release(here.house, 1, actor=ANA)
    assert here.only().state == "HELD"
    queueing.withdraw(here.house, 1, actor=ANA)
    assert here.only().state == "CANCELLED"


def test_what_is_queued_cant_be_released(here: Posting) -> None:
    here.share(post_now=False)
    with pytest.raises(ConflictError, match="moved"):
        queueing.release(here.house, 1, actor=ANA)


def test_a_change_while_the_network_was_busy_holds_too(here: Posting) -> None:
    here.share()
    here.network.fail("busy", seconds=3600)
    here.deliver()
    here.tell("a", start="20261205T160000")
    assert here.only().state == "HELD"
    here.deliver(hours=2)
    assert here.posts() == []


def test_what_is_held_ends_when_the_event_begins(here: Posting) -> None:
    here.share(post_now=False)
    here.tell("a", location="Hall 2")
    here.deliver(days=12)
    assert (here.only().state, here.only().live_key) == ("EXPIRED", None)
