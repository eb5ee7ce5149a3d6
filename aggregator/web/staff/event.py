"""Editing an event, one part at a time, for all of it or for one date; its history and notes."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.domain import typed, typed_times
from aggregator.domain.parts import PARTS
from aggregator.domain.resolve import on_date
from aggregator.domain.typed_times import TypedError
from aggregator.services import editing, entering, library, notes
from aggregator.services.editing import Edited
from aggregator.services.errors import ConflictError, ServiceError
from aggregator.storage import views
from aggregator.web import fragments, here, shapes, sound, telling
from aggregator.web.here import Clock
from aggregator.web.staff import cards, event_facts, event_history, event_notes, said
from words import when
from words.say import ngettext, say
from words.say import translate as _

blueprint = Blueprint("event", __name__, url_prefix="/inbox")

#: Dates of a series that are offered as leaves.
LEAVES = 30

#: What happened, on a page of its own.
LINES = 40


@blueprint.get("/<pid>/edit")
def edit(pid: str) -> str | Response:
    """Every part in words, one of them open to be edited; of a series all dates or one."""
    row = here.event(pid)
    if entering.entered(here.house(), row.id) is not None:
        return redirect(url_for("entering.amending", pid=pid), 303)
    return _page(row, request.args.get("part", ""), request.args.get("rid", ""))


@blueprint.post("/<pid>/edit")
def save(pid: str) -> str | Response | tuple[str, int]:
    """Write one part. What was typed stays where it can't be kept."""
    row, part, rid = here.event(pid), _part(), request.form.get("rid", "")
    facts = _facts(row, rid)
    if not _is_open(row, part, rid):
        raise BadRequest
    try:
        with here.house().database.reading() as tx:
            zone = library.zone(tx)
        values = typed.read(part, request.form, facts, zone, rid)
    except TypedError as error:
        faults = {key: say(*fault) for key, fault in error.faults.items()}
        return _page(row, part, rid, request.form, faults), 422
    try:
        done = editing.edit(
            here.house(),
            row.id,
            values,
            rid=rid,
            actor=here.actor(),
            version=here.number("version"),
        )
    except ConflictError as error:
        problem = said.why(error)
        return _page(here.event(pid), part, rid, request.form, problem=problem), 409
    except ServiceError as error:
        said.fault(error)
        return redirect(url_for("event.edit", pid=pid, rid=rid or None), 303)
    _say(pid, part, done, values)
    return redirect(url_for("event.edit", pid=pid, rid=rid or None), 303)


@blueprint.post("/<pid>/theirs")
def theirs(pid: str) -> Response:
    """Follow the source again in one part."""
    return _settle(pid, editing.take_theirs, "edited.theirs")


@blueprint.post("/<pid>/ours")
def ours(pid: str) -> Response:
    """What the source says of one part was looked at, and ours stays."""
    return _settle(pid, editing.keep_ours, "edited.ours")


@blueprint.post("/<pid>/put-back")
def put_back(pid: str) -> Response:
    """Take back one edit; which, and at which version, the address says."""
    row = here.event(pid)
    line, version = (request.args.get(name, type=sound.whole) for name in ("line", "version"))
    if line is None:
        raise BadRequest
    try:
        editing.undo(
            here.house(),
            row.id,
            line,
            actor=here.actor(),
            version=row.version if version is None else version,
        )
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("edited.put_back", {"title": telling.title(row.facts)}))
    return redirect(url_for("event.edit", pid=pid), 303)


@blueprint.get("/<pid>/history")
def history(pid: str) -> str:
    """All that happened, a page at a time."""
    row, before = here.event(pid), request.args.get("before", "")
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        found = event_history.page(tx, row, clock, before, LINES)
    return render_template(
        "events/history_page.html",
        row=row,
        pid=pid,
        title=telling.title(row.facts),
        history=found,
        first=not before,
    )


@blueprint.post("/<pid>/notes")
def note(pid: str) -> str | Response:
    """Leave a note for colleagues."""
    row, author = here.event(pid), here.author()
    if author is None:
        raise BadRequest
    typed_text, problem = request.form.get("text", ""), ""
    try:
        notes.add(here.house(), row.id, typed_text, author_id=author)
    except ServiceError as error:
        problem = say(error.code, error.params)
    return _noted(row, typed_text if problem else "", problem)


@blueprint.post("/<pid>/notes/<int:number>/remove")
def forget(pid: str, number: int) -> str | Response:
    """Take one's own note away."""
    row, author = here.event(pid), here.author()
    if author is None:
        raise BadRequest
    problem = ""
    try:
        notes.remove(here.house(), number, author_id=author)
    except ServiceError as error:
        problem = say(error.code, error.params)
    return _noted(row, "", problem)


def _noted(row: Any, typed_text: str, problem: str) -> str | Response:
    """The notes as they are now: in place, or on the event's page."""
    if not fragments.is_partial():
        if problem:
            said.plainly(problem)
        return redirect(f"{url_for('inbox.event', pid=row.pid)}#notes", 303)
    with here.house().database.reading() as tx:
        values = event_notes.of(tx, row, here.clock(tx))
    return render_template(
        "events/notes_part.html", notes={**values, "typed": typed_text, "problem": problem}
    )


def _settle(pid: str, verb: Any, code: str) -> Response:
    row, part, rid = here.event(pid), _part(), request.form.get("rid", "")
    fields = PARTS[part].dated if rid else PARTS[part].fields
    try:
        done = verb(
            here.house(),
            row.id,
            fields,
            rid=rid,
            actor=here.actor(),
            version=here.number("version"),
        )
    except ServiceError as error:
        said.fault(error)
    else:
        words = say(code, {"part": say(f"fact.{part}")})
        _with_way_back(pid, words, done if verb is editing.take_theirs else None)
    return redirect(url_for("event.edit", pid=pid, rid=rid or None), 303)


def _say(pid: str, part: str, done: Edited, values: Mapping[str, Any]) -> None:
    """What was kept; that a time comes twice; how many posts wait now."""
    if done.line is None:
        said.plainly(say("edited.same"))
        return
    words = [say("edited.edit", {"part": say(f"fact.{part}")})]
    zone = values.get("zone") or here.event(pid).facts["zone"]
    for field in ("start", "end"):
        value = values.get(field)
        if value and typed_times.comes_twice(value, zone):
            words.append(say("typed.twice", {"time": typed_times.clock_of(value, zone)}))
            break
    if done.held:
        waits = ngettext(
            "{n} post names it and waits for you in the queue.",
            "{n} posts name it and wait for you in the queue.",
            done.held,
        )
        words.append(waits.format(n=done.held))
    _with_way_back(pid, " ".join(words), done)


def _with_way_back(pid: str, words: str, done: Edited | None) -> None:
    if done is None or done.line is None:
        said.plainly(words)
        return
    said.with_way_back(
        words, url_for("event.put_back", pid=pid, line=done.line, version=done.version)
    )


def _part() -> str:
    if (part := request.form.get("part", "")) not in PARTS:
        raise BadRequest
    return part


def _is_open(row: Any, part: str, rid: str) -> bool:
    """Whether staff may write that part: of a series the rule of its dates is the source's, and
    single dates move."""
    if part not in PARTS or (rid and not PARTS[part].dated):
        return False
    return bool(rid) or part != "when" or not telling.is_series(row.facts)


def _facts(row: Any, rid: str) -> Mapping[str, Any]:
    """The facts of the event or of one date. Raises NotFound."""
    try:
        found = on_date(row.facts, rid) if rid else row.facts
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    facts: Mapping[str, Any] = found
    return facts


def _page(
    row: Any,
    part: str,
    rid: str,
    form: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    problem: str = "",
) -> str:
    facts = _facts(row, rid)
    fields = PARTS[part] if _is_open(row, part, rid) else None
    series = telling.is_series(row.facts)
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        coming = views.dates_to_come(tx, [row.id], clock.now)
        listed = event_facts.listed(tx, row, clock, rid)
        values = typed.written(facts)
        if form is not None and fields is not None:
            values |= {key: form.get(key, "") for key in typed.INPUTS[part]}
        return render_template(
            "events/edit.html",
            row=row,
            pid=row.pid,
            title=telling.title(row.facts),
            date=cards.next_date(row.facts, coming, clock),
            rhythm=telling.rhythm(row.facts, coming),
            rid=rid,
            day=when.day(telling.first_day(facts), clock.today) if rid else "",
            leaves=_leaves(row, coming, rid, clock) if series else [],
            listed=listed,
            part=part if fields else "",
            values=values,
            faults=faults or {},
            problem=problem,
            series=series,
            zone=facts["zone"] or clock.zone.key,
            history=event_history.page(tx, row, clock, size=12),
        )


def _leaves(row: Any, coming: Any, rid: str, clock: Clock) -> list[dict[str, Any]]:
    """The dates to come, each with what is its own."""
    own = {key.partition("/")[0] for key in row.provenance if "/" in key}
    found = []
    for each in coming[:LEAVES]:
        day = telling.first_day({"start": each.start_wall})
        cancelled = each.status == "CANCELLED"
        words = [_("cancelled")] if cancelled else []
        if each.rid in own:
            words.append(_("with words of ours"))
        found.append(
            {
                "rid": each.rid,
                "leaf": shapes.leaf(day, clock.today, cancelled=cancelled),
                "own": each.rid in own,
                "words": ", ".join(words),
                "here": each.rid == rid,
            }
        )
    return found
