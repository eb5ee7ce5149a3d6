"""Redirects: each step is checked anew, secrets stay where they belong, moves are told."""

import socket
import time

import pytest

from safehttp.errors import ForbiddenError, NoAnswerError
from tests.safehttp.servers import Server, World, headers_of, path_of, reply, says

PUBLIC, OTHER = "93.184.216.34", "93.184.216.35"


def _redirects(steps: dict[str, tuple[int, str]]) -> Server:
    """A server that sends paths elsewhere by table, and answers every other path."""

    def script(connection: socket.socket, request: bytes) -> None:
        path = path_of(request)
        if path in steps:
            status, place = steps[path]
            connection.sendall(reply(b"moved", status, location=place))
        else:
            connection.sendall(reply(path.encode()))

    return Server(script)


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([301], True),
        ([308], True),
        ([301, 308, 301], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 302], False),
        ([302, 301], False),
    ],
)
def test_move_is_told_where_every_step_was_permanent(statuses: list[int], moved: bool) -> None:
    steps = {f"/{at}": (status, f"/{at + 1}") for at, status in enumerate(statuses)}
    with _redirects(steps) as server:
        answer = server.door().get(f"{server.url}/0")
    end = f"/{len(statuses)}"
    assert answer.body == end.encode()
    assert answer.url == server.url + end
    assert answer.moved_to == (answer.url if moved else None)


@pytest.mark.parametrize("allowed", [1, 3, 5])
def test_redirects_end_at_their_number(allowed: int) -> None:
    with _redirects({"/": (302, "/")}) as server:
        with pytest.raises(NoAnswerError) as failed:
            server.door(redirects=allowed).get(server.url)
        assert failed.value.code == "door.redirects"
        assert len(server.requests) == allowed + 1


def test_redirects_up_to_their_number_are_followed() -> None:
    with _redirects({"/0": (302, "/1"), "/1": (302, "/2")}) as server:
        assert server.door().get(f"{server.url}/0", redirects=2).body == b"/2"


def test_redirect_itself_is_the_answer_where_none_may_be_followed() -> None:
    with _redirects({"/": (301, "/x")}) as server:
        answer = server.door().get(server.url, redirects=0)
    assert (answer.status, answer.headers["location"], answer.body) == (301, "/x", b"moved")
    assert answer.moved_to is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_redirect_of_what_acts_is_never_followed(status: int, method: str) -> None:
    with _redirects({"/": (status, "/x")}) as server:
        answer = server.door().request(method, server.url, json={"a": 1})
        assert len(server.requests) == 1
    assert answer.status == status


@pytest.mark.parametrize("status", [300, 304, 305])
def test_other_answers_with_a_place_are_no_redirects(status: int) -> None:
    with _redirects({"/": (status, "/x")}) as server:
        assert server.door().get(server.url).status == status


def test_redirect_without_a_place_is_an_answer() -> None:
    with Server(says(b"where?", 302)) as server:
        assert server.door().get(server.url).body == b"where?"


def test_body_of_a_redirect_that_is_followed_is_not_read() -> None:
    def script(connection: socket.socket, request: bytes) -> None:
        huge = reply(b"", 302, location="/x", content_length="99999999999")
        connection.sendall(huge if path_of(request) == "/" else reply(b"there"))

    with Server(script) as server:
        assert server.door().get(server.url).body == b"there"


def test_head_stays_head_along_redirects() -> None:
    with _redirects({"/": (302, "/x")}) as server:
        server.door().request("HEAD", server.url)
        assert [request.split()[0] for request in server.requests] == [b"HEAD", b"HEAD"]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("http://127.0.0.1/", "door.address"),
        ("http://169.254.169.254/latest/", "door.address"),
        ("//10.0.0.1/", "door.address"),
        ("http://[::1]/", "door.address"),
        ("http://0x7f.1/", "door.address"),
        ("http://private.example/", "door.address"),
        ("http://public.example:22/", "door.port"),
        ("http://a:b@public.example/", "door.credentials"),
        ("file:///etc/passwd", "door.scheme"),
        ("ftp://public.example/", "door.scheme"),
        ("http://[::1", "door.malformed"),
        ("http://a..b/", "door.malformed"),
    ],
)
def test_redirect_to_a_forbidden_place_is_refused(place: str, code: str) -> None:
    names = {"public.example": [PUBLIC], "private.example": ["10.0.0.1"]}
    with _redirects({"/": (301, place)}) as server:
        world = World(names, {(PUBLIC, 80): server})
        with pytest.raises(ForbiddenError) as refused:
            world.door().get("http://public.example/")
    assert refused.value.code == code
    assert world.dialled == [(PUBLIC, 80)]


def test_redirect_from_a_public_place_to_an_exception_is_refused() -> None:
    with Server(says(b"inside")) as inside, _redirects({"/": (302, inside.url)}) as server:
        world = World({"public.example": [PUBLIC]}, {(PUBLIC, 80): server})
        door = world.door(allow_private=[inside.address])
        with pytest.raises(ForbiddenError) as refused:
            door.get("http://public.example/")
        assert refused.value.code == "door.port"
        assert not inside.requests


def test_redirect_from_an_exception_to_an_exception_is_followed() -> None:
    with Server(says(b"there")) as there, _redirects({"/": (302, there.url)}) as server:
        door = World({}, {each.address: each for each in (there, server)}).door(
            allow_private=[server.address, there.address]
        )
        assert door.get(server.url).body == b"there"


def test_name_is_looked_up_anew_at_each_step() -> None:
    with _redirects({"/": (302, "/x")}) as server:
        answers = [[PUBLIC], ["127.0.0.1"]]
        world = World({}, {(PUBLIC, 80): server})
        world.names = _Changing(answers)
        with pytest.raises(ForbiddenError):
            world.door().get("http://rebinding.example/")
    assert world.dialled == [(PUBLIC, 80)]


class _Changing(dict[str, list[str]]):
    """A name that leads elsewhere at each look."""

    def __init__(self, answers: list[list[str]]) -> None:
        super().__init__()
        self._answers = answers

    def __contains__(self, host: object) -> bool:
        return True

    def __getitem__(self, host: str) -> list[str]:
        return self._answers.pop(0)


SECRETS = {"Authorization": "Bearer t", "Cookie": "a=1", "X-Api-Key": "k"}
PLAIN = {"If-None-Match": '"e"', "Accept": "text/calendar"}


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("/x", True),
        ("http://public.example:80/x", True),
        ("http://public.example:8080/x", False),
        ("http://other.example/x", False),
        ("http://sub.public.example/x", False),
    ],
)
def test_secrets_travel_to_the_same_origin_only(place: str, kept: bool) -> None:
    names = {"public.example": [PUBLIC], "other.example": [OTHER], "sub.public.example": [PUBLIC]}
    with _redirects({"/": (302, place)}) as server:
        places = [(PUBLIC, 80), (PUBLIC, 8080), (OTHER, 80)]
        door = World(names, dict.fromkeys(places, server)).door()
        assert door.get("http://public.example/", SECRETS | PLAIN).body == b"/x"
        first, last = (headers_of(request) for request in server.requests)
    assert first["authorization"] == "Bearer t"
    assert {name.lower() in last for name in SECRETS} == {kept}
    assert all(last[name.lower()] == value for name, value in PLAIN.items())


def test_secrets_that_were_dropped_do_not_come_back_on_the_way_home() -> None:
    names = {"public.example": [PUBLIC], "other.example": [OTHER]}
    steps = {"/": (302, "http://other.example/b"), "/b": (302, "http://public.example/c")}
    with _redirects(steps) as server:
        door = World(names, {(PUBLIC, 80): server, (OTHER, 80): server}).door()
        assert door.get("http://public.example/", SECRETS).body == b"/c"
        assert "authorization" not in headers_of(server.requests[2])


def test_cookies_of_one_answer_are_never_sent_with_the_next_request() -> None:
    with Server(says(set_cookie="a=1")) as server:
        door = server.door()
        door.get(server.url)
        door.get(server.url)
        assert "cookie" not in headers_of(server.requests[1])


def test_time_counts_for_all_steps_together() -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        time.sleep(0.15)
        connection.sendall(reply(b"", 302, location="/"))

    with Server(script) as server:
        began = time.monotonic()
        with pytest.raises(NoAnswerError) as failed:
            server.door(within=0.4, redirects=50).get(server.url)
        assert time.monotonic() - began < 3
    assert failed.value.code == "door.timeout"
