"""The form behind “Something wrong?”: no account, no cookie; what it says goes to Today."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.services import reports, throttling
from aggregator.services.errors import MissingError
from aggregator.storage import listings
from aggregator.web import here
from aggregator.web.public.around import around, panel
from words.say import say

blueprint = Blueprint("reporting", __name__, url_prefix="/event/<pid>/wrong")

#: A field that nobody sees: whoever fills it in is a program.
TRAP = "website"


@blueprint.get("")
def form(pid: str) -> Response:
    """What is wrong with this event?"""
    return _page(pid, {}, sent=request.args.get("sent") == "1")


@blueprint.post("")
def send(pid: str) -> Response:
    """Take it in; what was typed stays when it can't be."""
    if _is_elsewhere():
        raise BadRequest
    sent = redirect(url_for("reporting.form", pid=pid, sent=1), 303)
    if request.form.get(TRAP):
        return sent
    try:
        reports.send(
            here.house(),
            pid,
            signed=request.form.get("csrf_token", ""),
            kind=request.form.get("kind", ""),
            text=request.form.get("text", ""),
            address=here.address(),
        )
    except reports.ForgedError as error:
        raise BadRequest from error
    except MissingError as error:
        raise NotFound from error
    except reports.FaultyError as error:
        faults = {name: say(code, params) for name, (code, params) in error.faults.items()}
        return _page(pid, faults, status=400)
    except reports.StaleError:
        return _page(pid, {"form": say("report.old")}, status=400)
    except throttling.TooOftenError as error:
        seconds = max(1, int(error.wait.total_seconds()))
        words = say("report.often", {"minutes": -(-seconds // 60)})
        response = _page(pid, {"form": words}, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    return sent


def _page(
    pid: str, faults: Mapping[str, str], *, status: int = 200, sent: bool = False
) -> Response:
    with here.house().database.reading() as tx:
        row: Any = listings.one(tx, pid)
        if row is None or row.state != "APPROVED" or row.kind != "event" or row.merged_into:
            raise NotFound
        about = around(tx)
    page = render_template(
        "calendar/wrong.html",
        around=about,
        panel=panel(about.library),
        pid=pid,
        facts=row.facts,
        partner=row.partner,
        ours=row.ours,
        kinds=reports.KINDS,
        faults=faults,
        kind=request.form.get("kind", ""),
        text=request.form.get("text", "")[: 2 * reports.LONGEST],
        longest=reports.LONGEST,
        trap=TRAP,
        token=reports.token(here.house(), pid),
        sent=sent,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"  # the token tells when it was opened
    return response


def _is_elsewhere() -> bool:
    """Whether the browser says that another site's page sent it."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
