"""Share: one post for every chosen channel, shown exactly as it will go out, then queued."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from aggregator.domain.compose import cleaned, free, tags_for, written
from aggregator.services import previewing, reviews
from aggregator.services.channels import limits_of
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.services.previewing import EVERYONE, ChannelPreview, Preview, Wanted
from aggregator.storage import channels, choices, deliveries, events, journal, posts, revisions
from aggregator.storage.doors import Reader, Writer
from feeds.facts import digest

MOMENT = "announce"

#: Of the event's facts, what goes along for networks that pass data on.
TOLD = ("summary", "start", "end", "all_day", "zone", "url", "status")


@dataclass(frozen=True, slots=True)
class Shared:
    """What was queued: channel name and when; the review's new version."""

    event_id: int
    version: int
    queued: tuple[tuple[str, datetime], ...]


def share(
    house: House,
    event_id: int,
    *,
    actor: str,
    version: int,
    shown: str | None = None,
    wanted: Wanted | None = None,
    post_now: bool = False,
    author_id: int | None = None,
) -> Shared:
    """Approve the event and queue its post for every chosen channel.

    `shown` is the digest of the preview that was looked at; ConflictError if it would be another
    by now. A second click finds the first one's deliveries and makes none. Raises ServiceError
    with the reason when there is nothing to share; then nothing was sent anywhere.
    """
    with house.database.writing() as tx:
        now = house.clock()
        try:
            row = reviews.held(tx, event_id, version)
        except ConflictError:
            done = reviews.repeated(tx, "share", event_id, actor=actor, version=version)
            if done is None:
                raise
            return Shared(event_id, done.version, _waiting(tx, event_id))
        for channel in channels.connected(tx):
            channels.lock(tx, channel.id)
        looked = previewing.look(house, tx, row, now, wanted or Wanted())
        if looked.problem is not None:
            raise looked.problem
        if shown is not None and shown != looked.digest:
            raise ConflictError("share.changed")
        decision = reviews.decide(tx, now, "share", event_id, actor=actor, version=version)
        queued = _queue(tx, row, looked, now, post_now=post_now, author_id=author_id)
        tx.wake("deliver")
    return Shared(event_id, decision.version, queued)


def recompose(house: House, tx: Reader, event: Any, row: Row[Any]) -> ChannelPreview:
    """The post of one delivery as it would go out now. Raises ServiceError.

    What staff wrote stays as they wrote it; the picture is the one they saw, or the event's new
    one in its place.
    """
    looked = previewing.look(
        house, tx, event, house.clock(), _as_before(tx, event, row), only=row.channel_id
    )
    if looked.problem is not None:
        raise looked.problem
    return looked.channels[0]


def reword(house: House, delivery_id: int, words: str | None, *, actor: str) -> None:
    """Other words for a post that has not begun to go out; None or "": composed again.

    A held one stays held: who wrote knows how the event is now, but releasing it is said apart.
    Raises MissingError, ConflictError (it is on its way) or ServiceError (too long, over).
    """
    with house.database.writing() as tx:
        row = deliveries.by_id(tx, delivery_id)
        event = events.lock(tx, row.event_id) if row is not None and row.event_id else None
        row = deliveries.lock(tx, delivery_id)
        if row is None:
            raise MissingError("delivery.missing")
        if row.state not in deliveries.WAITING:
            raise ConflictError("delivery.moved", state=row.state)
        text = cleaned(words or "") or None
        kept, body = _reworded(house, tx, event, row, text)
        deliveries.change(tx, delivery_id, words=kept, frozen=body, frozen_digest=digest(body))
        subject = f"delivery:{delivery_id}"
        told = {"words": row.words}, {"words": kept}
        journal.add(tx, house.clock(), actor, "reword", subject, before=told[0], after=told[1])
        revisions.bump(tx, revisions.INBOX)


def frozen(shown: ChannelPreview, row: Any, told: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly what goes out, as the delivery keeps it."""
    return {
        "text": shown.composed.text,
        "link": shown.composed.link,
        "language": row.facts.get("language") or "en",
        "images": [{"sha256": shown.image, "alt": shown.image_alt}] if shown.image else [],
        "facts": {key: told.get(key) for key in TOLD},
    }


def _as_before(tx: Reader, event: Any, row: Row[Any]) -> Wanted:
    """What staff wanted when they looked at this delivery."""
    post, images = posts.by_id(tx, row.post_id), row.frozen["images"]
    same = bool(images) and images[0]["sha256"] == event.image
    group = post.audience_id if post is not None else None
    return Wanted(
        words={row.channel_id: row.words} if row.words else {},
        picture=bool(images),
        alt=images[0]["alt"] if same else None,
        audience_id=group or EVERYONE,
    )


def _reworded(
    house: House, tx: Reader, event: Any, row: Row[Any], text: str | None
) -> tuple[str | None, dict[str, Any]]:
    """The staff's words (None: composed) and the whole post with them."""
    if event is not None:
        wanted = replace(_as_before(tx, event, row), words={row.channel_id: text} if text else {})
        looked = previewing.look(house, tx, event, house.clock(), wanted, only=row.channel_id)
        if not looked.channels:
            raise looked.problem or ServiceError("share.no_channel")
        [shown] = looked.channels
        if problem := previewing.at_fault(shown.composed, shown.channel):
            raise problem
        return shown.words, {**row.frozen, "text": shown.composed.text, "link": shown.composed.link}
    post, channel = posts.by_id(tx, row.post_id), channels.by_id(tx, row.channel_id)
    if post is None or channel is None:
        raise MissingError("delivery.missing")
    limits, wording = limits_of(channel), house.networks[channel.network].wording
    tags = tags_for(choices.hashtag_sets(tx), post.audience_id)
    plain = free(post.words, post.link, tags, wording, limits)
    composed = plain if text is None else written(text, post.link, limits)
    if problem := previewing.at_fault(composed, channel.name):
        raise problem
    return text, {**row.frozen, "text": composed.text}


def _waiting(tx: Reader, event_id: int) -> tuple[tuple[str, datetime], ...]:
    rows = deliveries.of_event(tx, event_id)
    return tuple((row.channel, row.due_at) for row in rows if row.state == "QUEUED")


def _queue(
    tx: Writer,
    row: Any,
    looked: Preview,
    now: datetime,
    *,
    post_now: bool,
    author_id: int | None,
) -> tuple[tuple[str, datetime], ...]:
    """One post, and a delivery for each chosen channel that has none."""
    missing = [each for each in looked.channels if each.chosen and each.already is None]
    if not missing:
        return ()
    post_id = posts.add(
        tx,
        now,
        event_id=row.id,
        rid="",
        moment=MOMENT,
        facts_digest=row.material_digest,
        author_id=author_id,
        purpose_id=looked.purpose_id,
        audience_id=looked.audience_id,
    )
    if missing[0].image:
        posts.add_picture(tx, post_id, missing[0].image, missing[0].image_alt)
    queued = []
    for each in missing:
        body = frozen(each, row, row.facts)
        due = now if post_now else each.due_at
        if deliveries.add(
            tx,
            post_id=post_id,
            channel_id=each.channel_id,
            action="CREATE",
            state="QUEUED",
            live_key=f"{row.id}::{MOMENT}:{each.channel_id}",
            words=each.words,
            due_at=due,
            not_after=each.not_after,
            frozen=body,
            frozen_digest=digest(body),
        ):
            queued.append((each.channel, due))
    return tuple(queued)
