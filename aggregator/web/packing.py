"""Answers packed with gzip, where the visitor takes it: static files and what anybody may see.

Pages behind the login stay as they are: packed text that mixes what was typed with what is
secret tells of the secret by its length (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, request
from werkzeug.wrappers import Response

from aggregator import access

KINDS = ("text/html", "text/css", "text/javascript", "image/svg+xml", "text/plain")
LEAST, MOST = 1_000, 1_000_000
LEVEL = 5


def install(app: Flask) -> None:
    """Pack after every request."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if not _may_be_packed(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if not LEAST <= len(body) <= MOST:
        return response
    etag, _ = response.get_etag()
    response.set_data(_packed(body) if request.endpoint == "static" else _pack_now(body))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)  # the same page, other bytes (RFC 9110, 8.8.1)
    return response


def _may_be_packed(response: Response) -> bool:
    endpoint = request.endpoint or ""
    return (
        response.status_code == 200
        and response.mimetype in KINDS
        and "Content-Encoding" not in response.headers
        and access.is_open(endpoint)
        and not endpoint.startswith(("door.", "welcome."))
    )


@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    return _pack_now(body)


def _pack_now(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)
