"""An event in the parts of a form that a person fills in, and what of it has changed since."""

from collections.abc import Mapping

from aggregator.domain.dates import Date
from feeds.event import Event, Place
from words.say import translate as _
from words.when import long, when

#: Every part by its code, in the order of Facebook's form; "when" is for those who write texts.
PARTS = ("name", "when", "starts", "ends", "place", "details", "tickets")


def parts(event: Event, date: Date | None, link: str | None, credit: str) -> dict[str, str]:
    """The event's parts, those left out of which nothing is known.

    `date` is the one that is told of, None when none is to come; `credit` the partner's name.
    """
    told = date.event if date is not None else event
    found = {
        "name": told.summary or _("An event"),
        "when": when(told.start, told.end),
        "starts": long(told.start) if told.start is not None else "",
        "ends": long(told.end) if told.end is not None and not told.all_day else "",
        "place": where(told.location, online=told.attendance == "ONLINE"),
        "details": _details(told, link, credit),
        "tickets": told.registration_url or link or "",
    }
    return {code: text for code, text in found.items() if text}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The parts that differ: code, before and after, in their order."""
    return [
        (code, before.get(code, ""), after.get(code, ""))
        for code in PARTS
        if before.get(code, "") != after.get(code, "")
    ]


def where(place: Place | None, *, online: bool) -> str:
    """The place in one line: its name and address."""
    if online:
        return _("Online")
    name, address = (place.name or "", place.address or "") if place is not None else ("", "")
    named = [name, address] if address not in name and name not in address else [name or address]
    return " ".join(", ".join(filter(None, named)).split())


def _details(event: Event, link: str | None, credit: str) -> str:
    said = (event.description or "").strip()
    by = _("With {partner}").format(partner=credit)
    return "\n\n".join(filter(None, (said, "\n".join(filter(None, (by, link))))))
