"""Our own account's posts, newest first (docs.joinmastodon.org/methods/accounts, statuses)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from networks.answers import server_time
from networks.errors import LaterError
from networks.fields import moment, text
from networks.mastodon.api import Api
from networks.mastodon.rewriting import from_html
from networks.post import Receipt
from safehttp.clock import Deadline
from safehttp.door import Answer

#: A post may be dated so much before the attempt that made it: servers' clocks differ from ours.
#: Looking back too far only risks finding the very same words, posted minutes earlier; looking
#: back too little posts twice.
CLOCKS_DIFFER = timedelta(minutes=5)

#: How far back is read: 40 posts a page is the most a server gives.
PAGE = 40
PAGES = 25


@dataclass(frozen=True, slots=True)
class Status:
    """One post as the server lists it, its text as it was before it became HTML."""

    receipt: Receipt
    made_at: datetime
    text: str


def own_posts(api: Api, account: str, since: datetime, deadline: Deadline) -> Iterator[Status]:
    """Every post made at or after since, by our clock or by the server's where it is behind.

    Ends only when all have been seen: raises LaterError when the listing can't be read or does
    not reach back so far, RefusedError, TimeoutError.
    """
    path = f"v1/accounts/{quote(account, safe='')}/statuses"
    query = {"limit": str(PAGE), "exclude_reblogs": "true", "exclude_replies": "true"}
    for _ in range(PAGES):
        answer, page = api.list(f"{path}?{urlencode(query)}", deadline.left())
        if not page:
            return
        begin = since - CLOCKS_DIFFER - _behind(answer, api.now())
        statuses = [_status(found) for found in page]
        yield from (status for status in statuses if status.made_at >= begin)
        if statuses[-1].made_at < begin:
            return
        query["max_id"] = statuses[-1].receipt.network_id or ""
    raise LaterError("network.listing_short", f"more than {PAGES * PAGE} posts since then")


def receipt(status: Mapping[str, object]) -> Receipt | None:
    """The id and address of a post; None where it names no id."""
    network_id = text(status, "id")
    return Receipt(network_id, text(status, "url")) if network_id else None


def _status(found: Mapping[str, object]) -> Status:
    """Raises LaterError for what is no post: the listing can't be trusted to be whole."""
    named, made_at, content = receipt(found), moment(found, "created_at"), found.get("content")
    if named is None or made_at is None or not isinstance(content, str):
        raise LaterError("network.listing", "a post without id, date or text")
    return Status(named, made_at, from_html(content))


def _behind(answer: Answer, now: datetime) -> timedelta:
    """How far the server's clock is behind ours; never negative."""
    return max(now - (server_time(answer) or now), timedelta())
