"""Bodies: unpacked as they come, capped in size, memory and time."""

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest

from safehttp import body
from safehttp.clock import Deadline
from safehttp.errors import NoAnswerError, TooLargeError
from tests.safehttp.servers import Script, Server, says

TEXT = bytes(range(256)) * 5000


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": (gzip.compress(TEXT), "gzip"),
    "gzip by its old name": (gzip.compress(TEXT), "x-gzip"),
    "gzip in capitals": (gzip.compress(TEXT), " GZIP "),
    "gzip of several members": (gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), "gzip"),
    "gzip with something behind": (gzip.compress(TEXT) + b"\0\0\0", "gzip"),
    "deflate": (zlib.compress(TEXT), "deflate"),
    "deflate without a header": (_raw_deflate(TEXT), "deflate"),
    "nothing": (TEXT, "identity"),
    "a name of no packing": (TEXT, "utf-8"),
    "an empty name": (TEXT, ""),
}


@pytest.mark.parametrize(("packed", "encoding"), PACKED.values(), ids=PACKED)
@pytest.mark.parametrize("step", [1, 7, 65536])
def test_packed_body_is_unpacked_however_it_arrives(
    packed: bytes, encoding: str, step: int
) -> None:
    chunks = (packed[at : at + step] for at in range(0, len(packed), step))
    assert body.read(chunks, encoding, 2_000_000, Deadline(10)) == TEXT


@pytest.mark.parametrize("more", [0, 1, 50, 100, 300])
def test_body_that_ends_just_behind_a_piece_is_whole(more: int) -> None:
    size = 2 * body.PIECE + more  # then zlib has taken all that came and still holds some
    packed = _raw_deflate(bytes(size))
    assert len(body.read([packed], "deflate", size, Deadline(10))) == size


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_empty_body_needs_no_unpacking(encoding: str) -> None:
    assert body.read([], encoding, 10, Deadline(10)) == b""


def test_packed_answer_comes_through_the_door_unpacked() -> None:
    with Server(says(gzip.compress(TEXT), content_encoding="gzip")) as server:
        assert server.door().get(server.url).body == TEXT


@pytest.mark.parametrize("size", [1000, 1001])
@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("told", [True, False])
def test_limit_is_the_largest_body_allowed(size: int, encoding: str, told: bool) -> None:
    sent = gzip.compress(b"x" * size) if encoding else b"x" * size
    length = f"content-length: {len(sent)}\r\n" if told else ""
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\n{length}\r\n".encode()
    with Server(lambda connection, _: connection.sendall(head + sent)) as server:
        door = server.door(limit=1000)
        if size <= 1000:
            assert len(door.get(server.url).body) == size
        else:
            with pytest.raises(TooLargeError):
                door.get(server.url)
        assert len(door.get(server.url, limit=2000).body) == size


def _bomb(packer: "zlib._Compress", megabytes: int) -> bytes:
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes))
    return packed + packer.flush()


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: _bomb(zlib.compressobj(9, wbits=31), 200),
    "deflate": lambda: _bomb(zlib.compressobj(9), 200),
    "gzip of many members": lambda: gzip.compress(bytes(50_000)) * 4000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_stops_early_in_memory_and_time(name: str) -> None:
    packed, encoding = BOMBS[name](), name.split(maxsplit=1)[0]
    assert len(packed) < 1_000_000
    with Server(says(packed, content_encoding=encoding)) as server:
        door = server.door(limit=1_000_000)
        tracemalloc.start()
        began = time.monotonic()
        with pytest.raises(TooLargeError) as failed:
            door.get(server.url)
        took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert failed.value.code == "door.too_large"
    assert peak < 4_000_000
    assert took < 3


def test_members_that_unpack_to_nothing_end_with_the_time() -> None:
    empty = gzip.compress(b"") * 400_000
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        body.read([empty], "gzip", 20_000_000, Deadline(0.2))
    assert time.monotonic() - began < 3


def _endless(connection: object, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # type: ignore[attr-defined]
    while True:
        connection.sendall(b"x" * 65536)  # type: ignore[attr-defined]


def test_endless_body_stops_at_the_limit() -> None:
    with Server(_endless) as server:
        began = time.monotonic()
        with pytest.raises(TooLargeError):
            server.door(limit=1_000_000).get(server.url)
        assert time.monotonic() - began < 3


def test_body_that_is_announced_as_huge_is_not_read() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"
    script: Script = lambda connection, _: connection.sendall(head)  # noqa: E731
    with Server(script) as server, pytest.raises(TooLargeError):
        server.door().get(server.url)


def test_time_runs_out_while_a_body_trickles_in() -> None:
    def trickle() -> Iterator[bytes]:
        while True:
            time.sleep(0.01)
            yield b"x"

    with pytest.raises(TimeoutError):
        body.read(trickle(), "", 1000, Deadline(0.1))


def test_damaged_packing_is_told_apart_from_a_cut() -> None:
    damaged = bytearray(gzip.compress(TEXT))
    damaged[len(damaged) // 2] ^= 0xFF
    with pytest.raises(NoAnswerError) as failed:
        body.read([bytes(damaged)], "gzip", 2_000_000, Deadline(10))
    assert failed.value.code == "door.encoding"
