"""An event's facts in the words of a page: when, where, for whom, and what changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from aggregator.web import shapes
from words import when
from words.say import say
from words.say import translate as _

Facts = Mapping[str, Any]


class Dated(NamedTuple):
    """One date of an event, ready to be shown."""

    leaf: shapes.Leaf
    words: str
    hours: str
    start: date
    end: date | None
    cancelled: bool


class Told(NamedTuple):
    """One change of an event: which part, and its words before and after."""

    field: str
    before: str
    after: str


def title(facts: Facts) -> str:
    """What it is called."""
    return facts["summary"] or _("An event without a title")


def place(facts: Facts) -> str:
    """Where it is, in one line; "" when nothing says so."""
    location = facts["location"] or {}
    name, address = location.get("name"), location.get("address")
    here = name or address or ""
    if name and address and name not in address and address not in name:
        here = f"{name}, {address}"
    here = " ".join(here.split())
    if facts["attendance"] == "ONLINE" or (not here and facts["online_url"]):
        return _("Online")
    if facts["attendance"] == "MIXED" and here:
        return _("{place}, and online").format(place=here)
    return here


#: Signs that are known wherever a price is told; other currencies are named by their code.
_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}


def price(facts: Facts) -> str:
    """What it costs; "" when nothing says so."""
    told = facts["price"] or {}
    if told.get("free"):
        return _("Free")
    low, high, currency = (told.get(key) for key in ("min", "max", "currency"))
    if low is None and high is None:
        return told.get("text") or ""
    numbers = [f"{number:g}" for number in dict.fromkeys((low, high)) if number is not None]
    sign = _SIGNS.get(currency or "", "")
    return f"{sign}{'–'.join(numbers)} {'' if sign else currency or ''}".strip()


def audience(facts: Facts) -> str:
    """For whom it is; "" when nothing says so."""
    age = facts["age"] or {}
    if age.get("text"):
        return str(age["text"])
    low, high = age.get("min"), age.get("max")
    if low is not None and high is not None:
        return _("Ages {low}–{high}").format(low=low, high=high)
    if low is not None:
        return _("Ages {low} and up").format(low=low)
    if high is not None:
        return _("Ages up to {high}").format(high=high)
    return ", ".join(facts["audience"])


def first_day(facts: Facts) -> date:
    """The day on which it begins, by its own clock."""
    return date.fromisoformat(facts["start"][:10])


def is_series(facts: Facts) -> bool:
    """Whether it has, or may have, more than one date."""
    return bool(facts["rrule"] or facts["rdates"])


def rhythm(facts: Facts, rows: Sequence[Any]) -> str:
    """ "Tuesdays, 12 dates", from the dates to come; "" for what is no series."""
    to_come = [row for row in rows if row.status != "CANCELLED"]
    if not is_series(facts) or not to_come:
        return ""
    rule = facts["rrule"] or ""
    endless = bool(rule) and "COUNT=" not in rule and "UNTIL=" not in rule
    return when.series([date.fromisoformat(row.local_date) for row in to_come], endless=endless)


def on_date(facts: Facts, rid: str) -> Facts:
    """The facts of one date of a series: what its override tells anew stands in place."""
    if not rid or not facts["overrides"]:
        return facts
    zone = ZoneInfo(facts["zone"]) if facts["zone"] else None
    told: dict[str, Any] = {}
    for override in sorted(facts["overrides"], key=lambda each: _wall(each["recurrence_id"], zone)):
        at = _wall(override["recurrence_id"], zone)
        if at == rid or (at < rid and override["range"] == "THISANDFUTURE"):
            told |= {key: value for key, value in override.items() if key in facts}
    return {**facts, **told}


def dated(row: Any, facts: Facts, library: ZoneInfo, today: date, *, series: bool = False) -> Dated:
    """One row of `occurrence`, in the event's own wall time."""
    start, end = _span(row, facts)
    cancelled = "CANCELLED" in {row.status, facts["status"]}
    words = when.when(start, end, today) + _whose_clock(row, start, library)
    return Dated(
        shapes.leaf(start, today, series=series, cancelled=cancelled),
        words,
        _hours(start, end) + _whose_clock(row, start, library),
        start,
        end,
        cancelled,
    )


def changes(rows: Iterable[Any], today: date) -> list[Told]:
    """Rows of `change` in words; what a person can't compare is named without its content."""
    return [_noticed(row, today) for row in rows]


def told(field: str, before: Any, after: Any, today: date) -> Told:
    """One fact before and after."""
    return Told(say(f"field.{field}"), *(_value(field, each, today) for each in (before, after)))


def changed(row: Any, today: date) -> Told:
    """One row of `change`, and on which date of a series."""
    found = told(row.field, row.before, row.after, today)
    if not row.rid:
        return found
    day = when.day(date.fromisoformat(row.rid[:10]), today)
    return found._replace(field=_("{field}, only on {day}").format(field=found.field, day=day))


def _noticed(row: Any, today: date) -> Told:
    """The same, and whether ours stands in its place."""
    found = changed(row, today)
    if not row.kept:
        return found
    name = _("{field} at the source (ours is kept)").format(field=found.field)
    return found._replace(field=name)


def _span(row: Any, facts: Facts) -> tuple[date, date | None]:
    """Start and end as wall times of the event; the end exclusive, None when none is told."""
    if row.all_day:
        first = date.fromisoformat(row.local_date)
        days = max(1, round((row.end_at - row.start_at) / timedelta(days=1)))
        return first, first + timedelta(days=days)
    start = datetime.fromisoformat(row.start_wall)
    if row.end_at == row.start_at:
        return start, None
    if facts["zone"]:
        return start, row.end_at.astimezone(ZoneInfo(facts["zone"])).replace(tzinfo=None)
    return start, start + (row.end_at - row.start_at)


def _hours(start: date, end: date | None) -> str:
    """The time of day alone, for a list whose headings are the days."""
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if end else start
        return _("All day") if last <= start else _("Until {day}").format(day=when.day(last))
    text = when.when(start, end, start.date())
    return text.removeprefix(f"{when.day(start.date(), start.date())}, ")


def _whose_clock(row: Any, start: date, library: ZoneInfo) -> str:
    """ " (other time zone)" where the event's wall clock is not the library's."""
    if not isinstance(start, datetime):
        return ""
    ours = row.start_at.astimezone(library).replace(tzinfo=None)
    if ours == start:
        return ""
    return " " + _("({time} here)").format(time=when.clock(ours))


def _wall(text: str, zone: ZoneInfo | None) -> str:
    """A time of `facts` as wall time, as `rid` is written."""
    if "T" not in text:
        return text
    moment = datetime.fromisoformat(text)
    if zone is not None and moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None).isoformat()


def _value(field: str, value: Any, today: date) -> str:
    """A fact as text."""
    written = _WRITTEN.get(field)
    if value in (None, [], {}):
        text = ""
    elif written is not None:
        text = written(value, today)
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        text = ", ".join(value)
    elif isinstance(value, list | dict):
        text = _("told differently")
    else:
        text = str(value)
    return text or _("nothing")


def _code(field: str, value: str, _today: date) -> str:
    return say(f"{field}.{value}")


def _moment(text: str, today: date) -> str:
    if "T" not in text:
        return when.day(date.fromisoformat(text), today)
    return when.when(datetime.fromisoformat(text), None, today)


#: Facts that are more than text: how each is written.
_WRITTEN: Mapping[str, Callable[[Any, date], str]] = {
    **dict.fromkeys(("start", "end", "previous_start", "registration_closes"), _moment),
    **{field: partial(_code, field) for field in ("status", "attendance", "registration")},
    "location": lambda value, _today: value.get("name") or value.get("address") or "",
    "price": lambda value, _today: price({"price": value}),
    "age": lambda value, _today: audience({"age": value, "audience": []}),
    "organizer": lambda value, _today: value.get("name") or "",
    "all_day": lambda value, _today: _("yes") if value else _("no"),
}
