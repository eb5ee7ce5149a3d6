"""The queue: what goes out and when, what went out, and what waits for a person."""

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from aggregator.services import queueing
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.storage import views
from aggregator.web import here
from aggregator.web.staff import said
from aggregator.web.staff.said import Post
from words.say import say

blueprint = Blueprint("posts", __name__, url_prefix="/queue")

#: Posts that went out, on one page.
SIZE = 30

VERBS: Mapping[str, Callable[..., None]] = {
    "now": queueing.post_now,
    "withdraw": queueing.withdraw,
    "release": queueing.release,
    "there": queueing.there,
    "again": queueing.again,
    "give_up": queueing.give_up,
}


@blueprint.get("")
def listing() -> str:
    """What waits for a person, what goes out, what went out."""
    before = request.args.get("before", type=int)
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        waiting = [said.post(row, clock) for row in views.waiting(tx)] if before is None else []
        rows = views.ended(tx, before, SIZE + 1)
    return render_template(
        "posts/listing.html",
        asked=[post for post in waiting if _asks(post)],
        coming=[post for post in waiting if not _asks(post)],
        ended=[said.post(row, clock) for row in rows[:SIZE]],
        more=rows[SIZE - 1].id if len(rows) > SIZE else None,
        first=before is None,
    )


@blueprint.post("/<int:delivery_id>")
def act(delivery_id: int) -> Response:
    """Do one thing with one post."""
    verb = request.form.get("verb", "")
    if verb not in VERBS:
        raise BadRequest
    try:
        _do(here.house(), verb, delivery_id)
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say(f"done.{verb}"))
    return redirect(url_for("posts.listing"), 303)


def _do(house: House, verb: str, delivery_id: int) -> None:
    if verb == "there":
        url = here.web_address("url")
        queueing.there(house, delivery_id, actor=here.actor(), url=url)
    else:
        VERBS[verb](house, delivery_id, actor=here.actor())


def _asks(post: Post) -> bool:
    """Whether it waits for a person: held, or unknown and we can't find out."""
    return post.state == "HELD" or (post.state == "UNKNOWN" and not post.due)
