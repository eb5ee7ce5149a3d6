"""The conditions that a filter makes on the events of a list, for queries that hold `review`.

Each names `review` alone or asks a set of ids, so that either database may begin where fewest
rows are.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, union_all

from aggregator.domain.filtering import SOON, Filter
from aggregator.domain.searching import asked
from aggregator.storage import house, search
from aggregator.storage.doors import Reader
from aggregator.storage.tables import change, event_tag, occurrence, partner, review


def conditions(tx: Reader, wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """All that the filter asks beyond its view."""
    found = [*narrowed(tx, wanted)]
    if wanted.state:
        found.append(review.c.state == wanted.state)
    if wanted.has_days:
        found.append(
            review.c.event_id.in_(
                _within(*wanted.span(now, ZoneInfo(house.get(tx, "zone", "UTC"))))
            )
        )
    return found


def narrowed(tx: Reader, wanted: Filter) -> list[ColumnElement[bool]]:
    """Of these, what tells of the event itself: partner, tags and words, no days and no state."""
    found: list[ColumnElement[bool]] = []
    if wanted.partner:
        one = select(partner.c.id).where(partner.c.pid == wanted.partner).scalar_subquery()
        found.append(review.c.partner_id == one)
    for kind, value in (
        ("category", wanted.tag),
        ("audience", wanted.audience),
        ("access", wanted.access),
        ("place", wanted.place),
    ):
        if value:
            mine = event_tag.c.kind == kind, event_tag.c.value == value
            found.append(review.c.event_id.in_(select(event_tag.c.event_id).where(*mine)))
    if words := asked(wanted.q):
        found.append(review.c.event_id.in_(search.found(tx, words)))
    return found


def in_view(view: str, now: datetime) -> ColumnElement[bool]:
    """Which events a view holds. What is over waits for nobody; "all" holds it too."""
    if view == "all":
        return review.c.ends_at.is_not(None)
    state = {
        "new": undecided(now),
        "soon": and_(undecided(now), review.c.event_id.in_(_begins(now, now + SOON))),
        "changed": and_(review.c.state == "APPROVED", review.c.event_id.in_(_unseen())),
        "calendar": review.c.state == "APPROVED",
        "snoozed": and_(review.c.state == "SNOOZED", review.c.until > now),
        "declined": review.c.state == "DECLINED",
        "dateless": undecided(now),
    }[view]
    kinds = {"dateless": ("notice",), "snoozed": _BOTH, "declined": _BOTH}.get(view, ("event",))
    return and_(review.c.kind.in_(kinds), state, review.c.ends_at > now)


_BOTH = ("event", "notice")


def undecided(now: datetime) -> ColumnElement[bool]:
    """Nobody decided, or a snooze is over."""
    return and_(
        review.c.state.in_(("NEW", "HELD", "SNOOZED")),
        or_(review.c.state != "SNOOZED", review.c.until <= now),
    )


def _unseen() -> ColumnElement[int]:
    unseen = change.c.material, change.c.seen_at.is_(None)
    return select(change.c.event_id).where(*unseen)  # type: ignore[return-value]


def _begins(since: datetime, before: datetime) -> ColumnElement[int]:
    within = occurrence.c.start_at >= since, occurrence.c.start_at < before
    return select(occurrence.c.event_id).where(*within)  # type: ignore[return-value]


def _within(since: datetime | None, before: datetime | None) -> ColumnElement[int]:
    """What begins within these days, and what goes on over the first of them."""
    begins = select(occurrence.c.event_id)
    if since is not None:
        begins = begins.where(occurrence.c.start_at >= since)
    if before is not None:
        begins = begins.where(occurrence.c.start_at < before)
    if since is None:
        return begins  # type: ignore[return-value]
    goes_on = select(occurrence.c.event_id).where(
        occurrence.c.long, occurrence.c.end_at > since, occurrence.c.start_at < since
    )
    return union_all(begins, goes_on)  # type: ignore[return-value]
