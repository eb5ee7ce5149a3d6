"""Public names: ULIDs, in order of time and never reused."""

from datetime import datetime

from ulid import ULID


def new_pid(now: datetime) -> str:
    """A new public id, made at now."""
    return str(ULID.from_datetime(now))
