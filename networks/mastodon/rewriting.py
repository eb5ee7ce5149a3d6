"""What of a text survives its way through a server, so that ours is known again as HTML.

Servers shorten the address that they show (the whole one is in href), show a mention without its
server, make paragraphs of line breaks, and some read asterisks and underscores as Markdown.
"""

import unicodedata
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import regex

from networks.counting import links, local_name

_MARKDOWN = str.maketrans("", "", "*_~`")
_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "blockquote", "pre"})


def essence(text: str) -> str:
    """The same for a text and for what a server makes of it; for comparing only."""
    text = unicodedata.normalize("NFC", text)
    pieces, position = list[str](), 0
    for start, end in links(text):
        pieces += [local_name(text[position:start]), _address(text[start:end])]
        position = end
    pieces.append(local_name(text[position:]))
    return " ".join("".join(pieces).translate(_MARKDOWN).split())


def from_html(content: str) -> str:
    """The text of a status' content: addresses whole, lines apart."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return "".join(reader.pieces)


def _address(link: str) -> str:
    """One spelling of an address, since servers normalise what they link to."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return link
    rest = regex.sub(r"^/(?=[?#]|$)", "", link[link.find(parts.netloc) + len(parts.netloc) :])
    return f"{parts.scheme}://{host}{port}{unquote(rest)}"


class _Reader(HTMLParser):
    """Collects the text; of a link that shows neither #tag nor @name, its target instead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._link: tuple[str, int] | None = None  # the target, and where its text begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.pieces))
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            target, begin = self._link
            shown = "".join(self.pieces[begin:])
            if target.startswith(("http://", "https://")) and not shown.startswith(("#", "@")):
                self.pieces[begin:] = [target]
            self._link = None
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
