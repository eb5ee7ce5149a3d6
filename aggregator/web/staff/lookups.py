"""Whose events shall we read? An address is pasted, looked at by the worker, shown, then saved.

Nothing is fetched here. While the worker looks, the page asks every second how far it is; without
JavaScript it is loaded again.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.services import library, lookups, sample
from aggregator.services.errors import ServiceError
from aggregator.services.lookups import Choice
from aggregator.storage import lookups as rows
from aggregator.storage import partners as rows_of_partners
from aggregator.storage.doors import Reader
from aggregator.web import fragments, here, sound
from aggregator.web.here import Clock
from aggregator.web.staff import found, said
from words.say import say

blueprint = Blueprint("lookups", __name__, url_prefix="/partners")

Answer = str | Response | tuple[str, int]


@blueprint.get("/add")
def form() -> Answer:
    """One box, and beside it other ways to begin."""
    return _form({"address": request.args.get("address", "")})


@blueprint.post("/look")
def look() -> Answer:
    """Begin to look at what was pasted or chosen."""
    typed = {name: request.form.get(name, "") for name in ("address", "list")}
    try:
        pid = lookups.begin(
            here.house(),
            _file() or typed["address"] or typed["list"],
            by=here.actor(),
            ours="ours" in request.form,
            links="links" in request.form,
        )
    except ServiceError as error:
        return _form(typed, say(error.code, error.params)), 422
    return redirect(url_for("lookups.result", pid=pid, **_whose()), 303)


@blueprint.get("/look/<pid>")
def result(pid: str) -> Answer:
    """What was found so far."""
    with here.house().database.reading() as tx:
        row = _row(tx, pid)
        shown = _shown(tx, row)
    return render_template(_template(row), **shown)


@blueprint.get("/look/<pid>/progress")
def progress(pid: str) -> Response | str:
    """How far the worker is: for a page that shows an earlier state."""
    known = set(_numbers("seen"))
    with here.house().database.reading() as tx:
        row = _row(tx, pid)
        if row.kind != request.args.get("kind") or (row.kind == "address" and row.state == "DONE"):
            return Response(headers={"HX-Refresh": "true"})
        shown = _shown(tx, row)
    return fragments.page(_template(row), "status", **shown | {"known": known})


@blueprint.post("/look/<pid>/add")
def add(pid: str) -> Answer:
    """Save what was chosen: partners, and where each lists its events."""
    with here.house().database.reading() as tx:
        row = _row(tx, pid)
        partner = _partner(tx, request.form.get("partner", ""))
        kept = {"ours": "ours" in request.form, "partner": partner}
    choices = _choices()
    trust = request.form.get("trust", "look")
    try:
        if not choices:
            raise ServiceError("look.none")
        done = lookups.add(
            here.house(),
            pid,
            choices,
            actor=here.actor(),
            trust=trust,
            contact=request.form.get("contact"),
            ours="ours" in request.form,
            partner_id=partner.id if partner else None,
        )
    except ServiceError as error:
        return _again(row, say(error.code, error.params), kept), 422
    _say_added(done, trust)
    if partner is not None:
        return redirect(url_for("partners.page", pid=partner.pid), 303)
    return redirect(url_for("inbox.listing"), 303)


@blueprint.post("/look/<pid>/again")
def again(pid: str) -> Answer:
    """Look once more where nothing was found."""
    wanted = _numbers("link")
    if state := request.form.get("state"):
        with here.house().database.reading() as tx:
            found_so = [each for each in rows.links(tx, _row(tx, pid).id) if each.state == state]
        wanted += [each.id for each in found_so if each.position and not found.is_closed(each)]
    try:
        lookups.again(here.house(), pid, wanted)
    except ServiceError as error:
        raise NotFound from error
    return redirect(url_for("lookups.result", pid=pid, **_whose()), 303)


def _file() -> str:
    """The text of the file that was chosen, "" without one. Raises ServiceError."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return ""
    text: str = chosen.read().decode("utf-8-sig", "replace").replace("\0", "")
    if not lookups.is_list(text):
        raise ServiceError("look.file")
    return text


def _whose() -> dict[str, Any]:
    """The partner to whom an address is added, carried along."""
    pid = request.values.get("partner", "")
    return {"partner": pid} if pid else {}


def _form(typed: dict[str, str], wrong: str = "") -> str:
    with here.house().database.reading() as tx:
        partner = _partner(tx, request.values.get("partner", ""))
        is_empty = not rows_of_partners.any_of_others(tx)
        has_sample = sample.since(tx) is not None
    return render_template(
        "lookups/form.html",
        typed={"address": "", "list": ""} | typed,
        wrong=wrong,
        partner=partner,
        ours="ours" in request.values,
        is_empty=is_empty,
        has_sample=has_sample,
    )


def _template(row: Any) -> str:
    if row.kind == "address":
        return "lookups/preview.html"
    return "lookups/links.html"


def _shown(tx: Reader, row: Any) -> dict[str, Any]:
    """What both pages need of a look-up."""
    clock, links = here.clock(tx), [*rows.links(tx, row.id)]
    values: dict[str, Any] = {
        "row": row,
        "partner": _partner(tx, request.values.get("partner", "")),
        "wrong": "",
        "known": set(),
        "kept": {},
        "library": library.name(tx),
        "page_url": row.page_url,
    }
    if row.kind == "address":
        return values | _of_address(links, clock, values["library"])
    return values | _of_links(links, row, values["library"])


def _of_address(links: list[Any], clock: Clock, name: str) -> dict[str, Any]:
    link = links[0]
    ways = found.ways(link, clock) if link.found else []
    number = request.values.get("way", 0, type=sound.whole)
    chosen = number if 0 <= number < len(ways) else 0
    return {
        "link": link,
        "ways": ways,
        "way": ways[chosen] if ways else None,
        "name": found.proposed_name(link, first=True),
        "mail": (link.found or link.outcome or {}).get("mail") or "",
        "sites": (link.found or {}).get("sites", 0),
        "why": say(link.outcome["code"], link.outcome.get("params")) if link.outcome else "",
        "message": found.message(link, here.actor(), name) if link.state == "WORD_NEEDED" else "",
        "waits": link.state == "WAITING",
    }


def _of_links(links: list[Any], row: Any, name: str) -> dict[str, Any]:
    lines = [found.line(each, here.actor(), name) for each in links if each.position]
    groups = {
        state: [each for each in lines if each.state == state]
        for state in ("READABLE", "WORD_NEEDED", "NOTHING", "ADDED", "WAITING")
    }
    return {
        "groups": groups,
        "total": len(lines),
        "seen": len(lines) - len(groups["WAITING"]),
        "ahead": sum(each.upcoming for each in groups["READABLE"]),
        "ready": sum(bool(each.upcoming) for each in groups["READABLE"]),
        "problem": say(row.problem["code"], row.problem.get("params")) if row.problem else "",
        "title": row.title or "",
        "word": request.args.get("word", 0, type=sound.whole),
    }


def _numbers(name: str) -> list[int]:
    """The numbers of links that the request names."""
    return request.values.getlist(name, type=sound.whole)


def _choices() -> list[Choice]:
    """What the form says: which links, each with its name and way in. Raises BadRequest."""
    try:
        return [
            Choice(
                sound.whole(each),
                request.form.get(f"name-{each}", ""),
                sound.whole(request.form.get(f"way-{each}", "0")),
            )
            for each in request.form.getlist("add")
        ]
    except ValueError as error:
        raise BadRequest from error


def _again(row: Any, wrong: str, kept: dict[str, Any]) -> str:
    """The page as it was, with what was typed, and why nothing was saved."""
    with here.house().database.reading() as tx:
        shown = _shown(tx, row)
    typed = {name: request.form.get(name, "") for name in ("contact", "trust")}
    names = {key: value for key, value in request.form.items() if key.startswith("name-")}
    chosen = {"add": set(request.form.getlist("add"))}
    shown |= {"wrong": wrong, "kept": kept | typed | names | chosen}
    return render_template(_template(row), **shown)


def _say_added(done: lookups.Added, trust: str) -> None:
    names = [name for _, name in done.partners]
    if len(names) == 1:
        code = "done.added_listed" if trust == "list" else "done.added"
        said.plainly(say(code, {"name": names[0]}))
    elif names:
        said.plainly(say("done.added_many", {"number": len(names)}))
    if done.known:
        said.plainly(say("done.known", {"urls": ", ".join(done.known[:3])}))


def _row(tx: Reader, pid: str) -> Any:
    row = rows.by_pid(tx, pid)
    if row is None:
        raise NotFound
    return row


def _partner(tx: Reader, pid: str) -> Any:
    """The partner that an address is added to; None for a new one."""
    return rows_of_partners.by_pid(tx, pid) if pid else None
