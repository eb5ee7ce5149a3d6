"""Each status tells the caller what to do next; a list that is none never passes for empty."""

from datetime import UTC, datetime, timedelta

import pytest

from networks.answers import acted, listing, told, wait
from networks.errors import LaterError, NetworkError, RefusedError, UnknownError
from safehttp.door import Answer

NOW = datetime(2026, 12, 5, 12, tzinfo=UTC)


def answer(status: int, body: str = "{}", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body.encode(), "https://town.example/api")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (301, RefusedError, "network.moved"),
        (302, UnknownError, "network.unknown"),
        (303, UnknownError, "network.unknown"),
        (307, LaterError, "network.moved"),
        (308, RefusedError, "network.moved"),
        (400, RefusedError, "network.refused"),
        (401, RefusedError, "network.token"),
        (403, RefusedError, "network.forbidden"),
        (404, RefusedError, "network.missing"),
        (408, UnknownError, "network.unknown"),
        (410, RefusedError, "network.gone"),
        (413, RefusedError, "network.too_large"),
        (418, RefusedError, "network.refused"),
        (422, RefusedError, "network.refused"),
        (429, LaterError, "network.busy"),
        (500, UnknownError, "network.unknown"),
        (502, UnknownError, "network.unknown"),
        (503, UnknownError, "network.unknown"),
        (504, UnknownError, "network.unknown"),
        (520, UnknownError, "network.unknown"),
        (304, UnknownError, "network.unknown"),
        (999, UnknownError, "network.unknown"),
    ],
)
def test_acted_maps_every_status(status: int, kind: type[NetworkError], code: str) -> None:
    with pytest.raises(kind) as caught:
        acted(answer(status), NOW)
    assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_acted_gives_back_what_was_said(status: int) -> None:
    assert acted(answer(status, '{"id": "7"}'), NOW) == {"id": "7"}
    assert acted(answer(status, "<p>"), NOW) == {}


@pytest.mark.parametrize("status", [302, 307, 408, 429, 500, 503])
def test_told_asks_again_where_nothing_can_have_happened(status: int) -> None:
    with pytest.raises(LaterError):
        told(answer(status), NOW)


@pytest.mark.parametrize("status", [301, 401, 403, 404, 422])
def test_told_refuses_what_a_person_has_to_change(status: int) -> None:
    with pytest.raises(RefusedError):
        told(answer(status), NOW)


def test_detail_is_the_status_and_the_servers_words_but_not_all_of_them() -> None:
    with pytest.raises(RefusedError) as caught:
        acted(answer(422, '{"error": "Too long"}'), NOW)
    assert caught.value.params == {"detail": "422 Too long"}
    with pytest.raises(RefusedError) as caught:
        acted(answer(422, f'{{"error": "{"x" * 5000}"}}'), NOW)
    assert len(caught.value.params["detail"]) == 300


def test_moved_says_where_to() -> None:
    with pytest.raises(RefusedError) as caught:
        acted(answer(301, location="https://new.example/api"), NOW)
    assert caught.value.detail == "https://new.example/api"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "37"}, 37),
        ({"retry_after": "Sat, 05 Dec 2026 12:01:00 GMT"}, 60),
        ({"retry_after": "37", "x_ratelimit_reset": "2026-12-05T12:05:00Z"}, 37),
        ({"x_ratelimit_reset": "2026-12-05T12:05:00.000Z"}, 300),
        ({"x_ratelimit_reset": "2026-12-05T12:05:00"}, 300),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"x_ratelimit_reset": "45"}, 45),
        ({"x_ratelimit_reset": "2020-01-01T00:00:00Z"}, 0),
        ({"x_ratelimit_reset": "2099-01-01T00:00:00Z"}, 7 * 86_400),
        (
            {"date": "Sat, 05 Dec 2026 12:04:00 GMT", "x_ratelimit_reset": "2026-12-05T12:05:00Z"},
            60,
        ),
    ],
)
def test_wait_is_read_in_every_spelling(headers: dict[str, str], seconds: int) -> None:
    assert wait(answer(429, **headers), NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("said", ["", "soon", "-5", "2026-13-45"])
def test_wait_is_unknown_where_nothing_can_be_read(said: str) -> None:
    assert wait(answer(429, x_ratelimit_reset=said), NOW) is None


@pytest.mark.parametrize("body", ["", "{}", "[{", "null", '["x"]', '{"error": "x"}', "<p>"])
def test_listing_of_what_is_no_list_is_later(body: str) -> None:
    with pytest.raises(LaterError, match="listing"):
        listing(answer(200, body), NOW)


def test_listing_is_the_objects_in_order() -> None:
    assert listing(answer(200, '[{"id": "2"}, {"id": "1"}]'), NOW) == [{"id": "2"}, {"id": "1"}]
    assert listing(answer(200, "[]"), NOW) == []
