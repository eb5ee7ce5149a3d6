"""The door's errors: what matters to a caller is whether anything can have reached the server."""


class DoorError(Exception):
    """A request that came to nothing. `code` is stable; the message is for the log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotSentError(DoorError):
    """Certainly nothing of the request was sent: no name, no connection, no TLS, no permission."""


class ForbiddenError(NotSentError):
    """The address is one we never ask (scheme, port, credentials, or where it leads)."""


class NoAnswerError(DoorError):
    """The request may have arrived and been acted on: no answer, half an answer, too late."""


class TooLargeError(NoAnswerError):
    """The answer is larger than allowed; reading stopped there."""
