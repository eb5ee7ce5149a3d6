"""The inbox's page: rail, list and the open event, as one page or as the parts that htmx asks."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from aggregator.domain.filtering import Filter
from aggregator.domain.verbs import VERBS
from aggregator.storage import events, revisions, views
from aggregator.storage.doors import Reader
from aggregator.web import fragments, here, sound
from aggregator.web.here import Clock
from aggregator.web.staff import cards, narrowed
from aggregator.web.staff.cards import Listed
from aggregator.web.staff.pane import REASONS, SNOOZES, opened
from words.say import say, translate

TEMPLATE = "inbox/panes.html"

#: The views and their icons, in the order of the rail.
VIEWS = (
    ("new", "inbox"),
    ("soon", "alarm-clock"),
    ("changed", "history"),
    ("calendar", "check"),
    ("snoozed", "bell-off"),
    ("declined", "x"),
    ("dateless", "quote"),
    ("all", "list"),
)

#: Keys beside those of the verbs, and what each does: codes of words/inbox.py.
KEYS = (
    ("j", "next"),
    ("k", "back"),
    ("e", "edit"),
    ("u", "undo"),
    ("x", "select"),
    ("b", "together"),
    ("a", "alike"),
    ("1 … 5", "pick"),
    ("/", "search"),
    ("?", "keys"),
    ("Esc", "leave"),
)


def wanted() -> Filter:
    """What the address asks for."""
    return Filter.parse(request.args)


def address(endpoint: str, asked: Filter, **values: Any) -> str:
    """An address that keeps the list: what it asks for stands behind the "?"."""
    query = asked.query()
    return url_for(endpoint, **values) + (f"?{query}" if query else "")


def values(tx: Reader, asked: Filter, clock: Clock) -> dict[str, Any]:
    """What every part of the page needs: the list's name and counts, and how far it is read."""
    return {
        "wanted": asked,
        "query": asked.query(),
        "pairs": parse_qsl(asked.query()),
        "asked": narrowed.told(tx, asked),
        "kept": narrowed.beside(tx, asked),
        "views": [(code, icon, say(f"view.{code}")) for code, icon in VIEWS],
        "counts": views.counts(tx, clock.now),
        "most": views.MOST,
        "size": cards.SIZE,
        "revision": revisions.current(tx, revisions.INBOX),
        **_words(),
    }


def whole(asked: Filter, pid: str | None = None) -> str:
    """The page, or its list alone; pid names the event that stands open by itself."""
    before = request.args.get("before", type=sound.whole)
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        row = _row(tx, pid) if pid else None
        listed = cards.listed(tx, asked, clock, before)
        block = "more_cards" if before is not None else _part()
        shown = {**values(tx, asked, clock), **_list(listed)}
        if "after" in request.args:
            shown["after"] = request.args["after"]
        if not fragments.is_partial() or pid:
            row = row or _first(tx, listed)
            shown["open"] = opened(tx, row, clock, asked) if row is not None else None
    return fragments.page(TEMPLATE, block, alone=_stands_alone() or pid is not None, **shown)


def event(asked: Filter, pid: str, faster: str = "") -> str:
    """The open event alone, as it is now; `faster` says what somebody else did meanwhile."""
    with here.house().database.reading() as tx:
        row = _row(tx, pid)
        shown = opened(tx, row, here.clock(tx), asked)
    return fragments.page(TEMPLATE, "open", **_pane(asked, shown, faster))


def onward(pid: str) -> Response:
    """After an event was decided: the next one of its list at once, or back to Today."""
    if request.form.get("back") == "today":
        return redirect(url_for("today.page"), 303)
    asked = wanted()
    with here.house().database.reading() as tx:
        clock = here.clock(tx)
        row = events.by_pid(tx, request.form.get("next", "")) or _below(tx, asked, clock, pid)
        if not fragments.is_partial():
            if row is None:
                return redirect(address("inbox.listing", asked), 303)
            return redirect(address("inbox.event", asked, pid=row.pid), 303)
        shared = values(tx, asked, clock)
        if "next" in request.form and row is not None:
            pane = _pane(asked, opened(tx, row, clock, asked), "")
            since = request.form.get("since", 0, type=sound.whole)
            shown = {
                **shared,
                **pane,
                "gone": "" if asked.view == "all" else pid,
                "newest": since,
                "fresh": 0,
            }
            answer = make_response(fragments.fragment(TEMPLATE, "open", **shown))
            if pane["alone"]:
                answer.headers["HX-Replace-Url"] = address("inbox.event", asked, pid=row.pid)
            return answer
        listed = cards.listed(tx, asked, clock)
        first = _first(tx, listed)
        shown = {**shared, **_list(listed), "alone": False}
        shown["open"] = opened(tx, first, clock, asked) if first is not None else None
    answer = make_response(fragments.fragment(TEMPLATE, "panes", **shown))
    answer.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerHTML"})
    answer.headers["HX-Replace-Url"] = address("inbox.listing", asked)
    return answer


def news(asked: Filter) -> Response:
    """What came since the list was made; 304 while nothing did."""
    with here.house().database.reading() as tx:
        revision = revisions.current(tx, revisions.INBOX)
        if request.if_none_match.contains(str(revision)):
            return Response(status=304)
        clock, since = here.clock(tx), request.args.get("since", 0, type=sound.whole)
        fresh = sum(row.id > since for row in cards.rows(tx, asked, clock, None, cards.SIZE + 1))
        shown = {**values(tx, asked, clock), "newest": since, "fresh": fresh, "quiet": True}
    answer = make_response(render_template("inbox/news.html", **shown))
    answer.set_etag(str(revision))
    return answer


def _pane(asked: Filter, shown: dict[str, Any], faster: str) -> dict[str, Any]:
    return {
        "open": shown,
        "wanted": asked,
        "query": asked.query(),
        "alone": _stands_alone(),
        "faster": faster,
        **_words(),
    }


def _part() -> str:
    """Typing a search replaces what is found, not the field that is typed into."""
    return "found" if request.headers.get("HX-Target", "").endswith("#found") else "list"


def _stands_alone() -> bool:
    """Whether a part is asked for by an event's own page, whose heading is the event's title."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return path not in {"", url_for("inbox.listing")}


def _words() -> dict[str, Any]:
    return {
        "snoozes": SNOOZES,
        "reasons": REASONS,
        "keys": [
            *((verb.key, translate(verb.label)) for verb in VERBS.values()),
            *((key, say(f"key.{code}")) for key, code in KEYS),
        ],
    }


def _list(listed: Listed) -> dict[str, Any]:
    return {**listed._asdict(), "fresh": 0, "faster": ""}


def _row(tx: Reader, pid: str) -> Any:
    row = events.by_pid(tx, pid)
    if row is None:
        raise NotFound
    return row


def _first(tx: Reader, listed: Listed) -> Any:
    return events.by_pid(tx, listed.cards[0].pid) if listed.cards else None


def _below(tx: Reader, asked: Filter, clock: Clock, pid: str) -> Any:
    """The event below that one in its list, else the first; None when none is left."""
    row = events.by_pid(tx, pid)
    places = (row.id, None) if row is not None else (None,)
    for before in places:
        found = [each for each in cards.rows(tx, asked, clock, before, 2) if each.pid != pid]
        if found:
            return events.by_pid(tx, found[0].pid)
    return None
