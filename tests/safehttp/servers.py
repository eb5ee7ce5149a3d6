"""Servers on loopback that do exactly what a test says, and a world of invented addresses."""

import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from safehttp.door import Door

#: What a server does with one connection after it has read the request.
Script = Callable[[socket.socket, bytes], None]

AGENT = "Townboard/test"


class Server:
    """Listens on a loopback address; keeps the requests it was sent, head and body."""

    def __init__(self, script: Script, host: str = "127.0.0.1", *, listens: bool = True) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._script = script
        self._listens = listens
        self._socket = socket.create_server((host, 0), backlog=128)
        self.address: tuple[str, int] = (host, self._socket.getsockname()[1])
        self.url = f"http://{host}:{self.address[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def door(self, **options: Any) -> Door:
        """A door that may ask this server, by exception."""
        return Door(user_agent=AGENT, allow_private=[self.address], **options)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        try:
            request = read_request(connection) if self._listens else b""
            self.requests.append(request)
            self._script(connection, request)
        except OSError:
            pass  # the door hung up first, which is often the point
        finally:
            connection.close()


def read_request(connection: socket.socket) -> bytes:
    """One whole request, its body by Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(headers_of(head).get("content-length", "0"))
    while len(body) < length and (more := connection.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


def headers_of(request: bytes) -> dict[str, str]:
    """The headers of a request by lower-case name."""
    lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    pairs = (line.split(":", 1) for line in lines)
    return {name.lower(): value.strip() for name, value in pairs}


def path_of(request: bytes) -> str:
    """The path that was asked for."""
    return request.split(b" ", 2)[1].decode("ascii")


def reply(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """One whole answer; header names with _ for -."""
    lines = {"content_length": str(len(body))} | headers
    text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Some\r\n{text}\r\n".encode("latin-1") + body


def says(body: bytes = b"", status: int = 200, **headers: str) -> Script:
    """A script that gives the same answer to everyone."""
    return lambda connection, _: connection.sendall(reply(body, status, **headers))


class World:
    """Names and public addresses of our own: nothing outside this machine is ever asked.

    `names` maps a name to its addresses, `servers` an address and port to who answers there.
    """

    def __init__(
        self,
        names: Mapping[str, list[str]],
        servers: Mapping[tuple[str, int], Server],
    ) -> None:
        self.names = names
        self.servers = servers
        self.asked: list[str] = []
        self.dialled: list[tuple[str, int]] = []

    def door(self, **options: Any) -> Door:
        """A door into this world."""
        return Door(user_agent=AGENT, **{"resolve": self._resolve, "dial": self._dial} | options)

    def _resolve(self, host: str, port: int, *, type: int) -> list[tuple[Any, ...]]:  # noqa: A002
        self.asked.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(None, type, 0, "", (address, port)) for address in self.names[host]]

    def _dial(self, address: tuple[str, int], seconds: float) -> socket.socket:
        self.dialled.append(address)
        if address not in self.servers:
            raise ConnectionRefusedError("nobody answers there")
        return socket.create_connection(self.servers[address].address, seconds)
