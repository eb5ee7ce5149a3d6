"""What can go wrong while reading a feed, told apart by what the caller does next.

Each error carries a code and parameters; words are made at the edge (`words`).
"""

from collections.abc import Mapping
from datetime import timedelta


class FeedError(Exception):
    """A feed could not be read. `code` names the reason, `params` fill its sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, str | int] = params


class RefusedError(FeedError):
    """Asking again will not help: a person has to change the address or the settings."""


class LaterError(FeedError):
    """The feed did not answer well this time: ask again, not before `wait` where it is given."""

    def __init__(self, code: str, wait: timedelta | None = None, **params: str | int) -> None:
        super().__init__(code, **params)
        self.wait = wait


class UnreadableError(FeedError):
    """What came is no feed that we can read; what is stored stays as it was."""
