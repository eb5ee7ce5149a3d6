"""The inbox: what it lists, what it shows of an event, four decisions and undo."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.services.house import House
from aggregator.storage import views
from feeds.event import Place
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import ZONE, Town, a_notice, an_event, knitting
from tests.support.houses import Clock


def titles(page: Any) -> list[str]:
    """The cards of the list, in order."""
    return [words(each) for each in named(page, "h3") if "card-title" in (each.get("class") or "")]


def test_new_events_stand_in_the_inbox_newest_first(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    town.tell(an_event("a", summary="First"))
    clock.forward(hours=1)
    town.tell(an_event("b", summary="Second"), partner="Parks Department")
    assert titles(staff.get("/inbox")) == ["Second", "First"]


def test_event_that_is_over_waits_for_nobody(town: Town, staff: Visitor, clock: Clock) -> None:
    town.tell(an_event())
    clock.now = datetime(2026, 12, 12, 19, 59, tzinfo=UTC)
    assert len(titles(staff.get("/inbox"))) == 1
    clock.forward(minutes=2)
    assert titles(staff.get("/inbox")) == []


def test_series_is_one_card_with_its_rhythm(town: Town, staff: Visitor) -> None:
    town.tell(knitting())
    page = staff.get("/inbox")
    assert titles(page) == ["Open Knitting Table"]
    assert "Tue 1 Dec, 6:30–8:30 pm Tuesdays, 12 dates" in text(page)


def test_series_shows_its_next_date_when_earlier_ones_are_over(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    town.tell(knitting())
    clock.now = datetime(2026, 12, 9, 12, tzinfo=UTC)
    assert "Tue 15 Dec, 6:30–8:30 pm Tuesdays, 10 dates" in text(staff.get("/inbox"))


def test_notice_stands_apart_and_has_no_share(town: Town, staff: Visitor) -> None:
    [pid] = town.tell(a_notice())
    assert titles(staff.get("/inbox")) == []
    page = staff.get("/inbox?view=dateless")
    assert titles(page) == ["The rink is looking for helpers"]
    shown = staff.get(f"/inbox/{pid}")
    buttons = {words(each) for each in (*named(shown, "a"), *named(shown, "button"))}
    assert "Share" not in buttons
    assert "Calendar only" not in buttons
    staff.follow(staff.send(shown, f"/inbox/{pid}/decide", verb="decline"))
    assert town.row(pid).state == "DECLINED"


def test_event_page_shows_what_the_feed_told(town: Town, staff: Visitor) -> None:
    [pid] = town.tell(an_event())
    said = text(staff.get(f"/inbox/{pid}"))
    for part in (
        "Sat 12 Dec, 2–3 pm",
        "River Museum, Hearth Room",
        "arrived just now",
        "Free",
        "Not given",
        "https://river-museum.example/winter",
        "Cocoa for everyone.",
        "https://river-museum.example/feed.ics",
    ):
        assert part in said, part


def test_text_from_a_feed_stays_text(town: Town, staff: Visitor, anyone: Visitor) -> None:
    nasty = "</script><img src=x onerror=alert(1)>"
    [pid] = town.approve(an_event(summary=nasty, description=nasty, location=Place(nasty)))
    for someone, path in (
        (staff, "/inbox?view=calendar"),
        (staff, f"/inbox/{pid}"),
        (anyone, f"/event/{pid}"),
    ):
        someone.get(path)
        assert "<img src=x" not in someone.client.get(path).text, path


@pytest.mark.parametrize(
    ("verb", "extra", "view", "said"),
    [
        ("calendar_only", {}, "calendar", "“Winter Stories by the Hearth” is on the calendar."),
        (
            "decline",
            {"reason": "members only"},
            "declined",
            "Declined “Winter Stories by the Hearth”.",
        ),
        (
            "snooze",
            {"until": "tomorrow"},
            "snoozed",
            "“Winter Stories by the Hearth” comes back tomorrow, 12 pm.",
        ),
    ],
)
def test_decision_moves_the_event_and_undo_brings_it_back(
    town: Town, staff: Visitor, verb: str, extra: dict[str, str], view: str, said: str
) -> None:
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}")
    after = staff.follow(staff.send(page, f"/inbox/{pid}/decide", verb=verb, **extra))
    assert said in text(after)
    assert titles(after) == []
    assert len(titles(staff.get(f"/inbox?view={view}"))) == 1
    back = staff.follow(staff.send(after, f"/inbox/{pid}/undo"))
    assert "is as it was before" in text(back)
    assert titles(staff.get("/inbox")) == ["Winter Stories by the Hearth"]


def test_decided_event_offers_undo_where_it_is_shown(town: Town, staff: Visitor) -> None:
    [pid] = town.approve(an_event())
    staff.follow(staff.send(staff.get(f"/inbox/{pid}"), f"/inbox/{pid}/undo"))
    assert town.row(pid).state == "NEW"


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        ("tomorrow", datetime(2026, 11, 25, 17, tzinfo=UTC)),
        ("next_week", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("week_before", datetime(2026, 12, 5, 19, tzinfo=UTC)),
    ],
)
def test_snoozed_event_comes_back_when_its_time_has_come(
    town: Town, staff: Visitor, clock: Clock, choice: str, until: datetime
) -> None:
    [pid] = town.tell(an_event())
    staff.send(staff.get(f"/inbox/{pid}"), f"/inbox/{pid}/decide", verb="snooze", until=choice)
    assert abs(town.row(pid).until - until) < timedelta(hours=24)
    clock.now = town.row(pid).until - timedelta(seconds=1)
    assert titles(staff.get("/inbox")) == []
    clock.forward(seconds=1)
    page = staff.get("/inbox")
    assert titles(page) == ["Winter Stories by the Hearth"]
    assert "Back again" in text(page)
    assert titles(staff.get("/inbox?view=snoozed")) == []


def test_snooze_until_a_week_before_is_not_offered_within_that_week(
    town: Town, staff: Visitor
) -> None:
    soon = datetime(2026, 11, 28, 14, tzinfo=ZONE)
    [pid] = town.tell(an_event(start=soon, end=soon + timedelta(hours=1)))
    assert "Until a week before" not in text(staff.get(f"/inbox/{pid}"))


def test_second_of_two_deciders_is_told_to_look_again(town: Town, staff: Visitor) -> None:
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}")
    town.decide(pid, "decline")
    after = staff.follow(staff.send(page, f"/inbox/{pid}/decide", verb="calendar_only"))
    assert "Tom declined this just now." in text(after)
    assert town.row(pid).state == "DECLINED"


def test_change_of_an_approved_event_stands_at_the_top_before_and_after(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    [pid] = town.approve(an_event())
    clock.forward(hours=1)
    town.tell(
        replace(
            an_event(),
            start=datetime(2026, 12, 12, 16, tzinfo=ZONE),
            end=datetime(2026, 12, 12, 17, tzinfo=ZONE),
        ),
        an_event("b", summary="New here"),
    )
    page = staff.get("/inbox")
    assert titles(page) == ["Winter Stories by the Hearth", "New here"]
    assert "Start: was Sat 12 Dec, 2 pm now Sat 12 Dec, 4 pm" in text(page)
    assert titles(staff.get("/inbox?view=changed")) == ["Winter Stories by the Hearth"]
    staff.follow(staff.send(staff.get(f"/inbox/{pid}"), f"/inbox/{pid}/seen"))
    assert titles(staff.get("/inbox")) == ["New here"]
    assert "Start: was Sat 12 Dec, 2 pm now Sat 12 Dec, 4 pm" in text(staff.get(f"/inbox/{pid}"))


def test_change_of_nothing_that_matters_is_not_put_on_top(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    town.approve(an_event())
    clock.forward(hours=1)
    town.tell(an_event(description="Told in other words."))
    assert titles(staff.get("/inbox")) == []


def test_declined_event_that_changes_is_new_again(town: Town, staff: Visitor, clock: Clock) -> None:
    [pid] = town.tell(an_event())
    town.decide(pid, "decline")
    clock.forward(hours=1)
    town.tell(an_event(location=Place("Somewhere near")))
    assert titles(staff.get("/inbox")) == ["Winter Stories by the Hearth"]


def test_inbox_pages_by_key_and_misses_nothing_when_new_ones_come(
    town: Town, staff: Visitor, clock: Clock
) -> None:
    many = [an_event(f"e{number}", summary=f"Event {number}") for number in range(65)]
    town.tell(*many)
    first = staff.get("/inbox")
    clock.forward(hours=1)
    town.tell(*many, an_event("late", summary="Just arrived"))
    seen = titles(first)
    [more] = [each.get("href") for each in named(first, "a") if words(each) == "Show more"]
    while more:
        page = staff.get(more)
        seen += titles(page)
        more = next(
            (each.get("href") for each in named(page, "a") if words(each) == "Show more"), None
        )
    assert seen == [f"Event {number}" for number in reversed(range(65))]


def test_counts_stand_beside_the_views(town: Town, staff: Visitor) -> None:
    pids = town.tell(*(an_event(f"e{number}") for number in range(3)), a_notice())
    town.decide(pids[0], "decline")
    said = text(staff.get("/inbox"))
    for part in ("Incoming 2", "On the calendar 0", "Declined 1", "Without a date 1"):
        assert part in said, part


def test_counting_stops_where_nobody_counts_on(town: Town, house: House) -> None:
    town.tell(*(an_event(f"e{number}") for number in range(5)))
    with house.database.reading() as tx:
        assert views.counts(tx, house.clock(), most=2)["new"] == 3


def test_all_day_events_say_their_days(town: Town, staff: Visitor) -> None:
    whole = an_event(start=date(2026, 12, 4), end=date(2026, 12, 7), all_day=True, zone=None)
    town.tell(whole)
    assert "Fri 4 – Sun 6 Dec" in text(staff.get("/inbox"))


def test_event_on_another_clock_says_what_that_is_here(town: Town, staff: Visitor) -> None:
    there = datetime(2026, 12, 12, 19, tzinfo=ZoneInfo("Europe/Berlin"))
    town.tell(an_event(start=there, end=there + timedelta(hours=1), zone="Europe/Berlin"))
    assert "Sat 12 Dec, 7–8 pm (1 pm here)" in text(staff.get("/inbox"))


@pytest.mark.parametrize(
    "typed",
    [
        {"verb": "share"},
        {"verb": "explode"},
        {"verb": "snooze", "until": "never"},
        {"version": "x"},
    ],
)
def test_decision_that_no_form_of_ours_sends_is_refused(
    town: Town, staff: Visitor, typed: dict[str, str]
) -> None:
    [pid] = town.tell(an_event())
    page = staff.get(f"/inbox/{pid}")
    token = next(
        each.get("value", "") for each in named(page, "input") if each.get("name") == "csrf_token"
    )
    sent = {"csrf_token": token, "verb": "decline", "version": "0"} | typed
    assert staff.client.post(f"/inbox/{pid}/decide", data=sent).status_code == 400
    assert town.row(pid).state == "NEW"


def test_event_nobody_knows_is_not_there(staff: Visitor) -> None:
    staff.get("/inbox/nothing", 404)
    staff.get("/inbox/nothing/share", 404)


@pytest.mark.parametrize(
    "view", ["soon", "changed", "calendar", "snoozed", "declined", "dateless", "all"]
)
def test_empty_view_says_what_will_appear(staff: Visitor, view: str) -> None:
    assert "Nothing here" in text(staff.get(f"/inbox?view={view}"))


@pytest.mark.parametrize("view", ["new", "odd"])
def test_inbox_where_everything_is_decided_is_clear(town: Town, staff: Visitor, view: str) -> None:
    town.source()
    assert "Inbox is clear" in text(staff.get(f"/inbox?view={view}"))
