"""What a person put up and what has changed since: a task to correct it, made with the change.

The task is an EDIT of the post that is out. Its words are made when it is looked at, from the
event as it is then, and frozen when somebody says that it is corrected.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.domain import correcting, sheets
from aggregator.domain.compose import Told, compose, tags_for
from aggregator.domain.dates import upcoming
from aggregator.services import library
from aggregator.services.channels import limits_of
from aggregator.services.house import House
from aggregator.storage import choices, deliveries, lanes
from aggregator.storage.doors import Reader, Writer
from feeds.facts import digest, from_facts


@dataclass(frozen=True, slots=True)
class Setting:
    """What every task of one page is made with."""

    now: datetime
    zone: ZoneInfo
    hashtags: Any  # the house's sets


@dataclass(frozen=True, slots=True)
class Words:
    """What a post ought to say: whole, and in the parts of a form."""

    text: str
    parts: Mapping[str, str]


def tell(tx: Writer, now: datetime, materials: Mapping[int, str]) -> None:
    """Events (by id) have these material digests now: what is out by hand and tells others is to
    be corrected; a task that nobody has done yet tells the newest, or is gone with the change.

    To be called in the transaction that changes the events, which are locked.
    """
    if not materials:
        return
    chains: dict[int, list[Any]] = {}
    for row in lanes.out_by_hand(tx, materials.keys()):
        chains.setdefault(row.target_delivery or row.id, []).append(row)
    for root, chain in chains.items():
        out = [row for row in chain if row.state == "SENT"]
        if out:
            open_ = [row for row in chain if row.state == "QUEUED"]
            _tell(tx, now, root, out[-1], open_, materials[out[-1].event_id])


def _tell(tx: Writer, now: datetime, root: int, last: Any, open_: list[Any], material: str) -> None:
    over = last.last_end is not None and last.last_end <= now
    if last.frozen.get("theirs") or last.frozen.get("tells") == material or over:
        for row in open_:
            deliveries.change(tx, row.id, state="CANCELLED", due_at=None)
    elif open_:
        deliveries.change(tx, open_[-1].id, not_after=last.last_end)
    else:
        deliveries.add(
            tx,
            post_id=last.post_id,
            channel_id=last.channel_id,
            action="EDIT",
            state="QUEUED",
            words=last.words,
            due_at=now,
            not_after=last.last_end,
            frozen=last.frozen,
            frozen_digest=last.frozen_digest,
            target_delivery=root,
        )


def setting(house: House, tx: Reader) -> Setting:
    """What the tasks of one page are made with: asked once."""
    return Setting(house.clock(), library.zone(tx), choices.hashtag_sets(tx))


def words(house: House, made: Setting, row: Any) -> Words:
    """What a row of `lanes` ought to say: its frozen words, or, of a correction, as it is now."""
    if row.facts is None:
        return Words(row.frozen["text"], {})
    event = from_facts(row.facts)
    link = row.facts.get("url") or row.frozen["link"]
    credit = row.credit or row.partner
    coming = [*upcoming(event, made.now, made.zone)]
    parts = sheets.parts(event, coming[0] if coming else None, link, credit)
    if row.action != "EDIT":
        if row.words:
            parts = {**parts, "details": row.words}
        return Words(row.frozen["text"], parts)
    before = row.frozen["text"]
    if not coming:
        parts["name"] = correcting.cancelled(parts["name"])
        return Words(correcting.cancelled(before), parts)
    if row.words:
        changes = sheets.differences(correcting.told(row.frozen), parts)
        text = correcting.amended(before, changes)
        return Words(text, {**parts, "details": text})
    told = Told(event, coming, credit, link, tags_for(made.hashtags, row.audience_id))
    wording = house.networks[row.network].wording
    today = made.now.astimezone(made.zone).date()
    return Words(compose(told, wording, limits_of(row), today).text, parts)


def put_up(row: Any, said: Words, *, theirs: bool = False) -> dict[str, Any]:
    """The columns of a post that is out: what it says, word for word, and of which facts."""
    tells = row.material_digest
    if row.action == "CREATE" and row.facts_digest != tells:
        tells = None  # the event changed while it was put up: it says what was so before
    body = {**row.frozen, "text": said.text, "parts": dict(said.parts), "tells": tells}
    if tells is None:
        body["parts"] = {}
    if theirs:
        body["theirs"] = True
    words = said.text if row.action == "EDIT" and row.words else row.words
    return {"frozen": body, "frozen_digest": digest(body), "words": words}
