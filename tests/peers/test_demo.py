"""What `make demo` publishes, read by ical.js and libical."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from aggregator import app, config
from aggregator.services import reviews
from aggregator.services.house import House
from aggregator.storage.tables import event, review
from tests.peers.test_calendar import agree
from tests.support.running import RunningHouse, free_port, until


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's /calendar.ics with every event on it."""
    folder = tmp_path_factory.mktemp("demo")
    environ = {"PORT": str(free_port()), "DATA_DIR": str(folder / "data")}
    running = RunningHouse(folder / "data", ("-m", "aggregator", "demo"), environ).opened()
    house = app.build(config.load(environ))
    try:
        until(partial(_arrived, house, 40), 90)
        _approve(house)
        file = folder / "calendar.ics"
        with urlopen(f"http://127.0.0.1:{running.port}/calendar.ics", timeout=20) as answer:
            file.write_bytes(answer.read())
        yield file
    finally:
        running.end()
        house.database.close()


def test_a_peer_sees_the_dates_of_the_demo(peer: list[str], published: Path) -> None:
    today = datetime.now(UTC).date()
    assert agree(peer, published, today, today + timedelta(days=200)) > 12


def _arrived(house: House, number: int) -> bool:
    with house.database.reading() as tx:
        return bool(tx.value(select(func.count()).select_from(event)) >= number)


def _approve(house: House) -> None:
    with house.database.reading() as tx:
        dated = select(event.c.id).where(event.c.kind == "event")
        wanted = select(review.c.event_id, review.c.version)
        rows = tx.all(wanted.where(review.c.event_id.in_(dated)))
    for row in rows:
        reviews.apply(house, "calendar_only", row.event_id, actor="test", version=row.version)
