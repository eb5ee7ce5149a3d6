"""How a post reads on Mastodon: the address stands in the text, hashtags are how people find it."""

from networks.post import Wording

WORDING = Wording(tags=3, link="text")
