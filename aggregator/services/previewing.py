"""What would go out: an event's post on every channel, as composed or in the words of staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from aggregator.domain.compose import Composed, Told, cleaned, compose, tags_for, written
from aggregator.domain.dates import Date, upcoming
from aggregator.domain.schedule import next_free, plan
from aggregator.services import library
from aggregator.services.channels import limits_of
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import channels, choices, deliveries, events, posts
from aggregator.storage.doors import Reader
from feeds.facts import digest, from_facts

#: `Wanted.audience_id` of a post that is for everybody.
EVERYONE = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What staff want otherwise than it is composed; by default nothing, on every channel.

    `words` by channel id. `alt` describes the picture; None: as the event does. The group decides
    which hashtags join; None: the event's own group. `purpose_id` None: the first there is.
    """

    words: Mapping[int, str] = field(default_factory=dict)
    channels: frozenset[int] | None = None
    picture: bool = True
    alt: str | None = None
    purpose_id: int | None = None
    audience_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelPreview:
    """One channel's post, and when it goes out. `plain` is what is composed without staff."""

    channel_id: int
    channel: str
    network: str
    account: str | None  # how the account is called there
    composed: Composed
    plain: str
    due_at: datetime
    not_after: datetime | None
    image: str | None  # sha256
    image_alt: str
    already: str | None  # the state of a delivery that is queued, sent or on its way
    chosen: bool = True

    @property
    def words(self) -> str | None:
        """What staff wrote; None where it is composed."""
        return self.composed.text if self.composed.text != self.plain else None


@dataclass(frozen=True, slots=True)
class Preview:
    """What Share would do. `digest` names all that was shown and nobody typed."""

    event_id: int
    version: int
    channels: tuple[ChannelPreview, ...]
    problem: ServiceError | None  # why it can't be shared, if it can't
    image: str | None  # the event's, whether it goes along or not
    alt: str
    purposes: Sequence[Row[Any]]
    purpose_id: int | None
    audiences: Sequence[Row[Any]]
    audience_id: int | None  # None: everyone

    @property
    def digest(self) -> str:
        return digest([self.image, *([each.channel_id, each.plain] for each in self.channels)])


@dataclass(frozen=True, slots=True)
class _Room:
    """What every channel's post of one event is made from."""

    told: Told
    wanted: Wanted
    now: datetime
    zone: ZoneInfo
    last: datetime
    image: str | None
    alt: str
    live: Mapping[int, str]
    taken: Mapping[int, Sequence[datetime]]


def preview(house: House, event_id: int, wanted: Wanted | None = None) -> Preview:
    """What Share would send, channel by channel. Raises MissingError."""
    with house.database.reading() as tx:
        row = events.by_id(tx, event_id)
        if row is None:
            raise MissingError("event.missing")
        return look(house, tx, row, house.clock(), wanted or Wanted())


def look(
    house: House,
    tx: Reader,
    row: Any,
    now: datetime,
    wanted: Wanted,
    only: int | None = None,
) -> Preview:
    """The same inside a door of the caller; `only` that channel."""
    event, zone = from_facts(row.facts), library.zone(tx)
    coming = [*upcoming(event, now, zone)]
    purposes, audiences = choices.purposes(tx), choices.audiences(tx)
    audience_id = _audience(tx, row, wanted, [each.id for each in audiences])
    alt = event.image_alt or event.summary or "" if wanted.alt is None else wanted.alt
    connected = [each for each in channels.connected(tx) if only in (None, each.id)]
    found: tuple[ChannelPreview, ...] = ()
    if coming:
        told = Told(
            event=event,
            dates=coming,
            partner=row.credit or row.partner,
            link=_link(house, row),
            tags=tags_for(choices.hashtag_sets(tx), audience_id),
        )
        room = _Room(
            told=told,
            wanted=wanted,
            now=now,
            zone=zone,
            last=_last_moment(coming, now),
            image=row.image if wanted.picture else None,
            alt=alt,
            live={
                each.channel_id: each.state
                for each in deliveries.of_event(tx, row.id)
                if each.state not in deliveries.ENDED
            },
            taken=posts.taken(tx, now),
        )
        found = tuple(_on_channel(house, room, channel) for channel in connected)
    problem = _problem(row, coming) or unsendable(found, connected=bool(connected))
    return Preview(
        event_id=row.id,
        version=row.version,
        channels=found,
        problem=problem,
        image=row.image,
        alt=alt,
        purposes=purposes,
        purpose_id=_purpose(wanted, [each.id for each in purposes]),
        audiences=audiences,
        audience_id=audience_id,
    )


def unsendable(found: Sequence[ChannelPreview], *, connected: bool = True) -> ServiceError | None:
    """Why these posts can't go out, if they can't. Nothing is sent by halves."""
    if not connected:
        return ServiceError("share.no_channel")
    chosen = [each for each in found if each.chosen]
    if not chosen and found:
        return ServiceError("share.none_chosen")
    for each in chosen:
        if each.already is None and (problem := at_fault(each.composed, each.channel)):
            return problem
    return None


def at_fault(composed: Composed, channel: str) -> ServiceError | None:
    """Why this text can't go out there, if it can't."""
    if not composed.text:
        return ServiceError("share.empty", channel=channel)
    if not composed.fits:
        return ServiceError("share.too_long", channel=channel, over=composed.count - composed.limit)
    return None


def _on_channel(house: House, room: _Room, channel: Row[Any]) -> ChannelPreview:
    """One channel's post, at its next free slot, about the dates that are then still to come."""
    day = plan(channel.slots, channel.quiet)
    taken = room.taken.get(channel.id, ())
    due = next_free(day, room.now, room.zone, taken, before=room.last)
    ahead = [each for each in room.told.dates if each.start_at > due]
    wording, limits = house.networks[channel.network].wording, limits_of(channel)
    composed = compose(
        replace(room.told, dates=ahead or room.told.dates),
        wording,
        limits,
        due.astimezone(room.zone).date(),
    )
    plain = composed.text
    if channel.id in room.wanted.words:
        words = cleaned(room.wanted.words[channel.id])
        kept = composed.link if wording.link == "beside" or (composed.link or "") in words else None
        composed = written(words, kept, limits) if words != plain else composed
    return ChannelPreview(
        channel_id=channel.id,
        channel=channel.name,
        network=channel.network,
        account=(channel.account or {}).get("name"),
        composed=composed,
        plain=plain,
        due_at=due,
        not_after=room.last,
        image=room.image,
        image_alt=room.alt,
        already=room.live.get(channel.id),
        chosen=room.wanted.channels is None or channel.id in room.wanted.channels,
    )


def _purpose(wanted: Wanted, known: Sequence[int]) -> int | None:
    if wanted.purpose_id in known:
        return wanted.purpose_id
    return known[0] if known else None


def _audience(tx: Reader, row: Any, wanted: Wanted, known: Sequence[int]) -> int | None:
    """The group that was chosen, else the first of the event's own; None: everyone."""
    if wanted.audience_id is not None:
        return wanted.audience_id if wanted.audience_id in known else None
    own = posts.audiences_of(tx, row.id)
    return next((each for each in known if each in own), None)


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
