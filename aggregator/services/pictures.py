"""Pictures come through the door, are re-encoded without what a camera noted, and are ours."""

import hashlib
import io
import os
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import get_ident
from typing import Any

import structlog
from PIL import Image, ImageOps

from aggregator.services.house import House
from aggregator.storage import events, hosts, media, revisions
from safehttp.errors import DoorError, ForbiddenError

#: Bytes of a download, the longer edge of our copy in pixels, and what a picture may unfold to.
LIMIT, EDGE, PIXELS = 10_000_000, 1600, 50_000_000
AGAIN, LEASE = timedelta(days=1), timedelta(seconds=90)
AT_ONCE = 20
#: Bytes of an address; a longer one is not asked.
LONGEST = 2000
#: An event's picture can't be had, and asking again will not help.
REFUSED: Mapping[str, Any] = {"image": None, "image_due_at": None}

_log = structlog.get_logger()


class PictureError(ValueError):
    """What came is no picture that we can show."""


def fetch_due(house: House, me: str, end: float) -> int:
    """Fetch pictures of coming events until none is due or the time (monotonic) is up."""
    fetched, tried = 0, set[str]()
    while time.monotonic() < end:
        with house.database.reading() as tx:
            due = events.pictures_due(tx, house.clock(), AT_ONCE)
        if not due:
            break
        for row in due:
            if time.monotonic() > end:
                break
            url = row.facts["image"]
            values = _fetch(house, me, url, again=url in tried)
            tried.add(url)
            _keep(house, row.id, url, **values)
            fetched += bool(values.get("image"))
    return fetched


def _fetch(house: House, me: str, url: str, *, again: bool) -> Mapping[str, Any]:
    """What an event's row says of its picture: ours already, or asked for if its host is free.

    again: another event's was the same and could not be had, so it is not asked for now.
    """
    with house.database.reading() as tx:
        ours = media.by_source(tx, url)
    if ours is not None:
        return {"image": ours, "image_due_at": None}
    now, host = house.clock(), hosts.name_of(url)
    if not host or len(url.encode()) > LONGEST:
        return REFUSED
    if again:
        return {"image_due_at": now + AGAIN}
    with house.database.writing() as tx:
        held = hosts.claim_named(tx, host, me, now, now + LEASE)
    if held is None:
        return {"image_due_at": now + timedelta(minutes=1)}
    try:
        return _ask(house, url)
    finally:
        with house.database.writing() as tx:
            hosts.release(tx, held, house.clock())


def _ask(house: House, url: str) -> Mapping[str, Any]:
    try:
        answer = house.feed_door(url).get(url, limit=LIMIT)
        if answer.status >= 500 or answer.status == 429:
            raise DoorError("door.status", f"{answer.status}")
        if answer.status != 200:
            raise PictureError(f"status {answer.status}")
        return {"image": keep(house, answer.body, url), "image_due_at": None}
    except (PictureError, ForbiddenError) as error:
        _log.info("picture.refused", url=url, error=str(error))
        return REFUSED
    except (DoorError, OSError) as error:  # OSError: no room for our copy
        _log.info("picture.later", url=url, error=str(error))
        return {"image_due_at": house.clock() + AGAIN}


def keep(house: House, data: bytes, source_url: str | None) -> str:
    """Re-encode a picture into the media folder; its name. Raises PictureError."""
    encoded, mime, (width, height) = encode(data)
    sha256 = hashlib.sha256(encoded).hexdigest()
    path = path_of(house.settings.media_dir, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}.part")
    part.write_bytes(encoded)
    part.replace(path)  # whole or not at all
    with house.database.writing() as tx:
        media.add(
            tx,
            sha256,
            mime=mime,
            width=width,
            height=height,
            bytes=len(encoded),
            source_url=source_url,
        )
    return sha256


def path_of(folder: Path, sha256: str) -> Path:
    """Where our copy lies."""
    return folder / sha256[:2] / sha256


def encode(data: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The picture anew: upright, at most 1,600 pixels, no EXIF. Raises PictureError.

    JPEG, or PNG where something of it is transparent. Only the first frame of an animation.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Any = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP"))
            if image.width * image.height > PIXELS or min(image.size) < 1:
                raise PictureError(f"{image.width} × {image.height} pixels")
            image.draft("RGB", (EDGE, EDGE))
            image = ImageOps.exif_transpose(image)
            image.thumbnail((EDGE, EDGE))
            return _write(image)
    except Exception as error:  # a broken file leads Pillow to nearly any
        raise PictureError(str(error)) from error


def _write(image: Any) -> tuple[bytes, str, tuple[int, int]]:
    seen_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    plain = image.convert("RGBA" if seen_through else "RGB")
    if seen_through and plain.getextrema()[3][0] == 255:
        plain, seen_through = plain.convert("RGB"), False
    out = io.BytesIO()
    if seen_through:
        plain.save(out, "PNG", optimize=True)
        return out.getvalue(), "image/png", plain.size
    plain.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), "image/jpeg", plain.size


def _keep(house: House, event_id: int, url: str, **values: Any) -> None:
    """Write it down, unless the event has been given another picture meanwhile."""
    with house.database.writing() as tx:
        if events.lock(tx, event_id).facts["image"] != url:
            return
        events.change_event(tx, event_id, **values)
        if values.get("image"):
            revisions.bump(tx, revisions.INBOX)


def load(house: House, sha256: str) -> bytes | None:
    """Our copy's bytes; None when the file is gone."""
    with suppress(OSError):
        return path_of(house.settings.media_dir, sha256).read_bytes()
    return None
