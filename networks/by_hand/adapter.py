"""A place where no program may post: we lay it all out, and a person puts it up.

Nothing of this goes over the wire. A delivery becomes a task when it is due.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.parse import urlsplit

from networks.by_hand.kinds import KINDS
from networks.by_hand.wording import WORDING
from networks.errors import RefusedError
from networks.post import (
    Abilities,
    Account,
    Clock,
    Hand,
    Limits,
    Network,
    Post,
    Setting,
    Unit,
    utc_now,
)
from safehttp.door import Door

#: The shortest and the longest that a person may say fits there.
LEAST, MOST = 10, 100_000

_UNITS: Mapping[str, Unit] = {"characters": "graphemes", "words": "words"}


class ByHand:
    """One place."""

    def __init__(
        self,
        settings: Mapping[str, str],
        door: Door,  # noqa: ARG002 (nobody is asked)
        clock: Clock = utc_now,  # noqa: ARG002
    ) -> None:
        self._settings = settings

    def check(self) -> Account:
        """Look at the settings; nobody is asked. Raises RefusedError for what can't be used."""
        found = hand(self._settings)
        try:
            parts = urlsplit(found.opens or "")
        except ValueError as error:
            raise RefusedError("network.address", (found.opens or "")[:300]) from error
        if found.opens and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise RefusedError("network.address", found.opens[:300])
        if found.mails and not _is_mail(found.mails):
            raise RefusedError("network.mail", found.mails[:300])
        self.limits()
        place = f"{parts.hostname or ''}{parts.path}".strip("/").removeprefix("www.")
        return Account(found.mails or place, found.opens)

    def limits(self) -> Limits:
        """What fits, as the library says, else as is usual there. Raises RefusedError."""
        usual, said = KINDS[self._settings["kind"]].limits, self._settings["length"]
        unit = _UNITS.get(self._settings["unit"], usual.unit)
        if not said:
            return usual if unit == usual.unit else Limits(usual.characters, unit=unit)
        if not said.isascii() or not said.isdigit() or not LEAST <= int(said[:9]) <= MOST:
            raise RefusedError("network.length", said[:20])
        return Limits(int(said), unit=unit)

    def publish(self, post: Post, within: timedelta) -> NoReturn:
        """Raises RefusedError: a person does it."""
        raise RefusedError("network.by_hand", f"{post.key} within {within}")

    def find(self, post: Post, since: datetime) -> NoReturn:
        """Raises RefusedError: only a person can look."""
        raise RefusedError("network.no_search", f"{post.key} since {since.isoformat()}")


def hand(settings: Mapping[str, str]) -> Hand:
    """What a person opens there, and what they carry."""
    kind = KINDS[settings["kind"]]
    return Hand(
        kind=settings["kind"],
        opens=settings["address"] or kind.opens,
        mails=settings["mail"] or None,
        fields=kind.fields,
        cover=kind.cover,
        theirs=bool(kind.fields),
    )


def _is_mail(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and "." in host) and not any(each in text for each in " <>,;?&\r\n")


SETTINGS = (
    Setting("kind", default="other", choices=tuple(KINDS)),
    Setting("address", optional=True),
    Setting("mail", optional=True),
    Setting("length", optional=True),
    Setting("unit", default="usual", choices=("usual", *_UNITS)),
)
NETWORK = Network(
    "by_hand",
    "By hand",
    SETTINGS,
    settle=timedelta(0),
    connect=ByHand,
    limits=Limits(1_000),
    abilities=Abilities(searchable=False, by_hand=True),
    wording=WORDING,
    hand=hand,
)
