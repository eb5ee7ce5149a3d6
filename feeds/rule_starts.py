"""The starts that a Rule gives, on naive wall time, by dateutil.

dateutil looks whether to go on only where it finds a start: a rule that names no date is followed
to the year 9999. So a rule begins no earlier than its window, unless its starts have to be
counted, and is followed in those years before 9999 whose calendar is the same. What would still
take long is refused: no rule, however hostile, takes longer than a blink.

What a rule means is what dateutil says: BYMONTHDAY in a yearly rule means every month, BYWEEKNO
without BYDAY every day of the week, and days of a week at a year's edge are those of the calendar
year they lie in (of which dateutil leaves out some: BYWEEKNO=52 has no first of January).
"""

from calendar import isleap, weekday
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta

from dateutil import rrule

from feeds.rule_forms import PERIODS, index, period, positions, weekdays, written_out
from feeds.rules import Frequency, Rule, RuleError

#: How many periods one call may follow, and starts it may count. 50,000 take about 0.1 s.
STEPS = 50_000
_LATEST = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 (wall time)
_TICK = timedelta(microseconds=1)
_CYCLE = timedelta(days=146_097)  # 400 years: what a rule does not name in them, it never names


def starts(
    rule: Rule, first: datetime, begin: datetime, stop: datetime, until: datetime | None = None
) -> Iterator[datetime]:
    """Every start from begin to before stop, in order, none before first or after until.

    first is DTSTART's wall time; it is among them only if the rule gives it. until is the rule's
    UNTIL as wall time: `rule.until` itself is not looked at. Raises RuleError, perhaps after
    some starts, where the rule takes more than STEPS.
    """
    begin = max(begin, first)
    if until is not None and until < stop:
        stop = until + _TICK
    form = written_out(rule, first)
    steady = rule.bare and rule.frequency >= Frequency.WEEKLY  # each period has one start
    skipped = index(form, first, begin) if rule.count is None or steady else 0
    left = None if rule.count is None else rule.count - skipped
    if begin >= stop or (left is not None and left <= 0):
        return
    origin = period(form, first, skipped)
    end = min(stop, _reach(form, origin))
    found = 0
    for start in _followed(form, origin, end):
        if start >= stop:
            return
        if start < (begin if left is None else first):
            continue
        found += 1
        if start >= end or found > STEPS:
            raise RuleError("recurrence.too_much")
        if start >= begin:
            yield start
        if found == left:
            return
    if end < stop:
        raise RuleError("recurrence.too_much")


def _reach(rule: Rule, origin: datetime) -> datetime:
    """How far the rule can be followed from there."""
    span = min(PERIODS[rule.frequency] * STEPS, _CYCLE)
    far = (_LATEST - origin) // span
    return _LATEST if rule.interval > far else origin + span * rule.interval


def _followed(rule: Rule, origin: datetime, end: datetime) -> Iterator[datetime]:
    """The starts from origin to end, by dateutil, and perhaps some after it."""
    places, days = positions(rule), weekdays(rule)
    if (rule.positions and not places) or (rule.weekdays and not days):
        return
    later = _later(origin.year, end.year)
    try:
        # ValueError: the year 9999 is over, or INTERVAL never comes to one of the times.
        every = rrule.rrule(
            getattr(rrule, rule.frequency.name),
            dtstart=origin + later,
            interval=rule.interval,
            wkst=rule.week_start,
            bysetpos=places or None,
            bymonth=rule.months or None,
            bymonthday=rule.month_days or None,
            byyearday=rule.year_days or None,
            byweekno=rule.week_numbers or None,
            byweekday=[rrule.weekday(day, nth or None) for nth, day in days] or None,
            byhour=rule.hours or None,
            byminute=rule.minutes or None,
            bysecond=rule.seconds or None,
        )
        for start in every:
            yield start - later
    except ValueError:
        return


def _later(first: int, last: int) -> timedelta:
    """How much later the calendar of these years comes again, as late as can be.

    Years are alike that have the same length and first weekday. The years beside them count too,
    for weeks that lie in both.
    """
    years = range(first - 1, last + 2)
    latest = next(
        ahead
        for ahead in range(max(0, MAXYEAR - years[-1]), -1, -1)
        if all(_kind(year) == _kind(year + ahead) for year in years)
    )
    return date(first + latest, 1, 1) - date(first, 1, 1)


def _kind(year: int) -> tuple[bool, int]:
    return isleap(year), weekday(year, 1, 1)
