"""What is other than it was: moved dates and places, said plainly."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.storage import listings
from aggregator.storage.doors import Reader
from aggregator.web.public.around import Around
from aggregator.web.telling import Facts
from words import when
from words.say import translate as _

#: So long a change is news for somebody who planned to come.
NEWS = timedelta(days=30)


def moves(tx: Reader, rows: Sequence[Any], now: datetime) -> Mapping[int, Sequence[Any]]:
    """What changed lately about the events of these rows, by event."""
    found: dict[int, list[Any]] = {}
    for each in listings.moves(tx, sorted({row.event_id for row in rows}), now - NEWS):
        found.setdefault(each.event_id, []).append(each)
    return found


def moved(row: Any, facts: Facts, changes: Sequence[Any], about: Around) -> str:
    """ "Moved from Thu 3 Dec, 7 pm": when this date was meant to be before; "" if it never moved.

    A date of a series knows it by its own name, which is the original start.
    """
    before = row.rid or _before(facts, changes)
    if not before or ("T" in before) != ("T" in row.start_wall) or before == row.start_wall:
        return ""
    then, now = (_read(text) for text in (before, row.start_wall))
    if not isinstance(then, datetime):
        return _("Moved from {when}").format(when=when.day(then, about.today))
    if isinstance(now, datetime) and now.date() == then.date():
        return _("Moved from {when}").format(when=when.clock(then))
    return _("Moved from {when}").format(when=when.when(then, None, about.today))


def _before(facts: Facts, changes: Sequence[Any]) -> str:
    """The wall time that the event began at before, as it was told last; "" if it never moved."""
    told = [each.before for each in changes if each.field == "start" and each.before]
    text = told[0] if told else facts["previous_start"]
    return "" if text is None else _wall(text, facts["zone"])


def _wall(text: str, zone: str | None) -> str:
    if "T" not in text:
        return text
    moment = datetime.fromisoformat(text)
    if zone is not None and moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(zone))
    return moment.replace(tzinfo=None).isoformat()


def _read(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
