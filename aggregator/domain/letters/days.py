"""Days as people write them: from text to days, each with its words, and what is not certain.

Nothing is guessed. Where words can mean several days, all of them are told and why; `today` is
the day on which the words were written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aggregator.domain.letters.words_of_days import (
    DAY,
    FEAST,
    FEASTS,
    FULL_WEEKDAY,
    MONTH,
    WEEKDAY,
    YEAR,
    a_day,
    day_of,
    month_of,
    weekday_of,
    year_of,
)

_ONE, _WEEK = timedelta(days=1), timedelta(days=7)
#: A day of the year that was lately is hardly meant to be next year's: that is asked.
_FAR = timedelta(days=270)


@dataclass(frozen=True, slots=True)
class Days:
    """One day, or from a first to a last."""

    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class DaySaid:
    """Words from start to before end that name a day. One choice: it is certain.

    `why` is a code for what is not certain. `aside` says that the day is not when the event is:
    a deadline, a day that is over.
    """

    start: int
    end: int
    choices: tuple[Days, ...]
    why: str | None = None
    aside: bool = False

    @property
    def sure(self) -> Days | None:
        return self.choices[0] if len(self.choices) == 1 and self.why is None else None


_TO = r"\s*(?:[-–—/&]|to|until|till|through|thru|and)\s*"
_MORE = rf"(?P<more>(?:{DAY},\s*){{1,6}})?"
_WD = rf"(?:\b(?P<wd>{WEEKDAY})\b\.?,?\s+(?:the\s+)?)?"
_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("iso", r"(?<![\d-])(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])"),
        (
            "day_month",
            (
                rf"{_WD}(?:(?<![\d.:/$£€]){_MORE}(?P<d1>{DAY})(?P<to>{_TO})(?:{WEEKDAY}\b\.?,?\s+)?)?"
                rf"(?<![\d.:/$£€])(?P<d>{DAY})\s?(?:of\s+)?(?P<m>\b{MONTH}|(?<=\d){MONTH}),?"
                rf"(?:\s?(?P<y>{YEAR}))?"
            ),
        ),
        (
            "month_day",
            (
                rf"{_WD}\b(?P<m>{MONTH})\s?(?:the\s+)?(?:{_MORE}(?P<d1>{DAY})(?P<to>{_TO}))?(?P<d>{DAY})"
                rf"(?!\s?(?:[:.]\d\d|am\b|pm\b|a\.m|p\.m))(?:,?\s+(?P<y>{YEAR}))?"
            ),
        ),
        (
            "slashed",
            (
                rf"{_WD}(?<![\d./-])(?P<a>\d\d?)(?P<sign>[/.-])(?P<b>\d\d?)"
                r"(?:(?P=sign)(?P<y>(?:20)?\d\d))?(?![\d/]|[.-]\d)(?P<dot>\.(?=\s|$))?"
            ),
        ),
        ("ordinal", rf"{_WD}\b(?:the\s+)?(?P<d>(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th))\b"),
        ("near", r"\b(?P<near>day after tomorrow|today|tonight|tomorrow)\b"),
        (
            "weekday",
            (
                rf"\b(?:(?P<how>this coming|coming|this|next|a week on|week on)\s+)?"
                rf"(?P<wd>{WEEKDAY})\b(?!\s*['’]s)(?P<week>\s+week\b)?"
            ),
        ),
        ("feast", rf"\b(?:on|until|till|through|for)\s+(?P<feast>{FEAST})\b"),
    )
)
_TO_WEEKDAY = re.compile(rf"\s*(?:[-–—]|to|through)\s*{WEEKDAY}\b", re.IGNORECASE)
_WEEKDAY_TO = re.compile(rf"{WEEKDAY}\s*(?:[-–—]|to|through)\s*$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:[-–—]|to|until|till|through|thru|up to)\s*", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:\b(?:by|before|until|till|since|last|posted|sent|dated|deadline|no later than)[:,]?"
    r"(?:\s+(?:on|is|the|midnight|noon|end of))?|\bdeadline[^.\n]{0,30}"
    r"|\b(?:on sale|sales? (?:starts?|opens?)|book(?:ing)?s? opens?|registration"
    r"|register|sign[- ]?up)\b[^.\n]{0,24}\b(?:from|on|opens?|closes?|ends?|starts?))\s*$",
    re.IGNORECASE,
)
_NO_ORDINAL = re.compile(
    r"\s*(?:anniversary|annual|century|birthday|floor|grade|street|avenue|ave\b|st\b|place|year"
    r"|edition|time|and final|of (?:each|every|the month)|graders?|class|season"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.IGNORECASE,
)
_NO_SLASH = re.compile(r"\s*(?:price|off\b|hours?\b|way|-|cup|mile|term|of\b|full)", re.IGNORECASE)


def find(text: str, today: date) -> list[DaySaid]:
    """Every day that text names, in order; what lies between two of a range is one of them."""
    found = sorted(_every(text, today), key=lambda each: each.start)
    return [_judged(text, today, each) for each in _ranges(text, found)]


def exactly(text: str, today: date) -> DaySaid | None:
    """The one day that the whole of text names; None where it names none, or something else."""
    text = text.strip(" .,")
    said = find(text, today)
    whole = len(said) == 1 and said[0].start == 0 and said[0].end >= len(text)
    return said[0] if whole else None


def _every(text: str, today: date) -> Iterator[DaySaid]:
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _trimmed(match)
            if any(start < stop and begin < end for begin, stop in taken[-60:]):
                continue
            if (said := _READERS[kind](match, text, today)) is not None:
                taken.append((start, end))
                yield replace(said, start=start, end=end)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    words = match[0].rstrip(" ,")
    start = match.start("feast") if "feast" in match.re.groupindex else match.start()
    return start, match.start() + len(words)


def _iso(match: re.Match[str], _text: str, _today: date) -> DaySaid | None:
    day = a_day(int(match["y"]), int(match["m"]), int(match["d"]))
    return None if day is None else DaySaid(0, 0, (Days(day),))


def _named_month(match: re.Match[str], _text: str, today: date) -> DaySaid | None:
    """ "Sat 12 Dec", "December 12th, 2026", "12–14 December"."""
    month, year = month_of(match["m"]), year_of(match["y"])
    weekday = weekday_of(match["wd"]) if match["wd"] else None
    if not match["d1"]:
        return _of_year(day_of(match["d"]), month, year, weekday, today)
    numbers = [*map(day_of, re.findall(r"\d+", match["more"] or "")), day_of(match["d1"])]
    numbers.append(day_of(match["d"]))
    if match["more"] or (numbers[1] - numbers[0] != 1 and re.search("[&/]|and", match["to"])):
        told = [_of_year(each, month, year, None, today) for each in numbers]
        listed = [days for each in told if each is not None for days in each.choices]
        return DaySaid(0, 0, tuple(listed), "day.several") if len(listed) > 1 else None
    first = _of_year(numbers[0], month, year, weekday, today)
    if first is None:
        return None
    runs = []
    for each in first.choices:
        last = a_day(each.first.year, month, numbers[1])
        if last is None or last <= each.first:
            return None
        runs.append(Days(each.first, last))
    return replace(first, choices=tuple(runs))


def _slashed(match: re.Match[str], text: str, today: date) -> DaySaid | None:
    """ "12/12", "5/12/2026", "12.12.2026": with a slash both orders are in use."""
    a, b, sign = int(match["a"]), int(match["b"]), match["sign"]
    bare = not match["y"]
    if bare and (sign == "-" or (sign == "." and not (match["dot"] or match["wd"]))):
        return None
    if bare and (match[0].endswith("24/7") or _NO_SLASH.match(text, match.end())):
        return None
    orders = {(a, b)} if sign == "." else {(a, b), (b, a)}
    weekday = weekday_of(match["wd"]) if match["wd"] else None
    year = year_of(match["y"])
    read = [_of_year(day, month, year, weekday, today) for day, month in sorted(orders)]
    told = [each for each in read if each is not None]
    told = [each for each in told if each.choices[0].first >= today] or told[:1]
    if len(told) > 1 and weekday is not None:
        told = [each for each in told if each.why is None] or told[:1]
    if not told:
        return None
    if len(told) == 1:
        return told[0]
    choices = tuple(sorted((each.choices[0] for each in told), key=lambda days: days.first))
    return DaySaid(0, 0, choices, "day.order")


def _ordinal(match: re.Match[str], text: str, today: date) -> DaySaid | None:
    """ "Saturday the 12th", "on the 12th": the month is not said."""
    has_the = " the " in f" {match[0].lower()} "
    if _NO_ORDINAL.match(text, match.end()) or not (match["wd"] or has_the):
        return None
    months = (
        (today.year + (today.month + n - 1) // 12, (today.month + n - 1) % 12 + 1)
        for n in range(13)
    )
    days = [day for year, month in months if (day := a_day(year, month, day_of(match["d"])))]
    days = [day for day in days if day >= today]
    if match["wd"]:
        fitting = [day for day in days if day.weekday() == weekday_of(match["wd"])]
        near = [day for day in fitting if day - today <= timedelta(days=62)]
        if len(near) == 1:
            return DaySaid(0, 0, (Days(near[0]),))
        return DaySaid(0, 0, tuple(map(Days, (near or fitting)[:3])), "day.month")
    return DaySaid(0, 0, tuple(map(Days, days[:2])), "day.month")


def _near(match: re.Match[str], _text: str, today: date) -> DaySaid:
    by = {"today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}
    return DaySaid(0, 0, (Days(today + by[match["near"].lower()] * _ONE),))


def _weekday(match: re.Match[str], text: str, today: date) -> DaySaid | None:
    """ "this Friday", "next Friday", "Saturday week", "Friday"."""
    how, word = (match["how"] or "").lower(), match["wd"]
    is_full = re.fullmatch(FULL_WEEKDAY, word, re.IGNORECASE)
    if not (how or is_full) or _of_opening_hours(match, text):
        return None  # "Sun" and "sat" alone are words of other things
    ahead = (weekday_of(word) - today.weekday()) % 7
    coming = today + (ahead or 7) * _ONE
    if match["week"] or how in {"a week on", "week on"}:
        return DaySaid(0, 0, (Days(today + ahead * _ONE + _WEEK),))
    if how == "next":
        monday, sunday = today - today.weekday() * _ONE, today - (today.weekday() + 1) % 7 * _ONE
        next_week = {
            monday + _WEEK + weekday_of(word) * _ONE,
            sunday + _WEEK + (weekday_of(word) + 1) % 7 * _ONE,
        }
        meant = sorted({coming, *next_week})
        why = None if len(meant) == 1 else "day.next"
        return DaySaid(0, 0, tuple(map(Days, meant)), why)
    if not ahead:
        return DaySaid(0, 0, (Days(today), Days(coming)), "day.same_weekday")
    return DaySaid(0, 0, (Days(coming),))


def _of_opening_hours(match: re.Match[str], text: str) -> bool:
    """One end of "Monday to Thursday"."""
    after, before = (
        text[match.end() : match.end() + 20],
        text[max(0, match.start() - 20) : match.start()],
    )
    return bool(_TO_WEEKDAY.match(after) or _WEEKDAY_TO.search(before))


def _feast(match: re.Match[str], _text: str, today: date) -> DaySaid | None:
    month, day = FEASTS[match["feast"].lower()]
    return _of_year(day, month, None, None, today)


def _of_year(
    day: int, month: int, year: int | None, weekday: int | None, today: date
) -> DaySaid | None:
    """That day of the year that is said, else of the one in which it comes next."""
    years = (year,) if year else (today.year, today.year + 1)
    days = [found for each in years if (found := a_day(each, month, day))]
    ahead = [each for each in days if each >= today]
    if not days:
        return None
    if year is None and not ahead:
        return None
    found = (ahead or days)[0]
    if weekday is None or found.weekday() == weekday:
        far = year is None and found - today > _FAR and found.year > today.year
        why = "day.far" if far and weekday is None else None
        return DaySaid(0, 0, (Days(found),), why)
    later = [each for each in ahead if each.weekday() == weekday]
    if later and days[0] < today:
        return DaySaid(0, 0, (Days(later[0]),))
    apart = min(range(-3, 4), key=lambda n: ((found + n * _ONE).weekday() != weekday, abs(n)))
    choices = {found, found + apart * _ONE, *later}
    return DaySaid(0, 0, tuple(map(Days, sorted(choices))), "day.weekday_differs")


_READERS = {
    "iso": _iso,
    "day_month": _named_month,
    "month_day": _named_month,
    "slashed": _slashed,
    "ordinal": _ordinal,
    "near": _near,
    "weekday": _weekday,
    "feast": _feast,
}


def _ranges(text: str, found: Sequence[DaySaid]) -> list[DaySaid]:
    """Two days with "to" between them are one run of days, where both are certain."""
    runs: list[DaySaid] = []
    for each in found:
        before = runs[-1] if runs else None
        if before and (first := before.sure) and first.last is None and (last := each.sure):
            joined = _RANGE.fullmatch(text, before.end, each.start)
            if joined and last.last is None and first.first < last.first:
                runs[-1] = replace(before, end=each.end, choices=(Days(first.first, last.first),))
                continue
        runs.append(each)
    return runs


def _judged(text: str, today: date, said: DaySaid) -> DaySaid:
    over = all((each.last or each.first) < today for each in said.choices)
    before = text[max(0, said.start - 60) : said.start]
    return replace(said, aside=over or bool(_ASIDE.search(before)))
