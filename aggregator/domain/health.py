"""How a source answered, day by day for sixty days: a letter a day, the newest last.

"g" well, "p" with problems in it, "n" nothing good, "-" not asked. A day that had a good answer
counts as good, whatever else happened on it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

Answer = Literal["g", "p", "n"]
DAYS = 60
_NONE = "-"
_WEIGHT = "-npg"


class Run(NamedTuple):
    """Days in a row that are alike: the first one's place among the sixty, and how many."""

    kind: str
    first: int
    length: int


def noted(before: Mapping[str, Any] | None, day: date, answer: Answer) -> dict[str, str]:
    """What is remembered once a source has answered so on that day."""
    said = letters(before, day)
    better = max(said[-1], answer, key=_WEIGHT.index)
    return {"last": day.isoformat(), "said": (said[:-1] + better).lstrip(_NONE)}


def answered(before: Mapping[str, Any] | None, problems: int | None, *, failed: bool) -> Answer:
    """The letter of one poll. `problems` None: nothing new came, so it is as it was before."""
    if failed:
        return "n"
    if problems is not None:
        return "p" if problems else "g"
    last = next((each for each in reversed(before["said"] if before else "") if each in "gp"), "g")
    return "p" if last == "p" else "g"


def letters(kept: Mapping[str, Any] | None, today: date) -> str:
    """Sixty letters, the last one today's."""
    if kept is None:
        return _NONE * DAYS
    passed = (today - date.fromisoformat(kept["last"])).days
    said = str(kept["said"])
    said = said + _NONE * passed if passed >= 0 else said[:passed]
    return said.rjust(DAYS, _NONE)[-DAYS:]


def runs(said: str) -> list[Run]:
    """The letters as runs of one kind, so that a drawing stays short."""
    found: list[Run] = []
    for place, kind in enumerate(said):
        if found and found[-1].kind == kind:
            found[-1] = found[-1]._replace(length=found[-1].length + 1)
        else:
            found.append(Run(kind, place, 1))
    return found


def first_day(today: date) -> date:
    """The day that the first letter stands for."""
    return today - timedelta(days=DAYS - 1)
