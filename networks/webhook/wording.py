"""How a post reads in a message to a program: the address beside the text, no hashtags."""

from networks.post import Wording

WORDING = Wording(tags=0, link="beside")
