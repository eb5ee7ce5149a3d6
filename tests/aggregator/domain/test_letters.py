"""Days and hours as people write them: what is certain, what is asked, and what is no time.

A phrase and its answer: "2026-12-12" is certain, "a | b" is asked, "" is not a day (or an hour) of
an event. Written on Tuesday 24 November 2026.
"""

from datetime import date

import pytest

from aggregator.domain.letters import days, hours
from aggregator.domain.letters.days import Days
from aggregator.domain.letters.hours import Hours

TODAY = date(2026, 11, 24)

DAYS = [
    ("Sat 12 Dec", "2026-12-12"),
    ("Saturday, December 12, 2026", "2026-12-12"),
    ("December 12th", "2026-12-12"),
    ("the 12th of December", "2026-12-12"),
    ("Dec. 12", "2026-12-12"),
    ("12dec", "2026-12-12"),
    ("Friday, 4th December 2026 at 7pm", "2026-12-04"),
    ("Dec 5, 2 pm", "2026-12-05"),
    ("2026-12-12", "2026-12-12"),
    ("12.12.2026", "2026-12-12"),
    ("Sat 12.12.", "2026-12-12"),
    ("12/12", "2026-12-12"),
    ("13/12", "2026-12-13"),
    ("25/12/26", "2026-12-25"),
    ("Sat 5/12", "2026-12-05"),
    ("5/12", "2026-12-05 | 2027-05-12"),
    ("4/12/2026", "2026-12-04"),  # 12 April is over
    ("12 Dec to 3 Jan", "2026-12-12..2027-01-03"),
    ("12–14 December", "2026-12-12..2026-12-14"),
    ("Dec 12-14", "2026-12-12..2026-12-14"),
    ("Sat 12 & Sun 13 December", "2026-12-12..2026-12-13"),
    ("28 Dec – 3 Jan 2027", "2026-12-28..2027-01-03"),
    ("5 and 19 December", "2026-12-05 | 2026-12-19"),
    ("Dec 5, 12 & 19", "2026-12-05 | 2026-12-12 | 2026-12-19"),
    ("today", "2026-11-24"),
    ("tonight at 8", "2026-11-24"),
    ("tomorrow night", "2026-11-25"),
    ("the day after tomorrow", "2026-11-26"),
    ("this Friday", "2026-11-27"),
    ("on Friday", "2026-11-27"),
    ("next Friday", "2026-11-27 | 2026-12-04"),
    ("next Monday", "2026-11-30"),  # both ways of counting weeks agree
    ("Saturday week", "2026-12-05"),
    ("a week on Saturday", "2026-12-05"),
    ("Tuesday", "2026-11-24 | 2026-12-01"),
    ("Saturday the 12th", "2026-12-12"),
    ("on the 12th", "2026-12-12 | 2027-01-12"),
    ("Saturday 13 December", "2026-12-12 | 2026-12-13"),
    ("Sunday, December 12", "2026-12-12 | 2026-12-13 | 2027-12-12"),
    ("3 November", "2027-11-03?"),
    ("Sun Dec 6th from 2 to 4", "2026-12-06"),
    ("May 5", "2027-05-05"),
    ("on Christmas Eve", "2026-12-24"),
    ("register by 5 December", ""),
    ("RSVP before Friday", ""),
    ("tickets on sale from 1 December", ""),
    ("deadline: 1 December", ""),
    ("posted 20 November 2026", ""),
    ("Sat 21 November 2026", ""),  # over
    ("on 30 February", ""),
    ("31/11", ""),
    ("open 24/7", ""),
    ("1/2 price", ""),
    ("Monday to Thursday 9-5", ""),
    ("the 5th annual fair", ""),
    ("on the 2nd floor", ""),
    ("I sat in the sun", ""),
    ("room 12", ""),
    ("call 555-1234", ""),
]

HOURS = [
    ("6:30–8 pm", "18:30-20:00"),
    ("6.30pm", "18:30"),
    ("7 p.m.", "19:00"),
    ("7-9 PM", "19:00-21:00"),
    ("11–1 pm", "11:00-13:00"),
    ("10-2pm", "10:00-14:00"),
    ("8-10am", "08:00-10:00"),
    ("10am-noon", "10:00-12:00"),
    ("10:30am - 12:15pm", "10:30-12:15"),
    ("6pm-8", "18:00-20:00"),
    ("4pm til 6pm", "16:00-18:00"),
    ("noon to 2", "12:00-14:00"),
    ("between 2 and 4 pm", "14:00-16:00"),
    ("from 2 to 4", "14:00-16:00"),
    ("from 9 to 5", "09:00-17:00"),
    ("from 7 to 9 in the evening", "19:00-21:00"),
    ("14:00–16:00", "14:00-16:00"),
    ("09:30-11:00", "09:30-11:00"),
    ("19h30", "19:30"),
    ("20:00 to 01:00", "20:00-01:00"),
    ("half past five", "17:30"),
    ("quarter to six pm", "17:45"),
    ("five o’clock", "17:00"),
    ("at 2", "14:00"),
    ("at 10", "10:00"),
    ("at noon", "12:00"),
    ("until midnight", "-00:00"),
    ("at 7", "07:00 | 19:00"),
    ("at 7.30", "07:30 | 19:30"),
    ("from 9 to 11", "09:00-11:00 | 21:00-23:00"),
    ("at midnight", "?"),
    ("at 12 Mill Street", ""),
    ("at 4 Elm St", ""),
    ("ages 6 to 10", ""),
    ("from 6 to 10 years", ""),
    ("3 to 5 people", ""),
    ("tickets $10-12", ""),
    ("£4.50", ""),
    ("8 to 10 December", ""),
    ("room 12", ""),
    ("for 2 weeks", ""),
]


def _day(each: Days) -> str:
    return f"{each.first}..{each.last}" if each.last else str(each.first)


def _hour(each: Hours) -> str:
    start = f"{each.start:%H:%M}" if each.start else ""
    return f"{start}-{each.end:%H:%M}" if each.end else start


@pytest.mark.parametrize(("phrase", "answer"), DAYS)
def test_day_is_certain_asked_or_none(phrase: str, answer: str) -> None:
    found = [each for each in days.find(phrase, TODAY) if not each.aside]
    said = [" | ".join(map(_day, each.choices)) for each in found]
    if found and found[0].why and len(found[0].choices) == 1:
        said[0] += "?"
    assert said == ([answer] if answer else [])
    for each in found:
        assert (each.why is None) == (each.sure is not None)


@pytest.mark.parametrize(("phrase", "answer"), HOURS)
def test_hour_is_certain_asked_or_none(phrase: str, answer: str) -> None:
    found = hours.find(phrase, [each.end for each in days.find(phrase, TODAY)])
    said = [" | ".join(map(_hour, each.choices)) or "?" for each in found]
    assert said == ([answer] if answer else [])


@pytest.mark.parametrize(
    ("phrase", "minutes"),
    [
        ("for about an hour", 60),
        ("lasts an hour and a half", 90),
        ("90 minutes", 90),
        ("a two-hour tour", 120),
        ("1.5 hours", 90),
        ("half an hour", 30),
        ("open for 24 hours", None),
        ("5 minutes away", None),
    ],
)
def test_length_is_read_from_words_of_time(phrase: str, minutes: int | None) -> None:
    assert [each.minutes for each in hours.lengths(phrase)] == ([minutes] if minutes else [])


def test_bare_range_is_a_time_behind_a_day_alone() -> None:
    text = "Sat 12 Dec, 2–4, pages 2–4"
    [said] = hours.find(text, [each.end for each in days.find(text, TODAY)])
    assert text[said.start : said.end] == "2–4"
    assert said.start < 15


def test_doors_are_not_when_it_starts() -> None:
    doors, start = hours.find("Doors 7pm, starts 7:30pm")
    assert (doors.role, start.role) == ("doors", "span")
