"""Two partners tell of what may be one event: what a person answers. Nothing is merged yet."""

from dataclasses import dataclass
from typing import Any

from aggregator.services import reviews
from aggregator.services.errors import MissingError
from aggregator.services.house import House
from aggregator.storage import events, journal, links, revisions
from aggregator.storage.doors import Reader
from words.say import say
from words.say import translate as _


@dataclass(frozen=True, slots=True)
class Same:
    """The event that stays, and what was decided about the other."""

    stays: int
    left: reviews.Decision


def two_events(house: House, a: int, b: int, *, actor: str) -> None:
    """These two sightings are two events, and nobody is asked again. Raises MissingError."""
    _answer(house, a, b, "NEVER", "two_events", actor)


def same_event(house: House, keep: int, leave: int, *, actor: str) -> Same:
    """They are one: the event of `leave` (a sighting) is declined, naming the one that stays.

    Raises MissingError; ConflictError where one of them is declined already: a colleague has
    answered, perhaps the other way round.
    """
    with house.database.writing() as tx:
        events.lock_all(tx, [_event(tx, each).id for each in (keep, leave)])
        stays, goes = _event(tx, keep), _event(tx, leave)
        for each in (stays, goes):
            if each.state == "DECLINED":
                raise reviews.faster(tx, each.id)
        partner, title = stays.partner, stays.facts["summary"] or _("An event without a title")
        decision = reviews.decide(
            tx,
            house.clock(),
            "decline",
            goes.id,
            actor=actor,
            version=goes.version,
            reason=say("reason.same", {"title": title, "partner": partner}),
        )
    return Same(stays.id, decision)


def ask_again(house: House, a: int, b: int, *, actor: str) -> None:
    """Take the answer back: the question is open again. Raises MissingError or ServiceError."""
    with house.database.reading() as tx:
        declined = [row for row in (_event(tx, a), _event(tx, b)) if row.state == "DECLINED"]
    if declined:
        row = declined[0]
        reviews.undo(house, row.id, actor=actor, version=row.version)
        return
    _answer(house, a, b, "ASK", "ask_again", actor)


def _answer(house: House, a: int, b: int, verdict: str, verb: str, actor: str) -> None:
    a, b = sorted((a, b))
    with house.database.writing() as tx:
        before = links.say(tx, a, b, verdict, actor, house.clock())
        if before is None:
            raise MissingError("twins.missing")
        journal.add(
            tx,
            house.clock(),
            actor,
            verb,
            f"link:{a}-{b}",
            before={"verdict": before},
            after={"verdict": verdict},
        )
        revisions.bump(tx, revisions.INBOX)


def _event(tx: Reader, sighting_id: int) -> Any:
    """The event of a sighting, as it is now."""
    event_id = links.event_of(tx, sighting_id)
    row = events.by_id(tx, event_id) if event_id is not None else None
    if row is None:
        raise MissingError("twins.missing")
    return row
