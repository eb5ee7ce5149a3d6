"""Where writing begins: a few posts with gaps to fill in."""

import re
from dataclasses import dataclass

from words.mark import N_
from words.say import translate as _


@dataclass(frozen=True, slots=True)
class Starter:
    """`code` is part of an address; `purpose` the name of the purpose it goes with, as delivered.

    In `text` square brackets stand round what has to be filled in.
    """

    code: str
    icon: str
    label: str
    text: str
    purpose: str


STARTERS = (
    Starter(
        "closed",
        "door-closed",
        N_("Closed today"),
        N_(
            "The library is closed today because [why]. We open again [day and time]. Renewing"
            " and reserving online works as always."
        ),
        "Tell what changed",
    ),
    Starter(
        "service",
        "hand-helping",
        N_("A service"),
        N_(
            "With your library card you can [borrow, use or learn what], for [how long, at what"
            " price]. Ask at the desk."
        ),
        "Show a service",
    ),
    Starter(
        "shelves",
        "book-open",
        N_("From our shelves"),
        N_("From our shelves: “[title]” by [author]. [Why we like it, in one sentence.]"),
        "From our shelves",
    ),
    Starter(
        "thanks",
        "hand-heart",
        N_("Thank you"),
        N_("Thank you, [who]! [What they did, and what came of it.]"),
        "Say thank you",
    ),
)

_GAP = re.compile(r"\[[^\[\]\n]+\]")


def starter(code: str) -> Starter | None:
    """One by its code."""
    return next((each for each in STARTERS if each.code == code), None)


def gap(text: str) -> str | None:
    """The first gap of a starter that is still to be filled in."""
    known = {found for each in STARTERS for found in _GAP.findall(_(each.text))}
    return next((found for found in _GAP.findall(text) if found in known), None)
