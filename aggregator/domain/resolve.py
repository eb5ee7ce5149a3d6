"""One event from the accounts of its sources, and what staff wrote in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain.changes import Change, is_material
from feeds.facts import from_facts, to_facts
from feeds.recurrence import date_of

Facts = Mapping[str, Any]

#: What each sighting tells: (its id, facts), the oldest first; at least one.
Accounts = Sequence[tuple[int, Facts]]

#: Stands in provenance where staff wrote a fact.
STAFF = "staff"

#: What one date of a series does not have, or names it by.
_OF_SERIES = frozenset(
    {"uid", "recurrence_id", "rrule", "rdates", "exdates", "overrides", "vtimezone"}
)


@dataclass(frozen=True, slots=True)
class Lock:
    """What staff wrote for one fact; it stands whatever the sources tell.

    `rid` is '' for the whole event, else the original wall start of one date. `seen` is what
    the sources told when staff last looked at it. `at` and `by` say when that was, and who.
    """

    rid: str
    field: str
    value: Any
    seen: Any
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """An event as it is. `provenance` names what is not from the first account: a field, or a
    date and a field ("2026-12-15T18:30:00/location"), and STAFF."""

    facts: Facts
    provenance: Mapping[str, str]


def resolve(accounts: Accounts, locks: Sequence[Lock] = ()) -> Resolved:
    """The event as its sightings tell it and staff have it.

    An event has one source so far: the first account is the whole of it, but for what staff
    locked. A lock on a date that the series has no more waits until it has it again.
    """
    told = accounts[0][1]
    if not locks:
        return Resolved(told, {})
    whole = {each.field: each.value for each in locks if not each.rid}
    facts = {**told, **whole}
    provenance = dict.fromkeys(sorted(whole), STAFF)
    for rid in sorted({each.rid for each in locks if each.rid}):
        ours = {each.field: each.value for each in locks if each.rid == rid}
        overrides = _told_anew(facts, rid, ours)
        if overrides is not None:
            facts["overrides"] = overrides
            provenance |= {f"{rid}/{field}": STAFF for field in sorted(ours)}
    return Resolved(facts, provenance)


def told(accounts: Accounts, rid: str, field: str) -> Any:
    """What the sources say of a fact, of the event or of one date; staff's locks left out."""
    facts: Facts | None = resolve(accounts).facts
    if rid and facts is not None:
        facts = on_date(facts, rid)
    return None if facts is None else facts.get(field)


def unheeded(before: Accounts, after: Accounts, locks: Sequence[Lock]) -> tuple[Change, ...]:
    """What sources tell anew of facts that staff locked: it changes nothing, but is to be known.

    A source that tells now what staff wrote agrees with us, which is no news.
    """
    found = []
    for each in locks:
        was, now = (told(some, each.rid, each.field) for some in (before, after))
        if now not in (was, each.value):
            material = is_material(each.field, {each.field: was}, {each.field: now})
            found.append(Change(each.field, was, now, material, each.rid, kept=True))
    return tuple(found)


def on_date(facts: Facts, rid: str) -> Facts | None:
    """The facts of one date of a series; None where it has no such date."""
    found = date_of(from_facts(facts), datetime.fromisoformat(rid))
    return None if found is None else to_facts(found.event)


def _told_anew(facts: Facts, rid: str, ours: Facts) -> list[Facts] | None:
    """The series' overrides, with this date told as staff have it; None without that date."""
    date = on_date(facts, rid)
    if date is None:
        return None
    overrides = [*(facts.get("overrides") or ())]
    for n, each in enumerate(overrides):
        if each["range"] is None and _wall(each["recurrence_id"], facts) == rid:
            overrides[n] = {**each, **ours}
            return overrides
    new = {"recurrence_id": date["recurrence_id"], "range": None, **_own(facts, date), **ours}
    return [*overrides, new]


def _own(facts: Facts, date: Facts) -> Facts:
    """What a THISANDFUTURE before this date tells of it: an override stands alone."""
    if not any(each["range"] for each in facts.get("overrides") or ()):
        return {}
    return {
        field: value
        for field, value in date.items()
        if field not in _OF_SERIES and value != facts.get(field)
    }


def _wall(text: str, facts: Facts) -> str:
    """A time of facts by the event's own wall clock, as `rid` is written."""
    if "T" not in text:
        return text
    moment = datetime.fromisoformat(text)
    if facts.get("zone") and moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(facts["zone"]))
    return moment.replace(tzinfo=None).isoformat()
