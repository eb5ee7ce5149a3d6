"""The one guarded door to the internet: whatever leaves this house goes through here.

http and https only; every connection, each redirect's too, goes to an address that was checked
after resolution; caps on time and size; TLS verified; nothing taken from the environment.
One request is one connection: nothing is shared between threads or across a fork, and no request
dies on a connection that the server had already given up, so what was sent is always known.
"""

import socket
import ssl
from collections.abc import Collection, Mapping
from contextlib import closing
from ipaddress import ip_address
from typing import TypedDict, Unpack
from urllib.parse import urljoin

from safehttp.address import Target, parse
from safehttp.answer import Answer
from safehttp.clock import Deadline
from safehttp.errors import ForbiddenError, NoAnswerError
from safehttp.line import Dial, Exchange, Resolve
from safehttp.talk import Sending, talk

__all__ = ["Answer", "Door"]

#: Methods whose redirects are followed; any other may already have acted where it was sent.
FOLLOWED = frozenset({"GET", "HEAD"})

PERMANENT = frozenset({301, 308})


class Options(TypedDict, total=False):
    """What get and post pass on to request."""

    content: bytes | None
    within: float | None
    limit: int | None
    redirects: int | None


class Door:
    """Asks the internet. Many threads may use it at once, also after a fork."""

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private: Collection[tuple[str, int]] = (),
        within: float = 30.0,
        connect: float = 10.0,
        limit: int = 20_000_000,
        redirects: int = 5,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = socket.getaddrinfo,
        dial: Dial = socket.create_connection,
    ) -> None:
        """Set the rules; nothing is opened before it is used.

        `allow_private` are exceptions by exact literal address and port. `within` is the most
        seconds that a request takes, its redirects included (a name server that is silent can
        add to it: only the system's own limits end that), `connect` the most until a connection
        stands. `limit` is the most bytes of a body, as sent and as decoded, `redirects` how many
        are followed. `tls` says whom to trust, by default whom the system trusts. Raises
        ValueError for an exception that is no literal address.
        """
        self._allowed = frozenset((str(ip_address(host)), port) for host, port in allow_private)
        self._user_agent = user_agent
        self._within = within
        self._limit = limit
        self._redirects = redirects
        self._exchange = Exchange(connect, tls, resolve, dial)

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, **options: Unpack[Options]
    ) -> Answer:
        """Fetch url. Raises what request raises."""
        return self.request("GET", url, headers=headers, **options)

    def post(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        json: object | None = None,
        **options: Unpack[Options],
    ) -> Answer:
        """Send to url, once; a redirect is an answer like any other. Raises what request raises."""
        return self.request("POST", url, headers=headers, json=json, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object | None = None,
        within: float | None = None,
        limit: int | None = None,
        redirects: int | None = None,
    ) -> Answer:
        """Ask once and read the whole answer, whatever its status.

        `json` is sent as JSON in place of `content`; `within`, `limit` and `redirects` replace
        the door's own. Redirects of GET and HEAD are followed; with 0 the redirect itself is
        the answer. Raises NotSentError (ForbiddenError) when certainly nothing reached the
        server asked last, NoAnswerError (TooLargeError) when it may have.
        """
        deadline = Deadline(self._within if within is None else within)
        sending = Sending.make(method, self._user_agent, headers, content, json)
        size = self._limit if limit is None else limit
        most = self._redirects if redirects is None else redirects
        follow = most > 0 and sending.method in FOLLOWED
        target, followed, permanent = parse(url), 0, True
        allowed: Collection[tuple[str, int]] = self._allowed
        while True:
            with closing(self._exchange.open(target, deadline, allowed)) as line:
                reply = talk(line, target, sending, size, deadline, follow=follow)
            if not follow or reply.place is None:
                moved_to = target.url if followed and permanent else None
                return Answer(reply.status, reply.headers, reply.body, target.url, moved_to)
            if followed == most:
                raise NoAnswerError("door.redirects", f"more than {most} redirects")
            onward = _onward(target, reply.place)
            if onward.origin != target.origin:
                sending = sending.without_secrets()
            if not line.excepted:
                allowed = ()  # a public page leads to no exception: those are for who set them
            permanent &= reply.status in PERMANENT and not _weaker(target, onward)
            target, followed = onward, followed + 1

    def close(self) -> None:
        """Nothing is held open between requests, so there is nothing to close."""


def _onward(target: Target, place: str) -> Target:
    """Where a redirect leads, checked like any address. Raises ForbiddenError."""
    try:
        return parse(urljoin(target.url, place))
    except ValueError as error:
        raise ForbiddenError("door.malformed", "a redirect leads to no address") from error


def _weaker(target: Target, onward: Target) -> bool:
    """Whether a step leads from https to http: followed, but never remembered as a move."""
    return target.scheme == "https" and onward.scheme == "http"
