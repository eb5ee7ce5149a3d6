"""The parts of an event that staff may write themselves, each whole: theirs or ours."""

from collections.abc import Mapping
from dataclasses import dataclass

from words.mark import N_


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that belong together. `dated`: the fields of it that one date of a series may have
    of its own; none where it is the same on every date."""

    name: str
    label: str
    icon: str
    fields: tuple[str, ...]
    dated: tuple[str, ...] = ()


PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part("title", N_("Title"), "pencil", ("summary",), ("summary",)),
        Part("when", N_("When"), "clock", ("start", "end", "all_day", "zone"), ("start", "end")),
        Part("status", N_("Takes place"), "calendar", ("status",), ("status",)),
        Part("place", N_("Place"), "map-pin", ("location",), ("location",)),
        Part("online", N_("Online"), "video", ("online_url", "attendance")),
        Part("price", N_("Price"), "ticket", ("price",)),
        Part("audience", N_("For"), "users-round", ("audience", "age")),
        Part("booking", N_("Booking"), "notebook-pen", ("registration", "registration_url")),
        Part("access", N_("Access"), "accessibility", ("access",)),
        Part("page", N_("Page"), "link", ("url",)),
        Part("text", N_("Description"), "quote", ("description",)),
        Part("picture", N_("Picture in words"), "image", ("image_alt",)),
        Part("categories", N_("Categories"), "list", ("categories",)),
    )
}

_OF_FIELD = {field: part for part in PARTS.values() for field in part.fields}


def part_of(field: str) -> Part | None:
    """The part that a field belongs to; None for one that is the source's alone."""
    return _OF_FIELD.get(field)
