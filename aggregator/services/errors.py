"""What a service refuses, by code; the sentence stands in words/services.py."""

from collections.abc import Mapping
from datetime import datetime


class ServiceError(Exception):
    """It was not done, and nothing has changed. `code` and `params` make the sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, str | int] = params


class MissingError(ServiceError):
    """There is no such thing."""


class ConflictError(ServiceError):
    """Somebody, or the source, was faster: look again."""


class DecidedError(ConflictError):
    """A person, or the source, decided about the event meanwhile: who, what, and when."""

    def __init__(self, actor: str, verb: str, at: datetime) -> None:
        super().__init__(f"faster.{verb}", actor=actor)
        self.at = at
