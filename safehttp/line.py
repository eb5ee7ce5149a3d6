"""A line to one server: opened only to an address that was checked, never without a deadline.

httpcore2 speaks HTTP over a stream that it is given; it never resolves or connects itself.
"""

import socket
import ssl
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2

from safehttp.address import PORTS, Address, Target, is_public, literal
from safehttp.clock import Deadline
from safehttp.errors import ForbiddenError, NoAnswerError, NotSentError

#: Called like socket.getaddrinfo(host, port, type=socket.SOCK_STREAM).
Resolve = Callable[..., Sequence[tuple[Any, ...]]]

#: Called like socket.create_connection((address, port), seconds); address is a literal one.
Dial = Callable[[tuple[str, int], float], socket.socket]

#: The least time one of several addresses of a name is given, in seconds.
SHARE = 1.0


class Line(httpcore2.NetworkStream):
    """An open connection; every read and write ends at the deadline.

    `excepted` tells that it leads to an address that is allowed by exception. `ended` tells that
    the server closed it.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline, *, excepted: bool) -> None:
        self._sock = sock
        self._deadline = deadline
        self.excepted = excepted
        self.ended = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """What has come, b"" at the end. Raises NoAnswerError, TimeoutError."""
        self._sock.settimeout(self._deadline.left())
        try:
            data = self._sock.recv(max_bytes)
        except TimeoutError:
            raise
        except OSError as error:
            raise NoAnswerError("door.cut", f"the connection broke: {error}") from error
        self.ended = not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send all of it. Raises TimeoutError, and WriteError, after which an answer is read."""
        view = memoryview(buffer)
        try:
            while view:
                self._sock.settimeout(self._deadline.left())
                view = view[self._sock.send(view) :]
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Hang up."""
        self._sock.close()


@dataclass(frozen=True, slots=True)
class Exchange:
    """Opens lines. `connect` is the most seconds until a line stands, TLS included."""

    connect: float
    tls: ssl.SSLContext | None  # None: whom the system trusts
    resolve: Resolve
    dial: Dial

    def open(
        self, target: Target, deadline: Deadline, allowed: Collection[tuple[str, int]]
    ) -> Line:
        """A line to target, by an address that was checked. Raises NotSentError, ForbiddenError.

        The name is resolved once; if any of its addresses is bad, none is asked. `allowed` names
        exceptions by exact address and port: of a name, only those are then asked.
        """
        try:
            addresses, excepted = self._addresses(target, allowed)
            standing_by = Deadline(min(deadline.left(), self.connect))
        except TimeoutError as error:
            raise NotSentError("door.timeout", "no time was left to connect") from error
        sock = self._dial_any(addresses, target.port, standing_by)
        if target.scheme == "https":
            sock = self._secured(sock, target.host, standing_by)
        return Line(sock, deadline, excepted=excepted)

    def _addresses(
        self, target: Target, allowed: Collection[tuple[str, int]]
    ) -> tuple[list[Address], bool]:
        """Where target leads, all of it checked, and whether by exception."""
        if target.port not in PORTS and target.port not in {port for _, port in allowed}:
            raise ForbiddenError("door.port", f"port {target.port} is not one we ask")
        spelt = literal(target.host)
        found = [spelt] if spelt else self._resolved(target)
        if excepted := [each for each in found if (str(each), target.port) in allowed]:
            return excepted, True
        if target.port not in PORTS:
            raise ForbiddenError("door.port", f"port {target.port} is not one we ask")
        if bad := [each for each in found if not is_public(each)]:
            raise ForbiddenError("door.address", f"{target.host} leads to {bad[0]}")
        return found, False

    def _resolved(self, target: Target) -> list[Address]:
        try:
            answers = self.resolve(target.host, target.port, type=socket.SOCK_STREAM)
            found = [ip_address(str(answer[4][0])) for answer in answers]
        except (OSError, ValueError) as error:
            raise NotSentError("door.name", f"{target.host} has no address: {error}") from error
        if not found:
            raise NotSentError("door.name", f"{target.host} has no address")
        return list(dict.fromkeys(found))

    def _dial_any(self, addresses: list[Address], port: int, deadline: Deadline) -> socket.socket:
        """The first that answers; each gets its share of the time, so a dead one delays only."""
        failure = OSError("no address")
        for position, address in enumerate(addresses):
            try:
                share = max(deadline.left() / (len(addresses) - position), SHARE)
                sock = self.dial((str(address), port), min(share, deadline.left()))
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        raise NotSentError("door.connect", f"could not connect: {failure}") from failure

    def _secured(self, sock: socket.socket, host: str, deadline: Deadline) -> ssl.SSLSocket:
        try:
            sock.settimeout(deadline.left())
            tls = self.tls or _system_trust()
            return tls.wrap_socket(sock, server_hostname=host.rstrip("."))
        except TimeoutError as error:
            sock.close()
            raise NotSentError("door.timeout", "no secure connection in time") from error
        except (OSError, ValueError) as error:
            sock.close()
            raise NotSentError("door.tls", f"no secure connection: {error}") from error


@cache
def _system_trust() -> ssl.SSLContext:
    """Whom the system trusts, whatever the environment says. Read once: it takes 0.1 s."""
    trust = httpx2.create_ssl_context(trust_env=False)
    trust.set_alpn_protocols(["http/1.1"])
    return trust
