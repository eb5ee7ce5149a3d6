"""Requests to one server in the name of one account (docs.joinmastodon.org/client)."""

from collections.abc import Mapping, Sequence

from networks.answers import acted, listing, told
from networks.errors import RefusedError, asking, publishing
from networks.post import Clock
from safehttp.door import Answer, Door


class Api:
    """`server` is an address, with or without https://; nothing is asked yet."""

    def __init__(self, server: str, token: str, door: Door, clock: Clock) -> None:
        server = server.strip().rstrip("/")
        self.server = server if "://" in server else f"https://{server}"
        self.now = clock
        self._token = token.strip()
        self._door = door

    def get(self, path: str, within: float) -> Answer:
        """What the server answers. Raises LaterError, RefusedError.

        A redirect is an answer: followed to another server, it would lose our token.
        """
        with asking():
            return self._door.get(self._url(path), self._headers(), within=within, redirects=0)

    def read(self, path: str, within: float) -> Mapping[str, object]:
        """An object. Raises LaterError, RefusedError."""
        return told(self.get(path, within), self.now())

    def list(self, path: str, within: float) -> tuple[Answer, Sequence[Mapping[str, object]]]:
        """An array of objects, and the answer it came in. Raises LaterError, RefusedError."""
        answer = self.get(path, within)
        return answer, listing(answer, self.now())

    def upload(self, path: str, content: bytes, media_type: str, within: float) -> Answer:
        """What the server answers to what is not yet a post. Raises LaterError, RefusedError."""
        headers = self._headers() | {"Content-Type": media_type}
        with asking():
            return self._door.request(
                "POST", self._url(path), headers=headers, content=content, within=within
            )

    def publish(self, path: str, key: str, body: object, within: float) -> Mapping[str, object]:
        """Act, once. Raises LaterError, RefusedError, UnknownError."""
        headers = self._headers() | {"Idempotency-Key": key}
        with publishing():
            answer = self._door.post(self._url(path), headers, body, within=within)
        return acted(answer, self.now())

    def _url(self, path: str) -> str:
        return f"{self.server}/api/{path}"

    def _headers(self) -> dict[str, str]:
        """Raises RefusedError for a token that no header can carry: something else was pasted."""
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise RefusedError("network.token", "the token holds letters that no token has")
        return {"Authorization": f"Bearer {self._token}"}
