"""What a VEVENT says: its words, place, people, addresses (RFC 5545, 3.8.1 and 3.8.4)."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from feeds.event import Organizer, Place, Status
from feeds.ical_lines import Line, Properties
from feeds.ical_source import Source
from feeds.parts import place
from feeds.text import clean_url, line, marker, plain

_STATUSES: dict[str | None, Status] = {
    "CONFIRMED": "CONFIRMED",
    "TENTATIVE": "TENTATIVE",
    "CANCELLED": "CANCELLED",
}
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)


def words_of(source: Source) -> dict[str, Any]:
    """The fields of the Event, all but its times."""
    read = source.properties
    summary = line(read.text("SUMMARY"))
    description = plain(read.text("DESCRIPTION"), source.base)
    description = description or plain(read.text("X-ALT-DESC"), source.base)
    status = marker(summary) or _STATUSES.get(read.value("STATUS"))
    found, online = _place(read)
    told = {
        "uid": source.uid,
        "sequence": read.number("SEQUENCE"),
        "summary": summary,
        "description": description,
        "status": "CANCELLED" if source.cancelled else status,
        "location": found,
        "online_url": online or _address(read, "CONFERENCE"),
        "organizer": _organizer(read, description),
        "url": _address(read, "URL", source.base),
        "image": _image(read, source.base),
        "categories": _categories(read),
        "published": source.stamp("CREATED"),
        "updated": source.stamp("LAST-MODIFIED"),
    }
    for name in dict.fromkeys(read.broken):
        source.unread(name)
    return told


def _place(read: Properties) -> tuple[Place | None, str | None]:
    found = read.first("LOCATION")
    degrees = re.split("[;,]", read.text("GEO") or "")
    north, east = degrees if len(degrees) == 2 else (None, None)
    return place(
        found.text if found else None,
        latitude=north,
        longitude=east,
        url=clean_url(found.params.get("ALTREP")) if found else None,
    )


def _address(read: Properties, name: str, base: str | None = None) -> str | None:
    return clean_url(read.text(name), base)


def _organizer(read: Properties, description: str | None) -> Organizer | None:
    """Who holds it. The address of a person stays out, unless it is told as the contact."""
    found = read.first("ORGANIZER")
    if found is None:
        return None
    value = found.text.strip()
    mail = value[7:] if value[:7].lower() == "mailto:" else value
    name = line(found.params.get("CN"))
    if name and "%" in name and " " not in name:
        name = line(unquote(name))  # The Events Calendar writes names as in addresses
    if name is None and not _MAIL.search(mail) and ":" not in value:
        name = line(value)
    if name and _MAIL.search(name):
        name = None
    public = " ".join([*(each.text for each in read.all("CONTACT")), read.text("URL") or ""])
    email = mail if _stands_in(mail, f"{public} {description or ''}") else None
    told = Organizer(name, email, clean_url(value))
    return told if told != Organizer() else None


def _stands_in(mail: str, text: str) -> bool:
    """Whether this whole address stands in text."""
    if not _MAIL.fullmatch(mail) or len(mail) > 254:
        return False
    whole = rf"(?<![\w.+-]){re.escape(mail)}(?![\w-]|\.\w)"
    return re.search(whole, text, re.IGNORECASE) is not None


def _image(read: Properties, base: str | None) -> str | None:
    """The picture: IMAGE (RFC 7986), a picture among ATTACH, Tockify's own."""
    candidates = [*read.all("IMAGE"), *filter(_is_picture, read.all("ATTACH"))]
    candidates += read.all("X-TKF-FEATURED-IMAGE")
    links = (clean_url(each.text, base) for each in candidates)
    return next((link for link in links if link), None)


def _is_picture(found: Line) -> bool:
    kind = found.params.get("FMTTYPE", "").lower()
    if kind:
        return kind.startswith("image/")
    try:
        return bool(_PICTURE.search(urlsplit(found.text).path))
    except ValueError:
        return False


def _categories(read: Properties) -> tuple[str, ...]:
    named = (line(text) for found in read.all("CATEGORIES") for text in found.texts)
    return tuple(dict.fromkeys(name for name in named if name))
