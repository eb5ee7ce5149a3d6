"""Hours as people write them: from text to times of day, each with its words.

An hour without "am" or "pm" is taken for the one half of the day in which events begin, from six
in the morning to ten at night; where both fit it is asked. A range shares its "pm".
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Literal

from aggregator.domain.letters.words_of_days import NUMBER, number_of

#: Minutes of a day.
_DAY = 24 * 60
_EARLIEST, _LATEST = 6 * 60, 22 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """From when, until when, as times of day; either may be unsaid."""

    start: time | None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class HourSaid:
    """Words from start to before end that name a time. One choice: it is certain."""

    start: int
    end: int
    choices: tuple[Hours, ...]
    why: str | None = None
    role: Literal["span", "doors"] = "span"

    @property
    def sure(self) -> Hours | None:
        return self.choices[0] if len(self.choices) == 1 and self.why is None else None


@dataclass(frozen=True, slots=True)
class LengthSaid:
    """Words that say how long it lasts."""

    start: int
    end: int
    minutes: int


_MARK = r"(?:\s?(?:am|pm|a\.m\.?|p\.m\.?|o[’']?clock)(?![a-z]))"
_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"


def _clock(name: str) -> str:
    """One time of day; what it says stands in groups that begin with name."""
    return (
        rf"(?:(?P<{name}_named>noon|midday|midnight)\b"
        rf"|(?P<{name}_part>half past|quarter past|quarter to)\s+(?P<{name}_word>{_WORD})\b"
        rf"(?P<{name}_m0>{_MARK})?"
        rf"|(?P<{name}_h24>[01]?\d|2[0-3])h(?P<{name}_min24>[0-5]\d)?\b"
        rf"|(?P<{name}_h>[01]?\d|2[0-4])(?:[:.](?P<{name}_min>[0-5]\d)(?!\d|[.]\d))?(?!\d|[:.,]\d)"
        rf"(?P<{name}_mark>{_MARK})?"
        rf"|(?P<{name}_spelt>{_WORD})\b(?P<{name}_m1>{_MARK})?)"
    )


_BEFORE = r"(?<![\w$£€#.,:/+@’'-])"
_TO = r"\s*(?:[-–—]|to|til|till|until|and)\s*"
_SPAN = re.compile(
    rf"(?:\b(?P<lead>from|between|at|starts?(?:ing)?(?:\s+at)?|begins?(?:\s+at)?)\s+)?"
    rf"{_BEFORE}{_clock('a')}(?P<to>{_TO}){_clock('b')}",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"(?:\b(?P<lead>from|at|@|starts?(?:ing)?(?:\s+at)?|begins?(?:\s+at)?|doors(?:\s+open)?(?:\s+at)?"
    r"|until|till|ends?(?:\s+at)?|finish(?:es)?(?:\s+at)?|around|about)[:\s]\s*)?"
    rf"{_BEFORE}{_clock('a')}",
    re.IGNORECASE,
)
_NO_HOUR = re.compile(
    r"\s?(?:%|[$£€]|\+|years?\b|yrs?\b|year-olds?|months?\b|weeks?\b|days?\b|nights?\b|minutes?\b"
    r"|mins?\b|hours?\b|hrs?\b|people\b|adults\b|children\b|kids\b|places\b|seats\b|euros?\b|dollars\b"
    r"|pounds\b|miles\b|km\b|pages\b|sessions\b|times\b|dates\b|of\s|th\b|st\b|nd\b|rd\b|[/-]\s?\d|×)",
    re.IGNORECASE,
)
_STREET = re.compile(r"\s+(?:(?:st|n|s|e|w)\.?\s+)?[A-Z][a-z’'-]+", re.ASCII)
_AGES = re.compile(
    r"(?:\bage[sd]?|\bages?:|\byears?|grades?|pages?|room|no\.?|nr\.?)\s*(?:from\s+)?$",
    re.IGNORECASE,
)
_PART = re.compile(r"\b(morning|afternoon|evening|night|tonight|lunch)", re.IGNORECASE)
_BEGINS = re.compile(r"(?:at|@|from|start|begin|doors)", re.IGNORECASE)
_ENDS = re.compile(r"(?:until|till|end|finish)", re.IGNORECASE)
_OF_AGES = re.compile(r"\s*(?:to|[-–—])\s*\d+\s*(?:years?|yrs?|months?|people)\b", re.IGNORECASE)
_LENGTH = re.compile(
    rf"(?:\b(?:for|lasts?|lasting|takes|about|around)\s+)*(?:"
    rf"(?P<hour>\ban hour and a half\b|\bhalf an hour\b|\ban hour\b)"
    rf"|\b(?P<n>\d(?:[.,]5|½)?|{NUMBER})(?P<half>\s+and a half)?[\s-]"
    r"(?P<unit>hours?|hrs?|minutes?|mins?)\b)",
    re.IGNORECASE,
)


def find(text: str, day_ends: Sequence[int] = ()) -> list[HourSaid]:
    """Every time of day that text names, in order. day_ends are where the words of a day end:
    a bare "2–4" behind them is a time."""
    ends = {*day_ends}
    spans = [_span(match, text, ends) for match in _SPAN.finditer(text)]
    found = [said for said in spans if said is not None]
    begun, ended = [each.start for each in found], [each.end for each in found]
    for match in _ONE.finditer(text):
        nearest = bisect_left(begun, match.end())  # the spans behind it begin too late
        inside = nearest > 0 and ended[nearest - 1] > match.start()
        if not inside and (said := _single(match, text, ends)) is not None:
            found.append(said)
    return sorted(found, key=lambda each: each.start)


def lengths(text: str) -> list[LengthSaid]:
    """Every length of time that text names, in order."""
    found = []
    for match in _LENGTH.finditer(text):
        if match["hour"]:
            minutes = {"an hour": 60, "half an hour": 30}.get(match["hour"].lower(), 90)
        else:
            number = match["n"].replace(",", ".").replace("½", ".5")
            value = float(number) if number[0].isdigit() else float(number_of(number))
            value += 0.5 if match["half"] else 0
            minutes = round(value * (60 if match["unit"][0].lower() == "h" else 1))
        if 10 <= minutes <= 12 * 60:
            found.append(LengthSaid(match.start(), match.end(), minutes))
    return found


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time as it is written: minutes on its face, and which half of the day, if that is said."""

    minutes: int
    half: Literal["am", "pm", "24"] | None
    bare: bool  # a number alone

    def readings(self) -> tuple[int, ...]:
        """The minutes of the day that it can mean."""
        face = self.minutes % 720
        if self.half == "24":
            return (self.minutes,)
        return {"am": (face,), "pm": (face + 720,), None: (face, face + 720)}[self.half]


def _read(match: re.Match[str], name: str) -> _Clock | None:
    part = {
        key: match[f"{name}_{key}"]
        for key in (
            "named",
            "part",
            "word",
            "m0",
            "h24",
            "min24",
            "h",
            "min",
            "mark",
            "spelt",
            "m1",
        )
    }
    if part["named"]:
        return _Clock(720 if part["named"].lower() != "midnight" else _DAY, "24", bare=False)
    if part["h24"]:
        return _Clock(int(part["h24"]) * 60 + int(part["min24"] or 0), "24", bare=False)
    mark = (part["mark"] or part["m0"] or part["m1"] or "").strip().lower()
    half: Literal["am", "pm"] | None = (
        "am" if mark[:1] == "a" else "pm" if mark[:1] == "p" else None
    )
    word = part["word"] or part["h"] or part["spelt"]
    hour = int(word) if word.isdigit() else number_of(word)
    minutes = int(part["min"] or 0)
    if part["part"]:
        minutes = {"half past": 30, "quarter past": 15, "quarter to": -15}[part["part"].lower()]
    if half and not 1 <= hour <= 12:
        half = None
    written24 = hour > 12 or hour == 0 or bool(part["min"] and word.startswith("0"))
    if hour > 24 or (hour > 12 and not part["min"]) or (hour == 0 and not part["min"]):
        return None
    total = hour * 60 + minutes
    bare = not (mark or part["min"] or part["part"])
    return _Clock(total, "24" if written24 and not half else half, bare)


def _span(match: re.Match[str], text: str, day_ends: set[int]) -> HourSaid | None:
    a, b = _read(match, "a"), _read(match, "b")
    if a is None or b is None or not _is_time(match, text, bare=a.bare and b.bare):
        return None
    lead = (match["lead"] or "").lower()
    if match["to"].strip().lower() == "and" and lead != "between":
        return None
    if a.bare and b.bare:
        if not (lead or _follows(match.start(), text, day_ends)):
            return None
        if (match["a_spelt"] or match["b_spelt"]) and lead not in {"from", "between"}:
            return None
    choices = _pruned(_pairs(a, b), match, text)
    return _said(match, [Hours(_time(x), _time(y)) for x, y in choices])


def _pairs(a: _Clock, b: _Clock) -> list[tuple[int, int]]:
    """What a range can mean: the shortest that each way of reading its halves gives."""
    pairs = []
    halves = b.readings() if b.half or not a.half else (b.minutes % 720, b.minutes % 720 + 720)
    for end in halves:
        starts = list(a.readings())
        lasting = {(end - start) % _DAY or _DAY: start for start in starts}
        shortest = lasting[min(lasting)]
        if min(lasting) <= 12 * 60:
            pairs.append((shortest, end))
    if a.half and not b.half and len(pairs) > 1:
        pairs = [min(pairs, key=lambda pair: (pair[1] - pair[0]) % _DAY)]
    return pairs


def _single(match: re.Match[str], text: str, day_ends: set[int]) -> HourSaid | None:
    a = _read(match, "a")
    lead = (match["lead"] or "").lower().split(" ")[0]
    if a is None or not _is_time(match, text, bare=a.bare) or _OF_AGES.match(text, match.end()):
        return None
    says_when = bool(_BEGINS.match(lead) or _ENDS.match(lead))
    if a.bare and match["a_spelt"] and not _BEGINS.match(lead):
        return None
    unclear = (a.bare or _is_dotted(match)) and not says_when
    if unclear and (match["a_spelt"] or not _follows(match.start(), text, day_ends)):
        return None
    if a.minutes == _DAY and not _ENDS.match(lead):
        return HourSaid(match.start(), match.end(), (), "hour.midnight")
    readings = [each for each, _ in _pruned([(each, each) for each in a.readings()], match, text)]
    if _ENDS.match(lead):
        return _said(match, [Hours(None, _time(each)) for each in readings])
    said = _said(match, [Hours(_time(each)) for each in readings])
    return replace(said, role="doors") if lead == "doors" and said else said


def _is_dotted(match: re.Match[str]) -> bool:
    """ "7.30" with nothing that says it is a time."""
    return bool(match["a_min"]) and "." in match[0] and not match["a_mark"]


def _pruned(pairs: list[tuple[int, int]], match: re.Match[str], text: str) -> list[tuple[int, int]]:
    """Without what no event means, and by the part of the day that stands beside it."""
    if len(pairs) < 2:
        return pairs
    around = text[max(0, match.start() - 30) : match.end() + 25]
    parts = {word.lower() for word in _PART.findall(around)}
    if parts == {"morning"}:
        pairs = [pair for pair in pairs if pair[0] < 720]
    elif parts and "morning" not in parts:
        pairs = [pair for pair in pairs if pair[0] >= 720]
    if len(pairs) > 1:
        likely = [
            (start, end)
            for start, end in pairs
            if _EARLIEST <= start % _DAY < _LATEST and not 120 < end % _DAY < _EARLIEST
        ]
        pairs = likely or pairs
    return pairs


def _said(match: re.Match[str], choices: list[Hours]) -> HourSaid | None:
    unlike = tuple(dict.fromkeys(choices))
    if not unlike:
        return None
    return HourSaid(match.start(), match.end(), unlike, "hour.half" if len(unlike) > 1 else None)


def _is_time(match: re.Match[str], text: str, *, bare: bool) -> bool:
    """Not an age, a price, a number of weeks or a house in a street."""
    after = text[match.end() : match.end() + 24]
    before = text[max(0, match.start() - 16) : match.start()]
    if _NO_HOUR.match(after) or _AGES.search(before):
        return False
    return not (bare and _STREET.match(after))


def _follows(start: int, text: str, day_ends: set[int]) -> bool:
    """Whether the words of a day end just before."""
    back = start
    while back > 0 and start - back < 4 and text[back - 1] in " ,:|•\t\n–—-":
        back -= 1
    return bool(day_ends & {*range(back, start + 1)})


def _time(minutes: int) -> time:
    return time(minutes % _DAY // 60, minutes % 60)
