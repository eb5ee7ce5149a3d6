"""The sample town’s site: what its invented partners publish, on a path of our own web app.

It stands for other people’s servers. 404 while the town is not loaded.
"""

from datetime import date

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from aggregator.services import library, sample
from aggregator.web import here
from aggregator.web.staff import said
from demo import town
from demo.times import Moment
from words.say import say

blueprint = Blueprint("sample", __name__, url_prefix="/sample-town")


@blueprint.post("")
def load() -> Answer:
    """Load the town; its events come in within seconds."""
    number = sample.load(here.house(), actor=here.actor())
    said.with_way_back(say("done.sample", {"n": number}), url_for("sample.take_away"))
    return redirect(url_for("inbox.listing"), 303)


@blueprint.post("/away")
def take_away() -> Answer:
    """Take it away again."""
    sample.take_away(here.house(), actor=here.actor())
    said.with_way_back(say("done.sample_away"), url_for("sample.load"))
    return redirect(url_for("partners.listing"), 303)


@blueprint.get("/<path:path>")
def page(path: str) -> Answer:
    """A feed, a page or a picture."""
    house = here.house()
    with house.database.reading() as tx:
        since, zone = sample.since(tx), library.zone(tx)
    if since is None:
        abort(404)
    found = town.answer(f"/{path}", Moment(date.fromisoformat(since), zone, house.sample_site))
    if found is None:
        abort(404)
    body, kind = found
    answer = Response(body, content_type=kind)
    answer.add_etag()
    return answer.make_conditional(request)
