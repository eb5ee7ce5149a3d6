"""New event: from the words of an e-mail, or straight into the form. Nothing is saved unseen."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.domain import proposing
from aggregator.domain.drafting import Drafted, draft_of, drafted
from aggregator.domain.drafts import ACCESS, BOOKING, Draft, Fault
from aggregator.domain.proposing import Proposal
from aggregator.services import entering, library, uploads
from aggregator.services.errors import ServiceError
from aggregator.storage import choices, deliveries, places
from aggregator.web import fragments, here, telling
from aggregator.web.here import Clock
from aggregator.web.staff import entry, said
from aggregator.web.staff.entry import Picture
from feeds.event import Event, Place
from words.say import say

blueprint = Blueprint("entering", __name__)


@blueprint.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A form with a picture may be longer than others. Before anything reads it."""
    if endpoint in {"entering.save", "entering.amend"}:
        request.max_content_length = uploads.FORM


@blueprint.get("/new")
def start() -> str:
    """The box for pasted words, and the way round it."""
    return render_template("entering/start.html", fault="", letter="")


@blueprint.get("/new/form")
def form() -> str:
    """An empty form."""
    return _page(Draft(), "")


@blueprint.post("/new/read")
def read() -> str | tuple[str, int]:
    """The letter with its words marked, beside the form that they fill."""
    letter = _letter()
    if not letter.strip():
        fault = say("entering.empty")
        return render_template("entering/start.html", fault=fault, letter=""), 422
    return _page(_proposal(letter).draft, letter)


@blueprint.post("/new")
def save() -> str | Response | tuple[str, int]:
    """Show it as it will be; once that was seen, save it."""
    letter, once = _letter(), request.form.get("once", "")[:64]
    told, picture = _read(entry.draft_of(request.form), letter), entry.picture()
    if told.event is None or not _is_seen(told, picture):
        return _page(told.draft, letter, told, picture, once=once), _status(told)
    pid = entering.enter(
        here.house(), told.event, actor=here.actor(), once=once or None, picture=picture.name
    )
    row = here.event(pid)
    said.decided("calendar_only", row, row.version)
    if request.form["do"] == "share":
        return redirect(url_for("sharing.preview", pid=pid), 303)
    return redirect(url_for("inbox.event", pid=pid, view="calendar"), 303)


@blueprint.get("/ours/<pid>")
def amending(pid: str) -> str:
    """The form of an event of ours."""
    row, old = _ours(pid)
    clock = here.clock()
    told = drafted(draft_of(old, clock.today), clock.zone, clock.now, _places(), old)
    return _page(told.draft, "", told, Picture(entering.own_picture(row)), row=row)


@blueprint.post("/ours/<pid>")
def amend(pid: str) -> str | Response | tuple[str, int]:
    """Show it as it will be; once that was seen, tell it anew."""
    row, old = _ours(pid)
    clock, picture = here.clock(), entry.picture()
    told = drafted(entry.draft_of(request.form), clock.zone, clock.now, _places(), old)
    if told.event is None or not _is_seen(told, picture):
        return _page(told.draft, "", told, picture, row=row), _status(told)
    version = here.number("version")
    try:
        done = entering.amend(
            here.house(),
            row.id,
            told.event,
            actor=here.actor(),
            version=version,
            picture=picture.name,
        )
    except ServiceError as error:
        said.fault(error)
        return _page(told.draft, "", told, picture, row=row), 409
    changed = done.version != version
    title = telling.title({"summary": told.event.summary})
    said.plainly(say("done.amended" if changed else "done.unchanged", {"title": title}))
    return redirect(url_for("inbox.event", pid=pid, view="calendar"), 303)


@blueprint.post("/ours/<pid>/cancel")
def cancel(pid: str) -> Response:
    """It does not take place; it stays on the calendar, marked."""
    return _done(pid, "cancelled", entering.cancel)


@blueprint.post("/ours/<pid>/reinstate")
def reinstate(pid: str) -> Response:
    """It takes place after all."""
    return _done(pid, "reinstated", entering.reinstate)


@blueprint.post("/ours/<pid>/remove")
def remove(pid: str) -> Response:
    """It was entered by mistake; undo puts it back."""
    row, _ = _ours(pid)
    try:
        done = entering.remove(
            here.house(), row.id, actor=here.actor(), version=here.number("version")
        )
    except ServiceError as error:
        said.fault(error)
        return redirect(url_for("entering.amending", pid=pid), 303)
    said.decided("removed", row, done.version)
    return redirect(url_for("inbox.event", pid=pid, view="declined"), 303)


def _is_seen(told: Drafted, picture: Picture) -> bool:
    """Whether it is to be saved, and was shown as it is now."""
    wanted = request.form.get("do", "look") != "look" and not (picture.is_new or picture.fault)
    shown = told.event is not None and request.form.get("seen") == entry.digest_of(told.event)
    return wanted and shown


def _status(told: Drafted) -> int:
    """A form that can't be saved as it is; what is only shown is well."""
    return 422 if request.form.get("do", "look") != "look" and told.event is None else 200


def _done(pid: str, verb: str, service: Any) -> Response:
    row, _ = _ours(pid)
    try:
        service(here.house(), row.id, actor=here.actor(), version=here.number("version"))
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say(f"done.{verb}", {"title": telling.title(row.facts)}))
    return redirect(url_for("entering.amending", pid=pid), 303)


def _ours(pid: str) -> tuple[Any, Event]:
    """The event's row, and the event as staff entered it. Raises NotFound for a feed's event."""
    row = here.event(pid)
    found = entering.entered(here.house(), row.id)
    if found is None:
        raise NotFound
    return row, found


def _letter() -> str:
    """The pasted words; what is longer than is read is left."""
    text = request.form.get("letter", "")[: proposing.CAP + 1]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _proposal(letter: str) -> Proposal:
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        names = [row.name for row in places.branches(tx)]
        groups = {row.name: tuple(row.words) for row in choices.audiences(tx)}
    return proposing.propose(letter, clock.today, names, groups)


def _read(draft: Draft, letter: str) -> Drafted:
    """The draft read, and what the letter leaves open asked."""
    clock = here.clock()
    told = drafted(draft, clock.zone, clock.now, _places())
    if not letter:
        return told
    asks = _proposal(letter).asks
    if any(each.field == "span" and entry.is_open(each, draft) for each in asks):
        return replace(told, event=None, faults={**told.faults, "span": Fault("entering.span")})
    return told


def _places() -> list[Place]:
    with here.house().database.reading() as tx:
        return [
            Place(row.name, row.address, row.latitude, row.longitude) for row in places.branches(tx)
        ]


def _page(
    draft: Draft,
    letter: str,
    told: Drafted | None = None,
    picture: Picture = Picture(),  # noqa: B008 (a frozen value)
    *,
    once: str = "",
    row: Any = None,
) -> str:
    """The form; `told` is what was read of it, where it was sent."""
    proposal = _proposal(letter) if letter else None
    with here.house().database.reading() as tx:
        clock, name = here.clock(tx), library.name(tx)
        groups = [each.name for each in choices.audiences(tx)]
        known = [each.name for each in places.branches(tx)]
        is_told = row is not None and any(
            each.state in entering.TOLD for each in deliveries.of_event(tx, row.id)
        )
    sent = told is not None
    told = told or _read(draft, letter)
    return fragments.page(
        "entering/form.html",
        "picture" if request.args.get("part") == "picture" else "look",
        draft=draft,
        picture=picture,
        letter=letter[: proposing.CAP],
        segments=entry.segments(letter, proposal.marks) if proposal else [],
        sources=entry.sources(letter, proposal),
        questions=entry.questions(proposal, draft, clock),
        proposal=proposal,
        faults=entry.faults(told, clock.today) if sent else {},
        missing=[*dict.fromkeys(entry.faults(told, clock.today).values())],
        look=entry.look(told, draft, clock),
        once=once or secrets.token_hex(16),
        row=row,
        is_told=is_told,
        **_offered(groups, known, draft, clock, name),
    )


def _offered(
    groups: list[str], known: list[str], draft: Draft, clock: Clock, name: str
) -> Mapping[str, Any]:
    """What there is to choose from."""
    return {
        "groups": [*groups, *(each for each in draft.audience if each not in groups)],
        "known": known,
        "access": ACCESS,
        "bookings": [(code, say(f"registration.{code}")) for code in BOOKING],
        "library": name,
        "zone": clock.zone.key.rpartition("/")[2].replace("_", " "),
    }
