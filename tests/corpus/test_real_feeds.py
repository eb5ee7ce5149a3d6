"""58 real feeds, from the partners' servers to the residents' calendar, and nothing lost."""

from pathlib import Path

import pytest

from tests.corpus.real_feeds import DAYS, FEEDS, feeds_of, reasons, run

pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="../shared/corpus is not here")


def test_the_corpus_has_the_58_feeds_that_the_walk_is_about() -> None:
    assert sum(len(feeds_of(day)) for day in DAYS) == 58


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS)
def test_the_calendar_holds_what_the_feeds_hold(day: str, tmp_path: Path, sqlite_url: str) -> None:
    report = run(day, tmp_path, sqlite_url)
    assert report.failed == ()
    assert report.occurrences > 1000
    assert {*report.differences} <= {*reasons()}
    assert report.broken == ()
    assert report.written_again == 0
