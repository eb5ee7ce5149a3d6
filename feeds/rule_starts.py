"""The starts that a Rule gives, on naive wall time.

Only what lies between the rule's first period and the window's end is looked at, periods before
the window are skipped by arithmetic wherever nothing has to be counted, and the steps are
capped: no rule, however hostile, takes longer than a blink. (dateutil walks on to the year 9999
where a rule names no date, which takes up to a minute; the tests compare with it.)

Where RFC 5545 leaves a meaning open, this is dateutil's: BYMONTHDAY in a yearly rule means every
month, BYWEEKNO without BYDAY every day of the week.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, time, timedelta

from feeds.rules import Frequency, Rule, RuleError

#: How many days, periods and starts one call may look at. 30,000 take about 60 ms.
STEPS = 30_000

_UNITS = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}


@dataclass(slots=True)
class _Steps:
    left: int = STEPS

    def spend(self, count: int = 1) -> None:
        """Raises RuleError when the rule asks for too much work."""
        self.left -= count
        if self.left < 0:
            raise RuleError("recurrence.too_much")


@dataclass(frozen=True, slots=True)
class _Period:
    """The days of one period, and the times of each of them."""

    days: Sequence[date]
    hours: Sequence[int]
    minutes: Sequence[int]
    seconds: Sequence[int]

    @property
    def times(self) -> int:
        """How many times each day has."""
        return len(self.hours) * len(self.minutes) * len(self.seconds)

    def on(self, day: date) -> Iterator[datetime]:
        """The times of one day, in order."""
        for hour in self.hours:
            for minute in self.minutes:
                for second in self.seconds:
                    yield datetime.combine(day, time(hour, minute, second))

    def at(self, positions: Sequence[int]) -> list[datetime]:
        """The starts at these positions of the period (BYSETPOS), in order."""
        size = len(self.days) * self.times
        places = {place - 1 if place > 0 else size + place for place in positions}
        return [self._place(place) for place in sorted(places) if 0 <= place < size]

    def _place(self, place: int) -> datetime:
        place, second = divmod(place, len(self.seconds))
        place, minute = divmod(place, len(self.minutes))
        place, hour = divmod(place, len(self.hours))
        clock = time(self.hours[hour], self.minutes[minute], self.seconds[second])
        return datetime.combine(self.days[place], clock)


def starts(
    rule: Rule, first: datetime, begin: datetime, stop: datetime, until: datetime | None = None
) -> Iterator[datetime]:
    """Every start from begin to before stop, in order, none before first or after until.

    first is DTSTART's wall time; it is among them only if the rule gives it. until is the rule's
    UNTIL as wall time: `rule.until` itself is not looked at. Raises RuleError, perhaps after
    some starts, where the rule takes more than STEPS.
    """
    steps, left = _Steps(), rule.count
    if until is not None:
        stop = min(stop, until + timedelta(microseconds=1))
    begin = max(begin, first)
    skipped = 0
    if left is None:
        skipped = _index(rule, first, begin)
    elif rule.bare and rule.frequency >= Frequency.DAILY:
        skipped = _index(rule, first, begin)
        left -= skipped  # each of these periods has one start
    since = first if left is not None else begin
    try:
        for period in _periods(_with_defaults(rule, first), first, stop, skipped, steps):
            for start in _of_period(period, rule.positions, since):
                if start >= stop or (left is not None and left <= 0):
                    return
                if start < since:
                    continue
                left = left - 1 if left is not None else None
                steps.spend()
                if start >= begin:
                    yield start
    except OverflowError:
        return  # the year 9999


def _of_period(period: _Period, positions: Sequence[int], since: datetime) -> Iterator[datetime]:
    """The starts of one period, less what lies on days before since."""
    if positions:
        yield from period.at(positions)
        return
    for day in period.days:
        if day >= since.date():
            yield from period.on(day)


def _with_defaults(rule: Rule, first: datetime) -> Rule:
    """rule with what it leaves to DTSTART written out."""
    if not (rule.week_numbers or rule.year_days or rule.month_days or rule.weekdays):
        if rule.frequency == Frequency.YEARLY and not rule.months:
            rule = replace(rule, months=frozenset({first.month}))
        if rule.frequency <= Frequency.MONTHLY:
            rule = replace(rule, month_days=frozenset({first.day}))
        elif rule.frequency == Frequency.WEEKLY:
            rule = replace(rule, weekdays=frozenset({(0, first.weekday())}))
    if rule.frequency < Frequency.HOURLY and not rule.hours:
        rule = replace(rule, hours=(first.hour,))
    if rule.frequency < Frequency.MINUTELY and not rule.minutes:
        rule = replace(rule, minutes=(first.minute,))
    if rule.frequency < Frequency.SECONDLY and not rule.seconds:
        rule = replace(rule, seconds=(first.second,))
    return rule


def _index(rule: Rule, first: datetime, moment: datetime) -> int:
    """Which period of the rule moment lies in, counted from 0, or the last one before it."""
    match rule.frequency:
        case Frequency.YEARLY:
            passed = moment.year - first.year
        case Frequency.MONTHLY:
            passed = (moment.year - first.year) * 12 + moment.month - first.month
        case Frequency.WEEKLY:
            passed = (moment.toordinal() - _week_of(first, rule.week_start)) // 7
        case Frequency.DAILY:
            passed = moment.toordinal() - first.toordinal()
        case _:
            unit = _UNITS[rule.frequency]
            passed = (moment - _floor(first, unit)) // timedelta(seconds=unit)
    return max(0, passed // rule.interval)


def _week_of(day: date, week_start: int) -> int:
    """The ordinal of the first day of this day's week."""
    return day.toordinal() - (day.weekday() - week_start) % 7


def _floor(moment: datetime, unit: int) -> datetime:
    passed = moment.minute * 60 + moment.second if unit == 3600 else moment.second
    return moment - timedelta(seconds=passed % unit, microseconds=moment.microsecond)


def _periods(
    rule: Rule, first: datetime, stop: datetime, index: int, steps: _Steps
) -> Iterator[_Period]:
    """The periods from that index on that begin before stop. Raises RuleError, OverflowError."""
    if rule.frequency > Frequency.DAILY:
        yield from _short_periods(rule, first, stop, index, steps)
        return
    days = _DayFilter(rule)
    while True:
        candidates = _days(rule, first, index)
        if not candidates or candidates[0] > stop.date():
            return
        steps.spend(len(candidates))
        found = [day for day in candidates if days.keeps(day)]
        if found:
            yield _Period(found, rule.hours, rule.minutes, rule.seconds)
        index += 1


def _days(rule: Rule, first: datetime, index: int) -> list[date]:
    """The days of a period of a day or longer; [] past the year 9999."""
    passed = index * rule.interval
    match rule.frequency:
        case Frequency.YEARLY:
            year = first.year + passed
            months = sorted(rule.months) or range(1, 13)
            return [day for month in months for day in _month(year, month)]
        case Frequency.MONTHLY:
            years, month = divmod(first.month - 1 + passed, 12)
            return _month(first.year + years, month + 1)
        case Frequency.WEEKLY:
            begin = _week_of(first, rule.week_start) + 7 * passed
            return _from_ordinals(range(begin, begin + 7))
        case _:
            return _from_ordinals([first.toordinal() + passed])


def _month(year: int, month: int) -> list[date]:
    if year > MAXYEAR:
        return []
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _from_ordinals(ordinals: Sequence[int]) -> list[date]:
    most = date.max.toordinal()
    return [date.fromordinal(each) for each in ordinals if 1 <= each <= most]


def _short_periods(
    rule: Rule, first: datetime, stop: datetime, index: int, steps: _Steps
) -> Iterator[_Period]:
    """The same for periods of an hour, a minute or a second; what is filtered out is leapt over."""
    unit = _UNITS[rule.frequency]
    origin, step = _floor(first, unit), timedelta(seconds=unit * rule.interval)
    days = _DayFilter(rule)
    while (begin := origin + index * step) < stop:
        steps.spend()
        ahead = _until_wanted(rule, days, begin)
        if ahead:
            index += max(1, -(-ahead // step))
            continue
        index += 1
        minutes = rule.minutes if unit == 3600 else (begin.minute,)
        seconds = rule.seconds if unit > 1 else (begin.second,)
        yield _Period([begin.date()], (begin.hour,), minutes, seconds)


def _until_wanted(rule: Rule, days: "_DayFilter", begin: datetime) -> timedelta | None:
    """How long from begin nothing can pass the filters; None when begin itself passes."""
    if not days.keeps(begin.date()):
        return datetime.combine(begin.date(), time()) + timedelta(days=1) - begin
    if rule.hours and begin.hour not in rule.hours:
        return timedelta(minutes=60 - begin.minute, seconds=-begin.second)
    if rule.frequency > Frequency.HOURLY and rule.minutes and begin.minute not in rule.minutes:
        return timedelta(seconds=60 - begin.second)
    if rule.frequency == Frequency.SECONDLY and rule.seconds and begin.second not in rule.seconds:
        return timedelta(seconds=1)
    return None


class _DayFilter:
    """Which days the rule's BYxxx parts let through."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        counts = rule.frequency <= Frequency.MONTHLY  # elsewhere "2MO" means every Monday
        self._weekdays = {day for nth, day in rule.weekdays if not nth or not counts}
        self._nth = {pair for pair in rule.weekdays if pair[0]} if counts else set()
        self._by_year = rule.frequency == Frequency.YEARLY and not rule.months

    def keeps(self, day: date) -> bool:
        """Whether day passes all of them."""
        rule = self._rule
        if rule.months and day.month not in rule.months:
            return False
        if rule.month_days and not _either(day.day, _month_length(day), rule.month_days):
            return False
        if rule.year_days and not _either(_year_day(day), _year_length(day), rule.year_days):
            return False
        if rule.week_numbers and not _either(*_week(day, rule.week_start), rule.week_numbers):
            return False
        return not rule.weekdays or day.weekday() in self._weekdays or self._is_nth(day)

    def _is_nth(self, day: date) -> bool:
        if not self._nth:
            return False
        place, length = day.day, _month_length(day)
        if self._by_year:
            place, length = _year_day(day), _year_length(day)
        front, back = (place + 6) // 7, -((length - place) // 7 + 1)
        return not self._nth.isdisjoint({(front, day.weekday()), (back, day.weekday())})


def _either(place: int, length: int, wanted: frozenset[int]) -> bool:
    """Whether place, counted from the front or from the end, is wanted."""
    return place in wanted or place - length - 1 in wanted


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _year_day(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _year_length(day: date) -> int:
    return 366 if isleap(day.year) else 365


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The week's number in its year, and how many weeks that year has (ISO 8601, any WKST)."""
    week = _week_of(day, week_start)
    year = day.year
    if week < _week_one(year, week_start):
        year -= 1
    elif week >= _week_one(year + 1, week_start):
        year += 1
    begin = _week_one(year, week_start)
    return (week - begin) // 7 + 1, (_week_one(year + 1, week_start) - begin) // 7


def _week_one(year: int, week_start: int) -> int:
    """The ordinal of the first day of week 1, the first with four days in the year."""
    fourth = date(min(max(year, 1), MAXYEAR), 1, 4)
    return _week_of(fourth, week_start)
