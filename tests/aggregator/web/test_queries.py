"""Every list asks the database as often for three rows as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event

from aggregator.services import by_hand, channels, lookups, partners
from aggregator.services.house import House
from aggregator.storage import deliveries
from aggregator.storage import partners as stored_partners
from tests.aggregator.web.conftest import Visitor
from tests.aggregator.web.town import ZONE, Town, a_notice, an_event, knitting
from tests.support.houses import Clock


@contextmanager
def counted() -> Iterator[list[str]]:
    """The queries that are asked inside."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fill(town: Town, clock: Clock, number: int) -> None:
    """So many of everything that a list can hold."""
    later = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    for each in range(number):
        partner = f"Partner {each}"
        town.connect(f"Board {each}")
        told = [an_event("a"), an_event("b"), an_event("c"), knitting("d"), a_notice("e")]
        approved, shared, snoozed, declined, _ = town.tell(*told, partner=partner)
        town.decide(approved, "calendar_only")
        town.share(shared)
        town.decide(snoozed, "snooze", datetime(2026, 12, 5, tzinfo=ZONE))
        town.decide(declined, "decline")
        told[0] = replace(an_event("a"), start=later)
        town.tell(*told, an_event("f"), knitting("g"), partner=partner)
        by_hand_tasks(town, each, later)
        clock.forward(minutes=1)


def by_hand_tasks(town: Town, number: int, later: datetime) -> None:
    """One post to put up by hand, and one that is up and to be corrected."""
    name, hand = f"Hands {number}", {"kind": "event"}
    channel_id = channels.add(town.house, "by_hand", name, hand, actor="test").id
    [due, up] = town.tell(an_event("due"), an_event("up"), partner=name)
    for pid in (due, up):
        town.share(pid, now=True)
    with town.house.database.reading() as tx:
        ours = deliveries.of_event(tx, town.row(up).id)
    [put_up] = [row.id for row in ours if row.channel_id == channel_id]
    by_hand.done(town.house, put_up, actor="Tom")
    town.tell(an_event("due"), replace(an_event("up"), start=later), partner=name)


#: path → queries, the one for the login among them.
STAFF = {
    "/today": 19,
    "/settings": 4,
    "/settings/library": 5,
    "/people": 2,
    "/inbox": 29,
    "/inbox?view=changed": 28,
    "/inbox?view=calendar": 28,
    "/inbox?view=snoozed": 28,
    "/inbox?view=declined": 19,
    "/inbox?view=dateless": 19,
    "/inbox?view=all&q=winter&when=month": 29,
    "/inbox/filter": 3,
    "/inbox/views": 2,
    "/new": 1,
    "/new/form": 7,
    "/queue": 7,
    "/queue/1": 6,
    "/by-hand": 7,
    "/write": 10,
    "/partners": 6,
    "/partners/add": 3,
    "/channels": 2,
    "/channels/1": 6,
}


@pytest.mark.parametrize("number", [1, 3])
def test_staff_page_asks_as_often_whatever_it_lists(
    town: Town, administrator: Visitor, clock: Clock, number: int
) -> None:
    fill(town, clock, number)
    for path, queries in STAFF.items():
        with counted() as asked:
            administrator.client.get(path)
        assert len(asked) == queries, (path, asked)


@pytest.mark.parametrize("number", [1, 3])
def test_partners_page_asks_as_often_however_many_feeds_they_have(
    house: House, town: Town, administrator: Visitor, number: int
) -> None:
    town.tell(an_event(), knitting())
    for each in range(number):
        partners.add_source(house, 1, f"https://other-{each}.example/feed", actor="Ana")
    with house.database.reading() as tx:
        row = stored_partners.by_id(tx, 1)
    assert row is not None
    with counted() as asked:
        administrator.client.get(f"/partners/{row.pid}")
    assert len(asked) == 5, asked


@pytest.mark.parametrize("number", [1, 3])
def test_look_up_asks_as_often_however_much_it_found(
    house: House, administrator: Visitor, number: int
) -> None:
    pasted = " ".join(f"https://{each}.example" for each in range(number + 1))
    pid = lookups.begin(house, pasted, by="Ana")
    with counted() as asked:
        administrator.client.get(f"/partners/look/{pid}")
    assert len(asked) == 5, asked


#: path → queries: settings, branches, groups, partners, revision, dates, regulars, changes, month.
PUBLIC = {"/calendar": 9, "/calendar?when=week&access=free&q=hearth": 8, "/calendar/week": 3}


@pytest.mark.parametrize("number", [1, 3])
def test_public_page_asks_as_often_whatever_it_lists(
    town: Town, anyone: Visitor, clock: Clock, number: int
) -> None:
    fill(town, clock, number)
    for path, queries in PUBLIC.items():
        with counted() as asked:
            anyone.client.get(path)
        assert len(asked) == queries, (path, asked)


@pytest.mark.parametrize("number", [1, 3])
def test_event_page_asks_as_often_whatever_its_dates(
    town: Town, anyone: Visitor, number: int
) -> None:
    [pid] = town.approve(knitting(rule=f"FREQ=WEEKLY;COUNT={number}"))
    with counted() as asked:
        anyone.client.get(f"/event/{pid}")
    assert len(asked) == 5, asked


def test_calendar_file_known_already_costs_one_row(town: Town, anyone: Visitor) -> None:
    town.approve(an_event())
    known = {"If-None-Match": anyone.client.get("/calendar.ics").headers["ETag"]}
    with counted() as asked:
        assert anyone.client.get("/calendar.ics", headers=known).status_code == 304
    assert len(asked) == 1, asked


@pytest.mark.parametrize("page", ["/event/{}", "/media/{}"])
def test_unknown_name_costs_one_question(anyone: Visitor, page: str) -> None:
    with counted() as asked:
        anyone.get(page.format("nothing"), 404)
    assert len(asked) == 1, asked


def test_fault_asks_nothing(anyone: Visitor) -> None:
    with counted() as asked:
        anyone.get("/nothing", 404)
    assert asked == []
