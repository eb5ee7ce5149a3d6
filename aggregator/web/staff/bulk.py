"""Several events at once: chosen one by one or alike, looked at together, decided and undone."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.domain import alike
from aggregator.domain.filtering import Filter
from aggregator.services import bulk
from aggregator.services.errors import ServiceError
from aggregator.storage import events
from aggregator.storage.doors import Reader
from aggregator.web import here, sound, telling
from aggregator.web.here import Clock
from aggregator.web.staff import cards, panes, said
from aggregator.web.staff.inbox import reason, snooze_choice
from aggregator.web.staff.pane import REASONS, SNOOZES
from words.say import ngettext, say
from words.say import translate as _

blueprint = Blueprint("bulk", __name__, url_prefix="/inbox")

#: Of one partner's waiting events, so many are looked through for those that are alike.
LOOKED = 200

#: So many of those that stayed as they are get named; the others are counted.
NAMED = 5


class Way(NamedTuple):
    """One way of being alike: its name in addresses, its words, and the events."""

    by: str
    words: str
    rows: list[Any]


@blueprint.get("/bulk")
def choose() -> str:
    """What would be decided together, before it is."""
    asked = panes.wanted()
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        ways, like = _alike(tx, clock), None
        if ways is None:
            chosen = events.by_pids(tx, request.args.getlist("pid")[: bulk.MOST])
            title, way = _("Decide together"), ""
        else:
            like, title = request.args["like"], _("All like this")
            way = next((each.by for each in ways if each.by == request.args.get("by")), ways[0].by)
            chosen = next(each.rows for each in ways if each.by == way)[: bulk.MOST]
        shown = cards.cards(tx, chosen, clock)
    return render_template(
        "inbox/bulk.html",
        title=title,
        cards=shown,
        ways=[(each.by, each.words, len(each.rows)) for each in ways or ()],
        way=way,
        like=like,
        wanted=asked,
        back=panes.address("inbox.listing", asked),
        snoozes=SNOOZES,
        reasons=REASONS,
        all_dated=all(row.kind == "event" for row in chosen),
    )


@blueprint.post("/bulk")
def decide() -> Response:
    """One decision for all that are ticked."""
    verb = request.form.get("verb", "")
    if "quick" in request.form:
        verb = "decline"
    if "until" in request.form:
        verb = "snooze"
    if verb not in bulk.TOGETHER:
        raise BadRequest
    back = redirect(panes.address("inbox.listing", panes.wanted()), 303)
    try:
        done = bulk.decide(
            here.house(),
            verb,
            _versions(),
            actor=here.actor(),
            until=snooze_choice() if verb == "snooze" else None,
            reason=reason() if verb == "decline" else None,
        )
    except ServiceError as error:
        said.fault(error)
        return back
    _say_left(done.left)
    if done.decided:
        _say_done(verb, len(done.decided), done.pid)
    return back


@blueprint.post("/bulk/<pid>/undo")
def undo(pid: str) -> Response:
    """Take a decision for several back."""
    return _taken_back(lambda: bulk.undo(here.house(), pid, actor=here.actor()))


@blueprint.post("/bulk/undo")
def undo_last() -> Response:
    """Take back what this person decided last, whatever page they are on by now."""
    return _taken_back(lambda: bulk.undo_last(here.house(), actor=here.actor()))


def _alike(tx: Reader, clock: Clock) -> list[Way] | None:
    """The ways in which waiting events are like the one that is named; None: none is named."""
    pid = request.args.get("like")
    if pid is None:
        return None
    row = events.by_pid(tx, pid)
    if row is None:
        raise NotFound
    theirs = cards.rows(tx, Filter(partner=row.partner_pid), clock, None, LOOKED)
    words = {"partner": row.partner}
    same = [each for each in theirs if alike.same_title(each.facts, row.facts)]
    ways = [Way("title", say("alike.title", words), same or [row])]
    for key, name in alike.categories(row.facts).items():
        found = [each for each in theirs if key in alike.categories(each.facts)]
        ways.append(Way(key, say("alike.category", words | {"category": name}), found or [row]))
    return sorted(ways, key=lambda way: (len(way.rows) > 1, way.by == "title"), reverse=True)


def _versions() -> dict[int, int]:
    """The events that are ticked, each at the version that was looked at. Raises BadRequest."""
    chosen = request.form.getlist("pid")
    try:
        looked = {pid: sound.whole(request.form[f"version-{pid}"]) for pid in chosen}
    except ValueError as error:
        raise BadRequest from error
    with here.house().database.reading() as tx:
        return {row.id: looked[row.pid] for row in events.by_pids(tx, chosen)}


def _taken_back(undo: Callable[[], bulk.Undone]) -> Response:
    """Undo, and say what was undone and what was left; a single event stands open again."""
    asked = panes.wanted()
    back = redirect(panes.address("inbox.listing", asked), 303)
    try:
        done = undo()
    except ServiceError as error:
        said.fault(error)
        return back
    _say_left(done.left)
    if len(done.pids) == 1:
        row = here.event(done.pids[0])
        said.plainly(said.undone(telling.title(row.facts), done.out))
        return redirect(panes.address("inbox.event", asked, pid=row.pid), 303)
    if done.pids:
        n = len(done.pids)
        said.plainly(
            ngettext("{n} event is as it was.", "{n} events are as they were.", n).format(n=n)
        )
    return back


def _say_done(verb: str, n: int, pid: str | None) -> None:
    """What was decided for how many, with undo."""
    counted = ngettext("{n} event", "{n} events", n).format(n=n)
    text = say(f"together.{verb}", {"events": counted})
    if pid is None:
        said.plainly(text)
    else:
        said.with_way_back(text, url_for("bulk.undo", pid=pid))


def _say_left(left: Sequence[bulk.Left]) -> None:
    """Which stayed as they are, and why; a few are named, the others counted."""
    for each in left[:NAMED]:
        title = telling.title(each.facts)[:80]
        said.plainly(say("stays", {"title": title, "why": said.why(each.error)}))
    if (n := len(left) - NAMED) > 0:
        said.plainly(
            ngettext("{n} more stays as it is.", "{n} more stay as they are.", n).format(n=n)
        )
