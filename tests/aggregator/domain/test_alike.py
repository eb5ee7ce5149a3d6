"""Which events are like one another."""

from typing import Any

import pytest

from aggregator.domain.alike import categories, same_title


def told(summary: str | None, *names: str) -> dict[str, Any]:
    return {"summary": summary, "categories": names}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chess Club 3", "Chess club (4)"),
        ("CHESS CLUB – 2nd evening", "Chess Club: 3rd Evening"),
        ("2026", "2026"),
    ],
)
def test_title_is_the_same_whatever_number_it_carries(one: str, other: str) -> None:
    assert same_title(told(one), told(other))


@pytest.mark.parametrize(
    ("one", "other"), [("Chess Club", "Chess Camp"), (None, None), ("2026", "2027")]
)
def test_title_with_other_words_is_another(one: str | None, other: str | None) -> None:
    assert not same_title(told(one), told(other))


def test_categories_are_equal_whatever_their_case() -> None:
    both = categories(told("", "Music", "–")).keys() & categories(told("", "MUSIC!")).keys()
    assert both == {"music"}
