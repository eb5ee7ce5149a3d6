"""The ways in which the practice network can fail, each by its name.

A fault is put in a row by POST /practice/api/faults {"fault", "times", "seconds"} and meets the
next requests of its kind. What may leave a post behind stands before what certainly does not.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Answer = Literal["status", "cut", "silence", "drip", "garble"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to fail.

    `acts` says whether the post is made; `answer` what is sent back, `status` with which status.
    `late` is what comes only `seconds` later: the post itself, or its place in the listing.
    """

    acts: bool
    answer: Answer = "status"
    status: int = 500
    late: Literal["post", "listing"] | None = None
    listing: bool = False  # meets requests for the listing, not for a post


WAYS = {
    "refuse": Way(acts=False, status=422),
    "busy": Way(acts=False, status=429),  # Retry-After: seconds
    "error": Way(acts=False),
    "hang": Way(acts=False, answer="silence"),  # for seconds, then cut
    "act_then_error": Way(acts=True),
    "act_then_cut": Way(acts=True, answer="cut"),
    "act_then_hang": Way(acts=True, answer="silence"),
    "act_then_drip": Way(acts=True, answer="drip"),  # the answer takes seconds to arrive
    "act_then_garble": Way(acts=True, answer="garble"),  # says 200, but nothing readable
    "act_late": Way(acts=True, status=504, late="post"),
    "list_late": Way(acts=True, status=504, late="listing"),
    "list_error": Way(acts=False, listing=True),
    "list_short": Way(acts=False, answer="garble", listing=True),  # does not reach back
}

#: The longest that a fault may hold a request, in seconds: it keeps a thread of the web app.
MOST_SECONDS = 120
MOST_TIMES = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was asked for: so many times more, `seconds` as its way understands them."""

    name: str
    times: int = 1
    seconds: float = 5.0

    @property
    def way(self) -> Way:
        """What happens."""
        return WAYS[self.name]

    @property
    def post_late(self) -> timedelta:
        """How much later the post appears."""
        return timedelta(seconds=self.seconds if self.way.late == "post" else 0)

    @property
    def listing_late(self) -> timedelta:
        """How much later than the post itself the listing shows it."""
        return timedelta(seconds=self.seconds if self.way.late == "listing" else 0)

    def problem(self) -> str | None:
        """Why it can't be asked for; None if it can."""
        if self.name not in WAYS:
            return f"fault is one of {', '.join(WAYS)}"
        if not 1 <= self.times <= MOST_TIMES or not 0 <= self.seconds <= MOST_SECONDS:
            return f"times is 1 to {MOST_TIMES}, seconds 0 to {MOST_SECONDS}"
        return None
