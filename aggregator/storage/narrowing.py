"""The conditions that a filter makes on the events of a list, for queries that hold `review`.

Whatever a view is narrowed by stands in one index of `review`, so that the worst case is one
walk over what is to come, never over years of what was. Words have an index of their own.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from aggregator.domain.filtering import SOON, STATES, Filter
from aggregator.domain.searching import asked
from aggregator.domain.tagging import mark
from aggregator.storage import house, search
from aggregator.storage.doors import Reader
from aggregator.storage.tables import occurrence, partner, review

_BOTH = ("event", "notice")


def conditions(tx: Reader, wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """All that the filter asks beyond its view and its words."""
    found = _told(tx, wanted)
    if wanted.state:
        found.append(review.c.state == wanted.state)
    if wanted.has_days:
        since, before = wanted.span(now, ZoneInfo(house.get(tx, "zone", "UTC")))
        found.append(_on_days(since, before))
        if wanted.view == "all":
            # what has days is an event, and not over before the first: a range of the index
            found += [review.c.kind == "event", review.c.state.in_(STATES)]
            found += [review.c.ends_at >= since] if since is not None else []
    return found


def narrowed(tx: Reader, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the filter asks of the event itself: its partner, its tags, its words."""
    words = asked(wanted.q)
    said = [review.c.event_id.in_(search.found(tx, words))] if words else []
    return [*_told(tx, wanted), *said]


def _told(tx: Reader, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.partner:
        one = select(partner.c.id).where(partner.c.pid == wanted.partner).scalar_subquery()
        found.append(review.c.partner_id == one)
    within = func.strpos if tx.postgres else func.instr
    for kind, value in tagged(wanted):
        found.append(within(review.c.marks, mark(kind, value)) > 0)
    return found


def tagged(wanted: Filter) -> list[tuple[str, str]]:
    """The tags that a filter asks for, the rarest kind first."""
    told = (
        ("place", wanted.place),
        ("category", wanted.tag),
        ("access", wanted.access),
        ("audience", wanted.audience),
    )
    return [(kind, value) for kind, value in told if value]


def in_view(view: str, now: datetime) -> ColumnElement[bool]:
    """Which events a view holds. What is over waits for nobody; "all" holds it too."""
    if view == "all":
        return review.c.ends_at.is_not(None)
    state = {
        "new": undecided(now),
        "soon": and_(undecided(now), begins(now, now + SOON)),
        "changed": and_(review.c.state == "APPROVED", review.c.unseen),
        "calendar": review.c.state == "APPROVED",
        "snoozed": and_(review.c.state == "SNOOZED", review.c.until > now),
        "declined": review.c.state == "DECLINED",
        "dateless": undecided(now),
    }[view]
    kinds = {"dateless": ("notice",), "snoozed": _BOTH, "declined": _BOTH}.get(view, ("event",))
    return and_(review.c.kind.in_(kinds), state, review.c.ends_at > now)


def undecided(now: datetime) -> ColumnElement[bool]:
    """Nobody decided, or a snooze is over."""
    return and_(
        review.c.state.in_(("NEW", "HELD", "SNOOZED")),
        or_(review.c.state != "SNOOZED", review.c.until <= now),
    )


def begins(since: datetime, before: datetime) -> ColumnElement[bool]:
    """A date of it begins at or after the first moment and before the second."""
    once = and_(review.c.starts_at >= since, review.c.starts_at < before)
    return _once_or_again(once, since, before)


def _on_days(since: datetime | None, before: datetime | None) -> ColumnElement[bool]:
    """What begins within these days, or began before and goes on into them."""
    once: list[ColumnElement[bool]] = []
    if since is not None:
        once.append(or_(review.c.starts_at >= since, review.c.ends_at > since))
    if before is not None:
        once.append(review.c.starts_at < before)
    return _once_or_again(and_(true(), *once), since, before)


def _once_or_again(
    once: ColumnElement[bool], since: datetime | None, before: datetime | None
) -> ColumnElement[bool]:
    """Of what takes place once its own span; of a series one of its dates."""
    again = select(occurrence.c.event_id).where(occurrence.c.event_id == review.c.event_id)
    if since is not None:
        again = again.where(occurrence.c.start_at >= since)
    if before is not None:
        again = again.where(occurrence.c.start_at < before)
    return or_(
        and_(~review.c.is_series, review.c.starts_at.is_not(None), once),
        and_(review.c.is_series, again.correlate(review).exists()),
    )
