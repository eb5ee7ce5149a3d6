"""Share: the preview is the post, edited where it is drawn."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.services import sharing
from aggregator.services.errors import DecidedError, ServiceError
from aggregator.services.previewing import Wanted
from aggregator.storage import events
from aggregator.web import fragments, here, sound, telling
from aggregator.web.staff import out, panes, previews, said
from aggregator.web.staff.previews import Previews

blueprint = Blueprint("sharing", __name__, url_prefix="/inbox")


@blueprint.get("/<pid>/share")
def preview(pid: str) -> str:
    """Exactly what would go out, channel by channel."""
    return _page(*_looked(pid, Wanted()))


@blueprint.post("/<pid>/share/count")
def count(pid: str) -> str:
    """What was typed, counted as each network counts; nothing is written down.

    While somebody types only `channel`'s post is asked for.
    """
    row, shown = _looked(pid, previews.wanted())
    number = request.args.get("channel", type=sound.whole)
    if number is None or not fragments.is_partial():
        return _page(row, shown)
    post = next((each for each in shown.posts if each.channel_id == number), None)
    if post is None:
        raise NotFound
    return render_template("sharing/counted.html", post=post)


@blueprint.post("/<pid>/share")
def share(pid: str) -> Response | tuple[str, int] | str:
    """Queue what was shown, or send it now."""
    row, wanted = here.event(pid), previews.wanted()
    post_now = request.form.get("when") == "now"
    try:
        done = sharing.share(
            here.house(),
            row.id,
            actor=here.actor(),
            version=here.number("version"),
            shown=request.form["shown"],
            wanted=wanted,
            post_now=post_now,
            author_id=here.author(),
        )
    except ServiceError as error:
        return _again(pid, wanted, error)
    said.shared(row, done, here.clock())
    if post_now:
        return redirect(panes.address("inbox.event", panes.wanted(), pid=pid), 303)
    return panes.onward(pid)


@blueprint.get("/<pid>/posts")
def posts(pid: str) -> Response | str:
    """The event's posts, asked for again while one goes out; the page itself without htmx."""
    row = here.event(pid)
    if not fragments.is_partial():
        return redirect(url_for("inbox.event", pid=pid, _anchor="its-posts"), 303)
    with here.house().database.reading() as tx:
        found = out.posts_of(tx, row.id, here.clock(tx))
    heading = "h2" if request.args.get("h") == "h2" else "h3"
    asked = request.args.get("asked", 0, type=sound.whole)
    return render_template("sharing/posts_again.html", posts=found, pid=pid, h=heading, asked=asked)


def _again(pid: str, wanted: Wanted, error: ServiceError) -> Response | tuple[str, int] | str:
    """It was not done: why, and the posts as they would be now, with what was typed."""
    if isinstance(error, DecidedError) and fragments.is_partial():
        return panes.event(panes.wanted(), pid, faster=said.why(error))
    row, shown = _looked(pid, wanted)
    if said.why(error) != shown.problem:
        said.fault(error)
    if not fragments.is_partial():
        return _page(row, shown), 422
    answer = make_response(_page(row, shown))
    answer.headers.update({"HX-Retarget": "#share-form", "HX-Reswap": "outerHTML"})
    return answer


def _looked(pid: str, wanted: Wanted) -> tuple[Any, Previews]:
    with here.house().database.reading() as tx:
        row = events.by_pid(tx, pid)
        if row is None:
            raise NotFound
        return row, previews.values(tx, row, here.clock(tx), wanted, panes.wanted().query())


def _page(row: Any, shown: Previews) -> str:
    return fragments.page(
        "sharing/share.html", "previews", title=telling.title(row.facts), previews=shown
    )
