"""A partner's web server on loopback: serves what a test says, with ETags, and can fail."""

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    """One address: what it answers."""

    body: bytes
    kind: str = "text/calendar"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = True
    delay: float = 0.0


@dataclass
class FeedServer:
    """The server: `pages` by path; `asked` counts requests; `overlap` the most at one time."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    now: int = 0
    overlap: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: str | bytes, kind: str = "text/calendar", **more: Any) -> str:
        """Serve body at path; its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(data, kind, **more)
        return self.url(path)


@contextmanager
def feed_server(*addresses: str) -> Iterator[FeedServer]:
    """A running server on 127.0.0.1, and on other loopback addresses; it ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with state.lock:
                state.asked[self.path] += 1
                state.agents.add(self.headers.get("User-Agent", ""))
                state.now += 1
                state.overlap = max(state.overlap, state.now)
            page = state.pages.get(self.path, Page(b"", "text/plain", 404))
            time.sleep(page.delay)
            with state.lock:  # who asks next may do so once it has this answer
                state.now -= 1
            self._answer(page)

        def _answer(self, page: Page) -> None:
            etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            status, body = page.status, page.body
            if page.etag and status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            state.answered[status] += 1
            self.send_response(status)
            self.send_header("Content-Type", page.kind)
            self.send_header("Content-Length", str(len(body)))
            if page.etag and page.status == 200:
                self.send_header("ETag", etag)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler)]
    port = servers[0].server_port
    servers += [ThreadingHTTPServer((address, port), Handler) for address in addresses]
    state = FeedServer(port)
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield state
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
