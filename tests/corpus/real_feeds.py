"""The whole walk on real input: 58 feeds in, everything approved, one calendar out, read back.

`python -m tests.corpus.real_feeds` serves the feeds of ../shared/corpus/ical/real-feeds on
loopback with ETags, adds them as sources by the command line, collects them, approves all,
and compares `/calendar.ics` with the feeds themselves, both read by icalendar and
recurring-ical-events, over the year after the day that each folder's name tells. Every
difference has its reason in `differences.tsv` beside this file.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from click.testing import CliRunner
from sqlalchemy import select

from aggregator import doctor
from aggregator.cli.main import townboard
from aggregator.services import calendar, collecting, reviews
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage.tables import change, event, review, sighting, source
from tests.support.databases import make_tables
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import Clock, make_house

FEEDS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "ical" / "real-feeds"
REASONS = Path(__file__).with_name("differences.tsv")
DAYS = ("2026-03-26", "2026-08-22")
ZONE = "America/New_York"  # of every town in the corpus

Seen = tuple[str, str, str]  # start, end, summary


@dataclass(frozen=True)
class Report:
    """What came of one day's feeds."""

    day: str
    feeds: int = 0
    failed: tuple[str, ...] = ()
    events: int = 0
    occurrences: int = 0
    differences: dict[str, list[str]] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    written_again: int = 0


def feeds_of(day: str) -> list[Path]:
    """The real feeds that were taken on that day."""
    return sorted(FEEDS.glob(f"*-{day}/*.ics"))


def run(day: str, folder: Path, database_url: str) -> Report:
    """The whole walk for the feeds of one day."""
    clock = Clock(datetime.fromisoformat(f"{day}T16:00:00+00:00"))
    with feed_server() as server:
        house = make_house(folder, database_url, clock=clock, allowed=[server.port], zone=ZONE)
        served = serve(server, day)
        _add(house, served)
        collecting.collect(house, pause=0, seconds=300)
        failed = _failed(house, served)
        events = _approve(house)
        ours, theirs = _ours(house, day, served), _theirs(served, day)
        before = _rows(house)
        clock.forward(days=2)
        collecting.collect(house, pause=0, seconds=300)
        report = Report(
            day=day,
            feeds=len(served),
            failed=tuple(failed),
            events=events,
            occurrences=sum(sum(each.values()) for each in ours.values()),
            differences=_differences(ours, theirs),
            broken=tuple(f"{each.code} {each.params}" for each in doctor.invariants(house)),
            written_again=sum(old != new for old, new in zip(before, _rows(house), strict=True)),
        )
        house.database.close()
    return report


def serve(server: FeedServer, day: str) -> dict[str, Path]:
    """Put the day's feeds on the server; address → file."""
    return {
        server.put(f"/{path.parent.name}/{path.name}", path.read_bytes()): path
        for path in feeds_of(day)
    }


def _add(house: House, served: dict[str, Path]) -> None:
    """By the command line, as whoever installs it would."""
    runner = CliRunner()
    wiring = _Wiring(house)
    for url, path in served.items():
        name = f"{path.parent.name} {path.stem}"
        for arguments in (["partner", "add", name], ["source", "add", name, url]):
            done = runner.invoke(townboard, arguments, obj=wiring, catch_exceptions=False)
            assert done.exit_code == 0, done.output


@dataclass(frozen=True)
class _Wiring:
    """Hands the command line our house, with its clock."""

    house: House

    def settings(self) -> Any:
        return self.house.settings

    def build(self, _wanted: Any) -> House:
        return self.house


def _failed(house: House, served: dict[str, Path]) -> list[str]:
    with house.database.reading() as tx:
        rows = tx.all(select(source.c.url, source.c.failures).where(source.c.failures > 0))
    return [served[row.url].name for row in rows]


def _approve(house: House) -> int:
    with house.database.reading() as tx:
        rows = tx.all(
            select(event.c.id, review.c.version)
            .join(review, review.c.event_id == event.c.id)
            .where(event.c.kind == "event")
        )
    with house.database.writing() as tx:
        for row in rows:
            reviews.decide(
                tx, house.clock(), "calendar_only", row.id, actor="test", version=row.version
            )
    return len(rows)


def _ours(house: House, day: str, served: dict[str, Path]) -> dict[str, Counter[Seen]]:
    """What our calendar holds in the year, by feed."""
    body, _ = calendar.feed(house)
    with house.database.reading() as tx:
        install_id = settings.install_id(tx)
        rows = tx.all(
            select(event.c.pid, source.c.url)
            .join(sighting, sighting.c.event_id == event.c.id)
            .join(source, source.c.id == sighting.c.source_id)
        )
    feed_of = {f"{row.pid}@{install_id}": served[row.url].name for row in rows}
    found: dict[str, Counter[Seen]] = {path.name: Counter() for path in served.values()}
    for component in occurrences(icalendar.Calendar.from_ical(body), day):
        uid = re.sub(r"^.*?(?=[0-9A-Z]{26}@)", "", str(component["UID"]))
        found[feed_of[uid]][seen(component, None)] += 1
    return found


def _theirs(served: dict[str, Path], day: str) -> dict[str, Counter[Seen]]:
    """What each feed holds in the year."""
    found = {}
    for path in served.values():
        text = path.read_bytes().decode("utf-8", "replace")
        # icalendar refuses every Tockify calendar for this one line
        text = re.sub(r"(?m)^REFRESH-INTERVAL.*\r?\n", "", text)
        text = text.replace("X-WR-TIMEZONE:Eastern Time (US & Canada)", f"X-WR-TIMEZONE:{ZONE}")
        named = re.search(r"(?m)^X-WR-TIMEZONE:\s*(.+?)\s*$", text)
        zone = ZoneInfo(named[1] if named else ZONE)
        parsed = icalendar.Calendar.from_ical(text)
        found[path.name] = Counter(seen(each, zone) for each in occurrences(parsed, day))
    return found


def occurrences(parsed: Any, day: str) -> Iterator[Any]:
    """The year after day, as recurring-ical-events sees it."""
    start = date.fromisoformat(day)
    query = recurring_ical_events.of(parsed, skip_bad_series=True)
    yield from query.between(start, start + timedelta(days=365))


def seen(component: Any, floating: ZoneInfo | None) -> Seen:
    """One occurrence, comparable: instants in UTC, days as days; floating times in that zone."""
    start = component["DTSTART"].dt
    end = component["DTEND"].dt if "DTEND" in component else start
    if "DURATION" in component and "DTEND" not in component:
        end = start + component["DURATION"].dt
    summary = " ".join(re.sub(r"[^\w]+", " ", str(component.get("SUMMARY", ""))).split())
    return _moment(start, floating), _moment(end, floating), summary


def _moment(value: date, floating: ZoneInfo | None) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None and floating is not None:
        value = value.replace(tzinfo=floating)
    return value.isoformat() if value.tzinfo is None else value.astimezone(UTC).isoformat()


def _differences(
    ours: dict[str, Counter[Seen]], theirs: dict[str, Counter[Seen]]
) -> dict[str, list[str]]:
    found = {}
    for name, wanted in theirs.items():
        lines = [f"only in the feed: {each}" for each in sorted((wanted - ours[name]).elements())]
        lines += [f"only in ours: {each}" for each in sorted((ours[name] - wanted).elements())]
        if lines:
            found[name] = lines
    return found


def _rows(house: House) -> list[Any]:
    """Every row that a second round of polls must leave as it is.

    image_due_at is the pictures' own: those of these feeds lie outside, where no test asks.
    """
    pictures = [each for each in event.columns if each.name != "image_due_at"]
    with house.database.reading() as tx:
        return [
            tuple(row)
            for columns in (pictures, [*sighting.columns], [*review.columns], [*change.columns])
            for row in tx.all(select(*columns).order_by(*columns[0].table.primary_key))
        ]


def reasons() -> dict[str, str]:
    """Feed → why our calendar differs from it."""
    lines = REASONS.read_text("utf-8").splitlines()[1:]
    return dict(line.split("\t", 1) for line in lines if line)


@contextmanager
def fresh() -> Iterator[tuple[Path, str]]:
    """A data folder with an empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/townboard.sqlite"
        make_tables(url)
        yield Path(folder), url


def main() -> None:
    """Print what came of it."""
    known = reasons()
    for day in DAYS:
        with fresh() as (folder, url):
            report = run(day, folder, url)
        print(
            f"{day}: {report.feeds} feeds, failed: {list(report.failed)}, {report.events} events,"
            f" {report.occurrences} occurrences in a year; rows written by a second round:"
            f" {report.written_again}; invariants broken: {list(report.broken)}"
        )
        for name, lines in report.differences.items():
            print(f"  {name}: {len(lines)} differences: {known.get(name, 'NO REASON GIVEN')}")
            for line in lines[:6]:
                print(f"    {line}")


if __name__ == "__main__":
    main()
