"""Mastodon and servers that speak its API (docs.joinmastodon.org/methods/statuses).

Counts graphemes; a link counts what the server says (23 by default), of a mention only @name.
Mastodon itself heeds an Idempotency-Key for one hour, GoToSocial and Takahē never: an unknown
outcome is looked up.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from networks.errors import LaterError, RefusedError, UnknownError
from networks.fields import integer, text
from networks.mastodon.api import Api
from networks.mastodon.listing import own_posts, receipt
from networks.mastodon.pictures import upload
from networks.mastodon.rewriting import essence
from networks.mastodon.wording import WORDING
from networks.post import Account, Clock, Limits, Network, Post, Receipt, Setting, utc_now
from safehttp.clock import Deadline
from safehttp.door import Door

#: How long may be taken, in seconds, by a question and by looking for a post.
ASKING = 15.0
LOOKING = 45.0

LIMITS = Limits(500, 23, local_mentions=True)


class Mastodon:
    """One account on one server."""

    def __init__(self, settings: Mapping[str, str], door: Door, clock: Clock = utc_now) -> None:
        self._api = Api(settings["server"], settings["token"], door, clock)

    def check(self) -> Account:
        """Ask who we are there. Raises LaterError, RefusedError."""
        found = self._ourselves(ASKING)
        host = urlsplit(self._api.server).netloc
        return Account(f"@{text(found, 'acct') or text(found, 'id')}@{host}", text(found, "url"))

    def limits(self) -> Limits:
        """Ask the server, whose owner may change them. Raises LaterError, RefusedError."""
        found = self._api.read("v2/instance", ASKING)
        path = ("configuration", "statuses")
        return Limits(
            integer(found, *path, "max_characters", default=LIMITS.characters),
            integer(found, *path, "characters_reserved_per_url", default=23),
            local_mentions=True,
        )

    def publish(self, post: Post, within: timedelta) -> Receipt:
        """Send post once. Raises LaterError, RefusedError, or UnknownError: then look first."""
        deadline = Deadline(within.total_seconds())
        body: dict[str, object] = {"status": post.text, "language": post.language}
        try:
            if post.images:
                body["media_ids"] = [upload(self._api, image, deadline) for image in post.images]
            left = deadline.left()
        except TimeoutError as error:
            raise LaterError("network.no_time", "nothing was sent in time") from error
        status = self._api.publish("v1/statuses", post.key, body, left)
        if (named := receipt(status)) is None:
            raise UnknownError("network.no_id", "accepted, but the answer names no id")
        return named

    def find(self, post: Post, since: datetime) -> Receipt | None:
        """Our own post with this text, made at or after since; None if it is not there.

        Texts are compared by what servers leave of them, times with room for clocks that differ
        (`listing`). Raises LaterError when the listing does not reach back, RefusedError.
        """
        wanted, deadline = essence(post.text), Deadline(LOOKING)
        try:
            account = str(self._ourselves(deadline.left())["id"])
            for status in own_posts(self._api, account, since, deadline):
                if essence(status.text) == wanted:
                    return status.receipt
        except TimeoutError as error:
            raise LaterError("network.no_time", "the listing takes too long") from error
        return None

    def _ourselves(self, within: float) -> Mapping[str, object]:
        """Our account. Raises LaterError, RefusedError."""
        found = self._api.read("v1/accounts/verify_credentials", within)
        if text(found, "id") is None:
            raise RefusedError("network.foreign", "no account in the answer")
        return found


SETTINGS = (Setting("server"), Setting("token", secret=True))
NETWORK = Network(
    "mastodon",
    "Mastodon",
    SETTINGS,
    settle=timedelta(minutes=2),
    connect=Mastodon,
    limits=LIMITS,
    wording=WORDING,
)
