"""A message to a partner, ready to be sent: which one fits, and what it has to name.

The words stand in words/messages.py; a person sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: What reading ended with → the message that fits. Others say that nothing can be read.
_CODES: Mapping[str, str] = {
    "page.no_events": "message.no_feed",
    "look.no_dates": "message.no_dates",
    "look.robots": "message.refused",
    "feed.forbidden": "message.refused",
    "feed.gone": "message.gone",
    "door.name": "message.gone",
    "door.tls": "message.tls",
    "door.connect": "message.down",
    "door.timeout": "message.down",
    "door.cut": "message.down",
    "feed.later": "message.down",
    "feed.no_entries": "message.empty",
}


@dataclass(frozen=True, slots=True)
class Message:
    """Which sentence, filled with what."""

    code: str
    params: Mapping[str, str]


def about(outcome: str, url: str, *, sender: str, library: str, since: str = "") -> Message:
    """The message for what reading url ended with; since is words such as " since Tuesday"."""
    code = _CODES.get(outcome, "message.unreadable")
    params = {"url": url, "sender": sender, "library": library, "since": since}
    return Message(code, params)
