"""Which events are regulars: on every week, so that a list of days need not say them each time."""

from datetime import datetime

from feeds.event import Event
from feeds.rules import Frequency, Rule, RuleError, parse

#: So many weeks at least; what is shorter is a course, and its dates are news.
LEAST = 4


def is_weekly(event: Event) -> bool:
    """Whether it comes every week or every day, for four weeks or more. The clock is not asked."""
    if event.start is None or not event.rrule:
        return False
    try:
        rule = parse(event.rrule)
    except RuleError:
        return False
    often = rule.frequency in {Frequency.WEEKLY, Frequency.DAILY} and rule.interval == 1
    return often and not rule.months and _lasts(rule, event)


def _lasts(rule: Rule, event: Event) -> bool:
    if rule.count is not None:
        a_week = 7 if rule.frequency is Frequency.DAILY else 1
        return rule.count >= LEAST * (len(rule.weekdays) or a_week)
    if rule.until is None or event.start is None:
        return True
    first, last = (
        each.date() if isinstance(each, datetime) else each for each in (event.start, rule.until)
    )
    return (last - first).days >= 7 * (LEAST - 1)
