"""What a network may answer, told apart by what the caller does next.

Each carries a code, the network's own words (`detail`, for the log and for staff), never a
secret. Sentences are made at the edge (`words`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from safehttp.errors import ForbiddenError, NoAnswerError, NotSentError


class NetworkError(Exception):
    """A network did not do what was asked."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    @property
    def params(self) -> dict[str, str]:
        """What fills the sentence of `code`."""
        return {"detail": self.detail or ""}


class RefusedError(NetworkError):
    """It said no, and will again: a person has to change the post or the channel."""


class LaterError(NetworkError):
    """It certainly did not act; ask again, not before `wait` where it says so."""

    def __init__(self, code: str, detail: str | None = None, wait: timedelta | None = None) -> None:
        super().__init__(code, detail)
        self.wait = wait


class UnknownError(NetworkError):
    """It may have acted: look before anything is sent again."""


@contextmanager
def asking() -> Iterator[None]:
    """For requests that change nothing: what the door forbids is refused, all else is later."""
    try:
        yield
    except ForbiddenError as error:
        raise RefusedError(error.code, str(error)) from error
    except (NotSentError, NoAnswerError) as error:
        raise LaterError(error.code, str(error)) from error


@contextmanager
def publishing() -> Iterator[None]:
    """For requests that act: forbidden is refused, not sent is later, no answer is unknown."""
    try:
        yield
    except ForbiddenError as error:
        raise RefusedError(error.code, str(error)) from error
    except NotSentError as error:
        raise LaterError(error.code, str(error)) from error
    except NoAnswerError as error:
        raise UnknownError(error.code, str(error)) from error
