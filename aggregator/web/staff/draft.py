"""What somebody has typed on the page for writing a post: read from the form, kept on the page."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import request

from aggregator.domain.starters import Starter
from aggregator.services import uploads
from aggregator.services.errors import ServiceError
from aggregator.services.writing import Draft
from aggregator.storage.ids import new_pid
from aggregator.web import here, sound
from aggregator.web.here import Clock
from aggregator.web.staff import previews
from words.say import translate as _

#: The name of a picture of ours.
_IMAGE = re.compile(r"[0-9a-f]{64}")

WHEN = ("slot", "now", "at")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it stands, as text where it was typed."""

    key: str
    text: str = ""
    link: str = ""
    image: str = ""
    alt: str = ""
    purpose_id: int | None = None
    audience_id: int | None = None
    when: str = "slot"
    day: str = ""
    time: str = ""


def begun(clock: Clock, starter: Starter | None, purpose_id: int | None) -> Typed:
    """A new form, with the words of a starter."""
    words = _(starter.text) if starter is not None else ""
    return Typed(new_pid(clock.now), text=words, purpose_id=purpose_id)


def typed() -> Typed:
    """What came with the form."""
    form = request.form
    image = form.get("image", "")
    return Typed(
        key=form.get("key", ""),
        text=form.get("text", "")[: previews.LONGEST],
        link=form.get("link", "").strip()[:2000],
        image=image if _IMAGE.fullmatch(image) and "without" not in form else "",
        alt=" ".join(form.get("alt", "").split())[:1500],
        purpose_id=previews.number("purpose") or None,
        audience_id=previews.number("audience") or None,
        when=form["when"] if form.get("when") in WHEN else "slot",
        day=form.get("day", "")[:10],
        time=form.get("time", "")[:8],
    )


def with_picture(now: Typed) -> Typed:
    """The same with the picture that was chosen just now, if one was. Raises ServiceError."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        return now
    data = file.stream.read(uploads.LIMIT + 1)
    return replace(now, image=uploads.keep(here.house(), data))


def draft(now: Typed, clock: Clock) -> Draft:
    """What the services are given. Raises ServiceError for what can't be meant."""
    found = previews.wanted()
    return Draft(
        text=now.text,
        link=_link(now.link),
        image=now.image or None,
        alt=now.alt,
        purpose_id=now.purpose_id,
        audience_id=now.audience_id,
        channels=found.channels,
        words=found.words,
        when=_moment(now, clock) if now.when == "at" else "now" if now.when == "now" else "slot",
    )


def _link(text: str) -> str | None:
    """A web address; the scheme may be left out. Raises ServiceError."""
    if not text:
        return None
    link = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(link)
    except ValueError as error:
        raise ServiceError("write.link", link=text[:200]) from error
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or " " in link:
        raise ServiceError("write.link", link=text[:200])
    return link


def _moment(now: Typed, clock: Clock) -> datetime:
    """The day and time in the library's own zone. Raises ServiceError."""
    try:
        wall = sound.moment(f"{now.day}T{now.time}")
    except ValueError as error:
        raise ServiceError("write.time") from error
    return wall.replace(tzinfo=clock.zone).astimezone(UTC)
