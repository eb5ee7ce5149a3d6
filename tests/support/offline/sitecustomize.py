"""Makes every Python process of a test's house ask nobody outside: other names have no address."""

import ipaddress
import socket
from typing import Any

_ask = socket.getaddrinfo


def _only_here(host: Any, *more: Any, **options: Any) -> Any:
    """The address of this machine, or none."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return _ask(host, *more, **options)
    try:
        here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        here = False
    if not here:
        raise socket.gaierror(socket.EAI_NONAME, "tests ask nobody outside")
    return _ask(host, *more, **options)


socket.getaddrinfo = _only_here
