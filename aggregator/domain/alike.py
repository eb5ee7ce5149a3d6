"""Which events are like one another: the same title, or one of the partner's own categories."""

import re
from collections.abc import Mapping
from typing import Any

from aggregator.domain.searching import words

Facts = Mapping[str, Any]

#: What tells one date of a series from the next: numbers, and what is put in brackets.
_PASSING = re.compile(r"\([^)]*\)|\d+(?:st|nd|rd|th)?\b")


def title_key(facts: Facts) -> tuple[str, ...]:
    """The words of a title without its numbers, so that "Chess club 3" is like "Chess Club (4)"."""
    told = facts["summary"] or ""
    return tuple(words(_PASSING.sub(" ", told))) or tuple(words(told))


def same_title(one: Facts, other: Facts) -> bool:
    """Whether two events are called the same."""
    key = title_key(one)
    return bool(key) and key == title_key(other)


def categories(facts: Facts) -> dict[str, str]:
    """The partner's categories of an event as they write them, by what makes them equal."""
    found = {" ".join(words(each)): each for each in facts["categories"]}
    return {key: each for key, each in found.items() if key}
