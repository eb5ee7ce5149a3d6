"""How a post reads where a person puts it up: the address in the text, a hashtag or two."""

from networks.post import Wording

WORDING = Wording(tags=2, link="text")
