"""How a post reads on the practice network: like on most, address and hashtags in the text."""

from networks.post import Wording

WORDING = Wording(tags=3, link="text")
