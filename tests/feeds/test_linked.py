"""Which event of a linked page fills in an entry without a date."""

from dataclasses import replace
from datetime import UTC, date, datetime

from feeds.event import Event, Place, Reading
from feeds.linked import complete

URL = "https://a.example/event/7"
NOTICE = Event(
    uid="7",
    summary="Chess — Main Library",
    description="Come!",
    url=URL,
    categories=("Games",),
    published=datetime(2026, 3, 1, tzinfo=UTC),
    kind="notice",
)
CHESS = Event(uid="page", summary="Chess", start=date(2026, 3, 7), location=Place("Hall"))


def page(*events: Event) -> Reading:
    return Reading(events, format="webpage")


def test_one_event_of_the_page_fills_in_what_the_entry_lacks() -> None:
    told = replace(CHESS, published=None, url="https://a.example/other", status="CONFIRMED")
    assert complete(NOTICE, page(told), URL) == replace(
        NOTICE,
        summary="Chess",
        start=date(2026, 3, 7),
        location=Place("Hall"),
        status="CONFIRMED",
        kind="event",
    )


def test_of_several_the_one_at_the_same_address_is_taken() -> None:
    other = replace(CHESS, summary="Go", url="https://a.example/event/8")
    same = replace(CHESS, url="http://www.A.example/event/7/")
    found = complete(NOTICE, page(other, same), URL)
    assert found is not None
    assert found.summary == "Chess"


def test_of_several_without_an_address_the_one_of_the_same_name_is_taken() -> None:
    other, same = replace(CHESS, summary="Go"), replace(CHESS, summary="CHESS, main library")
    found = complete(NOTICE, page(other, same), URL)
    assert found is not None
    assert found.summary == same.summary


def test_nothing_is_taken_where_several_match_or_none() -> None:
    second = replace(CHESS, start=date(2026, 3, 14))
    assert complete(NOTICE, page(CHESS, second), URL) is None
    assert complete(replace(NOTICE, summary="Chess"), page(CHESS, second), URL) is None
    assert complete(NOTICE, page(), URL) is None


def test_notice_on_the_page_is_no_event() -> None:
    assert complete(NOTICE, page(replace(CHESS, kind="notice", start=None)), URL) is None


def test_query_tells_pages_apart() -> None:
    notice = replace(NOTICE, url="https://a.example/?id=7")
    seven = replace(CHESS, url="https://a.example/?id=7")
    eight = replace(CHESS, summary="Go", url="https://a.example/?id=8")
    found = complete(notice, page(eight, seven), "https://a.example/?id=7")
    assert found is not None
    assert found.summary == "Chess"
