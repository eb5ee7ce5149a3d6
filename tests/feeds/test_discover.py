"""A page → the feeds it offers, the sites it links to, whom to write to."""

from feeds.discover import Link, look_through, site_of

URL = "https://museum.example/whats-on/"

PAGE = b"""<!doctype html><html><head><title> What's on \n | River Museum</title>
<link rel="alternate" type="application/rss+xml" href="/feed/" title="News">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed">
<link rel='ALTERNATE nofollow' type='text/calendar; charset=utf-8' href='?ical=1'>
<link rel="stylesheet" type="text/css" href="/site.css">
</head><body>
<a href="webcal://museum.example/all.ics">Subscribe</a>
<a href="/files/autumn.ics">Autumn</a> <a href="/about">About</a>
<a href="https://www.museum.example/shop">Shop</a>
<a href="mailto:hello@museum.example?subject=Hi">Write</a>
<a href="https://parks.example/?utm_source=x#top"><img alt="Parks Department" src="p.png"></a>
<a href="https://parks.example/">Parks</a>
<a href="javascript:void(0)">Menu</a> <a href="tel:123">Call</a> <a href="https://[bad">Odd</a>
</body></html>"""


def test_announced_feeds_come_first_and_comments_never() -> None:
    page = look_through(PAGE, URL, "text/html")
    assert page.feeds == (
        "https://museum.example/whats-on/?ical=1",
        "https://museum.example/feed/",
        "https://museum.example/all.ics",
        "https://museum.example/files/autumn.ics",
    )


def test_links_to_other_sites_are_found_once_with_their_longest_words() -> None:
    page = look_through(PAGE, URL, "text/html")
    assert page.links == (Link("https://parks.example/", "Parks Department"),)
    assert page.title == "What's on | River Museum"
    assert page.mail == "hello@museum.example"


def test_feed_on_another_site_is_this_pages_own_when_its_link_says_so() -> None:
    body = (
        b"<a href='https://calendar.example/a.ics'>Subscribe</a><a href='/b.ics'>x</a>"
        b"<a href='https://parks.example/c.ics'>Parks Department</a>"
    )
    page = look_through(body, URL)
    assert page.feeds == ("https://calendar.example/a.ics", "https://museum.example/b.ics")
    assert [link.title for link in page.links] == ["Subscribe", "Parks Department"]


def test_relative_links_start_from_the_pages_own_base() -> None:
    body = b"<base href='https://other.example/a/'><a href='feed.ics'>x</a>"
    assert look_through(body, URL).feeds == ("https://other.example/a/feed.ics",)


def test_body_that_is_no_page_offers_nothing() -> None:
    for body in (b"", b"\x00\xff\xfe", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", b"<!-- only -->"):
        page = look_through(body, URL)
        assert (page.title, page.feeds, page.links, page.mail) == ("", (), (), None)


def test_site_is_the_host_without_www() -> None:
    assert site_of("https://www.Museum.example/a") == site_of("http://museum.example:8080/")
    assert site_of("https://[bad") == ""
