"""A repeat as people say it: "Every Tuesday and Thursday, 12 times", "Every month on the 12th"."""

from collections.abc import Sequence
from datetime import date

from babel.dates import get_day_names

from words.say import ngettext
from words.say import translate as _
from words.when import LOCALE, day

#: An nth weekday of the month by its number; -1 is the last.
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


def every(unit: str, interval: int) -> str:
    """ "Every day", "Every 2 weeks": unit is day, week, month or year."""
    if interval == 1:
        names = {"day": _("Every day"), "week": _("Every week"), "month": _("Every month")}
        return names.get(unit, _("Every year"))
    said = {
        "day": ngettext("Every {n} day", "Every {n} days", interval),
        "week": ngettext("Every {n} week", "Every {n} weeks", interval),
        "month": ngettext("Every {n} month", "Every {n} months", interval),
        "year": ngettext("Every {n} year", "Every {n} years", interval),
    }
    return said[unit].format(n=interval)


def weekly(interval: int, weekdays: Sequence[int]) -> str:
    """ "Every Tuesday and Thursday", "Every 2 weeks on Tuesday"; 0 is Monday."""
    if tuple(weekdays) == (0, 1, 2, 3, 4) and interval == 1:
        return _("Every weekday")
    names = get_day_names("wide", locale=LOCALE)
    listed = _list([names[each] for each in weekdays])
    if interval == 1:
        return _("Every {weekdays}").format(weekdays=listed)
    return _("{every} on {weekdays}").format(every=every("week", interval), weekdays=listed)


def monthly(interval: int, *, nth: int = 0, weekday: int = 0, month_day: int = 0) -> str:
    """ "Every month on the second Tuesday", "Every month on the 12th", "… on the last day"."""
    if nth:
        name = get_day_names("wide", locale=LOCALE)[weekday]
        which = _("{nth} {weekday}").format(nth=_(_NTH[nth]), weekday=name)
    elif month_day == -1:
        which = _("last day")
    else:
        which = ordinal(month_day)
    return _("{every} on the {which}").format(every=every("month", interval), which=which)


def times(number: int) -> str:
    """ "12 times"."""
    return ngettext("{n} time", "{n} times", number).format(n=number)


def until(last: date, today: date | None = None) -> str:
    """ "until Tue 16 Feb"; with its year unless it is today's."""
    return _("until {day}").format(day=day(last, today))


def ordinal(number: int) -> str:
    """ "12th"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if 10 < number < 14 else number % 10, "th")
    return f"{number}{ending}"


def _list(words: Sequence[str]) -> str:
    return _(" and ").join(part for part in (", ".join(words[:-1]), words[-1]) if part)
