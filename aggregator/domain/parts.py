"""The parts of an event that staff may write themselves, each whole: theirs or ours."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that belong together. `dated`: the fields of it that one date of a series may have
    of its own; none where it is the same on every date."""

    name: str
    icon: str
    fields: tuple[str, ...]
    dated: tuple[str, ...] = ()


PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part("title", "pencil", ("summary",), ("summary",)),
        Part("when", "clock", ("start", "end", "all_day", "zone"), ("start", "end")),
        Part("status", "calendar", ("status",), ("status",)),
        Part("place", "map-pin", ("location",), ("location",)),
        Part("online", "video", ("online_url", "attendance")),
        Part("price", "ticket", ("price",)),
        Part("audience", "users-round", ("audience", "age")),
        Part("booking", "notebook-pen", ("registration", "registration_url")),
        Part("access", "accessibility", ("access",)),
        Part("page", "link", ("url",)),
        Part("text", "quote", ("description",)),
        Part("picture", "image", ("image_alt",)),
        Part("categories", "list", ("categories",)),
    )
}

_OF_FIELD = {field: part for part in PARTS.values() for field in part.fields}


def part_of(field: str) -> Part | None:
    """The part that a field belongs to; None for one that is the source's alone."""
    return _OF_FIELD.get(field)
