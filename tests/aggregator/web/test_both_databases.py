"""Every page on PostgreSQL as on SQLite: the same town gives the same pages."""

from pathlib import Path

import pytest

from aggregator.services import accounts
from aggregator.web import factory
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_queries import PUBLIC, STAFF, fill
from tests.aggregator.web.town import Town
from tests.support.houses import Clock, make_house

PATHS = (*STAFF, *PUBLIC, "/queue?before=2", "/inbox?before=9")


def pages(folder: Path, url: str) -> dict[str, str]:
    """What every page says in a town of that database."""
    folder.mkdir()
    clock, networks = Clock(), {**all_networks(), "board": Board().network()}
    town = Town(make_house(folder, url, clock=clock, networks=networks))
    town.user("Ana", "administrator")
    fill(town, clock, 3)
    visitor = Visitor(factory.web(town.house).test_client())
    visitor.log_in("Ana")
    said = {path: text(visitor.get(path)) for path in PATHS}
    later = next(
        each for each in visitor.client.get("/calendar").text.split('"') if "/event/" in each
    )
    said["event"] = text(visitor.get(later)).replace(later.rpartition("/")[2], "its name")
    town.house.database.close()
    return said


@pytest.mark.postgres
def test_pages_are_the_same_on_both_databases(
    tmp_path: Path, sqlite_url: str, postgres_url: str
) -> None:
    assert pages(tmp_path / "a", sqlite_url) == pages(tmp_path / "b", postgres_url)


@pytest.mark.postgres
def test_tries_are_counted_on_both_databases(tmp_path: Path, postgres_url: str) -> None:
    clock = Clock()
    house = make_house(tmp_path, postgres_url, clock=clock)
    for _ in range(accounts.TRIES_BY_NAME):
        with pytest.raises(accounts.WrongError):
            accounts.log_in(house, "Ana", "wrong words", "192.0.2.1")
    with pytest.raises(accounts.TooOftenError):
        accounts.log_in(house, "Ana", "wrong words", "192.0.2.1")
    clock.forward(minutes=16)
    with pytest.raises(accounts.WrongError):
        accounts.log_in(house, "Ana", "wrong words", "192.0.2.1")
    house.database.close()
