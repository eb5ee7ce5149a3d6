"""What a server sent is read as what it should be, or not at all."""

from datetime import UTC, datetime

import pytest

from networks.fields import integer, moment, text

SENT = {"a": {"text": "x", "blank": " ", "n": 7, "zero": 0, "yes": True, "list": [1]}}


def test_text_is_only_text() -> None:
    assert text(SENT, "a", "text") == "x"
    for name in ("blank", "n", "yes", "list", "none"):
        assert text(SENT, "a", name) is None


def test_text_below_what_is_no_object_is_absent() -> None:
    assert text(SENT, "a", "text", "deeper") is None
    assert text(SENT, "b", "c") is None


def test_integer_is_a_whole_number_above_nothing_or_the_default() -> None:
    assert integer(SENT, "a", "n", default=5) == 7
    for name in ("text", "zero", "yes", "list", "none"):
        assert integer(SENT, "a", name, default=5) == 5


@pytest.mark.parametrize(
    "written", ["2026-12-05T18:00:00Z", "2026-12-05T18:00:00.000", "2026-12-05T19:00:00+01:00"]
)
def test_moment_is_aware_and_utc_where_nothing_is_said(written: str) -> None:
    assert moment({"at": written}, "at") == datetime(2026, 12, 5, 18, tzinfo=UTC)


@pytest.mark.parametrize("written", ["yesterday", "", 7, None])
def test_moment_of_anything_else_is_absent(written: object) -> None:
    assert moment({"at": written}, "at") is None
