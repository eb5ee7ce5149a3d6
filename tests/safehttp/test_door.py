"""The door against real servers on loopback: what is sent, what comes back, who may be asked."""

import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from safehttp.door import Door
from safehttp.errors import ForbiddenError, NotSentError
from tests.safehttp.servers import AGENT, Server, World, headers_of, path_of, reply, says


def test_get_gives_status_headers_body_and_address() -> None:
    script = says(b'{"a": 1}', 203, ETag='"x"', Set_Cookie="a=1")
    with Server(script) as server:
        answer = server.door().get(f"{server.url}/feed?a=ü#part")
    assert answer.status == 203
    assert answer.json == {"a": 1}
    assert answer.headers["etag"] == '"x"'
    assert answer.url == f"{server.url}/feed?a=%C3%BC"
    assert answer.moved_to is None


def test_get_sends_our_name_and_no_header_that_is_ours_to_set() -> None:
    given = {"Host": "evil.example", "Accept-Encoding": "br", "User-Agent": "x", "X-Own": "ü"}
    with Server(says()) as server:
        server.door().get(server.url, given | {"Transfer-Encoding": "chunked"})
        sent = headers_of(server.requests[0])
    assert sent == {
        "host": server.url.removeprefix("http://"),
        "user-agent": AGENT,
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
        "x-own": "ü",
    }


def test_post_sends_json_with_its_length_and_the_callers_headers() -> None:
    with Server(says(b"[1]")) as server:
        answer = server.door().post(server.url, {"Authorization": "Bearer t"}, {"text": "Café"})
        [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert headers_of(request)["content-type"] == "application/json"
    assert headers_of(request)["authorization"] == "Bearer t"
    assert body == '{"text": "Café"}'.encode()
    assert answer.json_list == [1]


def test_post_without_content_says_that_its_length_is_zero() -> None:
    with Server(says()) as server:
        server.door().post(server.url)
        assert headers_of(server.requests[0])["content-length"] == "0"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "patch"])
def test_request_sends_any_method_with_its_content(method: str) -> None:
    with Server(says()) as server:
        server.door().request(method, server.url, content=b"abc")
        [request] = server.requests
    assert request.startswith(method.upper().encode())
    assert request.endswith(b"\r\n\r\nabc")


def test_head_reads_no_body_and_minds_no_length() -> None:
    with Server(
        lambda sock, _: sock.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n")
    ) as server:
        answer = server.door().request("HEAD", server.url)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "☃"])
def test_header_that_can_not_be_sent_is_refused(value: str) -> None:
    with Server(says()) as server, pytest.raises(ForbiddenError) as refused:
        server.door().get(server.url, {"X-Token": value})
    assert refused.value.code == "door.header"
    assert b"X-Evil" not in b"".join(server.requests)


def test_repeated_headers_are_joined_and_odd_letters_read() -> None:
    lines = b"Link: <a>\r\nLink: <b>\r\nX-U: \xc3\xbc\r\nX-L: \xfc\r\n"
    script = lambda sock, _: sock.sendall(b"HTTP/1.1 204 No\r\n" + lines + b"\r\n")  # noqa: E731
    with Server(script) as server:
        answer = server.door().get(server.url)
    assert answer.headers == {"link": "<a>, <b>", "x-u": "ü", "x-l": "ü"}


def test_exception_holds_for_exact_address_and_port_only() -> None:
    with Server(says()) as allowed, Server(says()) as other:
        door = allowed.door()
        assert door.get(allowed.url).status == 200
        with pytest.raises(ForbiddenError) as refused:
            door.get(other.url)
        assert refused.value.code == "door.port"
        with pytest.raises(ForbiddenError) as refused:
            door.get(f"http://127.0.0.2:{allowed.address[1]}")
        assert refused.value.code == "door.port"
    assert not other.requests


@pytest.mark.parametrize("host", ["[::ffff:127.0.0.1]", "2130706433", "127.1", "0x7f.1"])
def test_exception_does_not_hold_in_another_notation(host: str) -> None:
    with Server(says()) as server, pytest.raises(ForbiddenError):
        server.door().get(f"http://{host}:{server.address[1]}/")
    assert not server.requests


def test_exception_that_is_no_literal_address_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="localhost"):
        Door(user_agent="x", allow_private=[("localhost", 8000)])


def test_name_that_leads_to_an_exception_and_elsewhere_uses_the_exception_alone() -> None:
    with Server(says(b"here")) as server:
        port = server.address[1]
        world = World(
            {"localhost": ["::1", "10.0.0.1", "127.0.0.1"]}, {("127.0.0.1", port): server}
        )
        answer = world.door(allow_private=[server.address]).get(f"http://localhost:{port}")
    assert answer.body == b"here"
    assert world.dialled == [("127.0.0.1", port)]


def test_public_name_may_not_use_the_port_of_an_exception() -> None:
    world = World({"public.example": ["93.184.216.34"]}, {})
    with pytest.raises(ForbiddenError) as refused:
        world.door(allow_private=[("127.0.0.1", 9999)]).get("http://public.example:9999")
    assert refused.value.code == "door.port"
    assert not world.dialled


def test_connection_goes_to_the_address_that_was_checked_with_the_name_in_host() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]

    def resolve(_: str, port: int, **__: object) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in answers.pop(0)]

    with Server(says()) as server:
        world = World({}, {("93.184.216.34", 80): server})
        door = world.door(resolve=resolve)
        assert door.get("http://rebinding.example/").status == 200
        assert world.dialled == [("93.184.216.34", 80)]
        assert headers_of(server.requests[0])["host"] == "rebinding.example"
        with pytest.raises(ForbiddenError) as refused:
            door.get("http://rebinding.example/")
    assert refused.value.code == "door.address"
    assert len(answers) == 1  # one look a request
    assert world.dialled == [("93.184.216.34", 80)]


def test_second_address_of_a_name_is_asked_where_the_first_does_not_answer() -> None:
    with Server(says(b"second")) as server:
        name = {"public.example": ["2606:2800:220:1::1", "93.184.216.34"]}
        world = World(name, {("93.184.216.34", 80): server})
        assert world.door().get("http://public.example/").body == b"second"
    assert world.dialled == [("2606:2800:220:1::1", 80), ("93.184.216.34", 80)]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxy_of_the_environment_is_not_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(says(b"proxy")) as proxy, Server(says(b"direct")) as server:
        monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert server.door().get(server.url).body == b"direct"
    assert proxy.connections == 0


def test_login_of_the_netrc_file_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Server(says()) as server:
        server.door().get(server.url)
        assert "authorization" not in headers_of(server.requests[0])


def test_sixty_four_threads_get_their_own_answers_at_once() -> None:
    everyone = threading.Barrier(64, timeout=20)

    def echo(connection: socket.socket, request: bytes) -> None:
        everyone.wait()  # nobody is answered before all have asked
        connection.sendall(reply(path_of(request).encode()))

    with Server(echo) as server, ThreadPoolExecutor(64) as pool:
        door = server.door()
        asked = [f"/{number}" for number in range(128)]
        answers = pool.map(lambda path: door.get(server.url + path).body.decode(), asked)
        assert [*answers] == asked


def test_door_works_on_both_sides_of_a_fork() -> None:
    with Server(lambda sock, request: sock.sendall(reply(path_of(request).encode()))) as server:
        door = server.door()
        assert door.get(f"{server.url}/before").body == b"/before"
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if door.get(f"{server.url}/child").body == b"/child" else 1)
            finally:
                os._exit(2)
        assert door.get(f"{server.url}/parent").body == b"/parent"
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert server.connections == 3


def _held() -> tuple[int, int]:
    """Threads and open files of this process, the test's servers included."""
    return threading.active_count(), len([*Path("/dev/fd").iterdir()])


def test_door_starts_no_thread_and_leaves_no_connection_open() -> None:
    with Server(says(b"x")) as server:
        door = server.door()
        before = _held()
        answers = [door.get(server.url) for _ in range(20)]
        until = time.monotonic() + 5
        while _held() != before and time.monotonic() < until:
            time.sleep(0.01)  # the server's own ends close a moment later
        assert _held() == before
    assert len(answers) == 20


def test_name_without_address_is_not_sent() -> None:
    world = World({}, {})
    with pytest.raises(NotSentError) as failed:
        world.door().post("http://nowhere.example/", json={})
    assert failed.value.code == "door.name"


def test_name_that_resolves_to_nothing_is_not_sent() -> None:
    with pytest.raises(NotSentError) as failed:
        World({"empty.example": []}, {}).door().get("http://empty.example/")
    assert failed.value.code == "door.name"
