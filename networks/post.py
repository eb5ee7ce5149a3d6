"""The contract of this room: what goes out, and what a network says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from safehttp.door import Door

Unit = Literal["graphemes", "bytes", "words"]
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of whoever is given none."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of ours, already re-encoded, with its description for those who can't see it."""

    data: bytes
    mime: str
    alt: str


@dataclass(frozen=True, slots=True)
class Post:
    """What goes out, frozen: the same key always comes with the same text.

    `key` is the delivery's live key; `text` is whole, its link inside it where the network's
    wording puts it there; `language` is BCP 47.
    """

    key: str
    text: str
    link: str | None = None
    language: str = "en"
    images: tuple[Image, ...] = ()
    #: For networks that pass data on (webhook): the event's facts, JSON-ready.
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a post may be: `characters` in `unit`; a link counts `url_characters` if set.

    With `local_mentions` only @name counts of @name@server.
    """

    characters: int
    url_characters: int | None = None
    unit: Unit = "graphemes"
    local_mentions: bool = False


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a network can do.

    `repeat_harmless`: the same key sent twice is one post, for ever, on every server.
    `searchable`: `find` can look through the account's own posts.
    `by_hand`: a person puts the post up, so that `publish` is never called.
    """

    repeat_harmless: bool = False
    searchable: bool = True
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """How a post is worded there, for `aggregator.domain.compose`.

    `tags` is how many hashtags are welcome; `link` says whether the address stands in the text
    or travels beside it.
    """

    tags: int = 3
    link: Literal["text", "beside"] = "text"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's own name for the post (None if it has none) and its public address."""

    network_id: str | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are there, as a test of the connection that posts nothing."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a channel needs to connect. A secret is encrypted at rest and never shown.

    What is not given is the default, else made by `make`; what was made is shown once, when the
    channel is added, since the other side needs it too. Only one of `choices` will do, where it
    names any; what is `optional` may be left empty.
    """

    name: str
    secret: bool = False
    default: str | None = None
    make: Callable[[], str] | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """How a person puts a post up where no program may: what they open, and what they carry there.

    `kind` is one of the choices of the network's setting of that name. `fields` name the parts of
    a form that is filled in there (docs/vocabulary.md), in its order; without any the post is one
    text. A picture is cut to `cover`, in pixels. `theirs`: the partner may have put it up already.
    """

    kind: str
    opens: str | None = None
    mails: str | None = None
    fields: tuple[str, ...] = ()
    cover: tuple[int, int] | None = None
    theirs: bool = False


class Adapter(Protocol):
    """One account on one network. Every method may raise networks.errors, nothing else."""

    def check(self) -> Account:
        """Ask who we are there. Posts nothing. Raises LaterError, RefusedError."""

    def limits(self) -> Limits:
        """Ask what fits. Raises LaterError, RefusedError."""

    def publish(self, post: Post, within: timedelta) -> Receipt:
        """Send post once, everything done within that time.

        Raises LaterError (certainly nothing happened), RefusedError, UnknownError (look first).
        """

    def find(self, post: Post, since: datetime) -> Receipt | None:
        """Our own post with this frozen text, made at or after since; None if it is not there.

        Raises LaterError when the listing can't be had or does not reach back to since, and
        RefusedError when this network cannot be searched.
        """


class Connect(Protocol):
    """Makes an adapter; nothing is asked yet. `clock` answers an aware datetime."""

    def __call__(
        self, settings: Mapping[str, str], door: Door, clock: Clock = utc_now
    ) -> Adapter: ...


@dataclass(frozen=True, slots=True)
class Network:
    """One network: a folder with one constant NETWORK in its adapter module.

    `settle` is how late a request that was accepted may still appear. One that is done by hand has
    `hand`, which says of a channel's settings how.
    """

    name: str
    label: str
    settings: tuple[Setting, ...]
    settle: timedelta
    connect: Connect
    limits: Limits  # what to count by until the server is asked
    abilities: Abilities = Abilities()
    wording: Wording = Wording()
    hand: Callable[[Mapping[str, str]], Hand] | None = None
