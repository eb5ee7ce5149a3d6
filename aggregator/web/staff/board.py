"""The queue's lanes: two weeks, a row per channel, its slots as pegs and its posts hung on them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from aggregator.domain.schedule import Plan, pegs, plan, too_close
from aggregator.web import shapes
from aggregator.web.here import Clock
from aggregator.web.staff import said
from words import when

#: The hours that a lane shows; what lies outside stands at its edge.
FIRST, LAST = 7, 23

#: Leaves that hang nearer than this cover each other in a day's cell.
WIDE = timedelta(hours=4)
#: So many within the hour are a pile.
PILE, HOUR = 3, timedelta(hours=1)

#: A post's state on its leaf: the class that colours it and the icon that says it.
_STATES = {
    "QUEUED": ("", ""),
    "SENDING": ("", "send"),
    "UNKNOWN": ("changed", "search"),
    "HELD": ("changed", "history"),
    "SENT": ("sent", "check"),
}


class Hung(NamedTuple):
    """A post in its cell. `at` places it; `low` is the second line, where leaves would cover."""

    id: int
    at: str
    post: said.Post
    leaf: shapes.Leaf  # of the event, else of the day it goes out
    time: str
    state: str
    flag: str
    close: bool
    low: bool
    before: bool  # its name stands before it


class Pile(NamedTuple):
    """Several posts within the hour: opened, it is a list."""

    at: str
    close: bool
    hung: Sequence[Hung]


class Quiet(NamedTuple):
    """A stretch of quiet hours: where it begins, and for how many half hours."""

    at: str
    halves: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel's day."""

    edges: str  # classes that hatch its edges: quiet until so many half hours, and from then on
    quiet: Sequence[Quiet]
    free: Sequence[str]
    things: Sequence[Hung | Pile]
    now: str


class Lane(NamedTuple):
    """One channel's week."""

    name: str
    network: str
    off: bool
    rhythm: int | None  # it posts every so many minutes, so that it has no pegs
    cells: Sequence[Cell]


class Week(NamedTuple):
    """Seven days, Monday first, and every channel's lane."""

    days: Sequence[shapes.Leaf]
    lanes: Sequence[Lane]


def span(clock: Clock) -> tuple[datetime, datetime]:
    """From the start of this week until the end of the next."""
    monday = clock.today - timedelta(days=clock.today.weekday())
    first = datetime.combine(monday, time(), tzinfo=clock.zone)
    return first, datetime.combine(monday + timedelta(days=14), time(), tzinfo=clock.zone)


def weeks(channels: Iterable[Any], rows: Iterable[Any], clock: Clock) -> list[Week]:
    """This week and the next."""
    start, _ = span(clock)
    by_channel = defaultdict[int, list[Any]](list)
    for row in rows:
        by_channel[row.channel_id].append(row)
    known = [each for each in channels if each.state != "ARCHIVED" or by_channel[each.id]]
    return [
        Week(
            [shapes.leaf(day, clock.today) for day in days],
            [_lane(each, by_channel[each.id], days, clock) for each in known],
        )
        for days in (_days(start.date()), _days(start.date() + timedelta(days=7)))
    ]


def _days(first: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(7)]


def _lane(channel: Any, rows: Sequence[Any], days: Sequence[date], clock: Clock) -> Lane:
    day = plan(channel.slots, channel.quiet)
    close = too_close(day, [row.due_at for row in rows])
    cells = [
        _cell(day, each, [row for row in rows if _day(row.due_at, clock) == each], close, clock)
        for each in days
    ]
    off = channel.state != "CONNECTED"
    return Lane(channel.name, channel.network, off, day.every, cells)


def _cell(day: Plan, date_: date, rows: Sequence[Any], close: set[datetime], clock: Clock) -> Cell:
    begin = datetime.combine(date_, time(), tzinfo=clock.zone)
    end = datetime.combine(date_ + timedelta(days=1), time(), tzinfo=clock.zone)
    taken = {row.due_at for row in rows}
    edges = _edges(day)
    open_ = pegs(day, max(begin, clock.now), end, clock.zone)
    return Cell(
        edges=edges,
        quiet=[] if edges else _quiet(day),
        free=[_at(slot.astimezone(clock.zone)) for slot in open_ if slot not in taken],
        things=_things([_hung(row, clock, close=row.due_at in close) for row in rows], rows),
        now=_at(clock.now.astimezone(clock.zone)) if begin <= clock.now < end else "",
    )


def _things(hung: Sequence[Hung], rows: Sequence[Any]) -> list[Hung | Pile]:
    """Piles of what goes out within the hour; of two leaves that would cover each other, the
    second hangs lower."""
    found, position = list[Hung | Pile](), 0
    last: datetime | None = None
    low = False
    while position < len(hung):
        first = rows[position].due_at
        number = sum(1 for row in rows[position:] if row.due_at - first < HOUR)
        low = last is not None and first - last < WIDE and not low
        if number >= PILE:
            some = hung[position : position + number]
            found.append(Pile(some[0].at, any(each.close for each in some), some))
            last, low, position = rows[position + number - 1].due_at, False, position + number
            continue
        found.append(hung[position]._replace(low=low))
        last, position = first, position + 1
    return found


def _hung(row: Any, clock: Clock, *, close: bool) -> Hung:
    local = row.due_at.astimezone(clock.zone)
    about = row.first_start.astimezone(clock.zone) if row.first_start else local
    state, flag = _STATES[row.state]
    if row.way == "by_hand" and row.state == "QUEUED":
        flag = "hand"
    return Hung(
        id=row.id,
        at=_at(local),
        post=said.post(row, clock),
        leaf=shapes.leaf(about, clock.today),
        time=when.clock(local),
        state=state,
        flag=flag,
        close=close,
        low=False,
        before=local.hour > 14,
    )


def _quiet(day: Plan) -> list[Quiet]:
    """The quiet hours as they fall within the hours shown, rounded to half hours."""
    if day.quiet is None:
        return []
    start, end = (_halves(each) for each in day.quiet)
    spans = [(start, end)] if start <= end else [(0, end), (start, 48)]
    cut = [(max(a, FIRST * 2), min(b, LAST * 2)) for a, b in spans]
    return [Quiet(_class(a), b - a) for a, b in cut if b > a]


def _edges(day: Plan) -> str:
    """Where it is quiet over midnight, as nearly always: "q-16 q-from-42", in half hours."""
    if day.quiet is None or day.quiet[0] <= day.quiet[1]:
        return ""
    start, end = (_halves(each) for each in day.quiet)
    return f"q-{min(max(end, FIRST * 2), LAST * 2)} q-from-{min(max(start, FIRST * 2), LAST * 2)}"


def _halves(at: time) -> int:
    return at.hour * 2 + round(at.minute / 30)


def _class(halves: int) -> str:
    return f"h-{halves // 2}" + (" m-30" if halves % 2 else "")


def _at(local: datetime) -> str:
    """The classes that place a moment, to the quarter of an hour."""
    quarters = local.hour * 4 + local.minute // 15
    quarters = min(max(quarters, FIRST * 4), LAST * 4 - 2)
    hour, rest = divmod(quarters, 4)
    return f"h-{hour}" + (f" m-{rest * 15}" if rest else "")


def _day(moment: datetime, clock: Clock) -> date:
    return moment.astimezone(clock.zone).date()
