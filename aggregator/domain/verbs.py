"""What staff may decide about an incoming event: one table, read by web, CLI and services."""

from dataclasses import dataclass
from typing import Literal

State = Literal["NEW", "HELD", "APPROVED", "DECLINED", "SNOOZED"]
STATES: tuple[State, ...] = ("NEW", "HELD", "APPROVED", "DECLINED", "SNOOZED")


@dataclass(frozen=True, slots=True)
class Verb:
    """A decision: from which states, to which, by whom (an action of `access`), on which key."""

    name: str
    label: str
    key: str
    action: str
    before: tuple[State, ...]
    after: State


_OPEN: tuple[State, ...] = ("NEW", "HELD", "SNOOZED", "DECLINED")

VERBS = {
    verb.name: verb
    for verb in (
        Verb("share", "Share", "s", "share", (*_OPEN, "APPROVED"), "APPROVED"),
        Verb("calendar_only", "Calendar only", "c", "decide", _OPEN, "APPROVED"),
        Verb(
            "decline", "Decline", "d", "decide", ("NEW", "HELD", "SNOOZED", "APPROVED"), "DECLINED"
        ),
        Verb("snooze", "Snooze", "z", "decide", ("NEW", "HELD", "SNOOZED"), "SNOOZED"),
    )
}


def check() -> None:
    """Every state can be left by a verb, names and keys are unique. Raises ValueError."""
    if len({verb.key for verb in VERBS.values()}) != len(VERBS):
        raise ValueError("two verbs share a key")
    for state in STATES:
        if not any(state in verb.before for verb in VERBS.values()):
            raise ValueError(f"{state} can't be left")
    for verb in VERBS.values():
        if not {*verb.before, verb.after} <= {*STATES}:
            raise ValueError(f"{verb.name} names an unknown state")


check()
