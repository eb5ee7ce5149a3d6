"""Our words are known again in the HTML that servers make of them, and no others are."""

import pytest

from networks.mastodon.rewriting import essence, from_html

TEXT = (
    "Stories & cocoa <free>\nSat 12 Dec\n\n"
    "https://example.org/winter/stories?a=1&b=2#top\n"
    "With @museum@town.example and @us #LindenFord"
)
MASTODON = (
    "<p>Stories &amp; cocoa &lt;free&gt;<br />Sat 12 Dec</p>"
    '<p><a href="https://example.org/winter/stories?a=1&amp;b=2#top" target="_blank" '
    'rel="nofollow noopener"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.org/winter/stories?a=1</span>'
    '<span class="invisible">&amp;b=2#top</span></a><br />'
    'With <span class="h-card"><a href="https://town.example/@museum" class="u-url mention">'
    "@<span>museum</span></a></span> and "
    '<span class="h-card"><a href="https://here.example/@us" class="u-url mention">@<span>us'
    '</span></a></span> <a href="https://here.example/tags/lindenford" class="mention hashtag" '
    'rel="tag">#<span>LindenFord</span></a></p>'
)
PLEROMA = (
    "Stories &amp; cocoa &lt;free&gt;<br>Sat 12 Dec<br><br>"
    '<a href="https://example.org/winter/stories?a=1&amp;b=2#top">'
    "https://example.org/winter/stories?a=1&amp;b=2#top</a><br>"
    'With <a class="mention" href="https://town.example/users/museum">@museum@town.example</a> '
    'and @us <a class="hashtag" href="https://here.example/tag/lindenford">#LindenFord</a>'
)


@pytest.mark.parametrize("content", [MASTODON, PLEROMA], ids=["mastodon", "pleroma"])
def test_a_text_is_known_again_as_servers_write_it(content: str) -> None:
    assert essence(from_html(content)) == essence(TEXT)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("See https://example.org.", 'See <a href="https://example.org/">example.org</a>.'),
        ("https://müller.example/a", '<a href="https://xn--mller-kva.example/a">x</a>'),
        ("https://example.org/straße", '<a href="https://example.org/stra%C3%9Fe">…</a>'),
        ("HTTPS://Example.org/A", '<a href="https://example.org/A">Example.org/A</a>'),
        ("*Free* for `all` ~~of~~ you", "<em>Free</em> for <code>all</code> <del>of</del> you"),
        ("Cafe\u0301", "Café"),
        ("One  two\u00a0three ", "<p>One two three</p>"),
        ("One\n\n\nTwo", "<p>One</p><p>Two</p>"),
        (
            "@museum@town.example: https://example.org",
            '<a href="https://town.example/@museum">@museum</a>: <a href="https://example.org">x</a>',
        ),
        ("(https://example.org/a_(b))", '(<a href="https://example.org/a_(b)">x</a>)'),
    ],
)
def test_what_servers_normalise_is_the_same(text: str, content: str) -> None:
    assert essence(from_html(content)) == essence(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a?x=1", "https://example.org/a"),
        ("https://example.org/a", "http://example.org/a"),
        ("https://example.org:8443/a", "https://example.org/a"),
        ("Sat 12 Dec", "Sat 13 Dec"),
        ("Today: Stories", "Stories"),
        ("#Families", "Families"),
        ("@museum", "museum"),
        ("Story time", "story time"),
    ],
)
def test_what_differs_is_not_the_same(one: str, other: str) -> None:
    assert essence(one) != essence(other)


def test_the_target_counts_and_not_what_a_link_shows() -> None:
    shown = '<a href="https://example.org/b">https://example.org/a</a>'
    assert essence(from_html(shown)) == essence("https://example.org/b")


@pytest.mark.parametrize("content", ["", "<a>", "<p", "<a href>x</a>", "</a></p>", "&#0;&bogus;"])
def test_broken_html_is_read_somehow(content: str) -> None:
    assert isinstance(from_html(content), str)
