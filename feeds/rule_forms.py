"""A Rule as it is put to dateutil, and its periods by arithmetic."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import prod

from feeds.rules import Frequency, Rule, RuleError

#: How long each period is at most.
PERIODS = {
    Frequency.YEARLY: timedelta(days=366),
    Frequency.MONTHLY: timedelta(days=31),
    Frequency.WEEKLY: timedelta(days=7),
    Frequency.DAILY: timedelta(days=1),
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}
_EARLIEST = datetime(1, 1, 1)  # noqa: DTZ001 (wall time)
#: How many starts a period may have: every second of a day.
MOST_TIMES = 86_400


def written_out(rule: Rule, first: datetime) -> Rule:
    """rule with what it leaves to DTSTART written out, so that it can begin at any period, in
    the form that dateutil is quickest at.

    Raises RuleError if a period may have more than MOST_TIMES starts.
    """
    if rule.frequency > Frequency.DAILY and not rule.bare:
        rule = _by_days(rule, first)
    rule = _with_times(_with_days(rule, first), first)
    if _is_daily(rule) and _most(rule, Frequency.MONTHLY) <= MOST_TIMES:
        weekdays = {day for _, day in rule.weekdays} or range(7)
        every = frozenset((0, day) for day in weekdays)
        rule = replace(rule, frequency=Frequency.MONTHLY, weekdays=every)
    if not rule.positions and _most(rule, rule.frequency) > MOST_TIMES:
        raise RuleError("recurrence.too_much")
    return rule


def _with_days(rule: Rule, first: datetime) -> Rule:
    if _names_days(rule):
        return rule
    if rule.frequency == Frequency.YEARLY and not rule.months:
        rule = replace(rule, months=frozenset({first.month}))
    if rule.frequency <= Frequency.MONTHLY:
        return replace(rule, month_days=frozenset({first.day}))
    if rule.frequency == Frequency.WEEKLY:
        return replace(rule, weekdays=frozenset({(0, first.weekday())}))
    return rule


def _with_times(rule: Rule, first: datetime) -> Rule:
    if rule.frequency < Frequency.HOURLY and not rule.hours:
        rule = replace(rule, hours=(first.hour,))
    if rule.frequency < Frequency.MINUTELY and not rule.minutes:
        rule = replace(rule, minutes=(first.minute,))
    if rule.frequency < Frequency.SECONDLY and not rule.seconds:
        rule = replace(rule, seconds=(first.second,))
    return rule


def _names_days(rule: Rule) -> bool:
    return bool(rule.week_numbers or rule.year_days or rule.month_days or rule.weekdays)


def _is_daily(rule: Rule) -> bool:
    """Whether it wants some of all days: dateutil finds those of a month in one step."""
    picks = bool(rule.months) or _names_days(rule)
    every = rule.frequency == Frequency.DAILY and rule.interval == 1
    return every and picks and not rule.positions


def _most(rule: Rule, frequency: Frequency) -> int:
    """How many starts a period of this frequency may have; 0 for one within the day."""
    times = len(rule.hours) * len(rule.minutes) * len(rule.seconds)
    return times * PERIODS[frequency].days


def _by_days(rule: Rule, first: datetime) -> Rule:
    """A rule that fires within the day as a daily one, where each day has the same times.

    Raises RuleError for one that names days and can't be written so: over the days it leaves
    out dateutil would step by hours, minutes or seconds.
    """
    base = 24 if rule.frequency == Frequency.HOURLY else 60
    if rule.positions or base % rule.interval:
        if rule.months or _names_days(rule):
            raise RuleError("recurrence.too_much")
        return rule
    hours, minutes, seconds = rule.hours, rule.minutes, rule.seconds
    if rule.frequency == Frequency.HOURLY:
        hours = found = _every(rule.interval, first.hour, base, hours)
    elif rule.frequency == Frequency.MINUTELY:
        hours = hours or tuple(range(24))
        minutes = found = _every(rule.interval, first.minute, base, minutes)
    else:
        hours, minutes = hours or tuple(range(24)), minutes or tuple(range(60))
        seconds = found = _every(rule.interval, first.second, base, seconds)
    if not found:
        return rule  # dateutil sees at once that it names no time
    return replace(
        rule, frequency=Frequency.DAILY, interval=1, hours=hours, minutes=minutes, seconds=seconds
    )


def _every(interval: int, first: int, base: int, wanted: Sequence[int]) -> tuple[int, ...]:
    """What INTERVAL comes to from first on, of those that are wanted."""
    found = range(first % interval, base, interval)
    return tuple(each for each in found if not wanted or each in wanted)


def positions(rule: Rule) -> tuple[int, ...]:
    """BYSETPOS; for periods of a day and less without what lies beyond their times."""
    if rule.frequency < Frequency.DAILY:
        return rule.positions
    within = (rule.hours, rule.minutes, rule.seconds)[rule.frequency - Frequency.DAILY :]
    times = prod(map(len, within))
    return tuple(each for each in rule.positions if abs(each) <= times)


def weekdays(rule: Rule) -> list[tuple[int, int]]:
    """BYDAY less what no period has. Of a mix like 2MO,FR dateutil wants both at once: there FR
    is written as every nth one."""
    if rule.frequency > Frequency.MONTHLY:
        return [(0, day) for _, day in rule.weekdays]
    most = 53 if rule.frequency == Frequency.YEARLY and not rule.months else 5
    found = [(nth, day) for nth, day in rule.weekdays if abs(nth) <= most]
    if not any(nth for nth, _ in found):
        return found
    plain = [day for nth, day in found if not nth]
    every = [(nth, day) for nth in range(1, most + 1) for day in plain]
    return every + [pair for pair in found if pair[0]]


def index(rule: Rule, first: datetime, moment: datetime) -> int:
    """Which period of the rule moment lies in, counted from 0, or the last one before it."""
    match rule.frequency:
        case Frequency.YEARLY:
            passed = moment.year - first.year
        case Frequency.MONTHLY:
            passed = (moment.year - first.year) * 12 + moment.month - first.month
        case _:
            passed = (moment - _EARLIEST - _floor(rule, first)) // PERIODS[rule.frequency]
    return max(0, passed // rule.interval)


def period(rule: Rule, first: datetime, number: int) -> datetime:
    """When the period of this number begins."""
    passed = number * rule.interval
    match rule.frequency:
        case Frequency.YEARLY:
            return _EARLIEST.replace(year=first.year + passed)
        case Frequency.MONTHLY:
            years, month = divmod(first.month - 1 + passed, 12)
            return _EARLIEST.replace(year=first.year + years, month=month + 1)
        case _:
            since = _floor(rule, first) + passed * PERIODS[rule.frequency]
            return _EARLIEST + max(since, timedelta())


def _floor(rule: Rule, moment: datetime) -> timedelta:
    """How long after the calendar's first day, a Monday, the period of moment begins."""
    length = PERIODS[rule.frequency]
    shift = timedelta(days=rule.week_start if rule.frequency == Frequency.WEEKLY else 0)
    return (moment - _EARLIEST - shift) // length * length + shift
