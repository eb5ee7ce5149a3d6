"""One normalised text of an event, and the words of a search, made by the same rules.

Both databases keep these words as they are (ASCII tokenizer of FTS5, lexemes of PostgreSQL), so
that a search finds the same on both. Case, accents, width and punctuation say nothing.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]

#: How many words of an event are kept, and of a search looked for.
MOST_KEPT, MOST_ASKED = 200, 8

#: Longer than words are; an address or a blob is cut, on both sides alike.
LONGEST = 40

#: Letters that Unicode doesn't take apart, as a keyboard without them writes them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)

#: Stand within a word: "children's" is also found as "childrens", "e-book" as "ebook".
_APOSTROPHES, _HYPHENS = frozenset("'’ʼ`´‘"), frozenset("-‐‑")


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a search: whole ones, and the beginning of the one that is being typed."""

    whole: tuple[str, ...] = ()
    begun: str = ""

    def __bool__(self) -> bool:
        return bool(self.whole or self.begun)


def text(facts: Facts, partner: str, groups: Iterable[str] = ()) -> str:
    """The words of title, place, partner and tags (also of its groups), each once, in order."""
    location, organizer = facts.get("location") or {}, facts.get("organizer") or {}
    parts = [
        facts.get("summary"),
        location.get("name"),
        location.get("address"),
        partner,
        organizer.get("name"),
        *facts.get("categories", ()),
        *facts.get("audience", ()),
        *groups,
    ]
    found = dict.fromkeys(word for part in parts if part for word in words(part))
    return " ".join([*found][:MOST_KEPT])


def words(value: str) -> Iterator[str]:
    """The words of a text; one with an apostrophe or hyphen within both whole and in parts."""
    for run in _runs(value):
        parts = run.replace("-", "'").split("'")
        yield from (part[:LONGEST] for part in parts if part)
        if len(parts) > 1 and (whole := "".join(parts)):
            yield whole[:LONGEST]


def asked(q: str) -> Asked:
    """The words of a search. All have to be there; the last may be the beginning of one.

    A single letter begins half of all words: it counts only as a word of its own.
    """
    found = [part[:LONGEST] for run in _runs(q) for part in run.replace("'", "").split("-") if part]
    if not found:
        return Asked()
    *before, last = found[:MOST_ASKED]
    whole = tuple(dict.fromkeys(before))
    if _is_whole(last):
        return Asked((*whole, last) if last not in whole else whole)
    if len(last) == 1:
        return Asked(whole or (last,))
    return Asked(whole, last)


def matches(kept: str, wanted: Asked) -> bool:
    """Whether an event's text holds what is asked: what both databases have to answer."""
    have = kept.split()
    return {*wanted.whole} <= {*have} and any(word.startswith(wanted.begun) for word in have)


def _runs(value: str) -> list[str]:
    """Runs of letters and digits without case, accents and width; ' and - stand within."""
    plain = unicodedata.normalize("NFKD", value).casefold().translate(_PLAIN)
    return "".join(map(_sign, unicodedata.normalize("NFKD", plain))).split()


def _sign(each: str) -> str:
    """What is kept of one character."""
    if each.isascii() and each.isalnum():
        return each
    if each in _APOSTROPHES:
        return "'"
    if each in _HYPHENS:
        return "-"
    if _is_whole(each):
        return f" {each} "
    kind = unicodedata.category(each)[0]
    return each if kind in "LN" else "" if kind == "M" else " "


def _is_whole(word: str) -> bool:
    """A Han or kana letter: a word of its own."""
    return len(word) == 1 and (
        "\u3040" <= word <= "\u30ff"
        or "\u3400" <= word <= "\u9fff"
        or "\U00020000" <= word <= "\U0003ffff"
    )
