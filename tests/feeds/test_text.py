"""What feeds write becomes plain text and addresses that can be shared."""

import time

import pytest

from feeds.text import CAP, clean_url, decode, given, line, marker, plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Two \t words ", "Two words"),
        ("One\r\nTwo\n\n\n\nThree", "One\nTwo\n\nThree"),
        ("<p>One &amp; two</p><p>Three</p>", "One & two\n\nThree"),
        ("<div>One</div>\n<div>Two<br/></div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
        ("<ul><li>a</li>\n <li>b</li></ul>end", "a\nb\n\nend"),
        ("<table><tr><td>9 am</td><td>Yoga</td></tr><tr><td>10</td></tr></table>", "9 am Yoga\n10"),
        ("One\nTwo <b>bold</b>", "One\nTwo bold"),
        ("One\ntwo.\n\nThree.\n<ul><li>a</li></ul>", "One two.\n\nThree.\n\na"),
        ("<p><i>One</i>\n\n <b>two</b></p>", "One two"),
        ("Jos&eacute; &#8211; R&D &amp; more", "José – R&D & more"),
        ("&lt;p&gt;Escaped&lt;/p&gt;&lt;p&gt;twice&lt;/p&gt;", "Escaped\n\ntwice"),
        ("a < b, 3 <3, Ann <ann@example.org>", "a < b, 3 <3, Ann <ann@example.org>"),
        ("<script>alert(1)</script>ok<style>p{}</style><iframe>x</iframe>", "ok"),
        ("<!-- nothing -->", None),
        ("\u200b\ufeff \n", None),
        ("", None),
        (None, None),
        ("half \ud83d a pair", "half a pair"),
        ("<pre>a\n  b</pre>", "a\nb"),
    ],
)
def test_text_or_markup_is_read_as_people_see_it(written: str | None, read: str | None) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<a href="https://a.example/x?utm_source=q&amp;b=1">ours</a>.', "ours (https://a.example/x?b=1)."),
        ('See <a href="https://www.a.example/">a.example</a>', "See https://www.a.example/"),
        ('<a href="https://a.example/1"><img src="x"></a>', "https://a.example/1"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="data:text/html,x">here</a> <a href=" JaVaScRiPt:x">there</a>', "here there"),
        ('<a href="mailto:jo@a.example?subject=x">Jo</a>', "Jo (jo@a.example)"),
        ('<a href="map">Map</a>', "Map"),
        ('<a href="https://a.example">a <a href="https://b.example">b',
         "a (https://a.example) b (https://b.example)"),
        ("https://a.example/?fbclid=1&a=%20#b and", "https://a.example/?a=%20#b and"),
    ],
)  # fmt: skip
def test_link_keeps_its_words_and_its_address(written: str, read: str) -> None:
    assert plain(written) == read


def test_relative_link_starts_from_the_base() -> None:
    assert (
        plain('<a href="../map">Map</a>', "https://a.example/x/y") == "Map (https://a.example/map)"
    )


def test_line_is_one_line_without_addresses_of_links() -> None:
    assert line('<a href="https://a.example">Story</a>\n <b>time</b>') == "Story time"
    assert line("Q&amp;A\r\nevening") == "Q&A evening"
    assert line(" <br> ") is None


def test_given_keeps_an_identity_as_it_is() -> None:
    assert given(" <a>&amp;\x00b ") == "<a>&amp;b"
    assert given("\u200b") is None


def test_text_is_cut_before_it_is_read() -> None:
    assert len(plain("x" * CAP + "y") or "") == CAP


@pytest.mark.parametrize(
    "unit", ["<", "<div>", "<a href=x>", "<!--", "&", "<b ", "&#", "\n ", "<p>x"]
)
def test_hostile_text_takes_no_longer_than_other_text(unit: str) -> None:
    begin = time.process_time()
    plain(unit * CAP)
    line(unit * CAP)
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://a.example/?a=%C3%A9+b&utm_medium=x&c", "https://a.example/?a=%C3%A9+b&c"),
        ("https://a.example/?UTM_Source=1", "https://a.example/"),
        ("https://a.example/?gclid=1&mc_cid=2&mc_eid=3&msclkid=4&x=gclid#y", "https://a.example/?x=gclid#y"),
        ("https://a.example/?&&a", "https://a.example/?&&a"),
        ("HTTPS://A.Example/?a=1&amp;b=2", "HTTPS://A.Example/?a=1&b=2"),
        (" https://a.example/two words\n", "https://a.example/two%20words"),
        ("https://ann:secret@a.example/x", "https://a.example/x"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("www.a.example", None),
        ("/x", None),
        ("//a.example/x", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("javascript://a.example/%0aalert(1)", None),
        ("ftp://a.example/", None),
        ("mailto:a@a.example", None),
        ("https://", None),
        ("https://a.example:port/", None),
        ("https://[::1/", None),
        ("https://a<b.example/", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_address_is_absolute_and_without_trackers_or_none(
    written: str | None, read: str | None
) -> None:
    assert clean_url(written) == read


def test_relative_address_needs_a_base() -> None:
    assert clean_url("../b?fbclid=1", "https://a.example/x/y") == "https://a.example/b"
    assert clean_url("//b.example/c", "https://a.example/") == "https://b.example/c"
    assert clean_url("javascript:x", "https://a.example/") is None


@pytest.mark.parametrize(
    ("body", "media_type", "read"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", None, "café"),
        ("café".encode("utf-16"), None, "café"),
        ("café".encode("utf-32"), None, "café"),
        ("BEGIN é".encode("utf-16-le"), None, "BEGIN é"),
        ("BEGIN é".encode("utf-16-be"), None, "BEGIN é"),
        ("café".encode(), "text/html; charset=iso-8859-1", "café"),
        ("café “x”".encode("cp1252"), "text/html; charset=ISO-8859-1", "café “x”"),
        ("приём".encode("cp1251"), 'text/xml; charset="windows-1251"', "приём"),
        ("日本".encode("iso-2022-jp"), "text/plain; charset=iso-2022-jp", "日本"),
        (b"caf\xc3\xa9 caf\xe9", None, "café café"),
        (b"a\x00b\x81", None, "ab\ufffd"),
        (b"a+AHg-", "text/html; charset=utf-7", "a+AHg-"),
        (b"ab", "text/plain; charset=zlib", "ab"),
        (b"ab", "text/plain; charset=no-such", "ab"),
        (b"", None, ""),
    ],
)
def test_bytes_become_text_whatever_they_claim(
    body: bytes, media_type: str | None, read: str
) -> None:
    assert decode(body, media_type) == read


@pytest.mark.parametrize(
    ("summary", "status"),
    [
        ("Cancelled: Chess", "CANCELLED"),
        ("[CANCELED] Chess", "CANCELLED"),
        ("CANCELLED Chess club", "CANCELLED"),
        ("Cancelled Chess club", "CANCELLED"),
        ("*Cancelado* Ajedrez", "CANCELLED"),
        ("SUSPENDIDA - Charla", "CANCELLED"),
        ("Annulé : échecs", "CANCELLED"),
        ("ANNULEE – échecs", "CANCELLED"),
        ("Annule\u0301e", "CANCELLED"),
        ("(Postponed) Chess", "POSTPONED"),
        ("Aplazado: ajedrez", "POSTPONED"),
        ("Reporté – échecs", "POSTPONED"),
        ("Cancelled cheques of 1920", None),
        ("Reports: chess", None),
        ("Chess (cancelled)", None),
        ("Cancellation policies", None),
        ("Chess", None),
        ("", None),
        (None, None),
    ],
)
def test_marker_at_the_beginning_tells_the_status(summary: str | None, status: str | None) -> None:
    assert marker(summary) == status
