"""The inbox: what came in, one event open, and four decisions with undo."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple, cast

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.domain.verbs import VERBS
from aggregator.services import looking, reviews
from aggregator.services.errors import ServiceError
from aggregator.storage import events, views
from aggregator.storage.doors import Reader
from aggregator.web import here, telling
from aggregator.web.here import Clock
from aggregator.web.staff import said
from aggregator.web.staff.cards import Card, cards, next_date
from words import when
from words.mark import N_
from words.say import say
from words.say import translate as _

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

#: Cards on one page; changed events above the new ones.
SIZE, CHANGED = 30, 10


#: The views and their icons, in the order of the rail.
VIEWS = (
    ("new", "inbox"),
    ("changed", "history"),
    ("calendar", "check"),
    ("snoozed", "bell-off"),
    ("declined", "x"),
    ("dateless", "quote"),
)

SNOOZES = {
    "tomorrow": N_("Until tomorrow"),
    "next_week": N_("Until next week"),
    "week_before": N_("Until a week before it begins"),
}


class Group(NamedTuple):
    """Cards under one heading."""

    title: str
    cards: list[Card]


@blueprint.get("")
def listing() -> str:
    """One view; on wide screens its first event stands open beside it."""
    view = _view()
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        page = _page(tx, view, clock)
        first = page["groups"][0].cards[0].pid if page["groups"] else None
        row = events.by_pid(tx, first) if first else None
        shown = _event(tx, row, clock) if row is not None else None
    return _panes(page, shown, view, alone=False)


@blueprint.get("/<pid>")
def event(pid: str) -> str:
    """One event; on wide screens with its list beside it."""
    view = _view()
    with here.house().database.reading() as tx:
        row = events.by_pid(tx, pid)
        if row is None:
            raise NotFound
        clock = here.clock(tx)
        page, shown = _page(tx, view, clock), _event(tx, row, clock)
    return _panes(page, shown, view, alone=True)


@blueprint.post("/<pid>/decide")
def decide(pid: str) -> Response:
    """Calendar only, decline or snooze."""
    verb, row = request.form.get("verb", ""), here.event(pid)
    if verb not in {"calendar_only", "decline", "snooze"}:
        raise BadRequest
    try:
        until = _until(row) if verb == "snooze" else None
        done = reviews.apply(
            here.house(),
            verb,
            row.id,
            actor=here.actor(),
            version=here.number("version"),
            until=until,
            reason=request.form.get("reason", "").strip()[:500] or None,
        )
    except ServiceError as error:
        return _again(pid, error)
    said.decided(verb, row, done.version, said.moment(until, here.clock()) if until else "")
    return redirect(url_for("inbox.listing", view=_view()), 303)


@blueprint.post("/<pid>/undo")
def undo(pid: str) -> Response:
    """Take the last decision back."""
    row = here.event(pid)
    try:
        done = reviews.undo(
            here.house(), row.id, actor=here.actor(), version=here.number("version")
        )
    except ServiceError as error:
        return _again(pid, error)
    said.plainly(said.undone(telling.title(row.facts), done.out))
    return redirect(url_for("inbox.event", pid=pid), 303)


@blueprint.post("/<pid>/seen")
def seen(pid: str) -> Response:
    """What changed was looked at; everything stays as it is."""
    looking.seen(here.house(), here.event(pid).id)
    return redirect(url_for("inbox.listing", view=_view()), 303)


def _panes(page: Mapping[str, Any], shown: Any, view: str, *, alone: bool) -> str:
    return render_template(
        "inbox/panes.html",
        view=view,
        views=[(code, icon, say(f"view.{code}")) for code, icon in VIEWS],
        snoozes=SNOOZES,
        most=views.MOST,
        open=shown,
        alone=alone,
        **page,
    )


def _page(tx: Reader, view: str, clock: Clock) -> dict[str, Any]:
    """The list of one view, grouped, with the counts of all views."""
    before = request.args.get("before", type=int)
    rows = [*views.inbox(tx, view, clock.now, before, SIZE + 1)]
    shown, more = rows[:SIZE], len(rows) > SIZE
    on_top: Sequence[Any] = ()
    if view == "new" and before is None:
        on_top = views.inbox(tx, "changed", clock.now, None, CHANGED)
    made = cards(tx, [*on_top, *shown], clock)
    groups = [Group(_("Changed since it was approved"), made[: len(on_top)])] if on_top else []
    groups += [
        Group(_arrived(day, clock.today), [*some])
        for day, some in groupby(made[len(on_top) :], key=lambda card: card.arrived)
    ]
    return {
        "groups": groups,
        "more": shown[-1].id if more else None,
        "first": before is None,
        "counts": views.counts(tx, clock.now),
    }


def _event(tx: Reader, row: Any, clock: Clock) -> dict[str, Any]:
    """All that is shown of one event."""
    dates = views.dates_to_come(tx, [row.id], clock.now)
    posts = [said.post(each, clock) for each in views.posts_of(tx, row.id)]
    return {
        "row": row,
        "facts": row.facts,
        "title": telling.title(row.facts),
        "date": next_date(row.facts, dates, clock),
        "dates": [
            telling.dated(each, telling.on_date(row.facts, each.rid), clock.zone, clock.today)
            for each in dates[:5]
        ],
        "rhythm": telling.rhythm(row.facts, dates),
        "unseen": telling.changes(views.unseen(tx, [row.id]), clock.today),
        "history": [
            (when.ago(each.at, clock.now), *telling.changes([each], clock.today))
            for each in views.history(tx, row.id)
        ],
        "accounts": [
            (each, when.ago(each.last_ok_at, clock.now) if each.last_ok_at else "")
            for each in views.accounts(tx, row.id)
        ],
        "posts": posts,
        "arrived": when.ago(row.arrived_at, clock.now),
        "until": when.when(row.until.astimezone(clock.zone), None, clock.today)
        if row.until
        else "",
        "verbs": {name for name, verb in VERBS.items() if row.state in verb.before},
        "week_before": row.first_start is not None
        and row.first_start - timedelta(days=7) > clock.now,
    }


def _until(row: Any) -> datetime:
    """The moment that the form's choice stands for. Raises BadRequest, ServiceError."""
    choice = request.form.get("until", "")
    if choice not in SNOOZES:
        raise BadRequest
    return reviews.snooze_until(
        cast("reviews.Until", choice), here.house().clock(), row.first_start
    )


def _arrived(day: date, today: date) -> str:
    if day == today:
        return _("Arrived today")
    return _("Arrived {day}").format(day=when.day(day, today))


def _view() -> str:
    view = request.values.get("view", "new")
    return view if view in views.VIEWS else "new"


def _again(pid: str, error: ServiceError) -> Response:
    """It was not done: say why, and show the event as it is now."""
    said.fault(error)
    return redirect(url_for("inbox.event", pid=pid, view=_view()), 303)
