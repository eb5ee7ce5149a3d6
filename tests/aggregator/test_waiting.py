"""Posts that wait: nothing is lost or goes out twice, or at night, when a decision is undone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator import doctor
from aggregator.services import by_hand, channel_care, channels, queueing, reviews
from aggregator.services.errors import ConflictError
from aggregator.services.house import House
from aggregator.storage import channels as rows_of_channels
from aggregator.storage import deliveries
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.town import ZONE, Town, an_event
from tests.support.houses import Clock, make_house


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def town(tmp_path: Path, database_url: str, clock: Clock, board: Board) -> Iterator[Town]:
    networks = {**all_networks(), "board": board.network()}
    house = make_house(tmp_path, database_url, clock=clock, networks=networks)
    yield Town(house)
    assert doctor.invariants(house) == []
    house.database.close()


def states(town: Town, pid: str) -> list[str]:
    with town.house.database.reading() as tx:
        return [row.state for row in deliveries.of_event(tx, town.row(pid).id)]


def undo(town: Town, pid: str) -> None:
    row = town.row(pid)
    reviews.undo(town.house, row.id, actor="Tom", version=row.version)


def version(house: House, number: int) -> int:
    with house.database.reading() as tx:
        row = rows_of_channels.by_id(tx, number)
    assert row is not None
    return int(row.version)


def moved(town: Town, clock: Clock, hour: int) -> None:
    """The partner tells another time."""
    clock.forward(minutes=5)
    start = datetime(2026, 12, 12, hour, tzinfo=ZONE)
    town.tell(an_event(start=start, end=start + timedelta(hours=1)))


def test_declining_taken_back_lets_its_post_wait_again_but_not_go_out_at_night(
    town: Town, clock: Clock, board: Board
) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    town.decide(pid, "decline")
    assert states(town, pid) == ["CANCELLED"]
    clock.forward(hours=11)  # 11 pm: the time that it had is over
    undo(town, pid)
    town.deliver()
    assert (states(town, pid), board.posts) == (["QUEUED"], [])
    clock.forward(hours=12)
    town.deliver()
    assert (states(town, pid), len(board.posts)) == (["SENT"], 1)


def test_post_that_was_shared_anew_meanwhile_is_not_doubled_by_undo(
    town: Town, clock: Clock, board: Board
) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    queueing.withdraw(town.house, 1, actor="Tom")
    town.share(pid)
    with pytest.raises(ConflictError):
        queueing.undo(town.house, 1, actor="Tom")
    clock.forward(days=1)
    town.deliver()
    assert len(board.posts) == 1


def test_undo_of_sharing_again_leaves_what_was_shared_before(town: Town, clock: Clock) -> None:
    town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    clock.forward(minutes=1)
    town.connect("Second board")
    town.share(pid)
    undo(town, pid)
    assert states(town, pid) == ["QUEUED", "CANCELLED"]
    undo(town, pid)
    assert states(town, pid) == ["CANCELLED", "CANCELLED"]


def test_channel_put_away_and_taken_back_has_its_posts_again(town: Town) -> None:
    number = town.connect()
    [pid] = town.tell(an_event())
    town.share(pid)
    channel_care.archive(town.house, number, version=version(town.house, number), actor="Ana")
    assert states(town, pid) == ["CANCELLED"]
    channel_care.undo(town.house, number, actor="Ana")
    assert states(town, pid) == ["QUEUED"]


def test_channel_turned_on_by_undo_after_days_does_not_post_everything_at_once(
    town: Town, clock: Clock, board: Board
) -> None:
    number = town.connect()
    for pid in town.tell(an_event("a"), an_event("b"), an_event("c")):
        town.share(pid)
    channel_care.off(town.house, number, version=version(town.house, number), actor="Ana")
    clock.forward(days=4)
    channel_care.undo(town.house, number, actor="Ana")
    town.deliver()
    assert board.posts == []
    clock.forward(days=1)
    town.deliver()
    assert len(board.posts) == 3


def put_up(town: Town) -> str:
    """An event that a person has put up by hand."""
    channels.add(town.house, "by_hand", "Neighbours", {"kind": "group"}, actor="test")
    [pid] = town.tell(an_event())
    town.share(pid, now=True)
    by_hand.done(town.house, 1, actor="Ana")
    return pid


def test_correction_taken_back_stands_alone_and_the_newest_is_taken_back_first(
    town: Town, clock: Clock
) -> None:
    pid = put_up(town)
    moved(town, clock, 16)
    by_hand.done(town.house, 2, actor="Ana")
    with pytest.raises(ConflictError):
        queueing.undo(town.house, 1, actor="Ana")
    moved(town, clock, 17)
    assert states(town, pid) == ["SENT", "SENT", "QUEUED"]
    queueing.undo(town.house, 2, actor="Ana")
    assert states(town, pid) == ["SENT", "QUEUED", "CANCELLED"]


def test_correction_outlasts_a_channel_that_is_put_away(town: Town, clock: Clock) -> None:
    pid = put_up(town)
    moved(town, clock, 16)
    channel_care.archive(town.house, 1, version=version(town.house, 1), actor="Ana")
    channel_care.on(town.house, 1, version=version(town.house, 1), actor="Ana")
    assert states(town, pid) == ["SENT", "QUEUED"]


def test_task_that_was_skipped_does_not_come_back_for_an_event_that_was_declined(
    town: Town,
) -> None:
    channels.add(town.house, "by_hand", "Neighbours", {"kind": "group"}, actor="test")
    [pid] = town.tell(an_event())
    town.share(pid, now=True)
    by_hand.skip(town.house, 1, actor="Ana")
    town.decide(pid, "decline")
    with pytest.raises(ConflictError):
        queueing.undo(town.house, 1, actor="Ana")
    assert states(town, pid) == ["CANCELLED"]
