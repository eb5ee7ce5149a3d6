"""What a person puts up, on both databases: never on the wire, corrected when its event changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator import doctor
from aggregator.services import by_hand, channel_care, channels, editing, queueing, ticking
from aggregator.services.errors import ConflictError
from aggregator.storage import channels as channel_rows
from tests.aggregator.posting import ANA, Posting, posting

HAND = 2  # the deliveries' order: practice first, then what is done by hand


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Iterator[Posting]:
    with posting(tmp_path, database_url) as made:
        channels.add(made.house, "by_hand", "Group", {"kind": "group"}, actor=ANA)
        made.share()
        yield made
        assert doctor.invariants(made.house) == []


def tasks(here: Posting) -> list[by_hand.Task]:
    with here.house.database.reading() as tx:
        return by_hand.tasks(here.house, tx)


def states(here: Posting) -> list[tuple[str, str]]:
    return [(row.action, row.state) for row in here.deliveries()]


def test_a_worker_sends_the_one_and_leaves_the_other_to_a_person(here: Posting) -> None:
    assert here.deliver() == 1
    assert "deliver" not in ticking.due(here.house)
    assert states(here) == [("CREATE", "SENT"), ("CREATE", "QUEUED")]
    assert len(here.posts()) == 1
    [task] = tasks(here)
    assert task.said.text.startswith("Story hour\n")


def test_a_change_after_it_is_up_is_one_task_however_often_it_changes(here: Posting) -> None:
    here.deliver()
    assert by_hand.done(here.house, HAND, actor=ANA, url="https://there.example/1") == "done"
    here.tell("a", location="Hall 2")
    here.tell("a", location="Hall 3")
    [task] = tasks(here)
    assert (task.before or "").splitlines()[2] == "Hall 1"
    assert task.said.text.splitlines()[2] == "Hall 3"
    assert task.changes == [("place", "Hall 1", "Hall 3")]
    assert states(here)[-1] == ("EDIT", "QUEUED")
    assert here.deliver(days=1) == 0
    assert by_hand.done(here.house, task.row.id, actor=ANA, shown=task.digest) == "corrected"
    here.tell("a", location="Hall 3", description="Cocoa")
    assert tasks(here) == []


def test_changed_back_there_is_nothing_to_correct(here: Posting) -> None:
    by_hand.done(here.house, HAND, actor=ANA)
    here.tell("a", location="Hall 2")
    here.tell("a")
    assert tasks(here) == []
    assert states(here)[-1] == ("EDIT", "CANCELLED")


def test_what_staff_edit_is_corrected_like_what_a_source_tells(here: Posting) -> None:
    by_hand.done(here.house, HAND, actor=ANA)
    version = int(here.event().version)
    place = {**here.event().facts["location"], "name": "Hall 9"}
    editing.edit(here.house, 1, {"location": place}, actor=ANA, version=version)
    [task] = tasks(here)
    assert task.changes == [("place", "Hall 1", "Hall 9")]


def test_what_is_over_is_not_corrected(here: Posting) -> None:
    here.deliver()
    by_hand.done(here.house, HAND, actor=ANA)
    here.clock.forward(days=12)
    here.tell("a", location="Hall 2")
    assert tasks(here) == []


def test_steps_are_taken_back_once(here: Posting) -> None:
    by_hand.later(here.house, HAND, "hour", actor=ANA)
    assert tasks(here) == []
    assert queueing.undo(here.house, HAND, actor=ANA) == "later"
    assert len(tasks(here)) == 1
    by_hand.skip(here.house, HAND, actor=ANA)
    here.share()
    with pytest.raises(ConflictError, match="replaced"):
        queueing.undo(here.house, HAND, actor=ANA)


def test_a_channel_that_is_off_sends_and_asks_nothing(here: Posting) -> None:
    version = row(here).version
    channel_care.off(here.house, 1, version=version, actor=ANA)
    assert "deliver" not in ticking.due(here.house)
    assert here.deliver() == 0
    with pytest.raises(ConflictError, match="version"):
        channel_care.on(here.house, 1, version=version, actor=ANA)
    channel_care.on(here.house, 1, version=version + 1, actor=ANA)
    here.deliver(days=1)
    assert len(here.posts()) == 1


def row(here: Posting) -> Any:
    with here.house.database.reading() as tx:
        return channel_rows.by_id(tx, 1)
