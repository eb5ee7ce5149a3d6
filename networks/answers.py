"""What an HTTP answer means for a post: what the caller does next, by its status (RFC 9110).

`acted` reads answers to what publishes, `told` those to what changes nothing. Both give back a
2xx answer's JSON object, empty where it is none, and raise networks.errors for any other.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from networks.errors import LaterError, NetworkError, RefusedError, UnknownError
from networks.fields import text
from safehttp.door import Answer

#: What a person has to change; any other 4xx is network.refused.
_REFUSALS = {
    401: "network.token",
    403: "network.forbidden",
    404: "network.missing",
    410: "network.gone",
    413: "network.too_large",
}

#: A 4xx that does not say whether the request was read: the server gave up waiting for it.
_REQUEST_TIMEOUT = 408

#: The longest wait that is believed, and the words of a server that are kept.
_LONGEST_WAIT = timedelta(days=7)
_DETAIL = 300


def acted(
    answer: Answer, now: datetime, later: Collection[int] = frozenset({429})
) -> Mapping[str, object]:
    """The answer to a request that publishes.

    `later` are the statuses of which this network says that nothing was done. Raises LaterError
    for those and a temporary redirect, RefusedError for 4xx and a permanent one, UnknownError.
    """
    if answer.status // 100 == 2:
        return answer.json
    raise _problem(answer, now, later) or UnknownError("network.unknown", _detail(answer))


def told(answer: Answer, now: datetime) -> Mapping[str, object]:
    """The answer to a request that changes nothing. Raises LaterError, RefusedError."""
    if answer.status // 100 == 2:
        return answer.json
    problem = _problem(answer, now, {429})
    raise problem or LaterError("network.unwell", _detail(answer), wait(answer, now))


def listing(answer: Answer, now: datetime) -> Sequence[Mapping[str, object]]:
    """The JSON objects of an array. Raises LaterError where it is none, RefusedError.

    What is no whole array must never pass for an empty one: nothing would be found in it.
    """
    told(answer, now)
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise LaterError("network.listing", "no JSON") from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise LaterError("network.listing", "no list of posts")
    return found


def wait(answer: Answer, now: datetime) -> timedelta | None:
    """How long it asks us to wait: Retry-After, else X-RateLimit-Reset; None if it does not say.

    The reset is a time in ISO 8601 or in seconds, since 1970 or from now; servers' times are
    taken by their own clock (Date) where they show it.
    """
    at = server_time(answer) or now
    said = answer.retry_after(at)
    if said is None:
        said = _reset(answer.headers.get("x-ratelimit-reset", "").strip(), at)
    return None if said is None else min(max(said, timedelta()), _LONGEST_WAIT)


def server_time(answer: Answer) -> datetime | None:
    """What the server's clock showed when it answered; None if it does not say."""
    try:
        found = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _problem(answer: Answer, now: datetime, later: Collection[int]) -> NetworkError | None:
    """What to do next; None where the status does not tell whether anything was done."""
    if answer.status in later:
        return LaterError("network.busy", _detail(answer), wait(answer, now))
    if answer.status in {301, 308}:
        return RefusedError("network.moved", answer.headers.get("location", "")[:_DETAIL])
    if answer.status == 307:
        return LaterError("network.moved", answer.headers.get("location", "")[:_DETAIL])
    if answer.status // 100 == 4 and answer.status != _REQUEST_TIMEOUT:
        code = _REFUSALS.get(answer.status, "network.refused")
        return RefusedError(code, _detail(answer))
    return None


def _reset(said: str, at: datetime) -> timedelta | None:
    try:
        if said.isascii() and said.isdigit():
            seconds = int(said[:12])
            return timedelta(seconds=seconds - (at.timestamp() if seconds > 10**9 else 0))
        until = datetime.fromisoformat(said)
    except (ValueError, OverflowError):
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - at


def _detail(answer: Answer) -> str:
    """The status, and the server's own words if it has any."""
    said = text(answer.json, "error_description") or text(answer.json, "error") or ""
    return f"{answer.status} {said}".strip()[:_DETAIL]
