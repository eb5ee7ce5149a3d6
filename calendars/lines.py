"""Content lines of RFC 5545 (3.1): text escaped, lines folded, what no line may hold left out."""

import re

#: Octets of one line without its line end (RFC 5545, 3.1).
WIDTH = 75

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))  # the first one first


def clean(text: str) -> str:
    """text without control characters and halves of characters; every line end is `\\n`."""
    if text.isprintable():  # most are
        return text
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def text(name: str, *values: str) -> str:
    """A property of one or more texts, which are escaped (RFC 5545, 3.3.11)."""
    return fold(f"{name}:{','.join(map(_escaped, values))}")


def _escaped(value: str) -> str:
    value = clean(value)
    for sign, written in _ESCAPES:
        value = value.replace(sign, written)
    return value


def quoted(value: str) -> str:
    """value as a parameter's value (RFC 5545, 3.2), in which no quotation mark can stand."""
    return '"' + clean(value).replace('"', "'").replace("\n", " ") + '"'


def line(name: str, value: str) -> str:
    """A property whose value is written already, folded, with its line end.

    Line ends and control characters that an address may bring along are left out.
    """
    return fold(f"{name}:{clean(value).replace(chr(10), '')}")


def fold(whole: str) -> str:
    """One line as lines of at most 75 octets, cut between characters, each with CRLF."""
    octets = whole.encode()
    if len(octets) <= WIDTH:
        return f"{whole}\r\n"
    pieces, at, room = [], 0, WIDTH
    while len(octets) - at > room:
        end = at + room
        while octets[end] & 0xC0 == 0x80:  # the second or a later octet of a character
            end -= 1
        pieces.append(octets[at:end])
        at, room = end, WIDTH - 1  # the blank that marks a continued line counts too
    pieces.append(octets[at:])
    return b"\r\n ".join(pieces).decode() + "\r\n"
