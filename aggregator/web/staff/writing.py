"""Write a post without an event: words, picture, link, when, and how it looks everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator.domain.starters import STARTERS, starter
from aggregator.services import library, previewing, uploads, writing
from aggregator.services.errors import ServiceError
from aggregator.services.previewing import ChannelPreview
from aggregator.services.writing import Draft, Looked
from aggregator.storage import choices
from aggregator.storage.doors import Reader
from aggregator.web import fragments, here, shapes, sound
from aggregator.web.here import Clock
from aggregator.web.staff import draft, drawn, previews, said
from aggregator.web.staff.draft import Typed
from aggregator.web.staff.previews import Post
from words.say import ngettext, say
from words.say import translate as _

blueprint = Blueprint("writing", __name__, url_prefix="/write")

#: Faults that stand beside a field; the others stand above the buttons.
BESIDE = {
    "write.link": "link",
    "write.alt": "alt",
    "write.time": "at",
    "write.past": "at",
    "write.far": "at",
    "write.gap": "text",
}


@blueprint.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A form with a picture may be longer than others. Before anything reads it."""
    if endpoint in {"writing.look", "writing.write"}:
        request.max_content_length = uploads.FORM


@dataclass(frozen=True, slots=True)
class Shown:
    """The posts as they would be: drawn, counted, and what is still wrong."""

    posts: tuple[Post, ...]
    quiet: frozenset[int]
    digest: str  # "" before there is anything to look at
    problem: str
    faults: Mapping[str, str]  # by field
    tightest: Post | None  # with the least room left
    first: shapes.Leaf | None  # the day of the next free slot
    first_words: str


@blueprint.get("")
def form() -> str:
    """An empty page, or the words of a starter with gaps to fill in."""
    with here.house().database.reading() as tx:
        clock, found = here.clock(tx), starter(request.args.get("start", ""))
        purposes = {row.name: row.id for row in choices.purposes(tx)}
        begun = draft.begun(clock, found, purposes.get(found.purpose) if found else None)
        shown = replace(_shown(tx, begun, clock, None), faults={})  # nobody has typed yet
        return _page(tx, begun, shown, clock, start=found.code if found else "")


@blueprint.post("/look")
def look() -> str:
    """How it looks now. A picture that was chosen is kept; nothing is queued."""
    now, wrong = _with_picture(draft.typed())
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        shown = _shown(tx, now, clock, wrong)
        if not fragments.is_partial():
            return _page(tx, now, shown, clock)
        return render_template(
            "writing/looked.html",
            typed=now,
            shown=shown,
            part=request.args.get("part", "looks"),
            number=request.args.get("channel", type=sound.whole),
        )


@blueprint.post("")
def write() -> Response | tuple[str, int]:
    """Queue exactly what was shown."""
    now, wrong = _with_picture(draft.typed())
    house = here.house()
    try:
        if wrong is not None:
            raise wrong
        done = writing.write(
            house,
            draft.draft(now, here.clock()),
            actor=here.actor(),
            key=now.key,
            shown=request.form.get("shown", ""),
            author_id=here.author(),
        )
    except ServiceError as error:
        with house.database.reading() as tx:
            clock = here.clock(tx)
            shown = _shown(tx, now, clock, error)
            return _page(tx, now, shown, clock), 422
    said.with_way_back(said.ways(done.queued, here.clock()), url_for("writing.undo", pid=done.pid))
    return redirect(url_for("posts.listing"), 303)


@blueprint.post("/undo/<pid>")
def undo(pid: str) -> Response:
    """Take it back, as far as it has not gone out."""
    try:
        out = writing.undo(here.house(), pid, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
        return redirect(url_for("posts.listing"), 303)
    text = _("Your post is taken back.")
    if out:
        stays = ngettext(
            "{n} is out already, or on its way, and stays.",
            "{n} are out already, or on their way, and stay.",
            out,
        )
        text = f"{text} {stays.format(n=out)}"
    said.plainly(text)
    return redirect(url_for("posts.listing"), 303)


def _with_picture(now: Typed) -> tuple[Typed, ServiceError | None]:
    try:
        return draft.with_picture(now), None
    except ServiceError as error:
        return now, error


def _shown(tx: Reader, now: Typed, clock: Clock, wrong: ServiceError | None) -> Shown:
    """What is drawn; `wrong` is what a service said already."""
    try:
        wanted = draft.draft(now, clock)
    except ServiceError as error:
        wrong, wanted = wrong or error, _without_doubt(now, clock)
    looked = writing.look(here.house(), tx, wanted, clock.now)
    name, alone = library.name(tx), looked.problem
    if alone is not None and alone.code == "write.empty":
        alone = None  # who has only just come is not told so
    problem = wrong or alone
    posts = tuple(_post(each, name, clock) for each in looked.channels)
    chosen = [each for each in posts if each.chosen and now.text.strip()]
    slots = looked if wanted.when == "slot" else _at_slots(tx, wanted, clock)
    first = min((each.due_at for each in slots.channels), default=None)
    at = first.astimezone(clock.zone) if first else None
    return Shown(
        posts=posts,
        quiet=looked.quiet,
        digest=looked.digest if now.text.strip() else "",
        problem=_above(problem),
        faults=_faults(problem),
        tightest=min(chosen, key=lambda each: each.drawn.limit - each.drawn.used, default=None),
        first=shapes.leaf(at, clock.today) if at else None,
        first_words=said.moment(first, clock) if first else "",
    )


def _at_slots(tx: Reader, wanted: Draft, clock: Clock) -> Looked:
    return writing.look(here.house(), tx, replace(wanted, when="slot"), clock.now)


def _without_doubt(now: Typed, clock: Clock) -> Draft:
    """The draft without what could not be read, so that the rest can be shown."""
    try:
        return draft.draft(replace(now, when="slot"), clock)
    except ServiceError:
        return draft.draft(replace(now, when="slot", link=""), clock)


def _post(each: ChannelPreview, name: str, clock: Clock) -> Post:
    fault = previewing.at_fault(each.composed, each.channel) if each.plain else None
    return Post(
        channel_id=each.channel_id,
        drawn=drawn.draw(
            each.channel_id,
            each,
            each.composed.text,
            library=name,
            counted=each.composed.count,
            limit=each.composed.limit,
            link=each.composed.link,
            image=each.image,
            alt=each.image_alt,
            when=said.moment(each.due_at, clock),
        ),
        words=each.composed.text,
        was=previews.name_of(each.plain),
        is_written=each.words is not None,
        chosen=each.chosen,
        already=None,
        fault=say(fault.code, fault.params) if fault else "",
    )


def _above(problem: ServiceError | None) -> str:
    if problem is None or problem.code in BESIDE or problem.code.startswith("upload."):
        return ""
    if problem.code in {"share.too_long", "share.no_channel"}:
        return ""  # said beside the post, and in its place
    return say(problem.code, problem.params)


def _faults(problem: ServiceError | None) -> dict[str, str]:
    if problem is None:
        return {}
    field = "picture" if problem.code.startswith("upload.") else BESIDE.get(problem.code)
    return {field: say(problem.code, problem.params)} if field else {}


def _page(tx: Reader, now: Typed, shown: Shown, clock: Clock, *, start: str = "") -> str:
    return render_template(
        "writing/write.html",
        typed=now,
        shown=shown,
        start=start,
        starters=STARTERS,
        purposes=choices.purposes(tx),
        audiences=choices.audiences(tx),
        today=shapes.leaf(clock.today, clock.today),
        first_day=clock.today.isoformat(),
    )
