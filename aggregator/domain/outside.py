"""Which links of a page may lead to a partner, and which places show nothing to a reader."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

Link = tuple[str, str]  # address, words

#: So many links of one page are tried.
MOST = 60

#: Places that show what people post there to members only: site → its name.
CLOSED = {
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "fb.me": "Facebook",
    "instagram.com": "Instagram",
    "threads.net": "Threads",
    "twitter.com": "X",
    "x.com": "X",
    "linkedin.com": "LinkedIn",
    "nextdoor.com": "Nextdoor",
    "tiktok.com": "TikTok",
    "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp",
    "t.me": "Telegram",
    "discord.com": "Discord",
    "discord.gg": "Discord",
    "pinterest.com": "Pinterest",
}
#: Sites that any page links to and that are nobody's neighbour.
_NOBODY = re.compile(
    r"(?:.*\.)?(?:w3\.org|schema\.org|creativecommons\.org|wikipedia\.org|archive\.org"
    r"|google(?:apis|tagmanager)?\.com|gstatic\.com|goo\.gl|youtube\.com|youtu\.be|vimeo\.com"
    r"|apple\.com|microsoft\.com|mozilla\.org|adobe\.com|wordpress\.org|wordpress\.com"
    r"|squarespace\.com|wix\.com|weebly\.com|godaddy\.com|cloudflare\.com|addtoany\.com"
    r"|addthis\.com|openstreetmap\.org|mapquest\.com|paypal\.com|amazon\.com|spotify\.com"
    r"|mailchimp\.com|constantcontact\.com|list-manage\.com|office\.com|zoom\.us)"
)
#: Sites where each first folder is somebody else.
_SHARED = frozenset({"sites.google.com", "meetup.com", "eventbrite.com", "linktr.ee", *CLOSED})
_SHARING = re.compile(r"/(?:sharer?|intent|share|dialog|home|login|plugins|shareArticle)\b")
_LISTING = re.compile(r"event|calendar|whats-?on|agenda|program", re.IGNORECASE)


def closed(url: str) -> str | None:
    """The name of the place, if it shows its pages to members only."""
    return CLOSED.get(_site(url))


def worth_asking(links: Iterable[Link]) -> list[Link]:
    """One link a site, the one that looks like its events if there is one; at most MOST."""
    found: dict[tuple[str, str], Link] = {}
    for url, words in links:
        site = _site(url)
        path = urlsplit(url).path
        if (
            not site
            or _is_nobody(site)
            or (site in CLOSED and (_SHARING.match(path) or path < "/0"))
        ):
            continue
        key = (site, path.split("/")[1].lower() if site in _SHARED and path else "")
        if key not in found or (_LISTING.search(path) and not _LISTING.search(found[key][0])):
            found[key] = (url, words)
    return [*found.values()][:MOST]


def _is_nobody(site: str) -> bool:
    return site not in _SHARED and _NOBODY.fullmatch(site) is not None


def _is_sharing(path: str) -> bool:
    """A button to share the page, or the place's own front page: nobody's."""
    return path in {"", "/"} or _SHARING.match(path) is not None


def _site(url: str) -> str:
    """The host as people say it: without www, m and the like."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    bare = re.sub(r"^(?:www|m|mobile|en-gb|de-de)\.", "", host)
    return next((each for each in CLOSED if bare.endswith(f".{each}")), bare)
