"""Fills in an entry without a date from the event data of the page that it links to."""

import re
from dataclasses import fields, replace
from urllib.parse import urlsplit

from feeds.event import Event, Reading

#: What stays the entry's own: who it is in its feed.
_KEPT = frozenset(("uid", "url", "published", "updated"))


def complete(notice: Event, page: Reading, page_url: str) -> Event | None:
    """notice with what the one event on page, or the one that matches it, says; else None.

    An event matches by its address (the entry's or page_url), else by its name; where several
    match, none does: a wrong date is worse than none. uid, url, published and updated stay the
    entry's; what the page leaves out stays as the entry has it.
    """
    dated = [event for event in page.events if event.kind == "event"]
    chosen = _chosen(notice, dated, page_url)
    if chosen is None:
        return None
    taken = {
        each.name: value
        for each in fields(Event)
        if each.name not in _KEPT and (value := getattr(chosen, each.name)) not in (None, ())
    }
    return replace(notice, **taken)


def _chosen(notice: Event, events: list[Event], page_url: str) -> Event | None:
    if len(events) == 1:
        return events[0]
    addresses = {_bare(notice.url), _bare(page_url)} - {""}
    for matching in (
        [event for event in events if _bare(event.url) in addresses],
        [event for event in events if _name(event) and _name(event) == _name(notice)],
    ):
        if len(matching) == 1:
            return matching[0]
    return None


def _bare(url: str | None) -> str:
    """An address without what two spellings of it differ in."""
    parts = urlsplit(url or "")
    host = (parts.netloc or "").lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}" if host else ""


def _name(event: Event) -> str:
    return " ".join(re.findall(r"\w+", (event.summary or "").casefold()))
