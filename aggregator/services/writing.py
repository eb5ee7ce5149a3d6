"""A post without an event: what staff write, counted on every channel before it is queued."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from aggregator.domain.compose import cleaned, free, tags_for, written
from aggregator.domain.schedule import is_quiet, next_free, plan
from aggregator.domain.starters import gap
from aggregator.services import library, previewing
from aggregator.services.channels import limits_of
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.services.previewing import ChannelPreview
from aggregator.storage import channels, choices, deliveries, journal, media, posts, revisions
from aggregator.storage import house as settings
from aggregator.storage.doors import Reader, Writer
from feeds.facts import digest

MOMENT = "free"

#: How far ahead a time may be chosen.
AHEAD = timedelta(days=366)

#: A form's one-time name.
KEY = re.compile(r"[0-9A-Z]{26}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What staff have written. `words` are those for one channel alone, by its id.

    `when`: each channel's next free slot, at once, or that moment. `image` is one of ours.
    """

    text: str
    link: str | None = None
    image: str | None = None
    alt: str = ""
    purpose_id: int | None = None
    audience_id: int | None = None
    channels: frozenset[int] | None = None  # None: every connected one
    words: Mapping[int, str] = field(default_factory=dict)
    when: Literal["slot", "now"] | datetime = "slot"


@dataclass(frozen=True, slots=True)
class Looked:
    """What would go out. `quiet` are the channels whose quiet hours it would fall into."""

    channels: tuple[ChannelPreview, ...]
    problem: ServiceError | None
    quiet: frozenset[int]
    image: str | None

    @property
    def digest(self) -> str:
        """Names all that is shown, so that exactly this goes out."""
        told = [[each.channel_id, each.composed.text] for each in self.channels]
        return digest([self.image, *told])


@dataclass(frozen=True, slots=True)
class Written:
    """A post that was queued: its public name, channel name and when."""

    pid: str
    queued: tuple[tuple[str, datetime], ...]


def look(house: House, tx: Reader, draft: Draft, now: datetime) -> Looked:
    """What the draft is on every channel, and why it can't go out, if it can't."""
    zone, taken = library.zone(tx), posts.taken(tx, now)
    tags = tags_for(choices.hashtag_sets(tx), draft.audience_id)
    known = media.by_digest(tx, draft.image) if draft.image else None
    image = draft.image if known is not None else None
    connected = channels.connected(tx)
    found = tuple(
        _on_channel(house, draft, image, channel, tags, _due(draft, channel, now, zone, taken))
        for channel in connected
    )
    quiet = frozenset(
        each.channel_id
        for each, channel in zip(found, connected, strict=True)
        if is_quiet(plan(channel.slots, channel.quiet), each.due_at, zone)
    )
    problem = _problem(draft, image, now) or previewing.unsendable(found, connected=bool(found))
    return Looked(found, problem, quiet, image)


def write(
    house: House,
    draft: Draft,
    *,
    actor: str,
    key: str,
    shown: str,
    author_id: int | None = None,
) -> Written:
    """Queue it on every chosen channel.

    `shown` is the digest of what was looked at: ConflictError if it would be another by now. The
    form's `key` makes a second click find the first one's posts. Raises ServiceError with what
    is missing; then nothing was queued anywhere.
    """
    if not KEY.fullmatch(key):
        raise ServiceError("write.form")
    with house.database.writing() as tx:
        now = house.clock()
        connected = channels.connected(tx)
        for channel in connected:
            channels.lock(tx, channel.id)
        if done := posts.with_keys(tx, [f"{key}:{channel.id}" for channel in connected]):
            return Written(done[0].pid, tuple((row.channel, row.due_at) for row in done))
        looked = look(house, tx, draft, now)
        if looked.problem is not None:
            raise looked.problem
        if shown != looked.digest:
            raise ConflictError("write.look")
        made = _queue(tx, draft, looked, now, key=key, author_id=author_id)
        post_id, queued = made
        journal.add(tx, now, actor, "write", f"post:{post_id}", after={"words": draft.text})
        revisions.bump(tx, revisions.INBOX)
        tx.wake("deliver")
        post = posts.by_id(tx, post_id)
    return Written(post.pid if post is not None else "", queued)


def undo(house: House, pid: str, *, actor: str) -> int:
    """Withdraw of a written post what is not on its way yet; how many are out or may be."""
    with house.database.writing() as tx:
        post = posts.by_pid(tx, pid)
        if post is None or post.moment != MOMENT:
            raise MissingError("delivery.missing")
        rows = posts.deliveries_of(tx, post.id)
        deliveries.cancel(tx, [row.id for row in rows])
        left = posts.deliveries_of(tx, post.id)
        journal.add(tx, house.clock(), actor, "unwrite", f"post:{post.id}")
        revisions.bump(tx, revisions.INBOX)
    return sum(row.state in {"SENDING", "SENT", "UNKNOWN"} for row in left)


def _on_channel(
    house: House,
    draft: Draft,
    image: str | None,
    channel: Row[Any],
    tags: Sequence[str],
    due: datetime,
) -> ChannelPreview:
    wording, limits = house.networks[channel.network].wording, limits_of(channel)
    composed = free(cleaned(draft.text), draft.link, tags, wording, limits)
    plain = composed.text
    words = cleaned(draft.words.get(channel.id, plain))
    if words != plain:
        composed = written(words, draft.link, limits)
    return ChannelPreview(
        channel_id=channel.id,
        channel=channel.name,
        network=channel.network,
        account=(channel.account or {}).get("name"),
        composed=composed,
        plain=plain,
        due_at=due,
        not_after=None,
        image=image,
        image_alt=draft.alt,
        already=None,
        chosen=draft.channels is None or channel.id in draft.channels,
    )


def _due(
    draft: Draft,
    channel: Row[Any],
    now: datetime,
    zone: ZoneInfo,
    taken: Mapping[int, Sequence[datetime]],
) -> datetime:
    if draft.when == "now":
        return now
    if isinstance(draft.when, datetime):
        return draft.when
    return next_free(plan(channel.slots, channel.quiet), now, zone, taken.get(channel.id, ()))


def _problem(draft: Draft, image: str | None, now: datetime) -> ServiceError | None:
    """What is still missing, whatever the channel."""
    if not cleaned(draft.text):
        return ServiceError("write.empty")
    for text in (draft.text, *draft.words.values()):
        if left := gap(text):
            return ServiceError("write.gap", gap=left)
    if image and not draft.alt.strip():
        return ServiceError("write.alt")
    if isinstance(draft.when, datetime) and not now < draft.when < now + AHEAD:
        return ServiceError("write.past" if draft.when <= now else "write.far")
    return None


def _queue(
    tx: Writer,
    draft: Draft,
    looked: Looked,
    now: datetime,
    *,
    key: str,
    author_id: int | None,
) -> tuple[int, tuple[tuple[str, datetime], ...]]:
    """The post, and a delivery for each chosen channel."""
    post_id = posts.add(
        tx,
        now,
        event_id=None,
        rid="",
        moment=MOMENT,
        words=cleaned(draft.text),
        link=draft.link,
        purpose_id=draft.purpose_id,
        audience_id=draft.audience_id,
        author_id=author_id,
    )
    if looked.image:
        posts.add_picture(tx, post_id, looked.image, draft.alt)
    language, queued = settings.get(tx, "language", "en"), []
    for each in looked.channels:
        if not each.chosen:
            continue
        body = _frozen(each, language)
        if deliveries.add(
            tx,
            post_id=post_id,
            channel_id=each.channel_id,
            action="CREATE",
            state="QUEUED",
            live_key=f"{key}:{each.channel_id}",
            words=each.words,
            due_at=each.due_at,
            not_after=None,
            frozen=body,
            frozen_digest=digest(body),
        ):
            queued.append((each.channel, each.due_at))
    return post_id, tuple(queued)


def _frozen(each: ChannelPreview, language: str) -> dict[str, Any]:
    images = [{"sha256": each.image, "alt": each.image_alt}] if each.image else []
    return {
        "text": each.composed.text,
        "link": each.composed.link,
        "language": language,
        "images": images,
        "facts": {},
    }
