"""What happened to an event, newest first, in words: changes, edits and decisions."""

from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from aggregator.domain.parts import part_of
from aggregator.storage import history
from aggregator.storage.doors import Reader
from aggregator.storage.history import Key
from aggregator.web import sound, telling
from aggregator.web.here import Clock
from aggregator.web.telling import Told
from words import when
from words.say import say, sentences
from words.say import translate as _

#: Edits of staff's own, which can be put back.
EDITS = frozenset({"edit", "take_theirs", "put_back"})


class Entry(NamedTuple):
    """One thing that happened. `line` names an edit that can be put back."""

    when: str
    text: str
    told: list[Told]
    reason: str
    line: int | None


class Page(NamedTuple):
    """Some of what happened; `more` leads to what was before, "" when that is all."""

    entries: list[Entry]
    more: str


def page(tx: Reader, row: Any, clock: Clock, before: str = "", size: int = 8) -> Page:
    """What happened before that place, the newest first; two questions."""
    found = history.lines(tx, row.id, _key(before), size + 1)
    shown, more = found[:size], len(found) > size
    entries = [
        _entry(row, [each for _, each in some], is_decision, clock)
        for (is_decision, *_same), some in groupby(shown, key=_alike)
    ]
    if not more:
        text = say("history.arrived", {"partner": row.partner})
        entries.append(Entry(when.ago(row.arrived_at, clock.now), text, [], "", None))
    return Page(entries, _place(shown[-1][0]) if more else "")


def _alike(pair: tuple[Key, Any]) -> tuple[Any, ...]:
    """Changes that were noticed together are one entry; every decision is its own."""
    key, row = pair
    if key.kind == 1:
        return True, key.id
    return False, row.at, row.cause, row.kept, row.rid


def _entry(event: Any, rows: list[Any], is_decision: bool, clock: Clock) -> Entry:
    row, ago = rows[0], when.ago(rows[0].at, clock.now)
    if not is_decision:
        code = "kept" if row.kept else row.cause
        text = say(f"history.{code}", {"partner": event.partner})
        told = [telling.changed(each, clock.today) for each in reversed(rows)]
        return Entry(ago, text, told, "", None)
    if row.subject.startswith("facts:"):
        return _edit(row, ago, clock.today)
    code = f"history.{row.verb}" if f"history.{row.verb}" in sentences() else "history.other"
    return Entry(ago, say(code, {"actor": row.actor}), [], row.reason or "", None)


def _edit(row: Any, ago: str, today: date) -> Entry:
    """Which part, of which date, and its words before and after."""
    before, after = row.before["facts"], row.after["facts"]
    part = part_of(next(iter(after)))
    name = say(f"fact.{part.name}") if part else ""
    if rid := row.after["rid"]:
        day = when.day(datetime.fromisoformat(rid).date(), today)
        name = _("{part}, only on {day}").format(part=name, day=day)
    text = say(f"history.{row.verb}", {"actor": row.actor, "part": name})
    told = [
        telling.told(field, before[field], value, today)
        for field, value in after.items()
        if before[field] != value
    ]
    if len(told) == 1:
        told = [told[0]._replace(field="")]  # the line names it already
    return Entry(ago, text, told, "", row.id if row.verb in EDITS else None)


def _key(text: str) -> Key | None:
    """Where a page begins, as its address says; None for the newest."""
    try:
        at, kind, number = text.split("~")
        moment = sound.moment(at)
        return Key(moment, sound.whole(kind), sound.whole(number)) if moment.tzinfo else None
    except ValueError:
        return None


def _place(key: Key) -> str:
    return f"{key.at.isoformat()}~{key.kind}~{key.id}"
