"""A receiver of webhooks that believes only what is signed as Standard Webhooks 1.0.0 say.

Written from the specification and not from our own signing code, so that it can disagree.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

from tests.support.scripted import Said, Scripted, Seen

#: A message older or newer than this is a replay.
TOLERANCE = 300


class Receiver(Scripted):
    """Keeps each message once, by its id."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now
        self._key = base64.b64decode(secret.split("_", 1)[1])
        self.kept: dict[str, dict[str, object]] = {}
        self.doubts: list[str] = []

    def act(self, seen: Seen) -> Said:
        """Keep it, or say 401 for what nobody signed."""
        if doubt := self._doubt(seen):
            self.doubts.append(doubt)
            return Said(401, json.dumps({"error": doubt}).encode())
        self.kept.setdefault(seen.headers["webhook-id"], json.loads(seen.body))
        return Said(202, b'{"kept": true, "thanks": "a lot"}')

    def _doubt(self, seen: Seen) -> str | None:
        try:
            names = ("webhook-id", "webhook-timestamp", "webhook-signature")
            message_id, timestamp, signatures = (seen.headers[name] for name in names)
        except KeyError as error:
            return f"no {error.args[0]}"
        if abs(self._now() - int(timestamp)) > TOLERANCE:
            return "too old or too new"
        content = b".".join([message_id.encode(), timestamp.encode(), seen.body])
        mac = base64.b64encode(hmac.new(self._key, content, hashlib.sha256).digest()).decode()
        for signature in signatures.split(" "):
            version, _, value = signature.partition(",")
            if version == "v1" and hmac.compare_digest(value, mac):
                return None
        return "no signature fits"
