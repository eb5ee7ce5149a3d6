"""The form of an event: from what a browser sends to a draft, and what the page shows of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from aggregator.domain.draft_times import start_day
from aggregator.domain.drafting import Drafted, all_dates
from aggregator.domain.drafts import Draft, Fault
from aggregator.domain.proposing import Ask, Choice, Mark, Proposal
from aggregator.domain.repeating import next_dates, said
from aggregator.services import uploads
from aggregator.services.errors import ServiceError
from aggregator.storage import media
from aggregator.web import here, shapes
from aggregator.web.here import Clock
from feeds.event import Event
from feeds.facts import digest, to_facts
from words import repeats, when
from words.say import say
from words.say import translate as _

#: Dates of a series that are shown before it is saved.
DATES = 12

_DIGEST = re.compile(r"[0-9a-f]{64}")
_LISTS = frozenset({"without", "off", "audience", "access"})
#: What an answer to a question may put into the form.
_ANSWERS = frozenset({"day", "last", "start", "end", "repeat"})
ASKED = ("day", "start", "span")


class Segment(NamedTuple):
    """A run of the letter's words; `mark` where they fill a field."""

    words: str
    field: str = ""
    label: str = ""
    asks: bool = False


class Option(NamedTuple):
    """One answer to a question: a date block, or hours, and what it is called."""

    value: str
    leaf: shapes.Leaf | None
    words: str
    hint: str = ""


class Question(NamedTuple):
    """What the letter leaves open."""

    field: str
    words: str
    options: Sequence[Option]


class Day(NamedTuple):
    """One date of a series: its block, and whether it is left out or cancelled."""

    iso: str
    leaf: shapes.Leaf
    words: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was chosen from a file: our copy's name, or why there is none."""

    name: str | None = None
    is_new: bool = False  # it came just now, so nobody has seen it here
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The event as it will be; `seen` names it, so that nothing is saved unseen."""

    seen: str
    facts: Mapping[str, Any]
    leaf: shapes.Leaf | None
    words: str
    repeat: str
    days: Sequence[Day]
    more: bool
    kept: Sequence[tuple[str, str]]  # (name, day): ticked dates that are not among those shown


def draft_of(form: MultiDict[str, str]) -> Draft:
    """What was typed, with the answers to what was asked."""
    typed: dict[str, Any] = {}
    for each in fields(Draft):
        if each.name in _LISTS:
            typed[each.name] = tuple(form.getlist(each.name))
        elif each.name == "all_day":
            typed[each.name] = each.name in form
        else:
            typed[each.name] = form.get(each.name, "")
    for name in ASKED:
        for key, value in parse_qsl(form.get(f"answer_{name}", ""), keep_blank_values=True):
            if key in _ANSWERS and not typed[key]:
                typed[key] = value
    return Draft(**typed)


def picture() -> Picture:
    """The picture of the form: chosen just now, or before and sent along by its name."""
    file, name = request.files.get("file"), request.form.get("picture", "")
    if file is not None and file.filename:
        try:
            kept = uploads.keep(here.house(), file.stream.read(uploads.LIMIT + 1))
        except ServiceError as error:
            return Picture(fault=say(error.code, error.params))
        return Picture(kept, is_new=True)
    if not _DIGEST.fullmatch(name) or "without_picture" in request.form:
        return Picture()
    with here.house().database.reading() as tx:
        return Picture(name if media.by_digest(tx, name) is not None else None)


def questions(proposal: Proposal | None, draft: Draft, clock: Clock) -> list[Question]:
    """What is still open, of what the letter leaves open."""
    asks = proposal.asks if proposal is not None else ()
    return [_question(each, clock) for each in asks if is_open(each, draft)]


def is_open(ask: Ask, draft: Draft) -> bool:
    """Whether nobody has answered yet."""
    if ask.field == "span":
        return not (draft.last or draft.repeat)
    return not getattr(draft, ask.field) and not (ask.field == "start" and draft.all_day)


def segments(text: str, marks: Sequence[Mark]) -> list[Segment]:
    """The letter cut where its marks begin and end."""
    found, at = list[Segment](), 0
    for mark in marks:
        label = say(f"entry.{mark.field}")
        if mark.asks:
            label = say("entry.asked", {"field": label})
        found.append(Segment(text[at : mark.start]))
        found.append(Segment(text[mark.start : mark.end], mark.field, label, mark.asks))
        at = mark.end
    return [*found, Segment(text[at:])]


def sources(text: str, proposal: Proposal | None) -> dict[str, str]:
    """The words that each field is from."""
    marks = proposal.marks if proposal is not None else ()
    found: dict[str, str] = {}
    for mark in marks:
        if not mark.asks:
            found.setdefault(mark.field, text[mark.start : mark.end])
    return found


def faults(drafted: Drafted, today: date) -> dict[str, str]:
    """What is wrong, in words, by field."""
    return {name: _words(fault, today) for name, fault in drafted.faults.items()}


def look(drafted: Drafted, draft: Draft, clock: Clock) -> Look | None:
    """The event as it will be; None while something is wrong."""
    event = drafted.event
    if event is None or event.start is None:
        return None
    begun = datetime.combine(start_day(event.start), time(), clock.zone)
    since = max(clock.now, begun) if begun < clock.now else begun
    starts = next_dates(event, since, DATES + 1) if event.rrule else [event.start]
    start = starts[0] if starts else event.start
    length = _length(event)
    listed = all_dates(event, since, DATES + 1) if event.rrule else []
    ticked = {*draft.without, *draft.off}
    ticked |= {start_day(each).isoformat() for each in event.exdates}
    days = [
        _day(start_day(each), clock.today, ticked=start_day(each).isoformat() in ticked)
        for each in listed[:DATES]
    ]
    shown = {each.iso for each in days}
    return Look(
        seen=digest_of(event),
        facts=to_facts(event),
        leaf=shapes.leaf(start_day(start), clock.today, series=bool(event.rrule)),
        words=when.when(start, start + length if length else None, clock.today),
        repeat=_repeat(drafted, event, clock),
        days=days,
        more=len(listed) > DATES,
        kept=[
            (name, day)
            for name in ("without", "off")
            for day in sorted({*getattr(draft, name), *_left_out(name, event)})
            if day not in shown
        ],
    )


def digest_of(event: Event) -> str:
    """Names all that was shown of an event before it is saved."""
    return digest(to_facts(event))


def _left_out(name: str, event: Event) -> set[str]:
    if name != "without":
        return set()
    return {start_day(each).isoformat() for each in event.exdates}


def _length(event: Event) -> timedelta | None:
    if event.end is None or event.start is None:
        return None
    if isinstance(event.end, datetime) and isinstance(event.start, datetime):
        return event.end.replace(tzinfo=None) - event.start.replace(tzinfo=None)
    return event.end - event.start


def _repeat(drafted: Drafted, event: Event, clock: Clock) -> str:
    """ "Every Tuesday, 12 times, until Tue 16 Feb"."""
    if not event.rrule or event.start is None:
        return ""
    if drafted.repeat is None:
        return _("By a rule of its own")
    words = said(drafted.repeat, start_day(event.start), clock.today)
    if drafted.repeat.times is None:
        return words
    since = datetime.combine(start_day(event.start), time(), clock.zone)
    last = all_dates(event, since, min(drafted.repeat.times, 400))[-1:]
    return f"{words}, {repeats.until(start_day(last[0]), clock.today)}" if last else words


def _day(day: date, today: date, *, ticked: bool) -> Day:
    return Day(
        day.isoformat(), shapes.leaf(day, today, cancelled=ticked), when.day(day, today), ticked
    )


def _question(ask: Ask, clock: Clock) -> Question:
    words = say(f"ask.{ask.why}", {"words": ask.words})
    return Question(ask.field, words, [_option(ask, each, clock) for each in ask.choices])


def _option(ask: Ask, choice: Choice, clock: Clock) -> Option:
    value = urlencode([*choice.values.items()])
    if ask.field == "start" and choice.start is not None:
        start = datetime.combine(clock.today, choice.start)
        words = when.clock(start)
        if choice.end is not None:
            end = datetime.combine(clock.today, choice.end)
            words = _("{start} until {end}").format(start=words, end=when.clock(end))
        return Option(value, None, words)
    if ask.field == "span" and choice.last is not None:
        last = when.day(choice.last, clock.today)
        if "repeat" in choice.values:
            return Option(value, None, _("Each day, until {day}").format(day=last))
        return Option(value, None, _("Without a break, until {day}").format(day=last))
    day = choice.day or clock.today
    if choice.last is not None:
        words = when.when(day, choice.last + timedelta(days=1), clock.today)
    else:
        words = when.day(day, clock.today)
    return Option(value, shapes.leaf(day, clock.today), words, _away(day, clock.today))


def _away(day: date, today: date) -> str:
    """ "this week", "next week"; "" for what is further away."""
    monday = today - timedelta(days=today.weekday())
    if day == today:
        return _("today")
    weeks = (day - monday).days // 7
    return {0: _("this week"), 1: _("next week")}.get(weeks, "") if day > today else _("over")


def _words(fault: Fault, today: date) -> str:
    told: dict[str, object] = dict(fault.params)
    for name in ("day", "first"):
        if name in told:
            told[name] = when.day(date.fromisoformat(str(told[name])), today)
    for name in ("at", "then"):
        if name in told:
            told[name] = when.clock(datetime.fromisoformat(f"2000-01-01T{told[name]}"))
    return say(fault.code, told)
