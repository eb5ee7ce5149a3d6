"""When a post goes out: the next free slot of its channel, in the library's wall time."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo

#: How far ahead a free slot is looked for.
DAYS = 366

#: Two posts of one channel that are nearer than this are too close, unless its slots are nearer.
CLOSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A channel's day: posts go out at `times`, or every `every` minutes, never in `quiet`.

    Wall times of the library's zone. `quiet` runs from its first time to its second, over
    midnight where the second is earlier.
    """

    times: tuple[time, ...] = (time(10, 0), time(12, 30), time(17, 30))
    every: int | None = None
    quiet: tuple[time, time] | None = (time(21, 0), time(8, 0))

    def slots_json(self) -> dict[str, Any]:
        """For the channel's column `slots`."""
        return {"times": [_text(each) for each in self.times], "every": self.every}

    def quiet_json(self) -> list[str]:
        """For the channel's column `quiet`; empty where no hour is quiet."""
        return [_text(each) for each in self.quiet or ()]


def plan(slots: Mapping[str, Any], quiet: Collection[str]) -> Plan:
    """The Plan of a channel's two columns."""
    times = tuple(sorted(time.fromisoformat(each) for each in slots.get("times", ())))
    hours = tuple(time.fromisoformat(each) for each in quiet) if quiet else None
    return Plan(times, slots.get("every"), (hours[0], hours[1]) if hours else None)


def next_free(
    day: Plan,
    now: datetime,
    zone: ZoneInfo,
    taken: Collection[datetime],
    before: datetime | None = None,
) -> datetime:
    """The moment the next post goes out (UTC), strictly after now and not one of taken.

    When no slot is free before `before` (the event begins), it is the first unquiet minute that
    still is, and if there is none, now: asked to share, we share in time.
    """
    used = {each.astimezone(UTC) for each in taken}
    for slot in _slots(day, now, zone):
        if before is not None and slot >= before:
            break
        if slot not in used:
            return slot
    if before is None:
        return now
    waiting = _after_quiet(day, now, zone)
    return waiting if waiting < before else now


def free_slots(
    day: Plan,
    now: datetime,
    zone: ZoneInfo,
    taken: Collection[datetime],
    number: int,
    before: datetime | None = None,
) -> list[datetime]:
    """The next free slots (UTC), at most so many, all before `before`."""
    used = {each.astimezone(UTC) for each in taken}
    open_ = takewhile(lambda slot: before is None or slot < before, _slots(day, now, zone))
    return [*islice((slot for slot in open_ if slot not in used), number)]


def pegs(day: Plan, start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every slot at one of the channel's times from start until end; none where it is a rhythm."""
    if day.every:
        return []
    return [*takewhile(lambda slot: slot < end, _slots(day, start - timedelta(seconds=1), zone))]


def apart(day: Plan) -> timedelta:
    """How far from each other two posts of a channel should be."""
    if day.every:
        return min(CLOSE, timedelta(minutes=day.every))
    first = [datetime.combine(date.min, each) for each in day.times]
    gaps = [later - earlier for earlier, later in pairwise(first)]
    return min([CLOSE, *gaps])


def too_close(day: Plan, moments: Collection[datetime]) -> set[datetime]:
    """Those of a channel's posts that stand too close to the one before or after."""
    gap, found = apart(day), set[datetime]()
    for earlier, later in pairwise(sorted(moments)):
        if later - earlier < gap:
            found |= {earlier, later}
    return found


def _slots(day: Plan, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every slot after now, in order, quiet hours left out."""
    if day.every:
        step = timedelta(minutes=day.every)
        slot = now.astimezone(UTC).replace(second=0, microsecond=0)
        for number in range(1, DAYS * 24 * 60 // day.every):
            if not is_quiet(day, slot + number * step, zone):
                yield slot + number * step
        return
    first = now.astimezone(zone).date()
    for number in range(DAYS):
        for each in day.times:
            slot = _moment(first + timedelta(days=number), each, zone)
            if slot > now and not is_quiet(day, slot, zone):
                yield slot


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That wall time as an instant; in the gap of a DST night, the time after it."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def is_quiet(day: Plan, moment: datetime, zone: ZoneInfo) -> bool:
    """Whether nothing should go out at that moment."""
    return within_quiet(day, moment.astimezone(zone).time())


def within_quiet(day: Plan, at: time) -> bool:
    """Whether that wall time lies in the quiet hours."""
    if day.quiet is None:
        return False
    start, end = day.quiet
    return start <= at < end if start <= end else at >= start or at < end


def _after_quiet(day: Plan, now: datetime, zone: ZoneInfo) -> datetime:
    """now, or the end of the quiet hours that now is in."""
    if day.quiet is None or not is_quiet(day, now, zone):
        return now
    local = now.astimezone(zone)
    end = _moment(local.date(), day.quiet[1], zone)
    return end if end > now else _moment(local.date() + timedelta(days=1), day.quiet[1], zone)


def _text(value: time) -> str:
    return value.isoformat("minutes")
