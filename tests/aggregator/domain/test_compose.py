"""One event in the words of one network: what stands where, and what leaves first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.compose import Composed, Told, compose, hashtags, written
from aggregator.domain.dates import upcoming
from feeds.event import Event, Place
from networks.counting import count
from networks.post import Limits, Wording

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
WIDE = Limits(500, 23)
WORDING = Wording()
LINK = "https://museum.example/stories"

EVENT = Event(
    uid="a",
    summary="Story time",
    start=datetime(2026, 12, 12, 14, 0, tzinfo=BERLIN),
    end=datetime(2026, 12, 12, 15, 30, tzinfo=BERLIN),
    zone="Europe/Berlin",
    location=Place(name="Hall 1"),
    categories=("Kids & Family", "free entry"),
)
WHOLE = """\
Story time
Sat 12 Dec, 2–3:30 pm
Hall 1
With River Museum
https://museum.example/stories
#Millbrook #KidsFamily #FreeEntry"""


def told(event: Event = EVENT, link: str | None = LINK) -> Told:
    dates = [*upcoming(event, NOW, BERLIN)]
    return Told(event, dates, "River Museum", link, tags=("Millbrook",))


def composed(event: Event = EVENT, limits: Limits = WIDE, link: str | None = LINK) -> Composed:
    return compose(told(event, link), WORDING, limits, TODAY)


def test_title_when_where_credit_link_and_hashtags_stand_in_that_order() -> None:
    assert composed().text == WHOLE
    assert (composed().link, composed().limit, composed().fits) == (LINK, 500, True)


def test_the_count_is_the_networks_own() -> None:
    assert composed().count == count(WHOLE, WIDE)
    assert composed().count == len(WHOLE) - len(LINK) + 23


def test_hashtags_leave_first_then_the_credit_then_the_place() -> None:
    title, when, where, credit, link, _ = WHOLE.splitlines()
    for kept in (
        [title, when, where, credit, link],
        [title, when, where, link],
        [title, when, link],
    ):
        wanted = "\n".join(kept)
        assert composed(limits=Limits(count(wanted, WIDE), 23)).text == wanted


def test_one_character_less_and_the_next_part_leaves() -> None:
    without_tags = "\n".join(WHOLE.splitlines()[:5])
    room = count(without_tags, WIDE)
    assert "With River Museum" in composed(limits=Limits(room, 23)).text
    assert "With River Museum" not in composed(limits=Limits(room - 1, 23)).text


def test_a_title_that_is_too_long_is_cut_at_a_word_last_of_all() -> None:
    long = replace(EVENT, summary="Stories from the river and the sea " * 12)
    found = composed(long, Limits(120, 23))
    assert found.fits
    assert found.text.splitlines()[0].endswith("…")
    assert found.text.splitlines()[0][:-1] in "Stories from the river and the sea " * 12
    assert found.text.splitlines()[1:] == ["Sat 12 Dec, 2–3:30 pm", LINK]


def test_when_and_link_never_leave_and_what_still_does_not_fit_says_so() -> None:
    found = composed(limits=Limits(30, 23))
    assert not found.fits
    assert LINK in found.text
    assert "Sat 12 Dec" in found.text


def test_without_a_link_there_is_no_empty_line() -> None:
    found = composed(link=None)
    assert found.link is None
    assert found.text == WHOLE.replace(f"{LINK}\n", "")


def test_a_link_beside_the_text_is_not_in_it() -> None:
    found = compose(told(), Wording(link="beside"), WIDE, TODAY)
    assert LINK not in found.text
    assert found.link == LINK


def test_a_network_gets_as_many_hashtags_as_are_welcome() -> None:
    assert compose(told(), Wording(tags=1), WIDE, TODAY).text.endswith("\n#Millbrook")
    assert "#" not in compose(told(), Wording(tags=0), WIDE, TODAY).text


def test_an_event_without_a_name_is_called_an_event() -> None:
    assert composed(replace(EVENT, summary=None)).text.startswith("An event\nSat 12 Dec")


def test_next_year_is_said_and_this_year_is_not() -> None:
    start = datetime(2027, 1, 9, 14, 0, tzinfo=BERLIN)
    moved = replace(EVENT, start=start, end=start + timedelta(hours=1))
    assert "Sat 9 Jan 2027, 2–3 pm" in composed(moved).text


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (replace(EVENT, attendance="ONLINE"), "Online"),
        (replace(EVENT, attendance="MIXED"), "Hall 1, and online"),
        (replace(EVENT, location=None, online_url="https://meet.example/1"), "Online"),
        (replace(EVENT, location=Place(address="1 Main  St\nMillbrook")), "1 Main St Millbrook"),
    ],
)
def test_the_place_is_said_in_one_line(event: Event, where: str) -> None:
    assert composed(event).text.splitlines()[2] == where


def test_an_event_without_a_place_says_none() -> None:
    assert composed(replace(EVENT, location=None)).text == WHOLE.replace("Hall 1\n", "")


def test_of_a_series_the_next_date_and_the_rhythm_are_said() -> None:
    weekly = replace(EVENT, rrule="FREQ=WEEKLY;COUNT=3")
    assert "Sat 12 Dec, 2–3:30 pm (Saturdays, 3 dates)" in composed(weekly).text


def test_a_series_without_an_end_counts_no_dates() -> None:
    weekly = replace(EVENT, rrule="FREQ=WEEKLY")
    assert "Sat 12 Dec, 2–3:30 pm (Saturdays)\n" in composed(weekly).text


def test_the_last_date_of_a_series_is_told_like_a_single_event() -> None:
    start = datetime(2026, 11, 28, 14, 0, tzinfo=BERLIN)
    ending = replace(
        EVENT, start=start, end=start + timedelta(minutes=90), rrule="FREQ=WEEKLY;COUNT=2"
    )
    assert composed(ending).text.splitlines()[1] == "Sat 5 Dec, 2–3:30 pm"


@pytest.mark.parametrize(
    ("categories", "tags"),
    [
        (("Kids & Family",), ("#KidsFamily",)),
        (("story time", "Story Time"), ("#StoryTime",)),
        (("2026", "", "—"), ()),
        (("Café Müller",), ("#CaféMüller",)),
        (("x" * 31, "short"), ("#Short",)),
        (("a", "b", "c", "d"), ("#A", "#B", "#C")),
    ],
)
def test_categories_become_hashtags_that_a_screen_reader_can_speak(
    categories: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    assert hashtags(categories, 3) == tags


def test_words_that_a_person_wrote_are_counted_like_composed_ones() -> None:
    words = f"We are closed on Monday. {LINK}"
    found = written(words, None, WIDE)
    assert (found.text, found.count) == (words, count(words, WIDE))
