"""The one place that counts characters, the way the networks do.

Graphemes are what people see as one character (Unicode Standard Annex 29, `\\X`). A link is a
web address with its scheme; where it begins and ends follows twitter-text, which Mastodon uses
too, without its list of top-level domains: a name that is followed by other letters without a
space swallows them, and any host is believed.
"""

from collections.abc import Iterator
from typing import assert_never

import regex

from networks.post import Limits

ELLIPSIS = "…"

# A label of a host's name, then what may stand in a path or query. Beyond ASCII these are Latin
# and Cyrillic letters only, since Chinese or Japanese text follows an address without a space.
_LABEL = r"[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?"
_REST = r"[\p{Latin}\p{Cyrillic}\p{M}0-9!'#$%&()*+,./:;=?@\[\]_|~–-]*"
_LINK = regex.compile(
    rf"(?<![\p{{Latin}}\p{{Cyrillic}}0-9@#$_/-])https?://(?>\[[0-9a-f:.]+\]|(?:{_LABEL}\.)*{_LABEL})(?![@_-])"
    rf"(?::\d+)?(?:[/?#]{_REST})?",
    regex.IGNORECASE,
)
_MENTION = regex.compile(
    r"(?<![\p{L}\p{N}_/=])(@[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[\p{L}\p{N}]+(?:[.-]+[\p{L}\p{N}]+)*",
    regex.IGNORECASE,
)
_GRAPHEME = regex.compile(r"\X")
_LAST_WORD = regex.compile(r"(?<=\S)\s+\S*$")
_TRAILING = " \t\r\n,.;:–—…("
_CLOSERS = {")": "(", "]": "["}


def count(text: str, limits: Limits) -> int:
    """How much of limits.characters text takes, in limits.unit."""
    if limits.unit == "words":
        return len(text.split())
    return sum(size for _, size in _pieces(text, limits))


def links(text: str) -> list[tuple[int, int]]:
    """Where web addresses stand, as (start, end): no punctuation after them, brackets in pairs."""
    return [(match.start(), _end(text, *match.span())) for match in _LINK.finditer(text)]


def local_name(text: str) -> str:
    """text with every mention @name@server as @name, as Mastodon counts and shows it."""
    return _MENTION.sub(r"\1", text)


def shorten(text: str, room: int, limits: Limits) -> str:
    """text if it takes no more than room (in limits.unit), else its beginning and an ellipsis.

    Cut between words where there are several, between graphemes where there is one; a link is
    kept whole or left out. Empty where not even the ellipsis fits.
    """
    if count(text, limits) <= room:
        return text
    if limits.unit == "words":
        return _first_words(text, room)
    left, end = room - count(ELLIPSIS, limits), 0
    if left < 0:
        return ""
    for stop, size in _pieces(text, limits):
        if size > left:
            break
        left, end = left - size, stop
    head = text[:end]
    if not text[end:][:1].isspace():
        head = _LAST_WORD.sub("", head)
    return head.rstrip(_TRAILING) + ELLIPSIS


def _first_words(text: str, number: int) -> str:
    """So many words and an ellipsis, which is none."""
    ends = [match.end() for match in regex.finditer(r"\S+", text)]
    return text[: ends[number - 1]].rstrip(_TRAILING) + ELLIPSIS if number > 0 else ""


def _pieces(text: str, limits: Limits) -> Iterator[tuple[int, int]]:
    """What can't be cut, in order: (where it ends, what it counts)."""
    position = 0
    for start, end, counted in _wholes(text, limits):
        yield from _graphemes(text, position, start, limits)
        yield end, counted
        position = end
    yield from _graphemes(text, position, len(text), limits)


def _wholes(text: str, limits: Limits) -> list[tuple[int, int, int]]:
    """Links, and mentions of other servers where these count less: (start, end, counted)."""
    fixed, spans = limits.url_characters, links(text)
    found = [
        (start, end, _size(text[start:end], limits) if fixed is None else fixed)
        for start, end in spans
    ]
    if limits.local_mentions:
        found += [
            (*match.span(), _size(match[1], limits))
            for match in _MENTION.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in spans)
        ]
    return sorted(found)


def _graphemes(text: str, start: int, end: int, limits: Limits) -> Iterator[tuple[int, int]]:
    for match in _GRAPHEME.finditer(text, start, end):
        yield match.end(), _size(match[0], limits)


def _size(text: str, limits: Limits) -> int:
    match limits.unit:
        case "graphemes":
            return len(_GRAPHEME.findall(text))
        case "bytes":
            return len(text.encode("utf-8", "surrogatepass"))
        case "words":
            return len(text.split())
        case other:
            assert_never(other)


def _end(text: str, start: int, end: int) -> int:
    """Without what belongs to the sentence and not to the address."""
    surplus = {
        closer: text.count(closer, start, end) - text.count(opener, start, end)
        for closer, opener in _CLOSERS.items()
    }
    while True:
        last = text[end - 1]
        if last.isalnum() or last in "=_#/+-&" or surplus.get(last, 1) <= 0:
            return end
        if last in surplus:
            surplus[last] -= 1
        end -= 1
