"""Values for the shapes that repeat: the date block, a partner's mark."""

import hashlib
from datetime import date, datetime
from typing import NamedTuple

from babel.dates import format_date

from words.when import LOCALE


class Leaf(NamedTuple):
    """A date block: weekday, big day, month; `classes` say today, past, cancelled, series."""

    iso: str
    weekday: str
    day: int
    month: str
    classes: str


def leaf(
    value: date, today: date | None = None, *, series: bool = False, cancelled: bool = False
) -> Leaf:
    """The date block of a day; `today` marks it as today or past."""
    day = value.date() if isinstance(value, datetime) else value
    state = ""
    if cancelled:
        state = "is-cancelled"
    elif today is not None:
        state = "is-today" if day == today else "is-past" if day < today else ""
    classes = " ".join(filter(None, ("date-series" if series else "", state)))
    weekday, month = (str(format_date(day, part, locale=LOCALE)) for part in ("EEE", "MMM"))
    return Leaf(day.isoformat(), weekday, day.day, month, classes)


class Mark(NamedTuple):
    """A partner's monogram and one of eight hues, the same wherever the partner is named."""

    letters: str
    hue: int


def mark(name: str) -> Mark:
    """The mark of a partner's name."""
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else words[0][:2]
    return Mark(letters.upper(), 1 + hashlib.sha256(name.encode()).digest()[0] % 8)
