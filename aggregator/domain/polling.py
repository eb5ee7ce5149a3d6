"""When a source is asked again."""

import hashlib
from datetime import datetime, timedelta

#: A source's rhythm while nothing is known of how often it changes.
RHYTHM = timedelta(hours=1)
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=24)


def next_poll(
    source_id: int,
    now: datetime,
    rhythm: timedelta,
    failures: int,
    asked: timedelta | None = None,
) -> datetime:
    """After a poll at now: the rhythm, doubled with each failure in a row up to a day.

    Never before `asked`, what the server wants to be left alone (Retry-After, Cache-Control,
    ttl), though that is believed for a day at most. Spread by a tenth, so that sources added
    together do not come due together for ever. Failing never becomes giving up.
    """
    wait = min(max(rhythm, SHORTEST) * (1 << min(failures, 10)), LONGEST)
    wait *= 1 + _spread(source_id, now) / 10
    if asked is not None:
        wait = max(wait, min(asked, LONGEST))
    return now + wait


def _spread(source_id: int, now: datetime) -> float:
    """Between 0 and 1, from the source and the day: no dice, so that a rerun is the same run."""
    seed = hashlib.sha256(f"{source_id}:{now.date()}".encode()).digest()
    return int.from_bytes(seed[:4], "big") / (1 << 32)
