"""Exactly once: what follows from what a network did. Pure; `services.deliveries` does it.

Before the wire an attempt is on record. What may have happened is looked up, after the
network's own time to settle, before anything is sent again (docs/architecture.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: How long a claim lasts, and how much of it a request may take: at most half.
LEASE = timedelta(seconds=60)
WIRE = timedelta(seconds=20)

#: So many times a network may say "later" before a person has to look.
TRIES = 12

#: So many listings in a row without our post count as "it is not there".
LOOKS = 2

State = Literal["HELD", "QUEUED", "SENT", "UNKNOWN", "FAILED", "EXPIRED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time on the wire, as far as we heard. outcome None: we never heard."""

    n: int
    at: datetime
    wire_deadline: datetime
    outcome: str | None

    @property
    def open(self) -> bool:
        """Whether it may have happened."""
        return self.outcome in (None, "UNKNOWN")


@dataclass(frozen=True, slots=True)
class Next:
    """Where a delivery goes: its state, when it is looked at again, and why."""

    state: State
    due_at: datetime | None = None
    code: str | None = None
    looks: int = 0


def after_later(
    attempts: Sequence[Attempt], now: datetime, wait: timedelta | None, code: str
) -> Next:
    """It certainly did not happen: again after a while, doubled each time; then a person."""
    if len(attempts) >= TRIES:
        return Next("FAILED", code=code)
    pause = _pause(attempts)
    return Next("QUEUED", now + max(pause, wait or pause), code)


def after_unknown(attempts: Sequence[Attempt], settle: timedelta, code: str | None) -> Next:
    """It may have happened: looked up once it would have appeared."""
    return Next("UNKNOWN", settled(attempts, settle), code)


def settled(attempts: Sequence[Attempt], settle: timedelta) -> datetime | None:
    """When the last open attempt would have appeared; None when none is open."""
    deadlines = [each.wire_deadline for each in attempts if each.open]
    return max(deadlines) + settle if deadlines else None


def since(attempts: Sequence[Attempt]) -> datetime | None:
    """From when on our post may stand in the listing."""
    return min((each.at for each in attempts if each.open), default=None)


def after_lost_claim(attempts: Sequence[Attempt], now: datetime, settle: timedelta) -> Next:
    """A claim ran out while sending. UNKNOWN, never QUEUED: whoever held it may still act."""
    return Next("UNKNOWN", settled(attempts, settle) or now, "delivery.lost")


def after_absence(
    attempts: Sequence[Attempt], looks: int, now: datetime, settle: timedelta, when_unknown: str
) -> Next:
    """Our post is not in the listing, `looks` listings in a row, this one counted."""
    if looks < LOOKS:
        return _once_more(looks, now, settle)
    if when_unknown == "ask" or len(attempts) >= TRIES:
        return Next("UNKNOWN", None, "delivery.ask", looks)
    return Next("QUEUED", now, "delivery.again")


def after_no_search(looks: int, now: datetime, settle: timedelta) -> Next:
    """The network can't be searched: a person is asked, when nothing can happen any more."""
    if looks < LOOKS:
        return _once_more(looks, now, settle)
    return Next("UNKNOWN", None, "delivery.ask", looks)


def _once_more(looks: int, now: datetime, settle: timedelta) -> Next:
    """Between two looks lies all that a request may still need.

    So the second is right even where the machine slept, or our clock leapt ahead, between the
    attempt and the first.
    """
    return Next("UNKNOWN", now + WIRE + settle, "delivery.looking", looks)


def repeated_at(attempts: Sequence[Attempt]) -> datetime | None:
    """When the same id is sent once more, ever more seldom; None: often enough, ask a person."""
    return attempts[-1].at + _pause(attempts) if len(attempts) < TRIES else None


def doubted(state: str, step: Next, looks: int, now: datetime, settle: timedelta) -> Next:
    """The step from `state`. Of what may be out already nobody may think that it is not.

    Where a repeat is harmless it is sent again while UNKNOWN, and stays so: it is neither held
    nor over because this attempt failed or may not be made. The second time (`looks`, this one
    counted) a person is asked.
    """
    if state != "UNKNOWN" or step.state == "UNKNOWN":
        return step
    if step.state == "QUEUED":
        return Next("UNKNOWN", step.due_at, step.code)
    if looks < LOOKS:
        return _once_more(looks, now, settle)
    return Next("UNKNOWN", None, step.code if step.state == "FAILED" else "delivery.ask", looks)


def after_unseen(now: datetime, settle: timedelta, wait: timedelta | None) -> Next:
    """The listing could not be had: looked again later."""
    return Next(
        "UNKNOWN", now + max(settle, wait or settle, timedelta(seconds=15)), "delivery.unseen"
    )


def _pause(attempts: Sequence[Attempt]) -> timedelta:
    """15 seconds, doubled with each attempt, an hour at most."""
    doubled = timedelta(seconds=15) * (1 << min(max(len(attempts) - 1, 0), 10))
    return min(doubled, timedelta(hours=1))
