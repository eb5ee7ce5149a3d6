"""The library's own events: what staff enter by hand.

Each is stored as a sighting of a source of kind "ours", so that nothing downstream needs a second
path, and stands on the calendar at once. Nothing is deleted: a cancelled event stays, marked as
cancelled; one that nobody was told of can be taken off the calendar, and put back by undo.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator.domain.changes import facts_digest
from aggregator.domain.dates import dates
from aggregator.domain.identity import ASSIGNED
from aggregator.services import deriving, library, preparing, publishing, reviews, storing
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.services.reviews import Decision
from aggregator.storage import deliveries, events, journal, partners, revisions, sources
from aggregator.storage import house as house_rows
from aggregator.storage import reviews as rows_of_reviews
from aggregator.storage.doors import Writer
from aggregator.storage.ids import new_pid
from feeds.event import Event, Status
from feeds.facts import from_facts, to_facts

#: A post in one of these has been seen, or may have been.
TOLD = frozenset({"SENDING", "SENT", "UNKNOWN"})


@dataclass(frozen=True, slots=True)
class Amended:
    """What came of it: the review's new version, and how many posts wait for another look."""

    event_id: int
    version: int
    held: int = 0


def enter(
    house: House,
    event: Event,
    *,
    actor: str,
    once: str | None = None,
    picture: str | None = None,
) -> str:
    """Put an event of the library's own on the calendar; its public name.

    once is a form's one-time key: a second click with the same finds what the first one made.
    picture names a copy of ours that was chosen from a file (`uploads.keep`).
    """
    with house.database.writing() as tx:
        now = house.clock()
        partner_id = partners.ensure_ours(tx, now, library.name(tx))
        source_id = sources.ensure_ours(tx, now, partner_id)
        key = ASSIGNED + (once or new_pid(now))
        if (pid := events.pid_of_key(tx, source_id, key)) is not None:
            return pid
        place = preparing.of_partner(tx, partner_id, now)
        new = preparing.new_event(place, partner_id, key, event, dates(event, now, place.zone))
        fetch_id = _write_down(tx, source_id, now, n_new=1)
        [event_id] = storing.add(tx, source_id, [new], fetch_id)
        if picture is not None and event.image is None:
            events.change_event(tx, event_id, image=picture)
        reviews.decide(tx, now, "calendar_only", event_id, actor=actor, version=0)
        return str(new.row["pid"])


def entered(house: House, event_id: int) -> Event | None:
    """The event as staff entered it; None for one that a feed tells. Raises MissingError."""
    with house.database.reading() as tx:
        if events.by_id(tx, event_id) is None:
            raise MissingError("event.missing")
        found = events.by_hand(tx, event_id)
    return None if found is None else from_facts(found[1])


def amend(
    house: House,
    event_id: int,
    event: Event,
    *,
    actor: str,
    version: int,
    picture: str | None = None,
) -> Amended:
    """Tell an event of ours anew; picture as for `enter`, None: none from a file.

    Raises MissingError, or ConflictError for an old version.
    """
    with house.database.writing() as tx:
        now = house.clock()
        return _amend(tx, now, event_id, event, picture, "amend", actor=actor, version=version)


def own_picture(row: Any) -> str | None:
    """The picture of an event of ours that was chosen from a file."""
    return row.image if row.facts["image"] is None else None


def cancel(house: House, event_id: int, *, actor: str, version: int) -> Amended:
    """It does not take place: it stays where it was told of, marked as cancelled."""
    return _with_status(house, event_id, "CANCELLED", "cancel", actor=actor, version=version)


def reinstate(house: House, event_id: int, *, actor: str, version: int) -> Amended:
    """It takes place after all."""
    return _with_status(house, event_id, None, "reinstate", actor=actor, version=version)


def remove(house: House, event_id: int, *, actor: str, version: int) -> Decision:
    """Take an event that was entered by mistake off the calendar; undo puts it back.

    Raises ServiceError when a post tells of it already: who read that has to learn that it was
    cancelled.
    """
    with house.database.writing() as tx:
        now, row = house.clock(), reviews.held(tx, event_id, version)
        _by_hand(tx, event_id)
        if any(each.state in TOLD for each in deliveries.of_event(tx, row.id)):
            raise ServiceError("entering.told")
        return reviews.decide(tx, now, "decline", event_id, actor=actor, version=version)


def renamed(tx: Writer) -> None:
    """The library is called something else by now: so is the partner that its events are by."""
    row, name = partners.ours(tx), library.name(tx)
    if row is None or row.name == name:
        return
    partners.rename(tx, row.id, name)
    render_again(tx, row.id, name)
    revisions.bump(tx, revisions.INBOX)
    revisions.bump(tx, revisions.CALENDAR)


def render_again(tx: Writer, partner_id: int, name: str) -> None:
    """The calendar's blocks and the lists name the partner; the facts are the same."""
    install_id, groups, after = house_rows.install_id(tx), deriving.groups(tx), 0
    while rows := events.of_partner(tx, partner_id, after):
        events.change_events(
            tx,
            [
                {
                    "event_id": row.id,
                    **publishing.rendered(
                        from_facts(row.facts),
                        pid=row.pid,
                        install_id=install_id,
                        sequence=row.sequence,
                        changed_at=row.changed_at,
                        arrived_at=row.arrived_at,
                        partner=name,
                    ),
                    **deriving.columns(row.facts, name, groups),
                }
                for row in rows
            ],
        )
        after = rows[-1].id


def _with_status(
    house: House, event_id: int, status: Status | None, verb: str, *, actor: str, version: int
) -> Amended:
    with house.database.writing() as tx:
        row = reviews.held(tx, event_id, version)
        _, facts = _by_hand(tx, event_id)
        event, now = replace(from_facts(facts), status=status), house.clock()
        return _amend(
            tx, now, event_id, event, own_picture(row), verb, actor=actor, version=version
        )


def _amend(
    tx: Writer,
    now: datetime,
    event_id: int,
    event: Event,
    picture: str | None,
    verb: str,
    *,
    actor: str,
    version: int,
) -> Amended:
    row = reviews.held(tx, event_id, version)
    seen, _ = _by_hand(tx, event_id)
    facts = to_facts(event)
    is_same = facts_digest(facts) == seen.digest
    if is_same and picture == own_picture(row):
        return Amended(event_id, version)
    published = row.state == "APPROVED"
    if not is_same:
        place = preparing.of_partner(tx, row.partner_id, now)
        changed = preparing.changed_events(tx, place, {seen: facts})
        source_id = sources.ensure_ours(tx, now, row.partner_id)
        fetch_id = _write_down(tx, source_id, now, n_changed=1)
        published = storing.change(tx, now, "staff", changed, fetch_id)
    if event.image is None:
        events.change_event(tx, event_id, image=picture)
    events.changes_seen(tx, event_id, now)  # who changed it has seen it
    after = _raise_version(tx, event_id)
    journal.add(tx, now, actor, verb, f"event:{event_id}")
    revisions.bump(tx, revisions.INBOX)
    if published:
        revisions.bump(tx, revisions.CALENDAR)
    held = sum(each.state == "HELD" for each in deliveries.of_event(tx, event_id))
    return Amended(event_id, after, held)


def _by_hand(tx: Writer, event_id: int) -> tuple[Any, Any]:
    found = events.by_hand(tx, event_id)
    if found is None:
        raise MissingError("entering.not_ours")
    return found


def _raise_version(tx: Writer, event_id: int) -> int:
    """Whoever has the event open in its old words is told so; what was decided stays."""
    row = events.lock(tx, event_id)
    rows_of_reviews.put(
        tx,
        event_id,
        row.version,
        state=row.state,
        until=row.until,
        reason=row.reason,
        decided_digest=row.decided_digest,
    )
    return int(row.version) + 1


def _write_down(tx: Writer, source_id: int, now: datetime, **counts: int) -> int:
    """A line in the source's log, as a poll leaves one."""
    told = {"outcome": "NEW_BODY", "params": {}, "ms": 0, "problems": []}
    return sources.record_fetch(tx, source_id, now, {**told, **counts})
