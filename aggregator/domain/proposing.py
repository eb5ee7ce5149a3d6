"""From the words of an e-mail or a flyer to a form that is filled in, word by word.

Every value stands beside the words that it is from. What can mean two things is asked, never
guessed; what is not found is left empty.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from aggregator.domain.drafts import Draft
from aggregator.domain.letters import days, heads, hours, parts, rhythms
from aggregator.domain.letters.days import Days, DaySaid
from aggregator.domain.letters.hours import Hours, HourSaid
from aggregator.domain.letters.parts import Part
from aggregator.domain.repeating import first

#: Characters that are read; letters are far shorter.
CAP = 12_000
#: Choices of one question, and words of one kind that are held against each other.
MOST, MANY = 6, 60


@dataclass(frozen=True, slots=True)
class Mark:
    """Words from start to before end of the text that fill a field of the form, or ask."""

    start: int
    end: int
    field: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what it puts into the form; a day and hours to show it by."""

    values: Mapping[str, str]
    day: date | None = None
    last: date | None = None
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What is not certain: a field ("day", "start" or "span"), why, and what can be meant."""

    field: str
    why: str
    choices: tuple[Choice, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The form as the text fills it. `written` is the day of the letter, by its head."""

    draft: Draft
    marks: tuple[Mark, ...]
    asks: tuple[Ask, ...]
    written: date | None = None
    is_cut: bool = False


@dataclass(slots=True)
class _Filling:
    """What was found so far."""

    text: str
    values: dict[str, str | bool | tuple[str, ...]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)

    def put(self, name: str, part: Part | None, value: str | None = None) -> None:
        if part is not None and name not in self.values:
            self.values[name] = part.value if value is None else value
            self.mark(part.start, part.end, name)

    def mark(self, start: int, end: int, name: str, *, asks: bool = False) -> None:
        """Words that two fields claim are the first one's."""
        if not any(start < each.end and each.start < end for each in self.marks):
            self.marks.append(Mark(start, end, name, asks))


def propose(
    text: str,
    today: date,
    places: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Proposal:
    """The form that text fills in; at most CAP characters of it are read.

    places are names of ours; groups are the library's groups of patrons with their words.
    """
    is_cut, text = len(text) > CAP, text[:CAP].replace("\r\n", "\n").replace("\r", "\n")
    head = heads.read(text, today)
    body = " " * head.end + text[head.end :]  # what the head says is not of the event
    found, labels = _Filling(text), parts.labels(text, head.end)
    said = _when(found, body, labels, head.written or today, today)
    found.put("title", labels.of("title") or parts.title(text, head.end, head.subject, said))
    found.put("place", labels.of("place") or parts.place(text, head.end, places))
    _price(found, labels, head.end)
    for name, part in parts.links(text, head.end):
        found.put(name, part)
    found.put("organizer", labels.of("organizer") or parts.organizer(text, head.end))
    _people(found, head.end, groups or {})
    named = [*parts.access(text, head.end)]
    found.values["access"] = tuple(part.value for part in named)
    for part in named:
        found.mark(part.start, part.end, "access")
    marks = tuple(sorted(found.marks, key=lambda mark: mark.start))
    draft = Draft(**found.values)  # type: ignore[arg-type]
    return Proposal(draft, marks, tuple(found.asks), head.written, is_cut)


def _price(found: _Filling, labels: parts.Labels, begin: int) -> None:
    label = labels.of("price")
    if label is None or "://" in label.value:
        found.put("price", parts.price(found.text, begin))
        return
    free = parts.price(f"price: {label.value}", 0)
    found.put("price", label, "Free" if free and free.value == "Free" else label.value)


def _people(found: _Filling, begin: int, groups: Mapping[str, Sequence[str]]) -> None:
    if ages := parts.ages(found.text, begin):
        part, low, high = ages
        found.put("age_from", part, low)
        found.values |= {"age_to": high}
    chosen = []
    for name, words in groups.items():
        if part_ := parts.group(found.text, begin, (name, *words)):
            chosen.append(name)
            found.mark(part_.start, part_.end, "audience")
    found.values["audience"] = tuple(chosen)


def _when(
    found: _Filling, body: str, labels: parts.Labels, written: date, today: date
) -> list[tuple[int, int]]:
    """Day, hours and repeat; where the words of every day and hour stand."""
    rhythm = _rhythm(body, written)
    said = days.find(body, written)
    times = hours.find(body, [each.end for each in said])
    if rhythm is not None:
        found.put("repeat", Part(rhythm.start, rhythm.end, body[rhythm.start : rhythm.end]))
    told = [each for each in said if not each.aside and not _overlaps(each, rhythm)]
    told = (_labelled(told, labels.of("day")) or told)[:MANY]
    chosen = _day(found, _alike(told), rhythm, max(written, today))
    _hours(found, body, _of_day(body, times, labels, chosen))
    _span(found, chosen)
    spans = [(each.start, each.end) for each in said]
    return spans + [(each.start, each.end) for each in times]


def _rhythm(body: str, written: date) -> rhythms.Found | None:
    """The repeat that the text tells, if it can be used as it stands."""
    try:
        told = rhythms.find(body, written)
    except rhythms.RepeatError:
        return None
    if told is None or told.read.repeat.unit == "year":
        return None
    before = body[max(0, told.start - 30) : told.start]
    return None if re.search(r"\b(?:open|closed|hours)\b[^.\n]*$", before, re.IGNORECASE) else told


def _alike(told: Sequence[DaySaid]) -> list[DaySaid]:
    """Each day once; "Saturday" beside "Sat 12 Dec" is the same one."""
    sure = {each.sure for each in told if each.sure}
    kept: list[DaySaid] = []
    for each in told:
        vague = each.sure is None and any(choice in sure for choice in each.choices)
        again = any(each.choices == other.choices for other in kept)
        if not (vague or again):
            kept.append(each)
    return kept


def _day(
    found: _Filling, told: list[DaySaid], rhythm: rhythms.Found | None, today: date
) -> list[DaySaid]:
    """Put the day into the form, or ask for it; which words it is from."""
    starts = [each for each in told if _begins(found.text, each)]
    if rhythm is not None and len(starts) == 1:
        told = starts
    if len(told) == 1 and (sure := told[0].sure):
        part = Part(told[0].start, told[0].end, sure.first.isoformat())
        found.put("day", part)
        if sure.last is not None:
            found.values["last"] = sure.last.isoformat()
    elif told:
        choices = sorted({choice for each in told for choice in each.choices}, key=_by_day)
        words = " / ".join(found.text[each.start : each.end] for each in told[:3])
        why = (told[0].why or "day.several") if len(told) == 1 else "day.several"
        asked = tuple(_day_choice(each) for each in choices[:MOST])
        found.asks.append(Ask("day", why, asked, words))
        for each in told:
            found.mark(each.start, each.end, "day", asks=True)
    elif rhythm is not None:
        _ask_first(found, rhythm, today)
    return told


def _ask_first(found: _Filling, rhythm: rhythms.Found, today: date) -> None:
    """A repeat without a first day: one of the next that it names."""
    choices, day = list[Choice](), first(rhythm.read.repeat, today)
    while day is not None and len(choices) < 3:
        choices.append(_day_choice(Days(day)))
        day = first(rhythm.read.repeat, day + timedelta(days=1))
    words = found.text[rhythm.start : rhythm.end]
    found.asks.append(Ask("day", "day.first", tuple(choices), words))


def _hours(found: _Filling, body: str, told: list[HourSaid]) -> None:
    """Put the hours into the form, or ask for them."""
    starts = [each for each in told if not each.choices or each.choices[0].start is not None]
    ends = [each for each in told if each.choices and each.choices[0].start is None]
    distinct = {each.choices: each for each in reversed(starts)}
    starts = sorted(distinct.values(), key=lambda each: each.start)
    if not starts:
        return
    if len(starts) == 1 and (sure := starts[0].sure):
        found.put("start", Part(starts[0].start, starts[0].end, f"{sure.start:%H:%M}"))
        if sure.end is not None:
            found.values["end"] = f"{sure.end:%H:%M}"
        else:
            _end(found, body, sure, ends, starts[0].end)
        return
    choices = [choice for each in starts for choice in each.choices]
    lasting = _length(body, starts[0].end) if len(starts) == 1 else None
    asked = tuple(_hour_choice(each, lasting) for each in dict.fromkeys(choices))
    why = (starts[0].why or "hour.several") if len(starts) == 1 else "hour.several"
    words = " / ".join(body[each.start : each.end] for each in starts[:3])
    found.asks.append(Ask("start", why, asked[:MOST], words))
    for each in starts:
        found.mark(each.start, each.end, "start", asks=True)


def _end(found: _Filling, body: str, sure: Hours, ends: list[HourSaid], after: int) -> None:
    """When it ends: "until 9 pm", or "for about an hour"."""
    behind = [each for each in ends if each.start >= after - 1]
    if behind:
        later = [choice.end for choice in behind[0].choices if choice.end]
        fitting = [each for each in later if sure.start and each > sure.start] or later
        if len(fitting) == 1:
            part = Part(behind[0].start, behind[0].end, f"{fitting[0]:%H:%M}")
            found.put("end", part)
        return
    lasting = _length(body, after)
    if lasting is not None and sure.start is not None:
        end = _later(sure.start, lasting.minutes)
        found.put("end", Part(lasting.start, lasting.end, f"{end:%H:%M}"))


def _length(body: str, after: int) -> hours.LengthSaid | None:
    """How long it lasts, where that is said once behind the start."""
    told = [each for each in hours.lengths(body) if 0 <= each.start - after < 400]
    return told[0] if len({each.minutes for each in told}) == 1 else None


def _span(found: _Filling, chosen: list[DaySaid]) -> None:
    """Several days with hours: each day, or without a break? Without hours they are whole days."""
    last = str(found.values.get("last", ""))
    if not last or not chosen:
        return
    if "start" not in found.values and not any(each.field == "start" for each in found.asks):
        found.values["all_day"] = True
        return
    if "repeat" in found.values:
        return
    day = date.fromisoformat(last)
    each_day = Choice({"last": "", "repeat": f"every day until {last}"}, last=day)
    whole = Choice({"last": last}, last=day)
    words = found.text[chosen[0].start : chosen[0].end]
    del found.values["last"]
    found.asks.append(Ask("span", "day.span", (each_day, whole), words))


def _of_day(
    body: str, told: Sequence[HourSaid], labels: parts.Labels, chosen: Sequence[DaySaid]
) -> list[HourSaid]:
    """The hours that belong to the day: on a line that says so, in the same line, else all."""
    main = [each for each in told if each.role != "doors"][:MANY] or [*told[:MANY]]
    for label in (labels.of("hour"), labels.of("day")):
        if label and (inside := [each for each in main if _within(each, label.start, label.end)]):
            return inside
    for each in chosen:
        start = body.rfind("\n", 0, each.start) + 1
        end = body.find("\n", each.end)
        near = [one for one in main if _within(one, start, end if end >= 0 else len(body))]
        if near:
            return near
    return main


def _labelled(told: Sequence[DaySaid], label: Part | None) -> list[DaySaid]:
    return [each for each in told if label and _within(each, label.start, label.end)]


def _within(each: DaySaid | HourSaid, start: int, end: int) -> bool:
    return start <= each.start and each.end <= end


def _overlaps(each: DaySaid, rhythm: rhythms.Found | None) -> bool:
    return rhythm is not None and each.start < rhythm.end and rhythm.start < each.end


def _begins(text: str, each: DaySaid) -> bool:
    """ "starting 1 December", "from Tuesday 1 December"."""
    before = text[max(0, each.start - 24) : each.start]
    return bool(
        re.search(r"\b(?:from|start(?:s|ing)?|begin(?:s|ning)?)(?: on)?\s*$", before, re.IGNORECASE)
    )


def _by_day(choice: Days) -> tuple[date, date]:
    return choice.first, choice.last or choice.first


def _day_choice(each: Days) -> Choice:
    values = {"day": each.first.isoformat()}
    if each.last:
        values["last"] = each.last.isoformat()
    return Choice(values, day=each.first, last=each.last)


def _hour_choice(each: Hours, lasting: hours.LengthSaid | None) -> Choice:
    end = each.end
    if end is None and lasting and each.start:
        end = _later(each.start, lasting.minutes)
    values = {"start": f"{each.start:%H:%M}"}
    if end is not None:
        values["end"] = f"{end:%H:%M}"
    return Choice(values, start=each.start, end=end)


def _later(start: time, minutes: int) -> time:
    return (datetime.combine(date(2000, 1, 1), start) + timedelta(minutes=minutes)).time()
