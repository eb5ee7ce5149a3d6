"""What else a letter says of an event: title, place, price, links, access, ages.

Each is found by how people write it; what is not plain is not proposed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Words from start to before end, and the value that they give a field."""

    start: int
    end: int
    value: str


_LABELS = {
    "title": "what|event|event name|event title|title",
    "day": "when|dates?|days?|date and time|date & time|date/time",
    "hour": "times?|hours?",
    "place": "where|place|venue|location|address",
    "price": "cost|price|prices|admission|entry|entrance|tickets?|fees?",
    "organizer": "organi[sz]ers?|organi[sz]ed by|host|hosted by|presented by|who’s behind it",
    "for": "for|who|ages?|audience|suitable for",
    "booking": "book|booking|register|registration|rsvp|sign[- ]?up|tickets at",
    "url": "link|website|web|more|more info|more information|details|info",
}
_LABEL = re.compile(
    r"^[ \t>*•·–-]{0,4}(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")[ \t]?\*{0,2}:\*{0,2}[ \t]*(?P<value>[^\n]{1,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"[“\"«]([^”\"»“«\n]{4,80})[”\"»]")
_REPLY = re.compile(r"\s*(?:(?:re|fwd?|aw|wg)\s*:\s*|\[[^\]]{1,30}\]\s*)", re.IGNORECASE)
_GENERAL = re.compile(
    r"(?:hi|hello|a question|question|events?|newsletter|calendar|listings?|requests?|flyers?"
    r"|for your calendar|upcoming events?|new event|event details|event request)\W*$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|to whom|greetings|please|we |our |i "
    r"|you |join us|thanks|thank you|warmly|best|kind|regards|cheers|yours|sincerely|love"
    r"|begin forwarded|-{2,}|>|from:|on .{6,60} wrote)",
    re.IGNORECASE,
)
_BUILDING = (
    "Library|Museum|Hall|Room|Park|Church|School|Centre|Center|Theatre|Theater|Gallery|Studio"
    "|Gardens?|House|Barn|Café|Cafe|Chapel|Club|Arena|Square|Auditorium|Annexe?|Pavilion|Playhouse"
    "|Hub|Courtyard|Mill|Rink|Farm|College|Market|Pub|Inn|Hotel|Cathedral|Stadium|Loft|Commons"
)
_PLACE = re.compile(
    r"\b(?:at|in|to|@)\s+(?:the\s+|our\s+)?"
    rf"((?:[A-Z][\w’'&-]{{0,30}}\s+(?:(?:of|the|and|&)\s+)?){{0,5}}(?:{_BUILDING})\b"
    rf"(?:\s+(?:{_BUILDING}|\d{{1,3}}[A-Z]?)\b)?"
    r"(?:,\s+(?:the\s+)?(?:\d{1,4}\s+)?[A-Z][\w’'-]{1,30}(?:\s+[A-Z][\w’'-]{1,30}){0,3})?)"
)
_PLACE_LINE = re.compile(
    rf"^[ \t*•-]{{0,4}}((?:[A-Z][\w’'&-]{{0,30}}\s+(?:(?:of|the|and|&)\s+)?){{0,5}}(?:{_BUILDING})"
    r"(?:,[^\n.!?]{2,80})?)[ \t]*$",
    re.MULTILINE,
)
_ADDRESS = re.compile(
    r"(?<![\w$£€])(\d{1,4}[A-Za-z]?\s+(?:[A-Z][a-z’'-]{1,20}\s+){1,3}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Way|Square|Place|Boulevard|Blvd|Court)\b)"
)
_FREE = re.compile(
    r"\b(?:(?:it|this|admission|entry|entrance|attendance|event)(?:[’']s| is)"
    r"(?:\s+\w+)?\s+(?P<a>free)|(?P<b>free)\s+(?:of charge|admission|entry|entrance|event|concert"
    r"|workshop|and open|for all|to attend|tickets)|(?:cost|price|admission|entry|tickets?)"
    r"\s*[:–-]\s*(?P<c>free)|(?P<d>no (?:charge|cost|entry fee|admission fee)))\b(?!-)"
    r"|(?m:^[ \t]*(?P<e>free)[!.]?[ \t]*$)",
    re.IGNORECASE,
)
_AMOUNT = (
    r"(?:[$£€]\s?\d{1,4}(?:[.,]\d\d)?"
    r"|\d{1,4}(?:[.,]\d\d)?\s?(?:€|euros?\b|dollars\b|pounds\b|USD\b|EUR\b))"
)
_MONEY = re.compile(
    rf"(?:\b(?:adults?|children|kids|suggested donation(?: of)?|donation(?: of)?)\s+)?{_AMOUNT}"
    rf"(?:\s*(?:/|–|-|to|or|,|and)\s*(?:\b(?:adults?|children|kids|members|students)\s+)?"
    rf"(?:{_AMOUNT}|\d{{1,4}}(?:[.,]\d\d)?(?![\d%:])))?"
    r"(?:\s+(?:per person|each|at the door|for (?:adults|children|members|students)))?",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"”’)\]]{3,500}", re.IGNORECASE)
_MEETING = re.compile(
    r"zoom\.us|teams\.(?:microsoft|live)|meet\.google|webex|youtube\.com/live|jitsi"
)
_BOOKING = re.compile(r"regist|book|rsvp|sign[- ]?up|ticket|reserve|eventbrite", re.IGNORECASE)
_ACCESS = (
    (
        "Step-free",
        r"step[- ]free|no steps|wheelchair[- ](?:accessible|access|friendly)|level access",
    ),
    ("Accessible toilet", r"accessible (?:toilets?|restrooms?|bathrooms?|washrooms?|loo)"),
    ("Hearing loop", r"(?:hearing|induction) loop"),
    ("Sign language", r"sign[- ]language|\b(?:BSL|ASL)\b(?:[- ]interpret\w{1,10})?"),
    ("Quiet space", r"quiet (?:room|space|corner)"),
)
_AGES = re.compile(
    r"\b(?:age[sd]?|for ages|children|kids)\s*:?\s*(?:from\s+)?(?P<a>\d{1,2})\s*"
    r"(?:(?:-|–|to|and)\s*(?P<b>\d{1,2})\b|(?P<up>\+|and (?:up|over|above)|or (?:over|older)))"
    r"|\b(?P<c>\d{1,2})\s*(?:-|–|to)\s*(?P<d>\d{1,2})[- ]?(?:years?[- ]olds?|yrs?)\b"
    r"|\bunder[- ](?P<under>\d{1,2})s?\b(?! (?:minutes|hours|weeks))"
    r"|\b(?:over[- ](?P<over>\d{1,2})s\b|(?P<plus>\d{1,2})\+(?=[\s.,;)]|$))",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:hosted|presented|organi[sz]ed|run|led) by (?:the\s+)?"
    r"([A-Z][\w’'&-]{1,30}(?:\s+(?:(?:of|the|and|&)\s+)?[A-Z][\w’'&-]{1,30}){0,5})"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """The lines of a flyer that say of themselves what they tell, by kind."""

    values: dict[str, Part]

    def of(self, kind: str) -> Part | None:
        return self.values.get(kind)


def labels(text: str, begin: int) -> Labels:
    """ "When: …", "Where: …": the first line of each kind."""
    found: dict[str, Part] = {}
    for match in _LABEL.finditer(text, begin):
        kind = match.lastgroup if match.lastgroup != "value" else None
        kind = kind or next(name for name in _LABELS if match[name])
        value = match["value"].strip(" *\t")
        start = match.start("value") + match["value"].index(value) if value else 0
        if value:
            found.setdefault(kind, Part(start, start + len(value), value))
    return Labels(found)


def title(
    text: str, begin: int, subject: Part | None, has_time: Sequence[tuple[int, int]]
) -> Part | None:
    """What it is called: in quotes, in the subject, or in a first line of its own."""
    for match in _QUOTED.finditer(text, begin):
        words = match[1].strip()
        if words[:1].isupper() and 2 <= len(words.split()) <= 12 and not words.endswith(("?", ",")):
            words = words.rstrip(".")
            return Part(match.start(1), match.start(1) + len(words), words)
    if subject is not None:
        skipped = 0
        while match_ := _REPLY.match(subject.value, skipped):
            skipped = match_.end()
        words = subject.value[skipped:].strip()
        if words and not words.endswith("?") and not _GENERAL.match(words):
            start = subject.start + subject.value.index(words, skipped)
            return Part(start, start + len(words), words)
    return _headline(text, begin, has_time)


def _headline(text: str, begin: int, has_time: Sequence[tuple[int, int]]) -> Part | None:
    seen, at = 0, begin
    for line in text[begin : begin + 2000].splitlines(keepends=True):
        start, words = at + len(line) - len(line.lstrip()), line.strip(" \t\r\n*#")
        at += len(line)
        if not words:
            continue
        seen += 1
        start = text.index(words, start)
        ends = words.endswith((".", ",", ";", ":", "?"))
        timed = any(start < stop and first < start + len(words) for first, stop in has_time)
        fits = len(words) <= 90 and 1 < len(words.split()) <= 12 and words[0].isupper()
        if fits and not (ends or timed or _GREETING.match(words) or _LABEL.match(words)):
            return Part(start, start + len(words), words)
        if seen >= 6:
            break
    return None


def place(text: str, begin: int, known: Sequence[str]) -> Part | None:
    """Where it is: a place of ours by its name, else one that is written like a place."""
    folded = text.casefold()
    if len(folded) == len(text):
        for name in sorted(known, key=len, reverse=True):
            at = folded.find(name.casefold(), begin)
            if at >= 0 and len(name) > 3:
                return Part(at, at + len(name), name)
    for pattern in (_PLACE, _PLACE_LINE, _ADDRESS):
        if match := pattern.search(text, begin):
            return Part(match.start(1), match.end(1), " ".join(match[1].split()))
    return None


def price(text: str, begin: int) -> Part | None:
    """What it costs, in their words; "Free" where it is free."""
    if match := _FREE.search(text, begin):
        group = next(name for name in "abcde" if match[name])
        return Part(match.start(group), match.end(group), "Free")
    match = _MONEY.search(text, begin)
    if match is None:
        return None
    return Part(match.start(), match.end(), " ".join(match[0].split()))


def links(text: str, begin: int) -> Iterator[tuple[str, Part]]:
    """Addresses with the field that each is for: booking_url, online_url, image, url."""
    taken = set[str]()
    for match in _URL.finditer(text, begin):
        words = match[0].rstrip(".,;:!?*_")
        kind, before = "url", text[max(begin, match.start() - 70) : match.start()]
        if _MEETING.search(words.lower()):
            kind = "online_url"
        elif re.search(r"\.(?:jpe?g|png|webp)(?:\?|$)", words.lower()):
            kind = "image"
        elif _BOOKING.search(before.rpartition("\n\n")[2]) or _BOOKING.search(words):
            kind = "booking_url"
        if kind not in taken:
            taken.add(kind)
            value = words if "://" in words else f"https://{words}"
            yield kind, Part(match.start(), match.start() + len(words), value)


def access(text: str, begin: int) -> Iterator[Part]:
    """What is said about getting in, in the words that our form offers."""
    for name, pattern in _ACCESS:
        if match := re.compile(pattern, re.IGNORECASE).search(text, begin):
            yield Part(match.start(), match.end(), name)


def ages(text: str, begin: int) -> tuple[Part, str, str] | None:
    """For which ages: the words, from and to ("" where open)."""
    match = _AGES.search(text, begin)
    if match is None:
        return None
    low = match["a"] or match["c"] or match["over"] or match["plus"] or ""
    high = match["b"] or match["d"] or ""
    if match["under"]:
        high = str(int(match["under"]) - 1)
    return Part(match.start(), match.end(), match[0]), low, high


def organizer(text: str, begin: int) -> Part | None:
    """Who puts it on."""
    match = _BY.search(text, begin)
    return None if match is None else Part(match.start(1), match.end(1), match[1])


def group(text: str, begin: int, words: Sequence[str]) -> Part | None:
    """The first of a group's words that stands in the text as a word."""
    for word in words:
        if len(word) > 2 and (
            match := re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE).search(
                text, begin
            )
        ):
            return Part(match.start(), match.end(), match[0])
    return None
