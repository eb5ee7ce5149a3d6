"""One request and its answer over an open line, and what went wrong on the way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import httpcore2

from safehttp import body
from safehttp.address import Target
from safehttp.clock import Deadline
from safehttp.errors import ForbiddenError, NoAnswerError, TooLargeError
from safehttp.line import Line

REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: Methods of which servers expect a length, even of nothing (RFC 9110, 8.6).
WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})

#: Headers that are ours to set, or belong to the connection; a caller's are left out.
OURS = frozenset(
    {"accept-encoding", "connection", "content-length", "expect", "host", "keep-alive"}
    | {"te", "trailer", "transfer-encoding", "upgrade", "user-agent"}
)

#: All that travels along to another origin; secrets have many names, so nothing else does.
HARMLESS = frozenset({"accept", "accept-language", "if-modified-since", "if-none-match", "range"})


@dataclass(frozen=True, slots=True)
class Sending:
    """What to send: `headers` have lower-case names and none of OURS."""

    method: str
    user_agent: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    @classmethod
    def make(
        cls,
        method: str,
        user_agent: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        data: object | None,
    ) -> Self:
        """From what a caller gives; data, if any, is sent as JSON in place of content."""
        given = {name.lower(): value for name, value in (headers or {}).items()}
        if data is not None:
            content = json.dumps(data, ensure_ascii=False).encode()
            given = {"content-type": "application/json"} | given
        kept = {name: value for name, value in given.items() if name not in OURS}
        return cls(method.upper(), user_agent, kept, content)

    def without_secrets(self) -> "Sending":
        """The same for another origin."""
        kept = {name: value for name, value in self.headers.items() if name in HARMLESS}
        return replace(self, headers=kept)

    def wire_headers(self, target: Target) -> list[tuple[bytes, bytes]]:
        """All headers as sent. Raises ForbiddenError for one that has no bytes."""
        headers = {
            "host": target.authority,
            "user-agent": self.user_agent,
            "accept": "*/*",
            "accept-encoding": "gzip, deflate",
            "connection": "close",
            **self.headers,
        }
        if self.content is not None or self.method in WITH_CONTENT:
            headers["content-length"] = str(len(self.content or b""))
        try:
            return [
                (name.title().encode("ascii"), value.encode("latin-1"))
                for name, value in headers.items()
            ]
        except UnicodeEncodeError as error:
            raise ForbiddenError("door.header", "a header holds letters it can't") from error


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of one server; `body` is empty where a redirect's was left unread."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def place(self) -> str | None:
        """Where a redirect points, as it was written."""
        return self.headers.get("location") or None if self.status in REDIRECTS else None


def talk(
    line: Line, target: Target, sending: Sending, limit: int, deadline: Deadline, *, follow: bool
) -> Reply:
    """Send once and read the answer, but with follow no redirect's body.

    Raises ForbiddenError if HTTP does not allow what is sent (then nothing was), else
    NoAnswerError (TooLargeError).
    """
    try:
        return _talk(line, target, sending, limit, deadline, follow=follow)
    except TimeoutError as error:
        raise NoAnswerError("door.timeout", "no whole answer in time") from error
    except httpcore2.LocalProtocolError as error:
        raise ForbiddenError("door.header", f"can't be sent: {error}") from error
    except httpcore2.RemoteProtocolError as error:
        code = "door.cut" if line.ended else "door.garbled"
        raise NoAnswerError(code, str(error)) from error


def _talk(
    line: Line, target: Target, sending: Sending, limit: int, deadline: Deadline, *, follow: bool
) -> Reply:
    url = httpcore2.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    request = httpcore2.Request(
        sending.method, url, headers=sending.wire_headers(target), content=sending.content
    )
    response = httpcore2.HTTP11Connection(url.origin, line).handle_request(request)
    reply = Reply(response.status, _headers(response.headers))
    if follow and reply.place:
        return reply
    length = reply.headers.get("content-length", "")
    if sending.method != "HEAD" and length.isdigit() and int(length[:20]) > limit:
        raise TooLargeError("door.too_large", f"{length[:20]} bytes, {limit} allowed")
    encoding = reply.headers.get("content-encoding", "")
    return replace(reply, body=body.read(response.iter_stream(), encoding, limit, deadline))


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """By lower-case name; repeated ones joined (RFC 9110, 5.3)."""
    headers = dict[str, str]()
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("ascii").lower(), _text(raw_value)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _text(value: bytes) -> str:
    """UTF-8, as many servers send it, else Latin-1, as it once was meant."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
