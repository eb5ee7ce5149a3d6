"""An event's facts one by one: in words, from whom, and what the source says beside ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.parts import PARTS, Part
from aggregator.domain.resolve import Lock, resolve
from aggregator.domain.resolve import on_date as one_date
from aggregator.storage import events, locks
from aggregator.storage.doors import Reader
from aggregator.web import telling
from aggregator.web.here import Clock
from words import when
from words.say import say
from words.say import translate as _

Facts = Mapping[str, Any]

#: Parts that somebody who wants to come has to know.
NEEDED = frozenset({"title", "when", "place", "price", "audience", "access"})

#: Parts that are shown even where nobody told them, so that they can be filled in.
SHOWN = (*NEEDED, "booking")


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of an event. `by` and `ago` where it is ours; `theirs` is what the source says of
    it by now, where that is something else than when it was made ours."""

    part: Part
    label: str
    value: str
    missing: bool
    by: str | None = None
    ago: str = ""
    theirs: str | None = None
    said_before: str = ""


def listed(tx: Reader, row: Any, clock: Clock, rid: str = "") -> list[Fact]:
    """The parts of an event, or of its date rid, in their order; two questions at most."""
    held = locks.of_event(tx, row.id)
    source: Facts | None = resolve(events.accounts(tx, row.id)).facts if held else row.facts
    facts: Facts | None = row.facts
    if rid:
        facts = one_date(row.facts, rid)
        source = one_date(source, rid) if source is not None else None
    if facts is None:
        return []
    mine = [each for each in held if each.rid == rid]
    return [
        _fact(part, facts, source, [each for each in mine if each.field in fields], clock)
        for part in PARTS.values()
        if (fields := part.dated if rid else part.fields)
    ]


def _fact(
    part: Part, facts: Facts, source: Facts | None, ours: Sequence[Lock], clock: Clock
) -> Fact:
    value = words(part.name, facts, clock.today)
    fact = Fact(part, say(f"fact.{part.name}"), value, not value)
    if not ours:
        return fact
    seen = {**facts, **{each.field: each.seen for each in ours}}
    news = source is not None and any(source[each.field] != each.seen for each in ours)
    same = source is not None and all(source[each.field] == each.value for each in ours)
    theirs = None
    if source is not None and news and not same:
        theirs = words(part.name, source, clock.today) or _("nothing")
    return Fact(
        part,
        fact.label,
        value,
        fact.missing,
        by=ours[0].by,
        ago=when.ago(ours[0].at, clock.now),
        theirs=theirs,
        said_before=words(part.name, seen, clock.today) or _("nothing"),
    )


def words(part: str, facts: Facts, today: date) -> str:
    """A part as text; "" where nothing is told."""
    if part == "when":
        return _when(facts, today)
    if written := _WORDS.get(part):
        return written(facts)
    [field] = PARTS[part].fields
    return facts[field] or ""


def _coded(field: str, beside: str) -> Callable[[Facts], str]:
    """A code in words, and the address beside it."""

    def written(facts: Facts) -> str:
        how = say(f"{field}.{facts[field]}") if facts[field] else ""
        return ", ".join(filter(None, (how, facts[beside])))

    return written


_WORDS: Mapping[str, Callable[[Facts], str]] = {
    "status": lambda facts: say(f"status.{facts['status'] or 'CONFIRMED'}"),
    "place": lambda facts: telling.place({**facts, "attendance": None, "online_url": None}),
    "online": _coded("attendance", "online_url"),
    "price": telling.price,
    "audience": telling.audience,
    "booking": _coded("registration", "registration_url"),
    "categories": lambda facts: ", ".join(facts["categories"]),
}


def _when(facts: Facts, today: date) -> str:
    """Start and end by the event's own clock; of a series its first date."""
    zone = ZoneInfo(facts["zone"]) if facts["zone"] else None
    start, end = (_wall(facts[key], zone) for key in ("start", "end"))
    return when.when(start, end, today) if start else ""


def _wall(text: str | None, zone: ZoneInfo | None) -> date | None:
    if text is None or "T" not in text:
        return date.fromisoformat(text) if text else None
    moment = datetime.fromisoformat(text)
    if zone is not None and moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)
