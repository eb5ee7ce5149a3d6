"""Stands between us and a real server: strips Idempotency-Key, and loses answers on command."""

import http.client
from urllib.parse import urlsplit

from tests.support.scripted import Said, Scripted, Seen

#: What is not passed on: the key that must not be relied on, and what belongs to one connection.
STRIPPED = frozenset({"idempotency-key", "connection", "host", "content-length"})
KEPT_BACK = frozenset({"connection", "content-length", "transfer-encoding", "date", "server"})


class Proxy(Scripted):
    """Passes everything on to upstream (http://host:port)."""

    def __init__(self, upstream: str) -> None:
        super().__init__()
        self._upstream = urlsplit(upstream).netloc

    def act(self, seen: Seen) -> Said:
        """Ask upstream."""
        connection = http.client.HTTPConnection(self._upstream, timeout=10)
        headers = {name: value for name, value in seen.headers.items() if name not in STRIPPED}
        try:
            connection.request(seen.method, seen.path, seen.body or None, headers)
            answer = connection.getresponse()
            kept = {
                name.lower(): value
                for name, value in answer.getheaders()
                if name.lower() not in KEPT_BACK
            }
            return Said(answer.status, answer.read(), kept)
        finally:
            connection.close()
