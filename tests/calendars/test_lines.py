"""What stands between a text and the wire: escapes, folding, signs that no line may hold."""

from hypothesis import given
from hypothesis import strategies as st

from calendars.lines import clean, fold, line, quoted, text


def test_text_escapes_what_has_a_meaning_in_a_calendar() -> None:
    assert text("SUMMARY", "Tea; cake, \\ jam\nand more") == (
        "SUMMARY:Tea\\; cake\\, \\\\ jam\\nand more\r\n"
    )


def test_text_joins_several_values_by_commas_that_are_no_part_of_them() -> None:
    assert text("CATEGORIES", "Arts, crafts", "Music") == "CATEGORIES:Arts\\, crafts,Music\r\n"


def test_clean_makes_every_line_end_the_same_and_drops_what_no_reader_can_show() -> None:
    assert clean("a\r\nb\rc\x85d\u2028e\u2029f") == "a\nb\nc\nd\ne\nf"
    assert clean("a\x00b\x0bc\x1fd\x7fe\x9ff\ud83dg\uffffh\ti") == "abcdefgh\ti"


def test_line_takes_line_ends_out_of_an_address() -> None:
    assert line("URL", "https://e.org/\r\nATTACH:x") == "URL:https://e.org/ATTACH:x\r\n"


def test_quoted_holds_neither_quotation_marks_nor_line_ends() -> None:
    assert quoted('The "Barn"\nOld; town') == "\"The 'Barn' Old; town\""


def test_fold_leaves_75_octets_whole_and_cuts_76() -> None:
    assert fold("A" * 75) == "A" * 75 + "\r\n"
    assert fold("A" * 76) == "A" * 75 + "\r\n A\r\n"


def test_fold_cuts_between_characters_not_between_octets() -> None:
    assert fold("é" * 40) == "é" * 37 + "\r\n " + "é" * 3 + "\r\n"
    assert fold("A" * 73 + "😀") == "A" * 73 + "\r\n 😀\r\n"


@given(st.text(max_size=400).map(clean).map(lambda each: each.replace("\n", "")))
def test_fold_keeps_every_line_short_and_comes_apart_again(whole: str) -> None:
    folded = fold(whole)
    assert all(len(each.encode()) <= 75 for each in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == whole + "\r\n"
