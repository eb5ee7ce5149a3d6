"""The small local site on which the invented partners of `make demo` publish.

`python -m demo.site PORT` serves it on 127.0.0.1 until it is ended.
"""

import hashlib
import io
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageDraw

from demo import partners

ADDRESS = "127.0.0.1"

#: Name → ground, and two colours that are drawn on it.
PICTURES = {
    "lantern": ("#14323a", "#f2b84b", "#d9772b"),
    "boats": ("#d9ecef", "#1d6a76", "#ffffff"),
    "repair": ("#f4e6d3", "#7a3e1d", "#2f5d50"),
}


class Handler(BaseHTTPRequestHandler):
    """One request to the invented partners."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a feed, a page or a picture; 304 where it is known already."""
        body, kind = self._content()
        if body is None:
            self._answer(404, b"Not here.", "text/plain", "")
            return
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", kind, etag)
        else:
            self._answer(200, body, kind, etag)

    def _content(self) -> tuple[bytes | None, str]:
        path = self.path.partition("?")[0]
        site = f"http://{self.headers.get('Host', ADDRESS)}"
        today = datetime.now(UTC).astimezone(partners.ZONE).date()
        if path == "/museum/events.ics":
            return partners.museum(today, site).encode(), "text/calendar; charset=utf-8"
        if path == "/centre":
            return partners.centre(today, site).encode(), "text/html; charset=utf-8"
        if path.startswith("/museum/"):
            page = partners.museum_page(path.removeprefix("/museum/"))
            return page.encode(), "text/html; charset=utf-8"
        name = path.removeprefix("/picture/").removesuffix(".png")
        return (picture(name), "image/png") if name in PICTURES else (None, "text/plain")

    def _answer(self, status: int, body: bytes, kind: str, etag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its own name)
        """Say nothing: the demo's own lines are enough."""


def picture(name: str) -> bytes:
    """A drawn picture, as PNG."""
    ground, first, second = PICTURES[name]
    image = Image.new("RGB", (1200, 800), ground)
    draw = ImageDraw.Draw(image)
    for number in range(6):
        left, top = 90 + number * 180, 260 + (number % 3) * 110
        draw.ellipse((left, top, left + 150, top + 150), fill=first)
        draw.polygon(
            ((left, top + 75), (left + 150, top + 75), (left + 75, top + 200)), fill=second
        )
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def serve(port: int) -> None:
    """Serve on 127.0.0.1 until the process is ended."""
    with ThreadingHTTPServer((ADDRESS, port), Handler) as server:
        server.daemon_threads = True
        server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
