"""Lists of partners, on both databases: those in trouble first, and what came of each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.services import partners
from aggregator.services.house import House
from aggregator.storage import partner_lists as lists
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock, make_house


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    made = make_house(tmp_path, database_url, clock=Clock())
    yield made
    made.database.close()


def test_trouble_comes_first_and_newest_events_are_counted_up_to_a_limit(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 3)
    town = Town(house)
    told = [an_event(str(each)) for each in range(5)]
    pids = town.tell(*told, partner="Arts")
    town.decide(pids[4], "decline")
    town.decide(pids[3], "calendar_only")
    town.decide(pids[0], "decline")  # older than those that are counted
    town.tell(an_event("x"), partner="Boats")
    town.fail("feed.gone", partner="Boats")
    town.source("Choir")
    now = house.clock()
    with house.database.reading() as tx:
        rows = lists.listing(tx, now)
        assert [(each.name, each.offered, each.listed, each.declined) for each in rows] == [
            ("Boats", 1, 0, 0),
            ("Arts", 4, 1, 1),
            ("Choir", 0, 0, 0),
        ]
        behind = lists.place_of(tx, rows[0].pid)
        assert [each.name for each in lists.listing(tx, now, behind)] == ["Arts", "Choir"]
        [trouble] = lists.in_trouble(tx)
        assert (trouble.partner, trouble.outcome) == ("Boats", "feed.gone")
        assert trouble.failing_since == now
        totals = lists.totals(tx)
        assert (totals.partners, totals.feeds, totals.failing, totals.paused) == (3, 3, 1, 0)
        assert [each.held for each in lists.feeds(tx, [1])] == [4]


def test_feed_that_answers_again_is_in_trouble_no_more(house: House) -> None:
    town = Town(house)
    town.fail("feed.gone")
    town.fail("feed.gone")
    town.tell(an_event())
    with house.database.reading() as tx:
        assert lists.in_trouble(tx) == []
        [row] = lists.feeds(tx, [1])
    assert (row.failing_since, row.failures) == (None, 0)


def test_paused_or_ended_is_in_nobodys_way(house: House) -> None:
    town = Town(house)
    town.fail("feed.gone")
    partners.pause(house, 1, actor="Ana")
    with house.database.reading() as tx:
        assert lists.in_trouble(tx) == []
        assert lists.totals(tx).paused == 1
    partners.archive(house, 1, actor="Ana")
    with house.database.reading() as tx:
        assert lists.listing(tx, house.clock()) == []
        assert lists.totals(tx).feeds == 0
    partners.bring_back(house, 1, actor="Ana")
    with house.database.reading() as tx:
        [row] = lists.feeds(tx, [1])
    assert not row.enabled  # it was paused before
