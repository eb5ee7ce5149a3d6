"""From the words of a letter to a form: what is filled in, from which words, and what is asked."""

import time
from datetime import date

import pytest

from aggregator.domain.proposing import CAP, Proposal, propose

TODAY = date(2026, 12, 1)  # a Tuesday; the letter below is of the day before

LETTER = """From: Priya Nair <priya@choral.example>
Subject: singing at yours?
Date: Mon, 30 Nov 2026 08:47:00 +0000

Hi Ana, the Choral Society would love to sing “Carols by Candlelight” in your Reading Room, \
next Friday from half past five for about an hour.

If people like it we’d come every Friday until Christmas. It’s free of course, and children \
are very welcome.

Warmly, Priya
"""
FLYER = """Snowflake Science

Saturday, December 12, 2026 – 2 to 4 pm (doors 1:30 pm)
River Museum, Hearth Room
Suggested donation $5
Ages 6–10. Step-free, hearing loop.
Please register by 5 December at https://river.example/register?utm_source=mail.
Office hours: Monday to Friday, 9 am to 5 pm
"""
LABELLED = """What: Winter Book Sale
When: 12–14 December, 10am-5pm
Where: Library, Main Hall
Cost: $2 per bag
More: www.friends.example/sale
"""


def filled(proposal: Proposal) -> dict[str, object]:
    """What stands in the form, empty fields left out."""
    draft = proposal.draft
    return {name: value for name in draft.__slots__ if (value := getattr(draft, name))}


def said(text: str, proposal: Proposal) -> dict[str, str]:
    """The words that are marked, by the field."""
    return {mark.field: text[mark.start : mark.end] for mark in proposal.marks}


def test_letter_fills_in_what_it_says_and_asks_what_it_leaves_open() -> None:
    found = propose(LETTER, TODAY, ["Reading Room"], {"Children": ["kids"], "Adults": []})
    assert filled(found) == {
        "title": "Carols by Candlelight",
        "start": "17:30",
        "end": "18:30",
        "repeat": "every Friday until Christmas",
        "place": "Reading Room",
        "price": "Free",
        "audience": ("Children",),
    }
    [ask] = found.asks
    assert (ask.field, ask.why, ask.words) == ("day", "day.next", "next Friday")
    assert [choice.values for choice in ask.choices] == [
        {"day": "2026-12-04"},
        {"day": "2026-12-11"},
    ]
    assert said(LETTER, found) == {
        "title": "Carols by Candlelight",
        "place": "Reading Room",
        "day": "next Friday",
        "start": "from half past five",
        "end": "for about an hour",
        "repeat": "every Friday until Christmas",
        "price": "free",
        "audience": "children",
    }


def test_days_are_counted_from_when_the_letter_was_written() -> None:
    letter = "From: Jo\nDate: Fri, 27 Nov 2026 09:00:00 +0000\n\nTalk on Monday at 2 pm in the Loft"
    found = propose(letter, TODAY)
    assert (found.written, found.draft.day) == (date(2026, 11, 27), "2026-11-30")
    assert propose(letter.partition("\n\n")[2], TODAY).draft.day == "2026-12-07"


def test_flyer_is_read_line_by_line_and_deadlines_and_office_hours_are_left() -> None:
    found = propose(FLYER, TODAY)
    assert filled(found) == {
        "title": "Snowflake Science",
        "day": "2026-12-12",
        "start": "14:00",
        "end": "16:00",
        "place": "River Museum, Hearth Room",
        "price": "Suggested donation $5",
        "age_from": "6",
        "age_to": "10",
        "access": ("Step-free", "Hearing loop"),
        "booking_url": "https://river.example/register?utm_source=mail",
    }
    assert found.asks == ()


def test_labelled_lines_say_what_they_are_and_several_days_are_asked_about() -> None:
    found = propose(LABELLED, TODAY)
    assert filled(found) == {
        "title": "Winter Book Sale",
        "day": "2026-12-12",
        "start": "10:00",
        "end": "17:00",
        "place": "Library, Main Hall",
        "price": "$2 per bag",
        "url": "https://www.friends.example/sale",
    }
    [ask] = found.asks
    assert [choice.values for choice in ask.choices] == [
        {"last": "", "repeat": "every day until 2026-12-14"},
        {"last": "2026-12-14"},
    ]


def test_days_without_hours_are_whole_days() -> None:
    found = propose("“Rivers of Light” runs from 12 Dec to 3 Jan at the Mill Gallery.", TODAY)
    draft = found.draft
    assert (draft.day, draft.last, draft.all_day) == ("2026-12-12", "2027-01-03", True)
    assert (draft.title, draft.place) == ("Rivers of Light", "Mill Gallery")


@pytest.mark.parametrize(
    ("text", "field", "why", "choices"),
    [
        ("Tea on 5/12 at 3 pm", "day", "day.order", ["day=2026-12-05", "day=2027-05-12"]),
        (
            "Tea on Sat 5 Dec or Sat 12 Dec, 3 pm",
            "day",
            "day.several",
            ["day=2026-12-05", "day=2026-12-12"],
        ),
        ("Tea on 5 Dec at 7", "start", "hour.half", ["start=07:00", "start=19:00"]),
        ("Tea on 5 Dec at 2 pm and 4 pm", "start", "hour.several", ["start=14:00", "start=16:00"]),
        ("Party on 31 Dec at midnight", "start", "hour.midnight", []),
        (
            "Story time every Tuesday at 10 am",
            "day",
            "day.first",
            ["day=2026-12-01", "day=2026-12-08", "day=2026-12-15"],
        ),
    ],
)
def test_what_can_mean_two_things_is_asked(
    text: str, field: str, why: str, choices: list[str]
) -> None:
    found = propose(text, TODAY)
    [ask] = found.asks
    assert (ask.field, ask.why) == (field, why)
    told = [
        "&".join(f"{key}={value}" for key, value in each.values.items()) for each in ask.choices
    ]
    assert told == choices
    assert getattr(found.draft, field) == ""


def test_the_same_day_said_twice_is_one_day() -> None:
    found = propose("Concert on Saturday! That is Sat 5 December, 7 pm. See you on 5 Dec.", TODAY)
    assert (found.draft.day, found.draft.start, found.asks) == ("2026-12-05", "19:00", ())


def test_a_repeat_that_says_when_it_starts_asks_nothing() -> None:
    text = "Chair yoga every Tuesday, starting 8 December, 10 am, not on our Open Day, 12 Dec."
    found = propose(text, TODAY)
    assert (found.draft.day, found.draft.repeat, found.asks) == ("2026-12-08", "every Tuesday", ())


def test_closing_days_are_no_repeat() -> None:
    assert propose("Fair on 5 Dec, 2 pm. We are closed on Mondays.", TODAY).draft.repeat == ""


@pytest.mark.parametrize("text", ["", "   \n\n", "Thanks!", "\0\0", "\u202e abc"])
def test_nothing_said_is_nothing_proposed(text: str) -> None:
    found = propose(text, TODAY)
    assert (filled(found), found.asks, found.marks) == ({}, (), ())


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "at ", "Mon ", "12 ", "every ", "12 Dec ", "2-", "\n", "A A ", "“", "What: ", "5, "),
        *("for an hour ", "from 2 to 4 ", "https://", "  ", "free ", "$1 - ", "next Friday ", "@ "),
        *("> On 1 Jan 2026, ", "From: ", "in the A ", "12/", "every Monday and ", "Hall, ", "%E2"),
    ],
)
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    begun = time.process_time()
    found = propose(text, TODAY, ["Reading Room"] * 20, {"Children": ["kids"] * 20})
    assert time.process_time() - begun < 1
    assert found.is_cut
    assert all(mark.end <= CAP for mark in found.marks)
    ends = [mark.end for mark in found.marks]
    assert all(mark.start >= end for end, mark in zip(ends, found.marks[1:], strict=False))
