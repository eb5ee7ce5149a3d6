"""By which key an event is found again."""

from dataclasses import replace
from datetime import UTC, datetime

from aggregator.domain.changes import facts_digest
from aggregator.domain.identity import Known, keys
from feeds.event import Event
from feeds.facts import to_facts

START = datetime(2026, 12, 5, 10, tzinfo=UTC)
EVENT = Event(uid="a", summary="Choir", start=START, url="https://choir.example/1")


def named(*events: Event, known: tuple[Known, ...] = ()) -> tuple[str, ...]:
    numbers = iter(range(100))
    return keys(events, known, lambda _: f"new{next(numbers)}")


def remembered(key: str, event: Event) -> Known:
    facts = to_facts(event)
    return Known(key, facts_digest(facts), facts["summary"], facts["start"], facts["url"])


def test_a_unique_uid_is_the_key_whatever_else_changes() -> None:
    moved = replace(EVENT, start=START.replace(hour=12), summary="Choir, later")
    assert named(EVENT) == named(moved) == ("u:a",)


def test_an_orphan_override_is_named_by_its_uid_and_its_date() -> None:
    one = replace(EVENT, recurrence_id=START)
    other = replace(EVENT, recurrence_id=START.replace(day=12))
    assert named(one, other) == (
        "u:a#2026-12-05T10:00:00+00:00",
        "u:a#2026-12-12T10:00:00+00:00",
    )


def test_a_uid_that_stands_twice_gives_way_to_the_address() -> None:
    other = replace(EVENT, url="https://choir.example/2")
    assert named(EVENT, other) == ("l:https://choir.example/1", "l:https://choir.example/2")


def test_what_has_no_name_gets_one_and_keeps_it() -> None:
    nameless = replace(EVENT, uid=None, url=None)
    [key] = named(nameless)
    assert key == "~new0"
    assert named(nameless, known=(remembered(key, nameless),)) == (key,)


def test_a_nameless_event_is_found_again_when_its_text_or_its_time_changes() -> None:
    nameless = replace(EVENT, uid=None, url=None)
    known = (remembered("~k", nameless),)
    assert named(replace(nameless, description="More"), known=known) == ("~k",)
    assert named(replace(nameless, start=START.replace(hour=12)), known=known) == ("~k",)


def test_two_nameless_events_never_share_a_key() -> None:
    nameless = replace(EVENT, uid=None, url=None)
    known = (remembered("~k", nameless),)
    assert sorted(named(nameless, nameless, known=known)) == ["~k", "~new0"]


def test_the_order_of_a_feed_changes_no_key() -> None:
    one, two = (replace(EVENT, uid=None, url=None, summary=each) for each in ("A", "B"))
    known = (remembered("~a", one), remembered("~b", two))
    assert named(two, one, known=known) == ("~b", "~a")
