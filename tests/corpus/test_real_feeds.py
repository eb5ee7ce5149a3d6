"""58 real feeds, from the partners' servers to the residents' calendar, and nothing lost."""

from pathlib import Path

import pytest

from tests.corpus.real_feeds import DAYS, FEEDS, feeds_of, reasons, run

pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="../shared/corpus is not here")


def test_the_corpus_has_the_58_feeds_that_the_walk_is_about() -> None:
    assert sum(len(feeds_of(day)) for day in DAYS) == 58


@pytest.mark.slow
def test_the_calendar_holds_what_the_feeds_hold_and_a_second_round_writes_nothing(
    tmp_path: Path,
) -> None:
    walk = run(tmp_path / "data")
    assert walk.failed == ()
    assert walk.incoming == walk.events > 4000
    assert [day.feeds for day in walk.days] == [28, 30]
    assert all(day.occurrences > 1000 for day in walk.days)
    assert {name for day in walk.days for name in day.differences} == {*reasons()}
    assert walk.broken == ()
    assert walk.written_again == 0
