"""What an answer tells: JSON where it is some, and how long to wait."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from safehttp.answer import Answer

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=14)))


def _answer(body: bytes = b"", **headers: str) -> Answer:
    lower = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(200, lower, body, "http://public.example/")


@pytest.mark.parametrize(
    ("body", "as_object", "as_array"),
    [
        (b'{"a": [1]}', {"a": [1]}, []),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, []),
        ('{"a": 1}'.encode("utf-16"), {"a": 1}, []),
        (b"[1, 2]", {}, [1, 2]),
        (b'"text"', {}, []),
        (b"null", {}, []),
        (b"", {}, []),
        (b"<html>", {}, []),
        (b'{"a": 1', {}, []),
        (b'{"a": "\xff"}', {}, []),
        (b"[" * 200_000, {}, []),
        (b'{"a": ' + b"9" * 5000 + b"}", {}, []),
    ],
)
def test_json_is_what_the_body_says_and_else_empty(
    body: bytes, as_object: object, as_array: object
) -> None:
    assert _answer(body).json == as_object
    assert _answer(body).json_list == as_array


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", timedelta()),
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("9" * 5000, timedelta(days=365)),
        ("Mon, 23 Nov 2026 22:05:00 GMT", timedelta(minutes=5)),
        ("Monday, 23-Nov-26 22:05:00 GMT", timedelta(minutes=5)),
        ("Mon Nov 23 22:05:00 2026", timedelta(minutes=5)),
        ("Mon, 23 Nov 2026 22:05:00 +0000", timedelta(minutes=5)),
        ("Mon, 23 Nov 2026 21:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=365)),
        ("Mon, 99 Nov 2026 21:00:00 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
    ],
)
def test_wait_is_seconds_or_a_date_and_nothing_where_it_can_not_be_read(
    text: str, wait: timedelta | None
) -> None:
    assert _answer(retry_after=text).retry_after(NOW) == wait


def test_wait_is_nothing_where_the_server_asks_for_none() -> None:
    assert _answer().retry_after(NOW) is None


def test_wait_until_a_moment_is_the_same_from_any_zone() -> None:
    answer = _answer(retry_after="Mon, 23 Nov 2026 22:05:00 GMT")
    assert answer.retry_after(NOW.astimezone(UTC)) == answer.retry_after(NOW)
