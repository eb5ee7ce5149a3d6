"""What a caller learns when things go wrong: certainly not sent, or perhaps acted on."""

import gzip
import socket
import struct
import time
from contextlib import ExitStack

import pytest

from safehttp.door import Door
from safehttp.errors import NoAnswerError, NotSentError, TooLargeError
from tests.safehttp.servers import AGENT, Script, Server, reply, says

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def _sends(data: bytes) -> Script:
    return lambda connection, _: connection.sendall(data)


def _drips(head: bytes, drop: bytes) -> Script:
    """A server that never stalls and never ends."""

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return script


def _reset(connection: socket.socket, _: bytes) -> None:
    """Hang up so that the other side gets an error instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


BROKEN = {
    "ends without a word": (_sends(b""), "door.cut"),
    "breaks without a word": (_reset, "door.cut"),
    "ends within the headers": (_sends(OK + b"content-le"), "door.cut"),
    "ends within the body": (_sends(OK + b"content-length: 10\r\n\r\n12345"), "door.cut"),
    "ends within a chunk": (_sends(CHUNKED + b"5\r\n123"), "door.cut"),
    "ends without the last chunk": (_sends(CHUNKED + b"1\r\n1\r\n"), "door.cut"),
    "has a chunk without length": (_sends(CHUNKED + b"xyz\r\n"), "door.garbled"),
    "speaks another protocol": (_sends(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "door.garbled"),
    "speaks TLS": (_sends(b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n"), "door.garbled"),
    "has a negative length": (_sends(OK + b"content-length: -1\r\n\r\n"), "door.garbled"),
    "has two lengths": (
        _sends(OK + b"content-length: 1\r\ncontent-length: 2\r\n\r\n12"),
        "door.garbled",
    ),
    "has endless headers": (_sends(OK + b"x: " + b"a" * 200_000 + b"\r\n\r\n"), "door.garbled"),
    "changes the protocol": (_sends(b"HTTP/1.1 101 S\r\nupgrade: x\r\n\r\n"), "door.garbled"),
    "is packed as we did not ask": (says(b"x", content_encoding="br"), "door.encoding"),
    "is packed twice": (says(b"x", content_encoding="gzip, gzip"), "door.encoding"),
    "is not packed as it says": (says(b"plain text", content_encoding="gzip"), "door.encoding"),
    "is packed and cut": (says(gzip.compress(b"x" * 99)[:-9], content_encoding="gzip"), "door.cut"),
    "is packed and hardly begun": (says(b"\x1f", content_encoding="gzip"), "door.cut"),
    "is too large": (says(b"x" * 2000), "door.too_large"),
    "stalls": (lambda *_: time.sleep(1), "door.timeout"),
    "drips its status": (_drips(b"HTTP/1.1 ", b"2"), "door.timeout"),
    "drips its headers": (_drips(OK, b"a: b\r\n"), "door.timeout"),
    "drips its body": (_drips(OK + b"content-length: 1000\r\n\r\n", b"x"), "door.timeout"),
    "drips chunks": (_drips(CHUNKED, b"1\r\nx\r\n"), "door.timeout"),
    "drips the length of a chunk": (_drips(CHUNKED + b"1;", b"x"), "door.timeout"),
    "drips what follows the last chunk": (_drips(CHUNKED + b"0\r\n", b"a: b\r\n"), "door.timeout"),
    "says for ever that more is to come": (
        _drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        "door.timeout",
    ),
}


@pytest.mark.parametrize(("script", "code"), BROKEN.values(), ids=BROKEN)
def test_post_whose_answer_is_no_whole_one_may_have_arrived_and_was_sent_once(
    script: Script, code: str
) -> None:
    with Server(script) as server:
        began = time.monotonic()
        with pytest.raises(NoAnswerError) as failed:
            server.door(within=0.4, limit=1000).post(server.url, json={"text": "once"})
        assert time.monotonic() - began < 3
        assert failed.value.code == code
        assert isinstance(failed.value, TooLargeError) == (code == "door.too_large")
        assert server.connections == 1
        assert server.requests[0].endswith(b'{"text": "once"}')


def test_post_whose_sending_stalls_ends_in_time_and_may_have_arrived() -> None:
    with Server(lambda *_: time.sleep(1), listens=False) as server:
        began = time.monotonic()
        with pytest.raises(NoAnswerError) as failed:
            server.door(within=0.4).post(server.url, content=b"x" * 30_000_000)
        assert time.monotonic() - began < 3
    assert failed.value.code == "door.timeout"


def test_post_that_is_taken_in_by_drips_ends_in_time_and_may_have_arrived() -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        while connection.recv(1 << 20):
            time.sleep(0.02)

    with Server(script, listens=False) as server:
        began = time.monotonic()
        with pytest.raises(NoAnswerError) as failed:
            server.door(within=0.4).post(server.url, content=bytes(100_000_000))
        assert time.monotonic() - began < 3
    assert failed.value.code == "door.timeout"


def test_refusal_that_comes_while_a_large_post_is_still_sent_is_read() -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply(b"too much", 413))
        time.sleep(0.1)  # nothing of what comes is read, and then the connection breaks

    with Server(script, listens=False) as server:
        answer = server.door(within=5).post(server.url, content=b"x" * 30_000_000)
    assert (answer.status, answer.body) == (413, b"too much")


def test_post_to_a_closed_port_is_certainly_not_sent() -> None:
    with Server(says()) as server:
        door, url = server.door(), server.url
    with pytest.raises(NotSentError) as failed:
        door.post(url, json={})
    assert failed.value.code == "door.connect"


def test_post_to_a_server_that_takes_no_connection_is_not_sent_and_ends_at_the_connect_cap() -> (
    None
):
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        host, port = full.getsockname()
        for _ in range(4):  # then the kernel lets no more in
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((host, port))
        door = Door(user_agent=AGENT, allow_private=[(host, port)], connect=0.3)
        began = time.monotonic()
        with pytest.raises(NotSentError) as failed:
            door.post(f"http://{host}:{port}", json={})
        assert 0.2 < time.monotonic() - began < 3
    assert failed.value.code == "door.connect"


def test_post_without_time_left_is_not_sent() -> None:
    with Server(says()) as server:
        with pytest.raises(NotSentError) as failed:
            server.door().post(server.url, json={}, within=0)
        assert failed.value.code == "door.timeout"
        assert server.connections == 0


def test_slow_name_server_uses_up_the_time_and_nothing_is_sent() -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        time.sleep(0.3)
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    with Server(says()) as server:
        door = server.door(resolve=resolve, within=0.2)
        with pytest.raises(NotSentError) as failed:
            door.post(f"http://slow.example:{server.address[1]}", json={})
        assert server.connections == 0
    assert failed.value.code == "door.timeout"


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500, 503])
def test_whole_answer_of_any_status_is_no_error(status: int) -> None:
    with Server(says(b"{}", status)) as server:
        assert server.door().post(server.url, json={}).status == status


def test_answer_without_length_ends_with_the_connection() -> None:
    with Server(_sends(b"HTTP/1.0 200 OK\r\n\r\nold")) as server:
        assert server.door().get(server.url).body == b"old"


def test_early_hints_before_the_answer_are_passed_over() -> None:
    with Server(_sends(b"HTTP/1.1 103 Early\r\nlink: x\r\n\r\n" + reply(b"late"))) as server:
        assert server.door().get(server.url).body == b"late"
