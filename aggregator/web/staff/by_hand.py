"""By hand: what a person puts up or corrects, laid out; each step can be taken back."""

from datetime import datetime, timedelta

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.services import by_hand, queueing
from aggregator.services.errors import MissingError, ServiceError
from aggregator.storage import lanes
from aggregator.web import fragments, here, sound
from aggregator.web.staff import hands, said
from words.say import say

blueprint = Blueprint("by_hand", __name__, url_prefix="/by-hand")

#: For how long what was done is listed, so that it can be taken back.
DONE = timedelta(days=1)

#: Tasks on one page: the next ones come as these are done.
SIZE = 6

#: Pages that a step may lead back to.
BACK = {"by_hand": "by_hand.listing", "today": "today.page", "queue": "posts.listing"}


@blueprint.get("")
def listing() -> str:
    """Everything that is due, what comes next, and what was done since yesterday."""
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        due = by_hand.tasks(here.house(), tx, SIZE + 1)
        coming = [said.post(row, clock) for row in lanes.tasks_to_come(tx, clock.now)]
        done = [said.post(row, clock) for row in lanes.done_by_hand(tx, clock.now - DONE)]
    return fragments.page(
        "by_hand/listing.html",
        "tasks",
        tasks=[hands.shown(each, clock) for each in due[:SIZE]],
        more=len(due) > SIZE,
        coming=coming,
        done=done,
        soonest=clock.now.astimezone(clock.zone).strftime("%Y-%m-%dT%H:%M"),
        networks=sorted({each.row.network for each in due} | {each.network for each in coming}),
    )


@blueprint.post("/<int:delivery_id>")
def act(delivery_id: int) -> Response:
    """Done, the partner’s, later or skip."""
    verb, house, actor = request.form.get("verb", ""), here.house(), here.actor()
    text = ""
    try:
        match verb:
            case "done" | "theirs":
                text = "done." + by_hand.done(
                    house,
                    delivery_id,
                    actor=actor,
                    url=here.web_address("url"),
                    shown=request.form.get("shown"),
                    theirs=verb == "theirs",
                )
                text = say(text)
            case "later":
                moved = by_hand.later(house, delivery_id, _until(), actor=actor)
                text = say("done.later", {"when": said.moment(moved.due_at, here.clock())})
            case "skip":
                by_hand.skip(house, delivery_id, actor=actor)
                text = say("done.skip")
            case _:
                raise BadRequest
    except ServiceError as error:
        said.fault(error)
    else:
        said.with_way_back(text, url_for("by_hand.undo", delivery_id=delivery_id))
    return _back()


@blueprint.post("/<int:delivery_id>/undo")
def undo(delivery_id: int) -> Response:
    """Take the last step back."""
    try:
        queueing.undo(here.house(), delivery_id, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("done.taken_back"))
    return _back()


@blueprint.get("/<int:delivery_id>/cover.jpg")
def cover(delivery_id: int) -> Response:
    """The picture, cut as its place asks for."""
    try:
        data = by_hand.cover(here.house(), delivery_id)
    except MissingError as error:
        raise NotFound from error
    answer = make_response(data)
    answer.mimetype = "image/jpeg"
    return answer


def _until() -> by_hand.Later | datetime:
    """When it comes back. Raises BadRequest, or ServiceError for no time."""
    match request.form.get("until", ""):
        case "hour":
            return "hour"
        case "slot":
            return "slot"
        case "tomorrow":
            return "tomorrow"
        case "at":
            return typed_time(request.form.get("at", ""))
        case _:
            raise BadRequest


def typed_time(text: str) -> datetime:
    """A day and a time of the library's clock, as an instant. Raises ServiceError for none."""
    try:
        return sound.moment(text).replace(tzinfo=here.clock().zone)
    except ValueError as error:
        raise ServiceError("queue.time") from error


def _back() -> Response:
    return redirect(url_for(BACK.get(request.form.get("back", ""), BACK["by_hand"])), 303)
