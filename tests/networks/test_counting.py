"""Characters are counted as the networks count them, and cut where people would."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.counting import count, links, shorten
from networks.parts import Part, paragraphs, parts
from networks.post import Limits

PLAIN = Limits(300)
MASTODON = Limits(500, 23, local_mentions=True)
BYTES = Limits(3000, unit="bytes")
FAMILY = "👨‍👩‍👧‍👦"
CONFORMANCE = Path(__file__).parents[3] / "shared/contracts/twitter-text/extract.yml"

#: Cases of twitter-text that need its list of top-level domains or are about t.co alone.
NOT_OURS = re.compile(
    r"no-tld|\.x$|✪|だよね|ああああ|はじめ|t\.co/|com-that|cow_|//-?leading|//trailing|_under|c_o_m"
)


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("", PLAIN, 0),
        ("Café", PLAIN, 4),
        ("Cafe\u0301", PLAIN, 4),
        (f"{FAMILY}🇫🇷", PLAIN, 2),
        ("a\r\nb", PLAIN, 3),
        ("नमस्ते", PLAIN, 3),  # since Unicode 15.1
        ("Café", BYTES, 5),
        (FAMILY, BYTES, 25),
        ("See https://example.org/a/very/long/path/to/see.", MASTODON, 4 + 23 + 1),
        ("See https://example.org/a.", PLAIN, 26),
        ("http://a.example http://b.example", MASTODON, 23 + 1 + 23),
        ("With @museum@town.example!", MASTODON, len("With @museum!")),
        ("With @museum@town.example!", PLAIN, 26),
        ("mail museum@town.example", MASTODON, 24),
        ("https://town.example/@a@b.example", MASTODON, 23),
    ],
)
def test_count_is_the_networks_own(text: str, limits: Limits, expected: int) -> None:
    assert count(text, limits) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go to https://example.org.", ["https://example.org"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("https://en.wikipedia.org/wiki/Primer_(film)", None),
        ("(see https://en.wikipedia.org/wiki/Primer_(film)), free", ["https://en.wikipedia.org/wiki/Primer_(film)"]),
        ("“https://example.org/a”, they say", ["https://example.org/a"]),
        ("https://example.org/a?b=c&d=e#f", None),
        ("https://example.org/a?!", ["https://example.org/a"]),
        ("HTTPS://EXAMPLE.ORG/A", None),
        ("http://127.0.0.1:8000/practice/posts/3", None),
        ("http://[::1]:80/a", None),
        ("请看https://example.org/a谢谢", ["https://example.org/a"]),
        ("https://müller.example/straße", None),
        ("https://user@example.org/", []),
        ("example.org and ftp://example.org/a", []),
        ("xhttps://example.org", []),
        ("https://", []),
        ("<https://example.org/a>", ["https://example.org/a"]),
        ("https://example.org/a\nhttps://example.org/b", ["https://example.org/a", "https://example.org/b"]),
    ],
)  # fmt: skip
def test_links_end_where_the_address_ends(text: str, expected: list[str] | None) -> None:
    assert [text[a:b] for a, b in links(text)] == ([text] if expected is None else expected)


def test_links_agree_with_twitter_text() -> None:
    if not CONFORMANCE.exists():
        pytest.skip("the conformance cases of twitter-text are not beside the project")
    cases = CONFORMANCE.read_text("utf-8").partition("  urls:")[2].partition("  urls_with")[0]
    found = re.findall(r'text: "(.*?)"\n\s+expected: \[(.*?)\]\n', cases)
    checked = 0
    for escaped, expected in found:
        text = json.loads(f'"{escaped}"')
        if not NOT_OURS.search(text):
            wanted = [each for each in re.findall(r'"(.*?)"', expected) if each.startswith("http")]
            assert [text[a:b] for a, b in links(text)] == wanted, text
            checked += 1
    assert checked > 50


@pytest.mark.parametrize(
    ("text", "room", "limits", "expected"),
    [
        ("Stories by the fire", 19, PLAIN, "Stories by the fire"),
        ("Stories by the fire", 18, PLAIN, "Stories by the…"),
        ("Stories by the fire", 15, PLAIN, "Stories by the…"),
        ("Stories by the fire", 14, PLAIN, "Stories by…"),
        ("Stories, by the fire", 10, PLAIN, "Stories…"),
        ("Donaudampfschiff", 6, PLAIN, "Donau…"),
        (FAMILY * 3, 2, PLAIN, f"{FAMILY}…"),
        (FAMILY * 3, 30, BYTES, f"{FAMILY}…"),
        ("Book: https://example.org/a/b/c now or never", 33, MASTODON, "Book: https://example.org/a/b/c…"),
        ("Book: https://example.org/a/b/c now or never", 29, MASTODON, "Book…"),
        ("Stories", 1, PLAIN, "…"),
        ("Stories", 0, PLAIN, ""),
        ("Stories", 2, BYTES, ""),
        ("", 0, PLAIN, ""),
    ],
)  # fmt: skip
def test_shorten_cuts_between_words(text: str, room: int, limits: Limits, expected: str) -> None:
    assert shorten(text, room, limits) == expected


WORDS = st.lists(
    st.sampled_from(
        ["Stories", "by", FAMILY, "https://example.org/a_(b)", "@a@b.example", "\n", "(", "—", "é"]
    )
    | st.text(max_size=5)
).map(" ".join)


@given(WORDS, st.integers(0, 60), st.sampled_from([PLAIN, MASTODON, BYTES]))
def test_shortened_text_fits_and_keeps_links_whole(text: str, room: int, limits: Limits) -> None:
    short = shorten(text, room, limits)
    assert count(short, limits) <= room
    whole = [text[a:b] for a, b in links(text)]
    assert [short[a:b] for a, b in links(short)] == whole[: len(links(short))]


@given(WORDS)
def test_parts_are_the_whole_text(text: str) -> None:
    assert "".join(part.text for part in parts(text)) == text


def test_parts_mark_links_and_hashtags() -> None:
    assert parts("Come! #Families https://example.org/#a (#Ü3) #3 a#b") == (
        Part("text", "Come! "),
        Part("tag", "#Families"),
        Part("text", " "),
        Part("link", "https://example.org/#a"),
        Part("text", " ("),
        Part("tag", "#Ü3"),
        Part("text", ") #3 a#b"),
    )


def test_paragraphs_part_at_blank_lines() -> None:
    found = paragraphs("One\ntwo\n \nthree\n")
    assert [["".join(p.text for p in line) for line in lines] for lines in found] == [
        ["One", "two"],
        ["three"],
    ]


def test_hostile_text_is_counted_at_once() -> None:
    for text in ("http://" + "a." * 40_000, "http://a/" + "(" * 40_000, "@a" * 40_000):
        assert count(text, MASTODON) > 0
