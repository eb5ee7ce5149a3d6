"""Partners: how their feeds are, what came of them, and what may be changed about one of them.

Nothing is fetched here: a feed that is to be read now is read by the worker, and its row asks
every second how far that is.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.services import library, partners
from aggregator.services.errors import ServiceError
from aggregator.storage import partner_lists as lists
from aggregator.web import fragments, here, zones
from aggregator.web.staff import said
from aggregator.web.staff.feed_states import Feed, capped, feed
from words.say import say
from words.say import translate as _

blueprint = Blueprint("partners", __name__, url_prefix="/partners")

#: Partners on one page.
SIZE = 25
#: The states of a feed, the worst first: a partner is as well as its worst feed.
_WORST = ("cancelled", "changed", "", "info", "yes")

Answer = str | Response | tuple[str, int]


class Line(NamedTuple):
    """One partner of the list."""

    row: Any
    kind: str  # "Calendar feed, News feed"
    worst: Feed | None
    offered: str
    shared: str
    declined: str
    ahead: str


@blueprint.get("")
def listing() -> str:
    """Partners, those in trouble first."""
    behind = request.args.get("after", "")
    with here.house().database.reading() as tx:
        clock, name = here.clock(tx), library.name(tx)
        key = lists.place_of(tx, behind) if behind else None
        rows = lists.listing(tx, clock.now, key, SIZE + 1)
        more, rows = rows[SIZE - 1] if len(rows) > SIZE else None, rows[:SIZE]
        feeds: defaultdict[int, list[Feed]] = defaultdict(list)
        for row in lists.feeds(tx, [each.id for each in rows]):
            feeds[row.partner_id].append(feed(row, clock, here.actor(), name))
        totals = lists.totals(tx)
    return render_template(
        "partners/listing.html",
        lines=[_line(row, feeds[row.id]) for row in rows],
        totals=totals,
        behind=behind,
        more=more.pid if more is not None else "",
    )


@blueprint.get("/<pid>")
def page(pid: str) -> str:
    """One partner."""
    return _page(pid)


@blueprint.post("/<pid>")
def change(pid: str) -> Answer:
    """Names, clock, credit, contact."""
    row, typed = _row(pid), request.form
    try:
        partners.change(
            here.house(),
            row.id,
            actor=here.actor(),
            name=typed.get("name", ""),
            zone=typed.get("zone"),
            credit=typed.get("credit"),
            contact=typed.get("contact"),
        )
    except ServiceError as error:
        return _page(pid, typed=typed, wrong=say(error.code, error.params)), 422
    said.plainly(say("done.partner_changed"))
    return redirect(url_for("partners.page", pid=pid), 303)


@blueprint.post("/<pid>/trust")
def trust(pid: str) -> Answer:
    """What their new events do."""
    row, wanted = _row(pid), request.form.get("trust", "")
    try:
        partners.trust(here.house(), row.id, wanted, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say(f"done.trust_{wanted}", {"name": row.name}))
    return redirect(url_for("partners.page", pid=pid), 303)


@blueprint.post("/<pid>/archive")
def archive(pid: str) -> Answer:
    """End it, with a way back."""
    row = _row(pid)
    partners.archive(here.house(), row.id, actor=here.actor())
    back = url_for("partners.bring_back", pid=pid)
    said.with_way_back(say("done.archived", {"name": row.name}), back)
    return redirect(url_for("partners.listing"), 303)


@blueprint.post("/<pid>/back")
def bring_back(pid: str) -> Answer:
    """Take the end back."""
    row = _row(pid)
    partners.bring_back(here.house(), row.id, actor=here.actor())
    said.plainly(say("done.brought_back", {"name": row.name}))
    return redirect(url_for("partners.page", pid=pid), 303)


@blueprint.get("/sources/<int:source_id>/progress")
def progress(source_id: int) -> Answer:
    """One feed as it is now: for its row, while it is being read."""
    with here.house().database.reading() as tx:
        row = lists.feed(tx, source_id)
        if row is None:
            raise NotFound
        shown = feed(row, here.clock(tx), here.actor(), library.name(tx))
    if not fragments.is_partial():
        return redirect(url_for("partners.page", pid=row.pid), 303)
    return fragments.page("partners/feed.html", "feed", feed=shown, pid=row.pid)


@blueprint.post("/sources/<int:source_id>/poll")
def poll(source_id: int) -> Answer:
    """Ask for a source to be read now."""
    return _of_source(source_id, lambda house: partners.poll(house, source_id))


@blueprint.post("/sources/<int:source_id>/pause")
def pause(source_id: int) -> Answer:
    """Do not read it for now."""
    actor, back = here.actor(), url_for("partners.resume", source_id=source_id)
    return _of_source(
        source_id, lambda house: partners.pause(house, source_id, actor=actor), "done.paused", back
    )


@blueprint.post("/sources/<int:source_id>/resume")
def resume(source_id: int) -> Answer:
    """Go on reading it."""
    actor = here.actor()
    return _of_source(
        source_id, lambda house: partners.resume(house, source_id, actor=actor), "done.resumed"
    )


@blueprint.post("/sources/<int:source_id>/move")
def move(source_id: int) -> Answer:
    """It is at another address now."""
    actor, url = here.actor(), request.form.get("url", "")
    return _of_source(
        source_id, lambda house: partners.move(house, source_id, url, actor=actor), "done.moved"
    )


@blueprint.post("/sources/<int:source_id>/remove")
def remove(source_id: int) -> Answer:
    """Read and list it no more, with a way back."""
    actor, back = here.actor(), url_for("partners.put_back", source_id=source_id)
    return _of_source(
        source_id,
        lambda house: partners.remove(house, source_id, actor=actor),
        "done.source_removed",
        back,
    )


@blueprint.post("/sources/<int:source_id>/back")
def put_back(source_id: int) -> Answer:
    """Take a removal back."""
    actor = here.actor()
    return _of_source(
        source_id,
        lambda house: partners.put_back(house, source_id, actor=actor),
        "done.source_back",
    )


def _of_source(
    source_id: int, do: Callable[[Any], None], done: str = "", back: str = ""
) -> Response:
    """Do something about a source, say so, and show its partner."""
    with here.house().database.reading() as tx:
        pid = lists.partner_of(tx, source_id)
    if pid is None:
        raise NotFound
    try:
        do(here.house())
    except ServiceError as error:
        said.fault(error)
    else:
        if back:
            said.with_way_back(say(done), back)
        elif done:
            said.plainly(say(done))
    return redirect(url_for("partners.page", pid=pid), 303)


def _page(pid: str, typed: Any = None, wrong: str = "") -> str:
    with here.house().database.reading() as tx:
        clock, name = here.clock(tx), library.name(tx)
        row = lists.one(tx, pid, clock.now)
        if row is None:
            raise NotFound
        feeds = [feed(each, clock, here.actor(), name) for each in lists.feeds(tx, [row.id])]
    kept = {
        key: (typed.get(key, "") if typed is not None else getattr(row, key) or "")
        for key in ("name", "zone", "credit", "contact")
    }
    return render_template(
        "partners/page.html",
        row=row,
        pid=pid,
        feeds=feeds,
        message=next((each.message for each in feeds if each.message), ""),
        counts={
            key: capped(getattr(row, key)) for key in ("offered", "shared", "listed", "declined")
        },
        regions=zones.regions(),
        kept=kept,
        wrong=wrong,
    )


def _line(row: Any, feeds: list[Feed]) -> Line:
    worst = min(feeds, key=lambda each: _WORST.index(each.state), default=None)
    kinds = [_("By hand") if each.is_ours else each.title for each in feeds]
    return Line(
        row,
        ", ".join(dict.fromkeys(kinds)),
        worst,
        capped(row.offered),
        capped(row.shared),
        capped(row.declined),
        capped(row.ahead),
    )


def _row(pid: str) -> Any:
    clock = here.clock()
    with here.house().database.reading() as tx:
        row = lists.one(tx, pid, clock.now)
    if row is None:
        raise NotFound
    return row
