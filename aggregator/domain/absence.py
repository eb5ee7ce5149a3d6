"""What it means that a feed no longer holds an event."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

#: Problems after which a reading says nothing about what is missing from it.
CUT_OFF = frozenset(
    {"ical.cut_off", "feed.cut_off", "feed.too_many", "page.block_unread", "jsonfeed.item"}
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A sighting that the feed held last time, with its event's first start and last end."""

    id: int
    key: str
    first_start: datetime | None
    last_end: datetime | None


@dataclass(frozen=True, slots=True)
class Absent:
    """Ids of sightings that are missing now, told apart by what that means."""

    gone: tuple[int, ...] = ()
    out_of_window: tuple[int, ...] = ()


def absent(
    remembered: Iterable[Remembered],
    keys: Collection[str],
    window: tuple[datetime, datetime] | None,
    now: datetime,
) -> Absent:
    """Sort what is missing: over or outside what the feed covers now is normal, else gone.

    window is the first and the last start in the reading; None says that it covers nothing we
    can tell, so everything missing is outside.
    """
    missing = [each for each in remembered if each.key not in keys]
    outside = {each.id for each in missing if _is_outside(each, window, now)}
    return Absent(
        gone=tuple(each.id for each in missing if each.id not in outside),
        out_of_window=tuple(sorted(outside)),
    )


def _is_outside(each: Remembered, window: tuple[datetime, datetime] | None, now: datetime) -> bool:
    if each.first_start is None:  # a notice: feeds drop their oldest entries
        return True
    if each.last_end is not None and each.last_end <= now:
        return True
    if window is None:
        return True
    return each.first_start > window[1] or (each.last_end is not None and each.last_end < window[0])
