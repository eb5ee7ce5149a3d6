"""What differs between two tellings of one event, and which of it matters to who comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feeds.facts import digest

Facts = Mapping[str, Any]

#: Changes of these are material: who planned to come has to know.
MATERIAL = (
    "start",
    "end",
    "zone",
    "status",
    "location",
    "attendance",
    "online_url",
    "registration",
    "price",
    "rrule",
    "rdates",
    "exdates",
    "overrides",
)

#: Bookkeeping of the partner's software: a change here alone is no change.
NOISE = frozenset({"sequence", "published", "updated"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event, before and after; values as in facts (JSON-ready).

    `rid` names the one date that it is about, '' the whole event. `kept`: a source told it, and
    the event stays as staff have it.
    """

    field: str
    before: Any
    after: Any
    material: bool
    rid: str = ""
    kept: bool = False


def compare(before: Facts, after: Facts) -> tuple[Change, ...]:
    """The fields that differ, in the contract's order."""
    return tuple(
        Change(field, before.get(field), after.get(field), is_material(field, before, after))
        for field in after
        if field not in NOISE and before.get(field) != after.get(field)
    )


def facts_digest(facts: Facts) -> str:
    """Names what a telling says, its bookkeeping left out."""
    return digest({field: value for field, value in facts.items() if field not in NOISE})


def material_digest(facts: Facts) -> str:
    """Names what matters to who comes: start, end, place, status, price and the like."""
    kept = {field: facts.get(field) for field in MATERIAL}
    kept["location"] = _where(facts)
    kept["overrides"] = [
        {key: value for key, value in override.items() if key in _IN_OVERRIDE}
        for override in facts.get("overrides") or ()
        if any(key in MATERIAL for key in override)
    ]
    return digest(kept)


_IN_OVERRIDE = {*MATERIAL, "recurrence_id", "range"}


def is_material(field: str, before: Facts, after: Facts) -> bool:
    """Whether who planned to come has to know that this field differs, if it does."""
    if field == "location":
        return _where(before) != _where(after)
    if field == "overrides":
        return material_digest({"overrides": before.get("overrides")}) != material_digest(
            {"overrides": after.get("overrides")}
        )
    return field in MATERIAL


def _where(facts: Facts) -> tuple[Any, Any]:
    """A place is its name and address; coordinates are refined without anybody moving."""
    location = facts.get("location") or {}
    return location.get("name"), location.get("address")
