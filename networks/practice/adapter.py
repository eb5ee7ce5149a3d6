"""The practice network: the built-in server that shows posts as they would appear.

It stands for the networks that ignore idempotency keys, so an unknown outcome is looked up.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from networks.answers import acted, told
from networks.errors import LaterError, RefusedError, UnknownError, asking, publishing
from networks.fields import integer, text
from networks.post import Account, Clock, Limits, Network, Post, Receipt, Setting, utc_now
from networks.practice.message import write
from networks.practice.wording import WORDING
from safehttp.clock import Deadline
from safehttp.door import Door

#: How long may be taken, in seconds, by a question and by looking for a post.
ASKING = 10.0
LOOKING = 30.0

LIMITS = Limits(500, 23)


class Practice:
    """The one account of a practice server."""

    def __init__(self, settings: Mapping[str, str], door: Door, clock: Clock = utc_now) -> None:
        self._api = f"{settings['server'].strip().rstrip('/')}/api"
        self._headers = {"Authorization": f"Bearer {settings['token'].strip()}"}
        self._door = door
        self._now = clock

    def check(self) -> Account:
        """Ask who we are there. Raises LaterError, RefusedError."""
        found = self._read("account", ASKING)
        if (name := text(found, "name")) is None:
            raise RefusedError("network.foreign", "no account in the answer")
        return Account(name, text(found, "url"))

    def limits(self) -> Limits:
        """Ask what fits. Raises LaterError, RefusedError."""
        found = self._read("account", ASKING)
        return Limits(
            integer(found, "limits", "characters", default=LIMITS.characters),
            integer(found, "limits", "url_characters", default=23),
        )

    def publish(self, post: Post, within: timedelta) -> Receipt:
        """Send post once. Raises LaterError, RefusedError, or UnknownError: then look first."""
        seconds, message = within.total_seconds(), write(post)
        with publishing():
            answer = self._door.post(f"{self._api}/posts", self._headers, message, within=seconds)
        if (receipt := _receipt(acted(answer, self._now()))) is None:
            raise UnknownError("network.no_id", "accepted, but the answer names no id")
        return receipt

    def find(self, post: Post, since: datetime) -> Receipt | None:
        """Our own post with this text, made at or after since; None if it is not there.

        Raises LaterError when the listing does not reach back to since, RefusedError.
        """
        deadline, query = Deadline(LOOKING), {"since": since.isoformat()}
        while True:
            try:
                found = self._read(f"posts?{urlencode(query)}", deadline.left())
            except TimeoutError as error:
                raise LaterError("network.no_time", "the listing takes too long") from error
            for each in _posts(found):
                if each.get("text") == post.text:
                    return _receipt(each)
            if found.get("complete") is not True:
                raise LaterError("network.listing_short", "it does not reach back so far")
            if (onward := text(found, "next")) is None:
                return None
            query["before"] = onward

    def _read(self, path: str, within: float) -> Mapping[str, object]:
        with asking():
            answer = self._door.get(
                f"{self._api}/{path}", self._headers, within=within, redirects=0
            )
        return told(answer, self._now())


def _posts(found: Mapping[str, object]) -> list[Mapping[str, object]]:
    """One page of the listing. Raises LaterError where it is none: it must not pass for empty."""
    posts = found.get("posts")
    if not isinstance(posts, list) or not all(_receipt(each) for each in posts):
        raise LaterError("network.listing", "no list of posts")
    return posts


def _receipt(found: Mapping[str, object]) -> Receipt | None:
    network_id = text(found, "id")
    return Receipt(network_id, text(found, "url")) if network_id else None


SETTINGS = (Setting("server"), Setting("token", secret=True))
NETWORK = Network(
    "practice",
    "Practice network",
    SETTINGS,
    settle=timedelta(seconds=5),
    connect=Practice,
    limits=LIMITS,
    wording=WORDING,
)
