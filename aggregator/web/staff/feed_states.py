"""How a partner's feed is, in words, with its last sixty days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date

from aggregator.domain import health
from aggregator.domain.health import Run
from aggregator.services import messages
from aggregator.storage.partner_lists import MOST
from aggregator.web.here import Clock
from words import when
from words.say import say
from words.say import translate as _

GOOD = frozenset({"NEW_BODY", "SAME_BODY", "NOT_MODIFIED"})
#: A feed that has waited for so long may have nobody who reads it.
STUCK = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Feed:
    """One source, ready to be shown."""

    id: int
    url: str
    title: str
    state: str  # yes, changed, cancelled, info, or "" before anything is known
    icon: str
    words: str
    last: str  # the last good answer
    held: str
    came: str  # what the last poll brought
    is_reading: bool
    is_paused: bool
    is_ours: bool
    problems: Sequence[str]
    former: Sequence[str]
    runs: Sequence[Run]
    spoken: str  # the sixty days in one sentence
    days: Sequence[tuple[str, str]]  # the sixty days for a table: from – to, how
    message: str


def capped(number: int) -> str:
    """A number that was counted up to a limit."""
    return f"{MOST}+" if number > MOST else str(number)


def feed(row: Any, clock: Clock, sender: str, library: str) -> Feed:
    """A row of `partner_lists.feeds`."""
    code, state, icon = _state(row, clock)
    problems = Counter(say(each["code"], each.get("params")) for each in row.problems or ())
    said = health.letters(row.days, clock.today)
    runs = health.runs(said)
    why = _why(row)
    since = since_words(row.failing_since, clock) if row.failing_since else ""
    return Feed(
        id=row.id,
        url=row.url or "",
        title=say(f"format.{row.format}") if row.format else _("Feed"),
        state=state,
        icon=icon,
        words=say(code, {"held": capped(row.held), "since": since, "why": why}),
        last=_moment(row.last_ok_at, clock) if row.last_ok_at else "",
        held=capped(row.held),
        came=_came(row),
        is_reading=code in {"feed_state.waiting", "feed_state.new"},
        is_paused=not row.enabled,
        is_ours=row.url is None,
        problems=[*problems][:5],
        former=row.former_urls,
        runs=[each for each in runs if each.kind != "-"],
        spoken=_spoken(said),
        days=_days(runs, clock.today),
        message=_message(row, since, sender, library),
    )


def _state(row: Any, clock: Clock) -> tuple[str, str, str]:
    """The sentence's code, the state's colour and its icon."""
    failing = row.enabled and row.failures > 0
    if row.url is None:
        return "feed_state.ours", "yes", "circle-check"
    if not row.enabled:
        return "feed_state.paused", "info", "hand"
    if row.due_at <= clock.now:
        late = clock.now - row.due_at > STUCK
        code = "feed_state.stuck" if late else "feed_state.waiting" if row.at else "feed_state.new"
        return code, "changed" if late else "", "clock"
    if failing:
        return "feed_state.failing", "cancelled", "circle-x"
    if row.problems:
        return "feed_state.part", "changed", "triangle-alert"
    return "feed_state.well" if row.held else "feed_state.empty", "yes", "circle-check"


def _why(row: Any) -> str:
    """Why the last poll failed."""
    if row.outcome is None or row.outcome in GOOD:
        return ""
    return say(row.outcome, row.params)


def _came(row: Any) -> str:
    if row.outcome not in GOOD:
        return ""
    if row.outcome != "NEW_BODY":
        return say(f"fetch.{row.outcome.lower()}")
    counts = {"new": row.n_new, "changed": row.n_changed, "same": row.n_same, "gone": row.n_gone}
    return say("fetch.counts", counts | {"problems": len(row.problems or ())})


def _message(row: Any, since: str, sender: str, library: str) -> str:
    """What to write to them; "" where all is well."""
    outcome = row.outcome if row.enabled and row.failures > 0 else None
    if outcome is None and row.enabled and row.last_ok_at and not row.held and row.url:
        outcome = "feed.no_entries"
    if outcome is None or row.url is None:
        return ""
    told = _(" since {day}").format(day=since) if since else ""
    found = messages.about(outcome, row.url, sender=sender, library=library, since=told)
    return say(found.code, found.params)


def since_words(at: datetime, clock: Clock) -> str:
    """ "Tuesday" within a week, "yesterday", "9:05 am" of today, else "12 Nov"."""
    local = at.astimezone(clock.zone)
    days = (clock.today - local.date()).days
    if days <= 0:
        return when.clock(local)
    if days == 1:
        return _("yesterday")
    if days < 7:
        return str(format_date(local, "EEEE", locale=when.LOCALE))
    pattern = "d MMM" if local.year == clock.today.year else "d MMM y"
    return str(format_date(local, pattern, locale=when.LOCALE))


def _moment(at: datetime, clock: Clock) -> str:
    return when.when(at.astimezone(clock.zone), None, clock.today, relative=True)


def _spoken(said: str) -> str:
    counted = Counter(said)
    if set(counted) == {"-"}:
        return _("In 60 days: not read yet")
    return _("In 60 days: {good} good, {part} in part, {none} without an answer").format(
        good=counted["g"], part=counted["p"], none=counted["n"]
    )


def _days(runs: Sequence[Run], today: date) -> list[tuple[str, str]]:
    """The newest run first."""
    words = {
        "g": _("Answered well"),
        "p": _("Something in it was doubtful"),
        "n": _("No good answer"),
        "-": _("Not asked"),
    }
    first = health.first_day(today)
    told = []
    for run in reversed(runs):
        begin = first + timedelta(days=run.first)
        end = begin + timedelta(days=run.length)
        told.append((when.when(begin, end, today), words[run.kind]))
    return told
