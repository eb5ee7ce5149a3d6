"""Where a list's query begins: with whatever gives its ids by age and holds the fewest.

Measured at a million events: a view is one range of review's index (milliseconds); frequent words
are quick from the newest on, and slow as a set; a few events are quick to be read one by one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select

from aggregator.domain.filtering import Filter
from aggregator.domain.searching import Asked, asked
from aggregator.storage import narrowing, search
from aggregator.storage.doors import Reader
from aggregator.storage.joining import Walked
from aggregator.storage.tables import event, event_tag, partner, review

#: So many events are read one by one sooner than all that hold a frequent word.
FEW = 1500

Way = tuple[FromClause, ColumnElement[int], list[ColumnElement[bool]]]


def ids(
    tx: Reader,
    wanted: Filter,
    now: datetime,
    before: int | None = None,
    *,
    counted: bool = False,
) -> Select[Any]:
    """The ids of the events that are asked for, newest first, as `event_id`.

    `counted`: only how many they are matters, so nothing is sorted for its own sake.
    """
    view = narrowing.in_view(wanted.view, now)
    others, words = [view, *narrowing.conditions(tx, wanted, now)], asked(wanted.q)
    way = _way(wanted)
    if words and not _are_few(tx, way, others if wanted.view != "all" else []):
        index, key, holds = search.index(tx, words)
        way, words = (index, key, [holds]), Asked()
    found, key = _walked(way, others, words), way[1]
    found = found if before is None else found.where(key < before)
    if way[0] is not review:
        # walked that way; but PostgreSQL, which can't know that a word is rare, would walk it all
        is_rare = bool(asked(wanted.q)) and tx.postgres and _are_few(tx, way, [])
        return found.order_by((key + 0).desc() if is_rare else key.desc())
    if wanted.view == "all" and not wanted.has_days:
        return found.order_by(key.desc())
    # sorted on purpose: an index that gives the order would be walked through years for a few
    return found if counted else found.order_by((key + 0).desc())


def _way(wanted: Filter) -> Way:
    """Without words: a view's own range; of all events those of the first tag, or a partner's."""
    if wanted.view == "all" and (tags := narrowing.tagged(wanted)):
        [(kind, value), *_] = tags
        mine = event_tag.c.kind == kind, event_tag.c.value == value
        return event_tag, event_tag.c.event_id, [*mine]
    if wanted.view == "all" and wanted.partner:
        one = select(partner.c.id).where(partner.c.pid == wanted.partner).scalar_subquery()
        return event, event.c.id, [event.c.partner_id == one]
    return review, review.c.event_id, []


def _walked(way: Way, others: list[ColumnElement[bool]], words: Asked) -> Select[Any]:
    table, key, its = way
    held: FromClause = table if table is review else Walked(table, review)
    joined = [] if table is review else [review.c.event_id == key]
    if words and table is not event:
        held, joined = Walked(held, event), [*joined, event.c.id == key]
    found = select(key.label("event_id")).select_from(held)
    return found.where(*joined, *its, *others, *search.said(words))


def _are_few(tx: Reader, way: Way, others: list[ColumnElement[bool]]) -> bool:
    """Whether what is asked for without words is read one by one; one short question."""
    table, key, its = way
    if table is review and not others:
        return False
    some = select(key).where(*its, *others).limit(FEW + 1).subquery()
    return int(tx.value(select(func.count()).select_from(some))) <= FEW
