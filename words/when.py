"""Times as people say them: "Sat 12 Dec, 2–4 pm", "today, 5:30 pm", "Tuesdays, 12 dates"."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_time, get_day_names

from words.say import ngettext
from words.say import translate as _

Time = date | datetime
LOCALE = "en"


def day(value: date, today: date | None = None, *, relative: bool = False) -> str:
    """ "Sat 12 Dec"; with its year unless it is today's; "today" and "tomorrow" if relative."""
    if relative and today is not None and 0 <= (value - today).days <= 1:
        return _("today") if value == today else _("tomorrow")
    pattern = "EEE d MMM" if today is None or value.year == today.year else "EEE d MMM y"
    return str(format_date(value, pattern, locale=LOCALE))


def clock(value: datetime) -> str:
    """ "2 pm", "5:30 pm", "noon" stays "12 pm": the wall clock of the value's own zone."""
    text = format_time(value.time(), "h a" if value.minute == 0 else "h:mm a", locale=LOCALE)
    return text.replace("\u202f", " ").lower()


def of_day(value: time) -> str:
    """ "5:30 pm": a time of any day."""
    return clock(datetime.combine(date.min, value))


def long(value: Time) -> str:
    """ "Friday 11 December 2026, 7:30 pm": for a form that is filled in elsewhere."""
    text = str(format_date(value, "EEEE d MMMM y", locale=LOCALE))
    return f"{text}, {clock(value)}" if isinstance(value, datetime) else text


def when(
    start: Time | None,
    end: Time | None = None,
    today: date | None = None,
    *,
    relative: bool = False,
) -> str:
    """One date in words. `end` is exclusive; `today` is the reader's day, for the year."""
    if start is None:
        return _("without a date")
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if end is not None else start
        return _days(start, last, today, relative=relative)
    first = f"{day(start.date(), today, relative=relative)}, {clock(start)}"
    if not isinstance(end, datetime) or end == start:
        return first
    if _same_night(start, end):
        return f"{day(start.date(), today, relative=relative)}, {_hours(start, end)}"
    return f"{first} – {day(end.date(), today, relative=relative)}, {clock(end)}"


def series(dates: Sequence[date], *, endless: bool = False) -> str:
    """ "Tuesdays, 12 dates" from the dates that are still to come, in order."""
    weekdays = sorted({each.weekday() for each in dates})
    number = len(dates)
    counted = ngettext("{number} date", "{number} dates", number).format(number=number)
    names = get_day_names("wide", locale=LOCALE)
    if number > 1 and len(weekdays) == 7:
        return _("daily") if endless else f"{_('daily')}, {counted}"
    if number > 1 and (endless or len(weekdays) <= 2):
        said = [_("{weekday}s").format(weekday=names[each]) for each in weekdays]
        named = _(" and ").join(part for part in (", ".join(said[:-1]), said[-1]) if part)
        return named if endless else f"{named}, {counted}"
    return counted


def ago(moment: datetime, now: datetime) -> str:
    """ "just now", "5 minutes ago", "2 hours ago", "3 days ago"."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        number = seconds // 60
        return ngettext("{n} minute ago", "{n} minutes ago", number).format(n=number)
    if seconds < 86_400:
        number = seconds // 3600
        return ngettext("{n} hour ago", "{n} hours ago", number).format(n=number)
    number = seconds // 86_400
    return ngettext("{n} day ago", "{n} days ago", number).format(n=number)


def _days(start: date, last: date, today: date | None, *, relative: bool) -> str:
    """A whole day, or a run of days with the month said once where it is one."""
    if last <= start:
        return day(start, today, relative=relative)
    if (start.year, start.month) == (last.year, last.month):
        return f"{format_date(start, 'EEE d', locale=LOCALE)} – {day(last, today)}"
    return f"{day(start, today)} – {day(last, today)}"


def _same_night(start: datetime, end: datetime) -> bool:
    """Ends on the same day, or before six in the morning of the next."""
    days = (end.date() - start.date()).days
    return days == 0 or (days == 1 and end.hour < 6)


def _hours(start: datetime, end: datetime) -> str:
    """ "2–4 pm", "11 am – 1 pm": the half of the day once where both share it."""
    first, last = clock(start), clock(end)
    if first.rpartition(" ")[2] == last.rpartition(" ")[2] and start.date() == end.date():
        return f"{first.rpartition(' ')[0]}–{last}"
    return f"{first} – {last}"
