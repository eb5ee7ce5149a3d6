"""What the door hands back: an answer read to its end, decoded and capped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: The longest wait that is believed.
LONGEST_WAIT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, of any status.

    `headers` have lower-case names, repeated ones are joined with ", "; `body` is decoded (gzip,
    deflate); `url` is where it finally came from; `moved_to` is that address if every redirect
    on the way was permanent (301, 308) and none led from https to http, else None.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str | None = None

    @property
    def json(self) -> Mapping[str, object]:
        """The body as a JSON object; empty when it is none."""
        found = self._parsed()
        return found if isinstance(found, dict) else {}

    @property
    def json_list(self) -> Sequence[object]:
        """The body as a JSON array; empty when it is none."""
        found = self._parsed()
        return found if isinstance(found, list) else []

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long the server asks us to wait (RFC 9110, 10.2.3), counted from now (aware).

        Never negative, at most a year; None when it says nothing that can be read.
        """
        text = self.headers.get("retry-after", "").strip()
        try:
            if text.isascii() and text.isdigit():
                return min(timedelta(seconds=int(text[:12])), LONGEST_WAIT)
            until = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(aware - now, timedelta()), LONGEST_WAIT)

    def _parsed(self) -> object:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None
