"""A message to a program of the library's own, signed as Standard Webhooks 1.0.0 say.

The same id always names the same post: a receiver that has seen it does nothing, so that sending
again is harmless. Pictures are not sent along; facts name them. A receiver keeps no list of ours
that could be searched, and has no name of its own for a post.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.parse import urlsplit

from networks.answers import acted
from networks.errors import RefusedError, publishing
from networks.post import (
    Abilities,
    Account,
    Clock,
    Limits,
    Network,
    Post,
    Receipt,
    Setting,
    utc_now,
)
from networks.webhook.signature import key_of, new_secret, signed
from networks.webhook.wording import WORDING
from safehttp.door import Door

#: No receiver names a limit; this keeps a message well under the 20 kB that the standard advises.
LIMITS = Limits(5_000)

#: With these a receiver says that it did not take the message.
LATER = frozenset({429, 503})


class Webhook:
    """One receiver."""

    def __init__(self, settings: Mapping[str, str], door: Door, clock: Clock = utc_now) -> None:
        self._url = settings["url"].strip()
        self._secret = settings["secret"].strip()
        self._door = door
        self._now = clock

    def check(self) -> Account:
        """Look at the settings; a receiver can't be asked without sending it something.

        Raises RefusedError for a secret or an address that can't be used.
        """
        self._key()
        parts = urlsplit(self._url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise RefusedError("network.address", self._url[:300])
        return Account(parts.hostname)

    def limits(self) -> Limits:
        """What is sensible: nobody sets any."""
        return LIMITS

    def publish(self, post: Post, within: timedelta) -> Receipt:
        """Send post once. Raises LaterError, RefusedError, UnknownError: then send it again."""
        now = self._now()
        body = json.dumps(_message(post, now), ensure_ascii=False).encode()
        headers = signed(self._key(), post.key, now, body) | {"content-type": "application/json"}
        with publishing():
            answer = self._door.request(
                "POST", self._url, headers=headers, content=body, within=within.total_seconds()
            )
        acted(answer, self._now(), LATER)
        return Receipt(None)

    def find(self, post: Post, since: datetime) -> NoReturn:
        """Raises RefusedError: a receiver can't be searched."""
        raise RefusedError("network.no_search", f"{post.key} since {since.isoformat()}")

    def _key(self) -> bytes:
        try:
            return key_of(self._secret)
        except ValueError as error:
            raise RefusedError("network.secret", str(error)) from error


def _message(post: Post, now: datetime) -> dict[str, object]:
    data = {
        "text": post.text,
        "link": post.link,
        "language": post.language,
        "facts": post.facts,
    }
    return {"type": "post.publish", "timestamp": now.isoformat(), "data": data}


SETTINGS = (Setting("url"), Setting("secret", secret=True, make=new_secret))
NETWORK = Network(
    "webhook",
    "Webhook",
    SETTINGS,
    settle=timedelta(0),
    connect=Webhook,
    limits=LIMITS,
    abilities=Abilities(repeat_harmless=True, searchable=False),
    wording=WORDING,
)
