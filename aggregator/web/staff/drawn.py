"""A post as its network draws it: what templates/macros/post.html is given."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from networks.counting import count
from networks.parts import Part, paragraphs
from networks.post import Limits


class Card(NamedTuple):
    """What a network draws of a link: the page's host, and what it is about."""

    url: str
    host: str
    title: str


class Drawn(NamedTuple):
    """One post on one channel, ready to be drawn. `key` is its own on the page, for ids."""

    key: str
    network: str
    channel: str
    name: str  # the library's
    account: str  # how it is called there; "" where we don't know
    blocks: Sequence[Sequence[Sequence[Part]]]
    used: int
    limit: int  # 0: not counted
    image: str | None
    alt: str
    card: Card | None
    when: str  # when it goes or went out; "" where that is said elsewhere


def draw(
    key: object,
    channel: Any,
    text: str,
    *,
    library: str,
    counted: int = 0,
    limit: int = 0,
    link: str | None = None,
    title: str = "",
    image: str | None = None,
    alt: str = "",
    when: str = "",
) -> Drawn:
    """The post. `channel` has network, channel (its name) and, where known, account.

    A link is drawn as a card where no picture goes along; so do the networks.
    """
    account = getattr(channel, "account", None)
    return Drawn(
        key=str(key),
        network=channel.network,
        channel=channel.channel,
        name=library,
        account=account_name(account),
        blocks=paragraphs(text) if text else (),
        used=counted,
        limit=limit,
        image=image,
        alt=alt,
        card=_card(link, title) if link and not image else None,
        when=when,
    )


def from_row(row: Any, library: str, *, title: str = "", when: str = "") -> Drawn:
    """The post of a row that is about a delivery: id, channel, network, frozen.

    With the channel's `account` and `limits`, where the row has them, it is named and counted.
    """
    frozen: Mapping[str, Any] = row.frozen
    image = frozen["images"][0] if frozen["images"] else None
    limits = getattr(row, "limits", None)
    fits = Limits(**limits) if limits else None
    return draw(
        row.id,
        row,
        frozen["text"],
        library=library,
        counted=count(frozen["text"], fits) if fits else 0,
        limit=fits.characters if fits else 0,
        link=frozen["link"],
        title=title,
        image=image["sha256"] if image else None,
        alt=image["alt"] if image else "",
        when=when,
    )


def account_name(account: Any) -> str:
    """The account's name there, from a channel's column or a preview."""
    if isinstance(account, Mapping):
        return str(account.get("name") or "")
    return str(account or "")


def _card(link: str, title: str) -> Card:
    return Card(link, urlsplit(link).hostname or link, title)
