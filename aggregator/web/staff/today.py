"""Today: what needs a person, in order, each done in place; then the week as it will be posted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.services import by_hand, reports, twins
from aggregator.services.errors import ServiceError
from aggregator.storage import lanes, links, partner_lists, urgent, views
from aggregator.storage import reports as stored_reports
from aggregator.storage.doors import Reader
from aggregator.web import fragments, here, shapes, telling
from aggregator.web.here import Clock
from aggregator.web.staff import cards, hands, said
from words import when
from words.say import ngettext, say

blueprint = Blueprint("today", __name__, url_prefix="/today")

#: Tasks of one kind that are shown; the rest is a link away.
MOST = 8
#: Things to put up by hand that are laid out here; they are long.
LAID_OUT = 2
#: Days of the week ahead.
AHEAD = 7


class Pair(NamedTuple):
    """Two events that may be one; `a` and `b` are their accounts."""

    a: int
    b: int
    title: str
    leaf: shapes.Leaf | None
    when: str
    sides: Sequence[tuple[str, str, str]]  # a or b, the partner, the event's public name


class Trouble(NamedTuple):
    """A feed that can't be read."""

    name: str
    words: str
    since: str
    address: str


class Told(NamedTuple):
    """What a resident wrote about an event."""

    id: int
    pid: str
    title: str
    leaf: shapes.Leaf | None
    text: str
    ago: str


class Out(NamedTuple):
    """What goes out of one event, or of one post without, on one day: where, and when."""

    title: str
    places: Sequence[tuple[str, str]]  # network and channel
    times: Sequence[str]
    words: str  # what has become of it, where that is the same everywhere and worth saying


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week ahead, with what goes out."""

    leaf: shapes.Leaf
    outs: Sequence[Out]


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything that needs a person, by kind."""

    changed: Sequence[tuple[cards.Card, str]]
    soon: Sequence[cards.Card]
    pairs: Sequence[Pair]
    tasks: Sequence[hands.Shown]
    asking: Sequence[said.Post]
    told: Sequence[Told]
    trouble: Sequence[Trouble]

    @property
    def number(self) -> int:
        """How many things that is."""
        every = (
            self.changed,
            self.soon,
            self.pairs,
            self.tasks,
            self.asking,
            self.told,
            self.trouble,
        )
        return sum(len(each) for each in every)


@blueprint.get("")
def page() -> str:
    """The day's page."""
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        needs, week = _needs(tx, clock), _week(tx, clock)
        counts = views.counts(tx, clock.now)
    return fragments.page(
        "today/page.html",
        "needs",
        needs=needs,
        laid_out=LAID_OUT,
        soonest=clock.now.astimezone(clock.zone).strftime("%Y-%m-%dT%H:%M"),
        week=week,
        new=counts["new"],
        most=views.MOST,
        leaf=shapes.leaf(clock.today, clock.today),
        networks=sorted(
            {network for day in week for out in day.outs for network, _ in out.places}
            | {each.network for each in needs.tasks}
        ),
    )


@blueprint.post("/pairs/<int:a>/<int:b>")
def answer(a: int, b: int) -> Response:
    """Two events, or one: then the other one leaves."""
    stays = request.form.get("stays", "")
    if stays not in {"both", "a", "b"}:
        raise BadRequest
    try:
        if stays == "both":
            twins.two_events(here.house(), a, b, actor=here.actor())
            text = say("done.two_events")
        else:
            keep, leave = (a, b) if stays == "a" else (b, a)
            twins.same_event(here.house(), keep, leave, actor=here.actor())
            text = say("done.same_event")
    except ServiceError as error:
        said.fault(error)
        return _back()
    said.with_way_back(text, url_for("today.ask_again", a=a, b=b))
    return _back()


@blueprint.post("/pairs/<int:a>/<int:b>/again")
def ask_again(a: int, b: int) -> Response:
    """Undo: the question is open again."""
    try:
        twins.ask_again(here.house(), a, b, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    return _back()


@blueprint.post("/reports/<int:number>")
def settle(number: int) -> Response:
    """What a resident told has been dealt with."""
    try:
        reports.done(here.house(), number, actor=here.actor())
    except ServiceError as error:
        raise NotFound from error
    said.with_way_back(say("done.report"), url_for("today.reopen", number=number))
    return _back()


@blueprint.post("/reports/<int:number>/again")
def reopen(number: int) -> Response:
    """Undo: it waits here again."""
    try:
        reports.reopen(here.house(), number, actor=here.actor())
    except ServiceError as error:
        raise NotFound from error
    return _back()


def _back() -> Response:
    return redirect(url_for("today.page"), 303)


def _needs(tx: Reader, clock: Clock) -> Needs:
    changed = urgent.changed(tx, clock.now, MOST)
    return Needs(
        changed=[
            (card, _posts_out(row.out))
            for card, row in zip(cards.cards(tx, changed, clock), changed, strict=True)
        ],
        soon=cards.cards(tx, urgent.soon(tx, clock.now, MOST), clock),
        pairs=[_pair(row, clock) for row in links.asked(tx, clock.now, MOST)],
        tasks=[hands.shown(each, clock) for each in by_hand.tasks(here.house(), tx, MOST)],
        asking=[said.post(row, clock) for row in lanes.asking(tx, clock.now, MOST)],
        told=[_told(row, clock) for row in stored_reports.open_(tx, MOST)],
        trouble=[_trouble(row, clock) for row in partner_lists.in_trouble(tx, MOST)],
    )


def _posts_out(number: int) -> str:
    """How many posts tell the event as it was."""
    if not number:
        return ""
    return ngettext("{n} post tells it as it was.", "{n} posts tell it as it was.", number).format(
        n=number
    )


def _pair(row: Any, clock: Clock) -> Pair:
    start = row.a_first_start.astimezone(clock.zone) if row.a_first_start else None
    return Pair(
        row.a,
        row.b,
        telling.title(row.a_facts),
        shapes.leaf(start, clock.today) if start else None,
        when.when(start, None, clock.today) if start else "",
        [("a", row.a_partner, row.a_pid), ("b", row.b_partner, row.b_pid)],
    )


def _told(row: Any, clock: Clock) -> Told:
    start = row.first_start.astimezone(clock.zone) if row.first_start else None
    return Told(
        row.id,
        row.pid,
        telling.title(row.facts),
        shapes.leaf(start, clock.today) if start else None,
        row.text,
        when.ago(row.at, clock.now),
    )


def _trouble(row: Any, clock: Clock) -> Trouble:
    return Trouble(
        row.partner,
        say(row.outcome, row.params),
        when.day(row.failing_since.astimezone(clock.zone).date(), clock.today),
        url_for("partners.page", pid=row.pid),
    )


def _week(tx: Reader, clock: Clock) -> list[Day]:
    """The days from today on, each with what is out or goes out."""
    begin = datetime.combine(clock.today, time(), clock.zone)
    end = datetime.combine(clock.today + timedelta(days=AHEAD), time(), clock.zone)
    by_day: defaultdict[date, list[tuple[str, said.Post]]] = defaultdict(list)
    for row in sorted(lanes.hung(tx, begin, end), key=lambda row: (row.due_at, row.id)):
        at = row.due_at.astimezone(clock.zone)
        by_day[at.date()].append((when.clock(at), said.post(row, clock)))
    days = [clock.today + timedelta(days=number) for number in range(AHEAD)]
    return [Day(shapes.leaf(day, clock.today), _outs(by_day[day])) for day in days]


def _outs(posts: Sequence[tuple[str, said.Post]]) -> list[Out]:
    """One line for all channels of one event."""
    by_title: defaultdict[str, list[tuple[str, said.Post]]] = defaultdict(list)
    for at, post in posts:
        by_title[post.title].append((at, post))
    return [_out(title, some) for title, some in by_title.items()]


def _out(title: str, some: Sequence[tuple[str, said.Post]]) -> Out:
    states = {post.state for _, post in some}
    alike = states.pop() if len(states) == 1 else "QUEUED"
    return Out(
        title,
        [(post.network, post.channel) for _, post in some],
        [*dict.fromkeys(at for at, _ in some)],
        "" if alike == "QUEUED" else say(f"posted.{alike}"),
    )
