"""Text and addresses as feeds write them → plain text and addresses that can be shown.

Everything here takes time linear in its input, whatever the input is, and raises nothing.
"""

import codecs
import html
import re
import unicodedata
from typing import Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

from feeds.markup import looks_like_markup, words_of

#: How much of one text is read, in characters; descriptions are far shorter.
CAP = 64 * 1024

#: Query keys that only follow people around. They never say what a page shows.
_TRACKER = re.compile(
    "utm_.*|_ga|_gl|_hsenc|_hsmi|dclid|fb_action_ids|fb_action_types|fbclid|gad_source|gbraid"
    "|gclid|gclsrc|igsh|igshid|li_fat_id|mc_cid|mc_eid|mkt_tok|msclkid|oly_anon_id|oly_enc_id"
    "|srsltid|ttclid|twclid|vero_conv|vero_id|wbraid|yclid",
    re.IGNORECASE | re.DOTALL,
)
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\ufff9-\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_BAD_IN_HOST = re.compile(r"[\s<>\"\\^`{|}%]")
#: Character sets that a header may name. Not every codec of Python's is for text from outside.
_CHARSETS = re.compile(
    r"(us-?ascii|utf-?8|utf-?16|utf-?32|iso-?8859|latin|windows-|cp\d|koi8|mac|shift|sjis|euc|gb"
    r"|big5|iso-?2022)",
    re.IGNORECASE,
)
_HIGH = re.compile(b"[\x80-\xff]+")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CANCELLED = "cancell?ed|cancelad[oa]s?|anulad[oa]s?|suspendid[oa]s?|annulee?s?"
_POSTPONED = "postponed|pospuest[oa]s?|aplazad[oa]s?|postergad[oa]s?|reportee?s?"
_MARKER = re.compile(
    rf"[\W_]*(?:(?P<CANCELLED>{_CANCELLED})|(?P<POSTPONED>{_POSTPONED}))(?P<after>\W*)(?P<rest>.?)",
    re.IGNORECASE | re.DOTALL,
)


def plain(text: str | None, base: str | None = None) -> str | None:
    """HTML or text as plain text: paragraphs kept, links as `words (address)`; None if empty.

    Trackers leave the links; an address that is not http(s) or mailto leaves only its words.
    base is the address that relative links start from.
    """
    if not text:
        return None
    text = _LINE_ENDS.sub("\n", _sound(text[:CAP]))
    if not looks_like_markup(text):
        # Escaped twice, as some exports do: what comes out may be markup again.
        text = html.unescape(text)
    if looks_like_markup(text):
        text = words_of(text, lambda href: _shown(href, base))
    return _tidy(_BARE_ADDRESS.sub(lambda found: _without_trackers(found[0]), text)) or None


def _shown(href: str, base: str | None) -> str | None:
    """The address that a link's href leads to, as text."""
    if href.lower().startswith("mailto:"):
        return href[len("mailto:") :].partition("?")[0]
    return clean_url(href, base)


def line(text: str | None) -> str | None:
    """The same for a name or a title: one line, and of a link only its words; None if empty."""
    if not text:
        return None
    text = _sound(text[:CAP])
    if not looks_like_markup(text):
        text = html.unescape(text)
    if looks_like_markup(text):
        text = words_of(text, lambda _: None)
    text = " ".join(_sound(text).split())
    return _BARE_ADDRESS.sub(lambda found: _without_trackers(found[0]), text) or None


def given(text: str | None) -> str | None:
    """An identity as it is given, less what cannot be seen; None if nothing is left."""
    return _sound(text[:CAP]).strip() or None if text else None


def clean_url(url: str | None, base: str | None = None) -> str | None:
    """An absolute http(s) address without trackers, the rest of it as given; else None.

    base is the address that a relative one starts from; without it a relative one is None.
    User and password, if it names any, are left out.
    """
    if not url or len(url) > CAP:
        return None
    url = _sound(url).strip().replace("&amp;", "&")
    try:
        if base:
            url = urljoin(base, url)
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a port that is no number raises here
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or _BAD_IN_HOST.search(host):
        return None
    if "@" in parts.netloc:
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return "%20".join(_without_trackers("".join(url.splitlines())).split())


def _without_trackers(url: str) -> str:
    """url less its tracking keys; whatever else stands in it is left byte for byte."""
    before, mark, rest = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = rest.partition("#")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _TRACKER.fullmatch(pair.partition("=")[0])]
    if len(kept) == len(pairs):
        return url
    query = "&".join(kept)
    return f"{before}{'?' if query else ''}{query}{hash_mark}{fragment}"


def decode(body: bytes, media_type: str | None = None) -> str:
    """The text of body: by its byte order mark, as UTF-8, or as the media type's charset.

    UTF-8 is tried before a charset that is named: a wrong name is far more frequent than other
    text that happens to be UTF-8. Where nothing fits the whole, letters that are no UTF-8 are
    read as Windows-1252, run by run. NUL characters are left out.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace").replace("\0", "")
    if body[1:2] == body[3:4] == b"\0" and body[:1] != b"\0":
        return body.decode("utf-16-le", "replace").replace("\0", "")
    if body[:1] == body[2:3] == b"\0" and body[1:2] != b"\0":
        return body.decode("utf-16-be", "replace").replace("\0", "")
    named = _charset(media_type or "")
    # ISO-2022 is written in ASCII bytes, so it would pass as UTF-8.
    for codec in [named, "utf-8"] if named.lower().startswith("iso-2022") else ["utf-8", named]:
        try:
            return body.decode(codec).replace("\0", "")
        except (UnicodeError, LookupError):
            continue
    return _HIGH.sub(_to_utf8, body).decode("utf-8", "replace").replace("\0", "")


def _charset(media_type: str) -> str:
    """The charset that a media type names, where it is one for text; else UTF-8."""
    named = media_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    if not _CHARSETS.match(named):
        return "utf-8"
    # Latin-1 on the web means Windows-1252 (WHATWG Encoding, 4.2).
    return "cp1252" if named in {"iso-8859-1", "latin1", "latin-1", "us-ascii"} else named


def _to_utf8(run: re.Match[bytes]) -> bytes:
    """A run of bytes beyond ASCII, made UTF-8 if it is not."""
    try:
        run[0].decode("utf-8")
    except UnicodeDecodeError:
        return run[0].decode("cp1252", "replace").encode("utf-8")
    return run[0]


def marker(summary: str | None) -> Literal["CANCELLED", "POSTPONED"] | None:
    """What a leading "Cancelled:", "[Postponed]", "Annulé –" … says of the event, if anything.

    In English, Spanish and French, with or without accents. "Cancelled" counts when a sign, an
    end or a capital follows, so that "Cancelled cheques of 1920" stays what it is.
    """
    if not summary:
        return None
    letters = unicodedata.normalize("NFKD", summary[:200])
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    found = _MARKER.match(letters)
    if not found or not (found["after"].strip() or not found["rest"] or _shouts(found)):
        return None
    return "CANCELLED" if found["CANCELLED"] else "POSTPONED"


def _shouts(found: re.Match[str]) -> bool:
    """The word stands apart without a sign: in capitals, or before a capital."""
    word = found["CANCELLED"] or found["POSTPONED"]
    return bool(found["after"]) and (word.isupper() or found["rest"].isupper())


def _sound(text: str) -> str:
    """text without what no reader can see, and without halves of characters."""
    return _UNSEEN.sub("", text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


def _tidy(text: str) -> str:
    """No blanks at the ends of lines, one blank between words, one blank line at most."""
    lines = [part.strip() for part in _BLANKS.sub(" ", _sound(text)).split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
