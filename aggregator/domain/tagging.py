"""What lists filter events by: kind and value of each tag, from facts and the groups of patrons."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from aggregator.domain.searching import words

Facts = Mapping[str, Any]
Tag = tuple[str, str]  # kind, value

#: What an event may offer to who needs it, and the words that say so (normalised, in a row).
ACCESS: Mapping[str, tuple[str, ...]] = {
    "free": (),  # told by the price
    "online": (),  # told by the attendance
    "wheelchair": ("wheelchair", "step free", "stepfree", "barrier free", "accessible venue"),
    "sign_language": ("sign language", "asl", "bsl", "signed performance"),
    "hearing_loop": ("hearing loop", "induction loop", "assistive listening"),
    "captions": ("captions", "captioned", "captioning", "cart"),
    "sensory": ("sensory friendly", "relaxed performance", "low sensory", "quiet hour"),
}

#: Longer is no name to choose from a list.
LONGEST = 80


class Audience(Protocol):
    """A group of patrons, as a row of `audience` gives it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def ages(self) -> Sequence[int | None]: ...


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its words made ready, to hold many events against."""

    id: int
    name: str
    phrases: frozenset[str]
    ages: tuple[int | None, int | None] | None

    @classmethod
    def of(cls, row: Audience) -> "Group":
        """From a row."""
        phrases = (_phrase(each) for each in (row.name, *row.words))
        low, high = [*row.ages, None, None][:2]
        return cls(
            row.id,
            row.name,
            frozenset(each for each in phrases if each),
            (low, high) if row.ages else None,
        )


def tags(facts: Facts, groups: Iterable[Group]) -> set[Tag]:
    """Every tag of an event."""
    found: set[Tag] = {("category", name) for name in _names(facts.get("categories") or ())}
    found |= {("audience", str(each.id)) for each in groups_of(facts, groups)}
    found |= {("access", code) for code in _access(facts)}
    place = (facts.get("location") or {}).get("name")
    return found | {("place", name) for name in _names([place] if place else [])}


def marks(found: Iterable[Tag]) -> str:
    """All tags of an event in one short text, which a list's index repeats."""
    return " ".join(sorted(mark(kind, value) for kind, value in found))


def mark(kind: str, value: str) -> str:
    """One tag as twelve letters: 48 bits, so that two of a house's thousands never meet."""
    return hashlib.sha256(f"{kind}\n{value}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def groups_of(facts: Facts, groups: Iterable[Group]) -> list[Group]:
    """The groups that an event is for: by age where it says one, and by the partner's words."""
    told = [*(facts.get("categories") or ()), *(facts.get("audience") or ())]
    age = facts.get("age") or {}
    told += [age["text"]] if age.get("text") else []
    held = tuple(groups)
    named = _named(f" {' | '.join(map(_phrase, told))} ", held)
    return [each for each in held if each.id in named or _is_of_age(each, age)]


def _named(said: str, groups: tuple[Group, ...]) -> set[int]:
    """The groups whose words are said; "young adults" are no adults, so long phrases go first."""
    found: set[int] = set()
    for phrase, ids in _phrases(groups):
        if f" {phrase} " in said:
            found |= ids
            said = said.replace(f" {phrase} ", " | ")
    return found


@lru_cache(maxsize=8)
def _phrases(groups: tuple[Group, ...]) -> tuple[tuple[str, frozenset[int]], ...]:
    """Every phrase and whose it is, those of many words first."""
    by_phrase: dict[str, set[int]] = {}
    for each in groups:
        for phrase in each.phrases:
            by_phrase.setdefault(phrase, set()).add(each.id)
    ordered = sorted(by_phrase, key=lambda phrase: (-phrase.count(" "), phrase))
    return tuple((phrase, frozenset(by_phrase[phrase])) for phrase in ordered)


def _is_of_age(group: Group, age: Mapping[str, Any]) -> bool:
    low, high = age.get("min"), age.get("max")
    if group.ages is None or (low is None and high is None):
        return False
    youngest, oldest = group.ages
    if low is not None and high is None:
        # "ages 3 and up" speaks to who begins there, not to everybody older
        return (youngest or 0) <= low and (oldest is None or low <= oldest)
    return (oldest is None or (low or 0) <= oldest) and (high is None or (youngest or 0) <= high)


def _access(facts: Facts) -> set[str]:
    found = {"free"} if (facts.get("price") or {}).get("free") else set()
    if facts.get("attendance") in {"ONLINE", "MIXED"} or facts.get("online_url"):
        found.add("online")
    said = f" {_phrase(facts.get('access') or '')} "
    return found | {
        code for code, phrases in ACCESS.items() if any(f" {each} " in said for each in phrases)
    }


def _phrase(value: str) -> str:
    """A text's words in a row, so that one phrase can be looked for in another."""
    return " ".join(words(value.replace("-", " ")))


def _names(values: Iterable[str]) -> list[str]:
    """As partners write them, once each, white space aside."""
    return [*dict.fromkeys(name for each in values if (name := " ".join(each.split())[:LONGEST]))]
