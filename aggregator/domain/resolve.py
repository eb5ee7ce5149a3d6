"""One event from the accounts of its sources."""

from collections.abc import Mapping, Sequence
from typing import Any

Facts = Mapping[str, Any]


def resolve(accounts: Sequence[tuple[int, Facts]]) -> Facts:
    """The event's facts from its sightings, (id, facts) each, the oldest first; at least one.

    An event has one source so far: the first account is the whole of it.
    """
    return accounts[0][1]
