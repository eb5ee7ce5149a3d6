"""Whether an address can be opened from anywhere, as far as its name tells. Nobody is asked."""

from ipaddress import ip_address
from urllib.parse import urlsplit

#: Names that only answer within a house or a machine (RFC 6761, 6762, 8375 and habit).
_AT_HOME = ("localhost", "local", "lan", "home", "internal", "intranet", "home.arpa")


def is_public(url: str) -> bool:
    """Whether residents can open this address: no loopback, no private network, no bare name."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not any(f".{host}".endswith(f".{each}") for each in _AT_HOME)
