"""How often something may be tried: counted before anything is looked at, in one statement a key.

A key keeps nothing of what was typed and nothing that names a household longer than its window.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from aggregator.storage import users
from aggregator.storage.doors import Writer


class TooOftenError(Exception):
    """Too many tries; `wait` until the next may be made."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


def count(tx: Writer, keys: Mapping[str, int], now: datetime, window: timedelta) -> None:
    """Count a try under every key, of which so many may be made in a window.

    Raises TooOftenError; a refused try counts for nothing.
    """
    for key, most in keys.items():
        n, until = users.tried(tx, key, now, now + window)
        if n > most:
            raise TooOftenError(until - now)


def key(kind: str, value: str) -> str:
    """A key of bounded length that does not keep what was typed."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def near(kind: str, address: str) -> str:
    """The key of an address; of IPv6 the network that one household gets."""
    try:
        found = ip_address(address)
    except ValueError:
        return key(kind, address)
    if found.version == 6:
        return key(kind, str(ip_network(f"{found}/64", strict=False)))
    return key(kind, str(found))
