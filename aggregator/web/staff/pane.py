"""The open event beside the list: all that is shown of one."""

from datetime import timedelta
from typing import Any

from aggregator.domain.filtering import Filter
from aggregator.domain.verbs import VERBS
from aggregator.storage import views
from aggregator.storage.doors import Reader
from aggregator.web import telling
from aggregator.web.here import Clock
from aggregator.web.staff import cards, event_facts, event_history, event_notes, out, previews
from words import when
from words.mark import N_

SNOOZES = {
    "tomorrow": N_("Until tomorrow"),
    "next_week": N_("Until next week"),
    "week_before": N_("Until a week before it begins"),
}

#: Reasons to decline that need no typing: codes of words/inbox.py.
REASONS = ("private", "far", "sales", "twice", "fit")


def opened(tx: Reader, row: Any, clock: Clock, wanted: Filter) -> dict[str, Any]:
    """Values for templates/inbox/event.html, for one row of `events.by_pid`."""
    dates = views.dates_to_come(tx, [row.id], clock.now)
    return {
        "row": row,
        "facts": row.facts,
        "title": telling.title(row.facts),
        "date": cards.next_date(row.facts, dates, clock),
        "dates": [
            telling.dated(each, telling.on_date(row.facts, each.rid), clock.zone, clock.today)
            for each in dates[:5]
        ],
        "rhythm": telling.rhythm(row.facts, dates),
        "away": cards.away(row.facts, cards.branches(tx), clock),
        "held": cards.why(row),
        "unseen": telling.changes(views.unseen(tx, [row.id]), clock.today),
        "listed": event_facts.listed(tx, row, clock),
        "history": event_history.page(tx, row, clock),
        "notes": event_notes.of(tx, row, clock),
        "accounts": [
            (each, when.ago(each.last_ok_at, clock.now) if each.last_ok_at else "")
            for each in views.accounts(tx, row.id)
        ],
        "posts": out.posts_of(tx, row.id, clock),
        "previews": previews.values(tx, row, clock, query=wanted.query())
        if row.kind == "event" and row.state != "DECLINED"
        else None,
        "arrived": when.ago(row.arrived_at, clock.now),
        "until": when.when(row.until.astimezone(clock.zone), None, clock.today)
        if row.until
        else "",
        "verbs": {name for name, verb in VERBS.items() if row.state in verb.before},
        "week_before": row.first_start is not None
        and row.first_start - timedelta(days=7) > clock.now,
    }
