"""A post that a person put up, and what it ought to say by now: word by word, for the eye."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from words.say import translate as _

_TOKENS = re.compile(r"\s+|[^\W_]+|[\W_]")

#: Differences that are parted by fewer characters than this read as one.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "del", "ins"]
    text: str


def marked(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces: the old one with what goes, the new one with what comes."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    left, right = list[Piece](), list[Piece]()
    for same, a, b, c, d in _steps(old, new):
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        left.append(Piece("same" if same else "del", gone))
        right.append(Piece("same" if same else "ins", come))
    return _joined(left), _joined(right)


def cancelled(before: str) -> str:
    """What a post says of an event that does not take place."""
    begin = _("Cancelled: {text}")
    return before if before.startswith(begin.format(text="")) else begin.format(text=before)


def amended(before: str, changes: Iterable[tuple[str, str, str]]) -> str:
    """A person's own words with what changed put in its place; what they don't name is added.

    `changes` are parts of the event: code, before and after.
    """
    text, added = _uncancelled(before), list[str]()
    for code, old, new in changes:
        if code not in {"when", "place"}:
            continue
        if old and old in text:
            text = text.replace(old, new)
        elif new and new not in text:
            added.append(new)
    return "\n".join((text, *(_("New: {what}").format(what=each) for each in added)))


def told(frozen: Mapping[str, object]) -> Mapping[str, str]:
    """The event's parts as they were when the post was put up; empty where nobody knows."""
    found = frozen.get("parts")
    return {str(code): str(text) for code, text in found.items()} if isinstance(found, dict) else {}


def _uncancelled(text: str) -> str:
    return text.removeprefix(_("Cancelled: {text}").format(text=""))


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[bool, int, int, int, int]]:
    """Whether it is the same, and the stretches; a few characters between two changes change too.

    So that "2–3" → "4–5" reads as one change, not as two with a dash between them.
    """
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(codes):
        inside = 0 < number < len(codes) - 1
        kept = "".join(old[a:b])
        short = tag == "equal" and inside and len(kept) < _NEAR and kept.strip() == kept
        yield tag == "equal" and not short, a, b, c, d


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    found = list[Piece]()
    for each in pieces:
        if found and found[-1].kind == each.kind:
            found[-1] = Piece(each.kind, found[-1].text + each.text)
        elif each.text:
            found.append(each)
    return tuple(found)
