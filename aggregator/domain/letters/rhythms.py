"""Repeats as people write them: "every Tuesday, 12 times", "every other Friday until Christmas".

What is not wholly understood is refused, never half understood.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aggregator.domain.letters import days
from aggregator.domain.letters.words_of_days import (
    MONTH,
    NUMBER,
    ORDINAL,
    ORDINALS,
    WEEKDAY,
    day_of,
    month_of,
    number_of,
    weekday_of,
)
from aggregator.domain.repeating import Repeat, Unit


class RepeatError(ValueError):
    """This repeat can't be used as it is said. `code` and `params` make the sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the repeat, and the days that are left out of it ("not on 25 Dec")."""

    repeat: Repeat
    without: tuple[date, ...] = ()


_EVERY = r"(?:every|each)"
_SEP = r"(?:\s*,\s*(?:and\s+)?|\s*(?:&|\+)\s*|\s+and\s+)"
_WDS = rf"{WEEKDAY}s?(?:{_SEP}{WEEKDAY}s?)*"
_COUNTED = rf"(?:(?P<n>other|second|{NUMBER}|\dnd|\drd|\dth)\s+)?"
_OF_MONTH = r"\s*(?:of|in)?\s*(?:the|every|each)?\s*month"
_RHYTHMS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "nth",
            (
                rf"\b(?:{_EVERY}\s+month\s+|monthly\s+)?(?:on\s+)?(?:the\s+|{_EVERY}\s+)?"
                rf"\b(?P<nth>{ORDINAL})\s+(?P<wd>{WEEKDAY}){_OF_MONTH}(?:ly)?\b"
            ),
        ),
        (
            "nth",
            (
                rf"\b(?:{_EVERY}\s+{_COUNTED}months?|monthly),?\s+(?:on\s+)?(?:the\s+)?"
                rf"(?P<nth>{ORDINAL})\s+(?P<wd>{WEEKDAY})\b"
            ),
        ),
        (
            "month_end",
            (
                rf"\b(?:{_EVERY}\s+{_COUNTED}months?|monthly),?\s+on\s+the\s+last\s+day\b"
                rf"|\bthe\s+last\s+day{_OF_MONTH}\b"
            ),
        ),
        (
            "month_day",
            (
                rf"\b(?:{_EVERY}\s+{_COUNTED}months?|monthly),?\s+on\s+(?:the|day)\s+"
                r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\b"
            ),
        ),
        (
            "month_day",
            (
                r"\b(?:on\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)"
                r"\s+(?:of\s+)?(?:every|each)\s+month\b"
            ),
        ),
        (
            "weekday",
            (
                rf"\b{_EVERY}\s+weekday\b|\bon\s+weekdays\b"
                r"|\bevery\s+(?:mon(?:day)?)\s*(?:to|[-–])\s*fri(?:day)?\b"
            ),
        ),
        (
            "weeks",
            (
                rf"\b(?:{_EVERY}\s+{_COUNTED}weeks?|weekly|fortnightly|biweekly|every\s+fortnight)"
                rf",?\s+on\s+(?:an?\s+)?(?P<wds>{_WDS})\b"
            ),
        ),
        ("weeks", rf"\b{_EVERY}\s+{_COUNTED}(?P<wds>{_WDS})\b"),
        ("weeks", rf"\b(?:on\s+)?(?P<wds>{WEEKDAY}s(?:{_SEP}{WEEKDAY}s)*)\b"),
        (
            "unit",
            (
                rf"\b{_EVERY}\s+{_COUNTED}(?P<unit>day|week|month|year|morning|afternoon|evening"
                r"|night|fortnight)s?\b"
            ),
        ),
        ("unit", r"\b(?P<unit>daily|weekly|fortnightly|biweekly|monthly|yearly|annually)\b"),
    )
)
_UNTIL = re.compile(
    r",?\s*\b(?:until|till|through|thru|up to|ending(?: on)?|to)\s+(?:and including\s+)?"
    rf"(?:(?P<end>the\s+end\s+of\s+)(?P<m>{MONTH})(?:\s+(?P<y>(?:19|20)\d\d))?|)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf",?\s*\b(?:for\s+|just\s+)?(?P<n>{NUMBER})\s+(?P<what>times?|weeks|sessions|dates|days|months"
    r"|evenings|meetings|classes)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r",?\s*\(?\b(?:but\s+)?(?:not|except|excluding|apart from|no\s+(?:session|class|meeting)s?)"
    r"\s+(?:for\s+)?(?:on\s+)?",
    re.IGNORECASE,
)
_FILLING = re.compile(r"\b(?:and|on|the|at|it|is|repeats?|repeating|but|then)\b|[\s,.;:()]")


@dataclass(frozen=True, slots=True)
class Found:
    """Words from start to before end of a text that tell a repeat."""

    start: int
    end: int
    read: Read


def read(words: str, today: date) -> Read:
    """The repeat that the whole of words tells. Raises RepeatError for what is not understood."""
    found = find(words, today)
    if found is None:
        raise RepeatError("repeat.unknown", words=words.strip())
    left = f"{words[: found.start]} {words[found.end :]}"
    if rest := _FILLING.sub("", left):
        raise RepeatError("repeat.unknown", words=left.strip() if rest else words)
    return found.read


def find(text: str, today: date) -> Found | None:
    """The first repeat that text tells; None where it tells none."""
    best: tuple[re.Match[str], Repeat] | None = None
    for kind, pattern in _RHYTHMS:
        match = pattern.search(text)
        if match and (best is None or match.start() < best[0].start()):
            best = match, _rhythm(kind, match)
    if best is None:
        return None
    match, repeat = best
    return _with_end(text, match.start(), match.end(), repeat, today)


def _rhythm(kind: str, match: re.Match[str]) -> Repeat:
    said = match.groupdict()
    number = said.get("n")
    interval = _interval(number) if number else 1
    if re.search(r"fortnight|biweekly", match[0], re.IGNORECASE):
        interval = 2
    if kind == "nth":
        nth = ORDINALS[match["nth"].lower()]
        return Repeat("month", interval, (weekday_of(match["wd"]),), nth)
    if kind == "month_end":
        return Repeat("month", interval, month_day=-1)
    if kind == "month_day":
        return Repeat("month", interval, month_day=day_of(match["d"]))
    if kind == "weekday":
        return Repeat("week", 1, (0, 1, 2, 3, 4))
    if kind == "weeks":
        names = re.findall(WEEKDAY, match["wds"], re.IGNORECASE)
        return Repeat("week", interval, tuple(sorted({weekday_of(each) for each in names})))
    return Repeat(_unit(match["unit"]), interval)


def _unit(word: str) -> Unit:
    word = word.lower()
    if word in {"week", "weekly", "fortnight", "fortnightly", "biweekly"}:
        return "week"
    if word in {"month", "monthly"}:
        return "month"
    return "year" if word in {"year", "yearly", "annually"} else "day"


def _interval(word: str) -> int:
    word = word.lower()
    if word in {"other", "second"}:
        return 2
    return day_of(word) if word[0].isdigit() else number_of(word)


def _with_end(text: str, start: int, end: int, repeat: Repeat, today: date) -> Found:
    """What stands behind the rhythm: until when, how often, on which days not."""
    without: list[date] = []
    while True:
        if times := _TIMES.match(text, end):
            repeat, end = _ended(repeat, times=_count(times, repeat)), times.end()
        elif until := _UNTIL.match(text, end):
            day, stop = _last_day(text, until, today)
            if day is None:
                break
            repeat, end = _ended(repeat, until=day), stop
        elif (unless := _WITHOUT.match(text, end)) and (
            left := _days_at(text, unless.end(), today)
        ):
            without += left[0]
            end = left[1]
        else:
            break
    return Found(start, end, Read(repeat, tuple(without)))


def _ended(repeat: Repeat, **end: date | int) -> Repeat:
    if not repeat.endless:
        raise RepeatError("repeat.two_ends")
    return replace(repeat, **end)  # type: ignore[arg-type]


def _count(match: re.Match[str], repeat: Repeat) -> int:
    """ "for 6 weeks" of two days a week are 12 dates."""
    number, what = number_of(match["n"]), match["what"].lower()
    per_unit = {"weeks": max(1, len(repeat.weekdays)), "days": 1, "months": 1}.get(what)
    if per_unit is None:
        return number
    unit = what.removesuffix("s")
    if repeat.unit == unit:
        return max(1, number * per_unit // repeat.interval)
    return number * 7 if (repeat.unit, unit) == ("day", "week") else number


def _last_day(text: str, match: re.Match[str], today: date) -> tuple[date | None, int]:
    if match["m"]:
        month, year = month_of(match["m"]), int(match["y"] or today.year)
        if not match["y"] and month < today.month:
            year += 1
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1), match.end()
    begin = match.end()
    # with "until" before it a feast's name is read too
    for each in days.find(f"until {text[begin : begin + 60]}", today):
        at = each.start - len("until ")
        if at == 0 and each.choices:
            if each.sure is None or each.sure.last is not None:
                raise RepeatError("repeat.until", words=text[begin : begin + each.end - 6])
            return each.sure.first, begin + each.end - len("until ")
        break
    return None, begin


def _days_at(text: str, begin: int, today: date) -> tuple[list[date], int] | None:
    """Days one after the other, from begin on."""
    found, end = list[date](), begin
    for each in days.find(f"on {text[begin : begin + 200]}", today):
        start, stop = begin + each.start - 3, begin + each.end - 3
        if text[end:start].strip(" ,&") not in {"", "and", "or", "on"}:
            break
        for choice in each.choices:
            found.append(choice.first)
        end = stop
    return (found, end) if found else None
