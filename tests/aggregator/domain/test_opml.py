"""Lists of feeds, as feed readers write them."""

from time import process_time

from aggregator.domain.opml import Outline, looks_like_opml, outlines

LIST = """\ufeff<?xml version="1.0"?>
<opml version="2.0"><head><title>Town</title></head><body>
<outline text="Culture"><outline text="River  Museum" type="rss"
  xmlUrl="https://museum.example/feed?a=1&amp;b=2" htmlUrl="https://museum.example"/>
<outline title="Parks & Trails" text="parks" XMLURL="https://parks.example/cal.ics"></outline></outline>
<outline text="A page" type="link" url="https://clerk.example/"/>
<outline text="again" xmlUrl="https://parks.example/cal.ics"/>
<outline text="nothing"/>
"""


def test_every_feed_is_found_once_with_its_title_even_in_folders() -> None:
    assert outlines(LIST) == [
        Outline("https://museum.example/feed?a=1&b=2", "River Museum"),
        Outline("https://parks.example/cal.ics", "Parks & Trails"),
        Outline("https://clerk.example/", "A page"),
    ]


def test_list_is_known_by_its_first_tags() -> None:
    assert looks_like_opml(LIST)
    assert not looks_like_opml("https://museum.example/opml")
    assert not looks_like_opml("<html><body>about opml</body></html>")


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><outline text="&b;"'
    assert outlines(f'{bomb} xmlUrl="https://a.example/&b;"/></opml>') == [
        Outline("https://a.example/&b;", "&b;")
    ]


def test_a_list_that_is_made_to_take_long_takes_no_longer_than_others() -> None:
    """Hours, where each open tag is searched to the end of the text anew."""
    for piece in ("<outline ", "<!--", "a='b' ", "&a;", "</", "<?"):
        begun = process_time()
        outlines(f"<opml><outline {piece * (400_000 // len(piece))}")
        assert process_time() - begun < 5, piece
