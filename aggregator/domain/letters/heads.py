"""The head of an e-mail, where one was pasted with it: its subject, and when it was written."""

import re
from dataclasses import dataclass
from datetime import date

from aggregator.domain.letters import days
from aggregator.domain.letters.parts import Part

_FIELD = re.compile(
    r"[ \t>*]{0,4}(?P<name>from|to|cc|bcc|subject|date|sent|reply-to|received|importance)"
    r"\*?:\*?[ \t]*"
    r"(?P<value>[^\n]{0,400})",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^[ \t]*On (?P<value>[^\n]{6,80}?),?(?: at [\d:. apmAPM]{3,12})?,?[^\n]{0,80}wrote:",
    re.MULTILINE,
)
#: A head stands in the first lines.
_LINES = 40


@dataclass(frozen=True, slots=True)
class Head:
    """`end` is where the body begins; `written` the day that the head names."""

    end: int = 0
    subject: Part | None = None
    written: date | None = None


def read(text: str, today: date) -> Head:
    """The head that text begins with; an empty one where it begins otherwise."""
    at, end, seen = 0, 0, dict[str, Part]()
    for line in text.splitlines(keepends=True)[:_LINES]:
        match = _FIELD.match(line)
        if match:
            value = match["value"].strip(" *\t\r")
            start = at + match.start("value")
            seen.setdefault(match["name"].lower(), Part(start, start + len(value), value))
            end = at + len(line)
        elif line.strip() and (seen or at > 300):
            break
        at += len(line)
    if not seen.keys() & {"from", "to", "subject"}:
        wrote = _WROTE.search(text[:2000])
        written = _day(wrote["value"], today) if wrote else None
        return Head(wrote.end() if wrote and written else 0, None, written)
    dated = seen.get("date") or seen.get("sent")
    written = _day(dated.value, today) if dated else None
    return Head(end, seen.get("subject"), written)


def _day(text: str, today: date) -> date | None:
    """A day with its year, not after today: mail is written before it is read."""
    for each in days.find(text, today):
        if each.choices and re.search(r"\b20\d\d\b", text) and each.choices[0].first <= today:
            return each.choices[0].first
    return None
