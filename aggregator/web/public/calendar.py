"""What residents see. No cookie, nothing from elsewhere; nothing here asks who looks."""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.services import pictures
from aggregator.storage import media
from aggregator.web import here
from aggregator.web.public import listing, showing, subscribing, week

blueprint = Blueprint("calendar", __name__)

blueprint.get("/")(listing.home)
blueprint.get("/calendar")(listing.listing)
blueprint.get("/calendar/week")(week.week)
blueprint.get("/calendar/qr/<what>.svg")(subscribing.qr)
blueprint.get("/calendar.ics")(subscribing.feed)
blueprint.get("/event/<pid>")(showing.event)
blueprint.get("/event/<pid>.ics")(showing.one)


@blueprint.get("/media/<sha256>")
def picture(sha256: str) -> Response:
    """One of our pictures; its name is its content, so it may be kept for ever."""
    with here.house().database.reading() as tx:
        row = media.by_digest(tx, sha256)
    data = pictures.load(here.house(), row.sha256) if row is not None else None
    if row is None or data is None:
        raise NotFound
    response = Response(data, content_type=row.mime)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(row.sha256)
    return response.make_conditional(request.environ)
