"""`make demo`, really running: the main job end to end, with processes killed in the middle."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import icalendar
import psutil  # type: ignore[import-untyped]
import pytest
from sqlalchemy import select

from aggregator import app, config, doctor
from aggregator.services import sharing
from aggregator.services.house import House
from aggregator.storage.tables import delivery, event, review
from networks.practice.faults import Fault
from networks.practice.store import Store
from tests.support.running import RunningHouse, free_port, until

DEMO = ("-m", "aggregator", "demo")

#: One running demo for all: its tests stay together, in their order.
pytestmark = pytest.mark.xdist_group("demo")


class Town:
    """A running demo and a look into it from beside."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.environ = {"PORT": str(port), "DATA_DIR": str(folder)}
        self.running = RunningHouse(folder, DEMO, self.environ).opened()
        self.house: House = app.build(config.load(self.environ))
        self.practice = Store(folder / "practice.sqlite")

    def again(self) -> None:
        self.running = RunningHouse(self.running.data_dir, DEMO, self.environ).opened()

    def events(self) -> list[str]:
        with self.house.database.reading() as tx:
            rows = tx.all(select(event.c.facts).order_by(event.c.id))
        return [row.facts["summary"] for row in rows]

    def share(self, summary: str) -> int:
        """Share it now, as staff do; the delivery's id."""
        with self.house.database.reading() as tx:
            [row] = [
                row
                for row in tx.all(
                    select(event.c.id, event.c.facts, review.c.version)
                    .join(review, review.c.event_id == event.c.id)
                    .order_by(event.c.id)
                )
                if row.facts["summary"] == summary
            ][:1]  # the parks tell of the museum's walk, too
        sharing.share(self.house, row.id, actor="ana", version=row.version, post_now=True)
        with self.house.database.reading() as tx:
            return int(tx.value(select(delivery.c.id).order_by(delivery.c.id.desc())))

    def is_out(self, delivery_id: int) -> bool:
        """Whether the post is sent."""
        wanted = select(delivery.c.state).where(delivery.c.id == delivery_id)
        with self.house.database.reading() as tx:
            return bool(tx.value(wanted) == "SENT")

    def is_back(self, name: str, pid: int) -> bool:
        """Whether another process of that name is on record."""
        return self.running.recorded().get(name, pid) != pid

    def posts(self, summary: str) -> int:
        return sum(post.text.startswith(summary) for post in self.practice.timeline())

    def calendar(self) -> list[str]:
        address = f"http://127.0.0.1:{self.running.port}/calendar.ics"
        with urlopen(address, timeout=10) as answer:
            parsed = icalendar.Calendar.from_ical(answer.read())
        return [str(each["SUMMARY"]) for each in parsed.walk("VEVENT")]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("demo") / "data")
    yield made
    made.running.end()
    made.house.database.close()


def test_the_invented_partners_events_come_in_by_themselves(town: Town) -> None:
    until(
        lambda: {"Repair café", "Open knitting table", "Bird walk at the weir"} <= {*town.events()},
        60,
    )
    assert {"Repair café", "Story hour in the whale room"} <= {*town.events()}
    said = "\n".join(town.running.lines)
    assert "Log in as ana with the password" in said


def test_one_share_is_one_post_and_one_event_in_the_calendar(town: Town) -> None:
    until(partial(town.is_out, town.share("Lantern walk along the river")), 20)
    assert town.posts("Lantern walk along the river") == 1
    assert town.calendar() == ["Lantern walk along the river"]


def test_a_picture_is_served_from_our_own_address(town: Town) -> None:
    def image() -> str | None:
        with town.house.database.reading() as tx:
            found: str | None = tx.value(select(event.c.image).where(event.c.image.is_not(None)))
            return found

    until(image, 20)
    with urlopen(f"http://127.0.0.1:{town.running.port}/media/{image()}", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.read(3) == b"\xff\xd8\xff"


@pytest.mark.slow
def test_killed_in_the_middle_of_a_post_nothing_is_lost_or_doubled(town: Town) -> None:
    town.practice.ask_for(Fault("act_then_hang", seconds=10))
    hanging = town.share("Repair café")
    until(lambda: town.posts("Repair café") == 1, 20)
    worker = psutil.Process(town.running.recorded()["worker 1"])
    for process in [*worker.children(recursive=True), worker]:  # its work-horse, then itself
        process.kill()
    for name, summary in (
        ("valkey", "Choir for everybody"),
        ("web", "Harbour swim for beginners"),
        ("worker 2", "Story hour in the whale room"),
        ("tick", "Paper boats: an exhibition"),
    ):
        pid = town.running.recorded()[name]
        done = town.share(summary)
        os.kill(pid, 9)
        until(partial(town.is_back, name, pid), 60)
        until(partial(town.is_out, done), 150)  # killed on the wire, its lease runs out first
        assert town.posts(summary) == 1
    until(partial(town.is_out, hanging), 150)
    assert town.posts("Repair café") == 1
    assert doctor.invariants(town.house) == []


@pytest.mark.slow
def test_the_supervisor_killed_and_started_again_finds_nothing_in_its_way(town: Town) -> None:
    before = town.events(), town.calendar()
    town.running.process.kill()
    town.running.process.wait()
    town.again()
    until(town.running.answers, 20)
    assert (town.events(), town.calendar()) == before
    assert all(town.posts(summary) <= 1 for summary in town.events())
    assert doctor.invariants(town.house) == []
