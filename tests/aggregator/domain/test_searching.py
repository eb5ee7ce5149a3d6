"""What a search finds: the same words, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.searching import Asked, asked, matches, text, words
from feeds.event import Event, Organizer, Place
from feeds.facts import to_facts


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Children’s Hour", "childrens"),
        ("Children's Hour", "children’s"),
        ("Children's Hour", "children hour"),
        ("E-Book Help", "ebook"),
        ("E-Book Help", "e-book"),
        ("Storytime", "storyt"),
        ("Story-time", "storytime"),
        ("Story-time", "story time"),
        ("Café Łódź in Ærø", "cafe lodz aero"),
        ("Straße", "strasse"),
        ("Ｗｉｄｅ Night", "wide"),
        ("O’Neill’s", "oneill"),
        ("l’heure du conte", "heure"),
        ("故事时间", "故事"),
        ("İstanbul", "istanbul"),
        ("Tea & Talk!", "talk tea"),
        ("A very long evening", "  VERY   "),
    ],
)
def test_what_is_typed_finds_what_is_meant(kept: str, typed: str) -> None:
    assert matches(" ".join(words(kept)), asked(typed))


@pytest.mark.parametrize(
    ("kept", "typed"),
    [("Story time", "tory"), ("Story time", "stor time"), ("Concert", "concerts"), ("A", "b")],
)
def test_other_words_are_not_found(kept: str, typed: str) -> None:
    assert not matches(" ".join(words(kept)), asked(typed))


@pytest.mark.parametrize("typed", ["", "  ", "—", "’", "'-'", "!!!", "\x00"])
def test_what_holds_no_word_asks_for_nothing(typed: str) -> None:
    assert not asked(typed)


def test_a_letter_alone_is_a_word_and_begins_none_beside_others() -> None:
    assert asked("t") == Asked(("t",))
    assert asked("story t") == Asked(("story",))
    assert asked("story ti") == Asked(("story",), "ti")


def test_text_is_of_title_place_partner_tags_and_groups_and_not_of_the_description() -> None:
    event = Event(
        summary="Jazz Evening",
        description="secret",
        location=Place("The Mill", "2 Wharf Lane"),
        organizer=Organizer("Friends of Jazz", "x@mail.example"),
        categories=("Music",),
        audience=("Adults",),
    )
    assert text(to_facts(event), "River Museum", ["Grown-ups"]).split() == [
        *("jazz", "evening", "the", "mill", "2", "wharf", "lane", "river", "museum"),
        *("friends", "of", "music", "adults", "grown", "ups", "grownups"),
    ]


@given(st.text(max_size=60))
def test_words_are_plain_and_their_own_words(value: str) -> None:
    for word in words(value):
        assert word
        assert word == word.strip()
        assert [*words(word)] == [word]
        assert not set(word) & set("\"'*()\\\x00 ")


@given(st.lists(st.from_regex(r"[a-zé]{1,8}", fullmatch=True), min_size=1, max_size=6), st.data())
def test_every_beginning_of_a_text_finds_it_as_one_types(
    parts: list[str], data: st.DataObject
) -> None:
    whole = " ".join(parts)
    typed = whole[: data.draw(st.integers(1, len(whole)))]
    last = typed.split()[-1]
    found = matches(" ".join(words(whole)), asked(typed))
    # one letter is looked for as a word where nothing stands before it
    assert found or (len(last) == 1 and len(typed.split()) == 1)
