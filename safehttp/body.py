"""Reads a body to its end, decoding it on the way, and stops where it grows too large."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from safehttp.clock import Deadline
from safehttp.errors import NoAnswerError, TooLargeError

#: What is unpacked at a time, in bytes: so much memory can be in use beyond the limit.
PIECE = 256 * 1024

_GZIP = {"gzip", "x-gzip"}
_UNREADABLE = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}


class Decoder(Protocol):
    """Takes what arrives and gives what it means, a piece at a time."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What data adds. Raises zlib.error where it can't be read."""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing at the end."""


class Plain:
    """A body that was sent as it is."""

    complete = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The data itself."""
        yield data


class Inflater:
    """gzip (of several members too) and deflate, with its zlib header or, as some send it, without.

    What follows the last member is not looked at, as gzip itself does.
    """

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._zip: zlib._Decompress | None = None
        self._held = b""  # too short to tell what it begins
        self._ended = False

    @property
    def complete(self) -> bool:
        """Whether the last member ended, or nothing came at all."""
        return self._zip is None and (self._ended or not self._held)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What data unpacks to, in pieces of at most PIECE bytes. Raises zlib.error."""
        data, self._held = self._held + data, b""
        while data or self._zip is not None:
            if self._zip is None:
                if self._ended and data[:1] != b"\x1f":
                    return
                if len(data) < 2:
                    self._held = data
                    return
                self._zip = zlib.decompressobj(self._window(data))
            piece = self._zip.decompress(data, PIECE)
            yield piece
            data = self._zip.unconsumed_tail
            if self._zip.eof:
                data, self._zip, self._ended = self._zip.unused_data, None, True
            elif not data and len(piece) < PIECE:
                return

    def _window(self, data: bytes) -> int:
        """zlib's name for the format that data begins (zlib manual, inflateInit2)."""
        if self._gzip:
            return 31
        return 15 if data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0 else -15


def read(chunks: Iterable[bytes], encoding: str, limit: int, deadline: Deadline) -> bytes:
    """The whole body, decoded by its Content-Encoding; limit counts bytes, as sent and decoded.

    Raises TooLargeError, NoAnswerError, and TimeoutError when time is up.
    """
    decoder, parts = _decoder(encoding), list[bytes]()
    arrived = size = 0
    try:
        for chunk in chunks:
            arrived += len(chunk)
            for piece in decoder.feed(chunk):
                deadline.left()
                size += len(piece)
                if max(arrived, size) > limit:
                    raise TooLargeError("door.too_large", f"more than {limit} bytes")
                parts.append(piece)
    except zlib.error as error:
        raise NoAnswerError("door.encoding", f"can't be unpacked: {error}") from error
    if not decoder.complete:
        raise NoAnswerError("door.cut", "the compressed answer ends too early")
    return b"".join(parts)


def _decoder(encoding: str) -> Decoder:
    """Raises NoAnswerError for what we did not ask for; names of no compression mean plain."""
    codings = [part for word in encoding.lower().split(",") if (part := word.strip())]
    packed = [coding for coding in codings if coding in _GZIP | _UNREADABLE | {"deflate"}]
    if len(packed) > 1 or _UNREADABLE & {*packed}:
        raise NoAnswerError("door.encoding", f"packed as {encoding[:80]}, which we don't read")
    return Inflater(gzip=packed[0] in _GZIP) if packed else Plain()
