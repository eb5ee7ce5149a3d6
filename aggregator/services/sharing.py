"""Share: one post for every connected channel, shown exactly as it will go out, then queued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from aggregator.domain.compose import Composed, Told, compose
from aggregator.domain.dates import Date, upcoming
from aggregator.domain.schedule import next_free, plan
from aggregator.services import library, reviews
from aggregator.services.channels import limits_of
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import channels, deliveries, events, posts
from aggregator.storage import house as settings
from aggregator.storage.doors import Reader, Writer
from feeds.facts import digest, from_facts

MOMENT = "announce"


@dataclass(frozen=True, slots=True)
class ChannelPreview:
    """One channel's post, and when it goes out."""

    channel_id: int
    channel: str
    network: str
    composed: Composed
    due_at: datetime
    not_after: datetime
    image: str | None  # sha256
    image_alt: str
    already: str | None  # the state of a delivery that is queued, sent or on its way


@dataclass(frozen=True, slots=True)
class Preview:
    """What Share would do. `digest` names all that was shown: texts, pictures, channels."""

    event_id: int
    version: int
    channels: tuple[ChannelPreview, ...]
    problem: ServiceError | None  # why it can't be shared, if it can't

    @property
    def digest(self) -> str:
        return digest([[each.channel_id, each.composed.text, each.image] for each in self.channels])


@dataclass(frozen=True, slots=True)
class Shared:
    """What was queued: channel name and when; the review's new version."""

    event_id: int
    version: int
    queued: tuple[tuple[str, datetime], ...]


def preview(house: House, event_id: int) -> Preview:
    """What Share would send, channel by channel. Raises MissingError."""
    with house.database.reading() as tx:
        row = events.by_id(tx, event_id)
        if row is None:
            raise MissingError("event.missing")
        return _preview(house, tx, row, house.clock())


def share(
    house: House,
    event_id: int,
    *,
    actor: str,
    version: int,
    shown: str | None = None,
    post_now: bool = False,
    author_id: int | None = None,
) -> Shared:
    """Approve the event and queue its post for every connected channel.

    `shown` is the digest of the preview that was looked at; ConflictError if it would be another
    by now. A second click finds the first one's deliveries and makes none. Raises ServiceError
    with the reason when there is nothing to share.
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
        looked = _preview(house, tx, row, now)
        if looked.problem is not None:
            raise looked.problem
        if shown is not None and shown != looked.digest:
            raise ConflictError("share.changed")
        decision = reviews.decide(tx, now, "share", event_id, actor=actor, version=version)
        queued = _queue(tx, row, looked, now, post_now=post_now, author_id=author_id)
        tx.wake("deliver")
    return Shared(event_id, decision.version, queued)


def recompose(house: House, tx: Reader, event: Any, channel: Row[Any]) -> ChannelPreview:
    """The post of one channel as it would be composed now. Raises ServiceError."""
    looked = _preview(house, tx, event, house.clock(), only=channel.channel_id)
    if looked.problem is not None:
        raise looked.problem
    return looked.channels[0]


def frozen(shown: ChannelPreview, row: Any, told: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly what goes out, as the delivery keeps it."""
    return {
        "text": shown.composed.text,
        "link": shown.composed.link,
        "language": row.facts.get("language") or "en",
        "images": [{"sha256": shown.image, "alt": shown.image_alt}] if shown.image else [],
        "facts": {
            key: told.get(key)
            for key in ("summary", "start", "end", "all_day", "zone", "url", "status")
        },
    }


def _waiting(tx: Reader, event_id: int) -> tuple[tuple[str, datetime], ...]:
    rows = deliveries.of_event(tx, event_id)
    return tuple((row.channel, row.due_at) for row in rows if row.state == "QUEUED")


def _preview(house: House, tx: Reader, row: Any, now: datetime, only: int | None = None) -> Preview:
    event, zone = from_facts(row.facts), library.zone(tx)
    coming = [*upcoming(event, now, zone)]
    problem = _problem(row, coming)
    connected = [each for each in channels.connected(tx) if only in (None, each.id)]
    if not connected:
        problem = problem or ServiceError("share.no_channel")
    live = {
        each.channel_id: each.state
        for each in deliveries.of_event(tx, row.id)
        if each.state not in deliveries.ENDED
    }
    told = Told(
        event=event,
        dates=coming,
        partner=row.credit or row.partner,
        link=_link(house, row),
        tags=tuple(settings.get(tx, "hashtags", [])),
    )
    found = tuple(
        _on_channel(house, tx, row, told, channel, now, zone, live.get(channel.id))
        for channel in (connected if coming else ())
    )
    for each in found:
        if not each.composed.fits:
            problem = problem or ServiceError("share.too_long", channel=each.channel)
    return Preview(row.id, row.version, found, problem)


def _on_channel(
    house: House,
    tx: Reader,
    row: Any,
    told: Told,
    channel: Row[Any],
    now: datetime,
    zone: ZoneInfo,
    already: str | None,
) -> ChannelPreview:
    """One channel's post, at its next free slot, about the dates that are then still to come."""
    last = _last_moment(told.dates, now)
    taken = deliveries.taken(tx, channel.id, now)
    due = next_free(plan(channel.slots, channel.quiet), now, zone, taken, before=last)
    ahead = [each for each in told.dates if each.start_at > due]
    composed = compose(
        replace(told, dates=ahead or told.dates),
        house.networks[channel.network].wording,
        limits_of(channel),
        due.astimezone(zone).date(),
    )
    return ChannelPreview(
        channel_id=channel.id,
        channel=channel.name,
        network=channel.network,
        composed=composed,
        due_at=due,
        not_after=last,
        image=row.image,
        image_alt=told.event.image_alt or told.event.summary or "",
        already=already,
    )


def _problem(row: Any, coming: Sequence[Date]) -> ServiceError | None:
    if row.kind == "notice":
        return ServiceError("review.notice")
    if row.merged_into is not None:
        return ServiceError("event.missing")
    if not coming:
        cancelled = row.facts.get("status") == "CANCELLED"
        return ServiceError("share.cancelled" if cancelled else "share.over")
    return None


def _last_moment(coming: Sequence[Date], now: datetime) -> datetime:
    """Until when it can be announced: the last date's start, or its end while it runs."""
    last = coming[-1]
    return last.start_at if last.start_at > now else last.end_at


def _link(house: House, row: Any) -> str | None:
    """The event's own page; ours where it has none and residents can reach us."""
    own: str | None = row.facts.get("url")
    if own:
        return own
    public = house.settings.public_url
    return f"{public}/event/{row.pid}" if public else None


def _queue(
    tx: Writer,
    row: Any,
    looked: Preview,
    now: datetime,
    *,
    post_now: bool,
    author_id: int | None,
) -> tuple[tuple[str, datetime], ...]:
    """One post, and a delivery for each channel that has none."""
    missing = [each for each in looked.channels if each.already is None]
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
    )
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
            due_at=due,
            not_after=each.not_after,
            frozen=body,
            frozen_digest=digest(body),
        ):
            queued.append((each.channel, due))
    return tuple(queued)
