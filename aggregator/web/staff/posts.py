"""The queue: what waits for a person, two weeks as lanes, what goes out in order, what went out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.domain.schedule import is_quiet, plan
from aggregator.services import library, queueing, sharing
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.services.queueing import Moved
from aggregator.storage import channels, lanes, views
from aggregator.web import here, shapes, sound
from aggregator.web.here import Clock
from aggregator.web.staff import board, drawn, said
from aggregator.web.staff.by_hand import typed_time
from words import when
from words.say import say

blueprint = Blueprint("posts", __name__, url_prefix="/queue")

#: Posts that go out, and posts that went out, on one page; and the latter on the first one.
SIZE, ENDED, LATELY = 12, 30, 4

#: Posts that wait for a person, on the first page: when one is answered, the next one comes.
ASKING = 5

VERBS: Mapping[str, Callable[..., None]] = {
    "now": queueing.post_now,
    "withdraw": queueing.withdraw,
    "release": queueing.release,
    "there": queueing.there,
    "again": queueing.again,
    "give_up": queueing.give_up,
    "leave": queueing.leave,
}

#: Verbs that undo takes back.
WITH_UNDO = frozenset({"withdraw", "leave"})


class Line(NamedTuple):
    """One post in the list to read."""

    post: said.Post
    time: str
    about: str  # the event's day
    hand: bool
    open: bool  # it can still be moved or withdrawn
    quiet: bool
    off: bool


class Day(NamedTuple):
    """What goes out on one day."""

    leaf: shapes.Leaf
    lines: Sequence[Line]


@blueprint.get("")
def listing() -> str:
    """What waits for a person first; then the lanes, the list in order, and what went out."""
    before, after = request.args.get("before", type=sound.whole), _after()
    first = before is None and after is None
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        start, end = board.span(clock)
        asking = (
            [said.post(row, clock) for row in lanes.asking(tx, clock.now, ASKING)] if first else []
        )
        rows = lanes.in_order(tx, after, SIZE + 1) if before is None else []
        ended = _ended(tx, before, LATELY if first else ENDED) if after is None else []
        everything = channels.listed(tx) if first else []
        weeks = board.weeks(everything, lanes.hung(tx, start, end), clock) if first else []
    number, asked = LATELY if first else ENDED, {each.id for each in asking}
    return render_template(
        "posts/listing.html",
        asked=asking,
        weeks=weeks,
        days=_by_day(rows[:SIZE], clock),
        movable=any(row.state == "QUEUED" for row in rows[:SIZE]),
        onward=_key(rows[SIZE - 1]) if len(rows) > SIZE else None,
        ended=[said.post(row, clock) for row in ended[:number] if row.id not in asked],
        more=ended[number - 1].id if len(ended) > number else None,
        first=first,
        older=before is not None,
        due_by_hand=sum(row.way == "by_hand" and row.due_at <= clock.now for row in rows),
        off=[each for each in everything if each.state == "OFF"],
        networks=sorted({each.network for each in (*rows, *ended, *everything, *asking)}),
    )


@blueprint.get("/<int:delivery_id>")
def post(delivery_id: int) -> str:
    """One post: as it looks there, when it goes out, and everything that can be done with it."""
    with here.house().database.reading() as tx:
        row, clock = lanes.one(tx, delivery_id), here.clock(tx)
        if row is None:
            raise NotFound
        free = queueing.choices(here.house(), tx, row) if row.state == "QUEUED" else []
        name = library.name(tx)
    shown = said.post(row, clock)
    day = plan(row.slots, row.quiet)
    return render_template(
        "posts/post.html",
        post=shown,
        row=row,
        drawing=drawn.from_row(row, name, title=shown.title, when=shown.due),
        choices=[
            (
                each.isoformat(),
                shapes.leaf(each.astimezone(clock.zone), clock.today),
                said.moment(each, clock),
            )
            for each in free
        ],
        quiet=[when.of_day(each) for each in day.quiet or ()],
        now=_typed(clock.now, clock),
        last=_typed(row.not_after, clock) if row.not_after else "",
        proposed=_typed(max(row.due_at or clock.now, clock.now), clock),
    )


@blueprint.post("")
def several() -> Response:
    """A button in the list: "verb number"."""
    verb, _, number = request.form.get("do", "").partition(" ")
    try:
        delivery_id = sound.whole(number)
    except ValueError:
        return _back()
    return _act(verb, delivery_id)


@blueprint.post("/<int:delivery_id>")
def act(delivery_id: int) -> Response:
    """Do one thing with one post."""
    return _act(request.form.get("verb", ""), delivery_id)


@blueprint.post("/<int:delivery_id>/move")
def move(delivery_id: int) -> Response:
    """Another time: one of the free slots, or a day and a time."""
    chosen = request.form.get("slot", "")
    try:
        at = typed_time(request.form.get("at", "")) if chosen in {"", "at"} else _slot(chosen)
        moved = queueing.move(here.house(), delivery_id, at, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
        return redirect(url_for("posts.post", delivery_id=delivery_id), 303)
    _say_moved(moved, delivery_id)
    return _back(delivery_id)


@blueprint.post("/<int:delivery_id>/words")
def reword(delivery_id: int) -> Response:
    """Other words for it; none: composed again."""
    try:
        words = request.form.get("words", "")[:20_000]
        sharing.reword(here.house(), delivery_id, words, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("done.reword"))
    return redirect(url_for("posts.post", delivery_id=delivery_id), 303)


@blueprint.post("/<int:delivery_id>/undo")
def undo(delivery_id: int) -> Response:
    """Take the last step back."""
    try:
        queueing.undo(here.house(), delivery_id, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("done.taken_back"))
    return _back(delivery_id)


def _act(verb: str, delivery_id: int) -> Response:
    if verb not in VERBS:
        raise BadRequest
    try:
        _do(here.house(), verb, delivery_id)
    except ServiceError as error:
        said.fault(error)
    else:
        text = say(f"done.{verb}")
        if verb in WITH_UNDO:
            said.with_way_back(text, url_for("posts.undo", delivery_id=delivery_id))
        else:
            said.plainly(text)
    return _back()


def _do(house: House, verb: str, delivery_id: int) -> None:
    if verb == "there":
        url = here.web_address("url")
        queueing.there(house, delivery_id, actor=here.actor(), url=url)
    else:
        VERBS[verb](house, delivery_id, actor=here.actor())


def _say_moved(moved: Moved, delivery_id: int) -> None:
    code = "done.move" + (".quiet" if moved.quiet else "") + (".close" if moved.close else "")
    text = say(code, {"when": said.moment(moved.due_at, here.clock())})
    said.with_way_back(text, url_for("posts.undo", delivery_id=delivery_id))


def _ended(tx: Any, before: int | None, number: int) -> Sequence[Any]:
    return views.ended(tx, before, number + 1)


def _by_day(rows: Sequence[Any], clock: Clock) -> list[Day]:
    lines = [(row.due_at.astimezone(clock.zone).date(), _line(row, clock)) for row in rows]
    return [
        Day(shapes.leaf(day, clock.today), [line for _, line in some])
        for day, some in groupby(lines, key=lambda each: each[0])
    ]


def _line(row: Any, clock: Clock) -> Line:
    local = row.due_at.astimezone(clock.zone)
    about = row.first_start.astimezone(clock.zone).date() if row.first_start else None
    return Line(
        post=said.post(row, clock),
        time=when.clock(local),
        about=when.day(about, clock.today) if about else "",
        hand=row.way == "by_hand",
        open=row.state == "QUEUED",
        quiet=is_quiet(plan(row.slots, row.quiet), row.due_at, clock.zone),
        off=row.channel_state != "CONNECTED",
    )


def _slot(text: str) -> datetime:
    """A slot that the page offered. Raises BadRequest for another text."""
    try:
        found = sound.moment(text)
    except ValueError as error:
        raise BadRequest from error
    if found.tzinfo is None:
        raise BadRequest
    return found


def _typed(moment: datetime, clock: Clock) -> str:
    """As a field for day and time holds it."""
    return moment.astimezone(clock.zone).strftime("%Y-%m-%dT%H:%M")


def _key(row: Any) -> str:
    return f"{row.due_at.isoformat()} {row.id}"


def _after() -> lanes.Key | None:
    """The key that the list is read on from."""
    at, _, number = request.args.get("after", "").rpartition(" ")
    try:
        found = sound.moment(at)
        return (found, sound.whole(number)) if found.tzinfo else None
    except ValueError:
        return None


def _back(delivery_id: int | None = None) -> Response:
    anchor = f"post-{delivery_id}" if delivery_id is not None else None
    return redirect(url_for("posts.listing", _anchor=anchor), 303)
