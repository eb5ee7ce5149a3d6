"""Time that runs out, measured so that changing the machine's clock changes nothing."""

from time import monotonic


class Deadline:
    """A moment on the monotonic clock, `seconds` from when it is made."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than 0. Raises TimeoutError when there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError("time is up")
        return left
