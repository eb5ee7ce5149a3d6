"""The dates that lists sort by."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.domain.dates import dates, ends, upcoming
from feeds.event import Event, Override

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[arg-type,misc]  # a test's shorthand


def test_a_single_event_has_its_one_date_however_old_it_is() -> None:
    event = Event(start=local(2019, 5, 1, 10), end=local(2019, 5, 1, 11), zone=ZONE.key)
    [found] = dates(event, NOW, ZONE)
    assert (found.rid, found.start_wall, found.local_date) == (
        "",
        "2019-05-01T10:00:00",
        "2019-05-01",
    )


def test_a_whole_day_lasts_from_midnight_to_midnight_of_the_library() -> None:
    event = Event(start=date(2026, 12, 5), end=date(2026, 12, 6), all_day=True)
    [found] = dates(event, NOW, ZONE)
    assert found.start_at == datetime(2026, 12, 5, 5, tzinfo=UTC)
    assert found.end_at == datetime(2026, 12, 6, 5, tzinfo=UTC)


def test_a_series_keeps_its_wall_time_over_the_change_of_clocks() -> None:
    event = Event(start=local(2026, 10, 27, 10), zone=ZONE.key, rrule="FREQ=WEEKLY;COUNT=3")
    found = dates(event, NOW, ZONE)
    assert [each.start_wall[11:] for each in found] == ["10:00:00"] * 3
    assert [each.start_at.hour for each in found] == [14, 15, 15]


def test_a_moved_date_keeps_the_name_of_its_original_start() -> None:
    moved = Override(local(2026, 12, 8, 10), {"start": local(2026, 12, 9, 14)})
    event = Event(
        start=local(2026, 12, 1, 10), zone=ZONE.key, rrule="FREQ=WEEKLY;COUNT=2", overrides=(moved,)
    )
    found = {each.rid: each.start_wall for each in dates(event, NOW, ZONE)}
    assert found == {
        "2026-12-01T10:00:00": "2026-12-01T10:00:00",
        "2026-12-08T10:00:00": "2026-12-09T14:00:00",
    }


def test_an_endless_series_is_written_down_to_the_horizon_and_never_ends() -> None:
    event = Event(start=local(2026, 12, 1, 10), zone=ZONE.key, rrule="FREQ=WEEKLY")
    found = dates(event, NOW, ZONE)
    assert 55 <= len(found) <= 58
    assert ends(event, ZONE) is None


def test_what_is_cancelled_or_over_is_not_coming() -> None:
    gone = Override(local(2026, 12, 8, 10), {"status": "CANCELLED"})
    event = Event(
        start=local(2026, 11, 17, 10), zone=ZONE.key, rrule="FREQ=WEEKLY;COUNT=5", overrides=(gone,)
    )
    coming = [each.start_wall[:10] for each in upcoming(event, NOW, ZONE)]
    assert coming == ["2026-12-01", "2026-12-15"]


def test_a_notice_has_no_dates() -> None:
    assert dates(Event(summary="News", kind="notice"), NOW, ZONE) == []


def test_an_event_that_runs_is_still_coming() -> None:
    event = Event(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1), zone="UTC")
    assert len([*upcoming(event, NOW, ZONE)]) == 1
