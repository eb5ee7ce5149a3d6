"""A loopback HTTP server that records what it is asked, and can be told to answer badly.

What it does when all is well is up to its subclass: pass on (`proxy`), receive (`receiver`).
"""

import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self

#: A request that is held ends at the latest after so many seconds, or when the server stops.
HELD = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One request, its headers by lower-case name."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


@dataclass(slots=True)
class Trick:
    """What happens to the next `times` requests of that method whose path holds `path`.

    `acts` lets the server do what was asked first. Then `said` is answered; "cut" breaks the
    connection, "hold" never answers, "drip" sends the true answer a byte at a time.
    """

    said: Said | Literal["cut", "hold", "drip"]
    method: str = "POST"
    path: str = ""
    acts: bool = False
    times: int = 1

    def meets(self, seen: Seen) -> bool:
        """Whether this is one of its requests."""
        return self.times > 0 and self.method == seen.method and self.path in seen.path


class Scripted:
    """A context manager: it listens inside."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._tricks: deque[Trick] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        owner = self

        class Handler(_Handler):
            scripted = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def act(self, seen: Seen) -> Said:
        """What a sound server does and answers."""
        raise NotImplementedError

    def play(self, *tricks: Trick) -> None:
        """Put tricks last in the row."""
        with self._lock:
            self._tricks.extend(tricks)

    def rest(self) -> None:
        """Forget the tricks that are left and what was seen."""
        with self._lock:
            self._tricks.clear()
            self.seen.clear()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, seen: Seen) -> Trick | None:
        """Record the request, and use up the trick that it meets."""
        with self._lock:
            self.seen.append(seen)
            for trick in self._tricks:
                if trick.meets(seen):
                    trick.times -= 1
                    return trick
        return None

    def hold(self) -> None:
        """Wait until nobody needs the answer any more."""
        self._stopping.wait(HELD)

    def pause(self, seconds: float) -> bool:
        """Wait that long; True if the server stops meanwhile."""
        return self._stopping.wait(seconds)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: Scripted

    def do_GET(self) -> None:
        """Any request."""
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, self.rfile.read(length))
        self.close_connection = True
        trick = self.scripted.take(seen)
        if trick is None:
            self._answer(self.scripted.act(seen))
            return
        true = self.scripted.act(seen) if trick.acts else Said()
        if isinstance(trick.said, Said):
            self._answer(trick.said)
        elif trick.said == "drip":
            self._drip(true)
        else:
            if trick.said == "hold":
                self.scripted.hold()
            self.connection.shutdown(socket.SHUT_RDWR)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 (names of the standard library)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its own name)
        """Say nothing."""

    def _answer(self, said: Said) -> None:
        self._begin(said)
        self.wfile.write(said.body)

    def _drip(self, said: Said) -> None:
        self._begin(said)
        for position in range(len(said.body)):
            if self.scripted.pause(0.1):
                return
            try:
                self.wfile.write(said.body[position : position + 1])
            except OSError:
                return

    def _begin(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(said.body)))
        self.send_header("connection", "close")
        self.end_headers()
