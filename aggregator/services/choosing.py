"""Groups of patrons, purposes and hashtag sets: the library's own, changed on the settings page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.services import deriving
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import choices, journal
from aggregator.storage.doors import Writer

#: Characters of a name, and how many words or hashtags one may have.
LONGEST, MOST = 60, 60


@dataclass(frozen=True, slots=True)
class Audience:
    """A group: what partners call it, and from which age to which (either may be open)."""

    name: str
    words: Sequence[str] = ()
    youngest: int | None = None
    oldest: int | None = None

    def values(self) -> dict[str, Any]:
        """For the table; raises ServiceError for ages that no group can have."""
        ages = [self.youngest, self.oldest]
        if self.youngest is None and self.oldest is None:
            ages = []
        given = [age for age in ages if age is not None]
        if any(not 0 <= age <= 120 for age in given) or given != sorted(given):
            raise ServiceError("group.ages")
        return {"name": _name(self.name), "words": _words(self.words), "ages": ages}


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a post is written, and a line that helps to choose."""

    name: str
    hint: str = ""

    def values(self) -> dict[str, Any]:
        """For the table."""
        return {"name": _name(self.name), "hint": " ".join(self.hint.split())[:200] or None}


@dataclass(frozen=True, slots=True)
class Hashtags:
    """A set of hashtags: on every post, on those for one group, or where somebody picks it."""

    name: str
    tags: Sequence[str] = ()
    always: bool = False
    audience_id: int | None = None

    def values(self) -> dict[str, Any]:
        """For the table; a tag is kept without its #."""
        return {
            "name": _name(self.name),
            "tags": [tag for tag in _words(hashtag(each) for each in self.tags) if tag],
            "always": self.always,
            "audience_id": None if self.always else self.audience_id,
        }


Choice = Audience | Purpose | Hashtags
KINDS: Mapping[type[Choice], str] = {Audience: "audience", Purpose: "purpose", Hashtags: "hashtags"}


def add(house: House, choice: Choice, *, actor: str) -> int:
    """Offer one more. Raises ServiceError when its name is taken or empty."""
    kind, values = KINDS[type(choice)], choice.values()
    with house.database.writing() as tx:
        if (group := values.get("audience_id")) is not None:
            _one(tx, "audience", group)
        known = choices.find(tx, kind, values["name"])
        if known is not None and known.archived_at is None:
            raise ServiceError("choice.taken", name=values["name"])
        if known is not None:  # it comes back as it is wanted now
            number = int(known.id)
            choices.change(tx, kind, number, **values, archived_at=None)
        else:
            number = choices.add(tx, kind, **values)
        _note(house, tx, actor, f"add_{kind}", kind, number, None, values)
    return number


def change(house: House, number: int, choice: Choice, *, actor: str) -> None:
    """Write what one has become. Raises MissingError, ServiceError."""
    kind, values = KINDS[type(choice)], choice.values()
    with house.database.writing() as tx:
        if (group := values.get("audience_id")) is not None:
            _one(tx, "audience", group)
        before = _one(tx, kind, number)
        other = choices.find(tx, kind, values["name"])
        if other is not None and other.id != number:
            raise ServiceError("choice.taken", name=values["name"])
        choices.change(tx, kind, number, **values)
        old = {key: before._mapping[key] for key in values}
        _note(house, tx, actor, f"change_{kind}", kind, number, old, values)


def remove(house: House, kind: str, number: int, *, actor: str) -> str:
    """Offer it no more; what was chosen with it keeps it. Its name. Raises MissingError."""
    with house.database.writing() as tx:
        row = _one(tx, kind, number)
        choices.archive(tx, kind, number, house.clock())
        _note(house, tx, actor, f"remove_{kind}", kind, number, {"archived": False}, None)
    return str(row.name)


def restore(house: House, kind: str, number: int, *, actor: str) -> str:
    """Offer it again. Its name. Raises MissingError."""
    with house.database.writing() as tx:
        row = _one(tx, kind, number)
        choices.archive(tx, kind, number, None)
        _note(house, tx, actor, f"restore_{kind}", kind, number, {"archived": True}, None)
    return str(row.name)


def hashtag(text: str) -> str:
    """A hashtag as networks take it: letters, digits and _, without its #."""
    return "".join(re.findall(r"\w+", text))[:50]


def split(text: str) -> list[str]:
    """What was typed with commas or on lines of their own."""
    return [word for part in re.split(r"[,;\n]", text) if (word := " ".join(part.split()))]


def _one(tx: Writer, kind: str, number: int) -> Any:
    row = choices.by_id(tx, kind, number)
    if row is None:
        raise MissingError("choice.missing")
    return row


def _note(
    house: House,
    tx: Writer,
    actor: str,
    verb: str,
    kind: str,
    number: int,
    before: Any,
    after: Any,
) -> None:
    now = house.clock()
    journal.add(tx, now, actor, verb, f"{kind}:{number}", before=before, after=after)
    if kind == "audience":
        deriving.anew(tx)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name.isprintable() or not 0 < len(name) <= LONGEST:
        raise ServiceError("choice.name", most=LONGEST)
    return name


def _words(words: Any) -> list[str]:
    """Each once, in their order, at most MOST."""
    found: dict[str, str] = {}
    for word in words:
        if word:
            found.setdefault(word.casefold(), word[:LONGEST])
    return [*found.values()][:MOST]
