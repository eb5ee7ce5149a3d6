"""What a robots.txt allows."""

from feeds.robots import CAP, allowed, robots_url

RULES = """
User-agent: Townboard
Disallow: /private/
Allow: /

User-agent: *
Disallow: /
"""


def test_rules_for_us_are_ours_and_those_for_all_are_others() -> None:
    assert allowed(RULES, "https://a.example/event/1", "Townboard")
    assert not allowed(RULES, "https://a.example/private/1", "Townboard/1.0 (+https://b.example)")
    assert not allowed(RULES, "https://a.example/event/1", "Other")


def test_no_rules_allow_all() -> None:
    assert allowed("", "https://a.example/x", "Townboard")
    assert allowed("<html>not found</html>", "https://a.example/x", "Townboard")


def test_address_that_is_none_is_not_allowed() -> None:
    assert not allowed(RULES, "http://[::1", "Townboard")


def test_rules_beyond_the_cap_are_not_read() -> None:
    assert allowed("#" * CAP + "\nUser-agent: *\nDisallow: /", "https://a.example/", "Townboard")


def test_robots_stand_at_the_root_of_the_site() -> None:
    assert robots_url("https://a.example:8080/x/y?z#w") == "https://a.example:8080/robots.txt"
