"""“Something wrong?”: a resident tells, without an account; staff see it on Today.

The form carries a signed token in place of a session: open pages set no cookie. It says which
event the form was of and when it was opened, so that a program has to open the page and wait as
a person would; how often one household and everybody together may tell is counted.
"""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from aggregator.services import throttling
from aggregator.services.errors import MissingError
from aggregator.services.house import House
from aggregator.storage import events, journal, reports, revisions
from words.say import say

#: What may be wrong; the code makes the words (words/public.py).
KINDS = ("time", "place", "cancelled", "price", "other")

LONGEST = 1000

#: So many from one household, about one event, and in all, in so long a time.
WINDOW = timedelta(hours=1)
BY_ADDRESS, BY_EVENT, BY_ALL = 6, 12, 120

#: Nobody fills in the form faster, or leaves it open for longer, in seconds.
FASTEST, OLDEST = 2, 12 * 3600


class ForgedError(Exception):
    """The form was not ours, or was of another event."""


class StaleError(Exception):
    """The form was sent too soon or too late."""


class FaultyError(Exception):
    """What was typed can't be used; `faults` says it by field, as codes and their parameters."""

    def __init__(self, faults: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
        super().__init__(dict(faults))
        self.faults = faults


def token(house: House, pid: str) -> str:
    """What the form of this event carries."""
    return _signer(house).dumps([pid, int(house.clock().timestamp())])


def send(house: House, pid: str, *, signed: str, kind: str, text: str, address: str) -> None:
    """Take a report in.

    Raises ForgedError, StaleError, FaultyError, throttling.TooOftenError, MissingError.
    """
    _check_token(house, pid, signed)
    words = _checked(kind, text)
    now = house.clock()
    keys = {
        throttling.near("report", address): BY_ADDRESS,
        throttling.key("report-event", pid): BY_EVENT,
        "report-all": BY_ALL,
    }
    with house.database.writing() as tx:
        row = events.by_pid(tx, pid)
        if row is None or row.state != "APPROVED" or row.merged_into is not None:
            raise MissingError("event.missing")
        throttling.count(tx, keys, now, WINDOW)
        reports.add(tx, row.id, now, words)
        revisions.bump(tx, revisions.INBOX)


def done(house: House, report_id: int, *, actor: str) -> None:
    """A colleague has dealt with it. A second click changes nothing. Raises MissingError."""
    with house.database.writing() as tx:
        row = reports.one(tx, report_id)
        if row is None:
            raise MissingError("report.missing")
        if row.done_at is None:
            reports.settle(tx, report_id, house.clock(), actor)
            journal.add(tx, house.clock(), actor, "report_done", f"report:{report_id}")
            revisions.bump(tx, revisions.INBOX)


def reopen(house: House, report_id: int, *, actor: str) -> None:
    """Undo: it waits on Today again. Raises MissingError."""
    with house.database.writing() as tx:
        row = reports.one(tx, report_id)
        if row is None:
            raise MissingError("report.missing")
        if row.done_at is not None:
            reports.settle(tx, report_id, None, None)
            journal.add(tx, house.clock(), actor, "report_reopen", f"report:{report_id}")
            revisions.bump(tx, revisions.INBOX)


def _checked(kind: str, text: str) -> str:
    """The report as staff read it: what is wrong, then the resident's own words."""
    text = _plain(text)
    faults: dict[str, tuple[str, Mapping[str, object]]] = {}
    if kind not in KINDS:
        faults["kind"] = ("report.what", {})
    if len(text) > LONGEST:
        faults["text"] = ("report.long", {"most": LONGEST})
    elif kind == "other" and not text:
        faults["text"] = ("report.text", {})
    if faults:
        raise FaultyError(faults)
    return f"{say(f'report.{kind}')}\n{text}".strip()


def _plain(text: str) -> str:
    """What can be read; lines stay."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    kept = ("".join(char if char.isprintable() else " " for char in line) for line in lines)
    return "\n".join(" ".join(line.split()) for line in kept).strip()


def _check_token(house: House, pid: str, signed: str) -> None:
    try:
        of, opened = _signer(house).loads(signed)
    except BadSignature as error:
        raise ForgedError from error
    if of != pid:
        raise ForgedError
    age = house.clock().timestamp() - opened
    if not FASTEST <= age <= OLDEST:
        raise StaleError


def _signer(house: House) -> URLSafeSerializer:
    return URLSafeSerializer(house.session_key, salt="report")
