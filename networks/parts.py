"""A post's text in parts, so that a preview can mark what becomes a link or a hashtag."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

from networks.counting import links

_TAG = regex.compile(r"(?<![\p{L}\p{N}_&/#])#[\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text: plain, a web address, or a hashtag with its #."""

    kind: Literal["text", "link", "tag"]
    text: str


def parts(text: str) -> tuple[Part, ...]:
    """The whole text, in order; joined again it is text."""
    found, position = list[Part](), 0
    for start, end in links(text):
        found += [*_tagged(text[position:start]), Part("link", text[start:end])]
        position = end
    return (*found, *_tagged(text[position:]))


def paragraphs(text: str) -> tuple[tuple[tuple[Part, ...], ...], ...]:
    """Paragraphs, parted by blank lines, of lines of parts: how a preview sets the text."""
    blocks = regex.split(r"\n[ \t]*\n\s*", text.strip())
    return tuple(tuple(parts(line) for line in block.splitlines()) for block in blocks)


def _tagged(text: str) -> Iterator[Part]:
    """Text without links, parted at its hashtags."""
    position = 0
    for match in _TAG.finditer(text):
        if match.start() > position:
            yield Part("text", text[position : match.start()])
        yield Part("tag", match[0])
        position = match.end()
    if position < len(text):
        yield Part("text", text[position:])
