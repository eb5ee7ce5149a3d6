"""Share: the preview is the post."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from aggregator.services import sharing
from aggregator.services.errors import ServiceError
from aggregator.web import here, telling
from aggregator.web.staff import said
from words.say import say

blueprint = Blueprint("sharing", __name__, url_prefix="/inbox")


@blueprint.get("/<pid>/share")
def preview(pid: str) -> str:
    """Exactly what would go out, channel by channel."""
    row, clock = here.event(pid), here.clock()
    shown = sharing.preview(here.house(), row.id)
    problem = shown.problem
    return render_template(
        "inbox/share.html",
        pid=pid,
        title=telling.title(row.facts),
        shown=shown,
        posts=[(each, said.moment(each.due_at, clock)) for each in shown.channels],
        problem=say(problem.code, problem.params) if problem else "",
        unconnected=problem is not None and problem.code == "share.no_channel",
        labels={name: network.label for name, network in here.house().networks.items()},
    )


@blueprint.post("/<pid>/share")
def share(pid: str) -> Response:
    """Queue what was shown, or send it now."""
    row = here.event(pid)
    try:
        done = sharing.share(
            here.house(),
            row.id,
            actor=here.actor(),
            version=here.number("version"),
            shown=request.form["shown"],
            post_now=request.form.get("when") == "now",
            author_id=here.author(),
        )
    except ServiceError as error:
        said.fault(error)
        return redirect(url_for("sharing.preview", pid=pid), 303)
    said.shared(row, done, here.clock())
    return redirect(url_for("inbox.listing"), 303)
