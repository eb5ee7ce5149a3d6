"""How a source answered, day by day."""

from datetime import date

from aggregator.domain.health import DAYS, Run, first_day, letters, noted, runs

MONDAY = date(2026, 11, 23)


def test_sixty_days_are_told_and_days_without_a_poll_are_none() -> None:
    kept = noted(None, date(2026, 11, 20), "g")
    kept = noted(kept, MONDAY, "n")
    assert letters(kept, MONDAY) == "-" * 56 + "g--n"
    assert letters(kept, date(2026, 11, 24)) == "-" * 55 + "g--n-"
    assert letters(None, MONDAY) == "-" * DAYS


def test_good_answer_makes_a_good_day_whatever_else_happened() -> None:
    kept = noted(noted(noted(None, MONDAY, "n"), MONDAY, "g"), MONDAY, "n")
    assert letters(kept, MONDAY)[-1] == "g"
    assert letters(noted(noted(None, MONDAY, "n"), MONDAY, "p"), MONDAY)[-1] == "p"


def test_what_is_older_than_sixty_days_is_forgotten() -> None:
    kept = noted(None, date(2026, 1, 1), "n")
    kept = noted(kept, MONDAY, "g")
    assert kept["said"] == "g"
    assert first_day(MONDAY) == date(2026, 9, 25)


def test_clock_that_went_back_loses_no_place() -> None:
    kept = noted(noted(None, MONDAY, "n"), date(2026, 11, 24), "g")
    assert letters(kept, MONDAY).endswith("-n")


def test_alike_days_in_a_row_are_one_run() -> None:
    assert runs("--ggp") == [Run("-", 0, 2), Run("g", 2, 2), Run("p", 4, 1)]
