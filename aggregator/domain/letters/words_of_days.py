"""The names of days, months and feasts as people write them in English, as regular expressions.

Every expression here is tried without looking back far, so that reading takes time linear in the
text, whatever the text is.
"""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": -1,
}
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "other": 2,
    "second": 2,
}

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
FULL_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?!\d)(?:\s?(?:st|nd|rd|th)\b)?"
YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)(?!\d)"
ORDINAL = r"(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)"
NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"

#: Feasts on the same day every year, by which people say when something ends.
FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year’s eve": (12, 31),
    "new year's eve": (12, 31),
    "new year’s day": (1, 1),
    "new year's day": (1, 1),
    "new year": (1, 1),
    "halloween": (10, 31),
    "valentine’s day": (2, 14),
    "valentine's day": (2, 14),
}
FEAST = "(?:" + "|".join(re.escape(name) for name in FEASTS) + ")"


def month_of(word: str) -> int:
    """1 for "Jan." and "january"."""
    return 1 + MONTHS.index(word[:3].lower())


def weekday_of(word: str) -> int:
    """0 for "Mon" and "Mondays"."""
    return WEEKDAYS.index(word[:3].lower())


def number_of(word: str) -> int:
    """12 for "12" and "twelve"."""
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def day_of(word: str) -> int:
    """12 for "12", "12th" and "012"."""
    return int(re.sub(r"\D", "", word))


def year_of(word: str | None) -> int | None:
    """2026 for "2026", "’26" and "26"."""
    if not word:
        return None
    digits = re.sub(r"\D", "", word)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def a_day(year: int, month: int, day: int) -> date | None:
    """That day; None where no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
