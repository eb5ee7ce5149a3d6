"""What is on every week is told from what comes a few times."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.regular import is_weekly
from feeds.event import Event

START = datetime(2026, 12, 1, 18, 30, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("rule", "weekly"),
    [
        ("FREQ=WEEKLY", True),
        ("FREQ=WEEKLY;BYDAY=TU,TH", True),
        ("FREQ=WEEKLY;COUNT=4", True),
        ("FREQ=WEEKLY;COUNT=3", False),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=7", False),
        ("FREQ=WEEKLY;UNTIL=20261222T233000Z", True),
        ("FREQ=WEEKLY;UNTIL=20261221", False),
        ("FREQ=WEEKLY;INTERVAL=2", False),
        ("FREQ=WEEKLY;BYMONTH=12", False),
        ("FREQ=DAILY", True),
        ("FREQ=DAILY;COUNT=10", False),
        ("FREQ=MONTHLY;BYDAY=1TU", False),
        ("every week", False),
        (None, False),
    ],
)
def test_weekly_is_what_comes_every_week_for_a_month(rule: str | None, *, weekly: bool) -> None:
    assert is_weekly(Event(start=START, rrule=rule)) is weekly


def test_series_of_whole_days_is_weekly_too() -> None:
    assert is_weekly(Event(start=date(2026, 12, 1), rrule="FREQ=WEEKLY;UNTIL=20261222"))
    assert not is_weekly(Event(rrule="FREQ=WEEKLY"))
