"""The whole walk on real input: 58 feeds in, everything approved, one calendar out, read back.

`python -m tests.corpus.real_feeds` serves the feeds of ../shared/corpus/ical/real-feeds on
loopback with ETags, adds them as sources by the command line, lets the workers of a running
house collect them, approves all, and compares `/calendar.ics` with the feeds themselves, both
read by icalendar and recurring-ical-events, over the year after the day that each folder's name
tells, the clock set to that day. Every
difference has its reason in `differences.tsv` beside this file.
"""

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from click.testing import CliRunner
from sqlalchemy import func, select

from aggregator import app, config, doctor
from aggregator.cli.main import townboard
from aggregator.services import calendar, partners, reviews
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage import views
from aggregator.storage.tables import change, event, fetch, review, sighting, source
from tests.support.feed_server import feed_server
from tests.support.houses import Clock
from tests.support.running import RunningHouse, free_port, until

FEEDS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "ical" / "real-feeds"
REASONS = Path(__file__).with_name("differences.tsv")
DAYS = ("2026-03-26", "2026-08-22")
ZONE = "America/New_York"  # of every town in the corpus

Seen = tuple[str, str, str]  # start, end, summary


@dataclass(frozen=True)
class Report:
    """What came of one day's feeds."""

    day: str
    feeds: int
    occurrences: int
    differences: dict[str, list[str]]


@dataclass(frozen=True)
class Walk:
    """What came of them all."""

    days: tuple[Report, ...]
    failed: tuple[str, ...]
    events: int
    incoming: int  # events that stood in the inbox
    broken: tuple[str, ...]  # invariants
    written_again: int  # rows that a second round of polls changed


def feeds_of(day: str) -> list[Path]:
    """The real feeds that were taken on that day."""
    return sorted(FEEDS.glob(f"*-{day}/*.ics"))


def run(folder: Path) -> Walk:
    """The whole walk, with real worker processes."""
    paths = [path for day in DAYS for path in feeds_of(day)]
    addresses = [f"127.0.0.{number}" for number in range(2, len(paths) + 2)]
    with feed_server(*addresses) as server:
        served = {
            server.put(f"/{path.parent.name}/{path.name}", path.read_bytes()).replace(
                "127.0.0.1", address
            ): path
            for path, address in zip(paths, addresses, strict=True)
        }
        allowed = " ".join(f"{address}:{server.port}" for address in addresses)
        environ = {"DATA_DIR": str(folder), "PORT": str(free_port()), "ALLOW_PRIVATE": allowed}
        running = RunningHouse(folder, environ=environ).opened()
        try:
            return _walk(app.build(config.load(environ)), served)
        finally:
            running.end()


def _walk(house: House, served: dict[str, Path]) -> Walk:
    with house.database.writing() as tx:
        settings.put(tx, "zone", ZONE)
    _add(house, served)
    until(lambda: _polls(house) >= len(served), 120)
    incoming = len(_shell(house, "events", "list", "--state", "NEW").splitlines())
    events = _approve(house)
    reports = tuple(_report(house, day, served) for day in DAYS)
    before = _rows(house)
    with house.database.reading() as tx:
        numbers = [row.id for row in views.feeds(tx)]
    for number in numbers:
        partners.poll(house, number)
    until(lambda: _polls(house) >= 2 * len(served), 120)
    return Walk(
        days=reports,
        failed=tuple(_failed(house, served)),
        events=events,
        incoming=incoming,
        broken=tuple(f"{each.code} {each.params}" for each in doctor.invariants(house)),
        written_again=sum(old != new for old, new in zip(before, _rows(house), strict=True)),
    )


def _report(house: House, day: str, served: dict[str, Path]) -> Report:
    """The calendar on that day beside that day's feeds."""
    on_the_day = Clock(datetime.fromisoformat(f"{day}T16:00:00+00:00"))
    ours = _ours(replace(house, clock=on_the_day), day, served)
    theirs = _theirs(day)
    return Report(
        day=day,
        feeds=len(theirs),
        occurrences=sum(sum(each.values()) for each in theirs.values()),
        differences=_differences(ours, theirs),
    )


def _polls(house: House) -> int:
    with house.database.reading() as tx:
        return int(tx.value(select(func.count()).select_from(fetch)))


def _add(house: House, served: dict[str, Path]) -> None:
    """By the command line, as whoever installs it would."""
    for url, path in served.items():
        name = f"{path.parent.name} {path.stem}"
        _shell(house, "partner", "add", name)
        _shell(house, "source", "add", name, url)


def _shell(house: House, *arguments: str) -> str:
    done = CliRunner().invoke(townboard, arguments, obj=_Wiring(house), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@dataclass(frozen=True)
class _Wiring:
    """Hands the command line our house."""

    house: House

    def settings(self) -> Any:
        return self.house.settings

    def build(self, _wanted: Any) -> House:
        return self.house


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _failed(house: House, served: dict[str, Path]) -> list[str]:
    with house.database.reading() as tx:
        rows = tx.all(select(source.c.url, source.c.failures).where(source.c.failures > 0))
    return [_name(served[row.url]) for row in rows]


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
    feed_of = {f"{row.pid}@{install_id}": _name(served[row.url]) for row in rows}
    found: dict[str, Counter[Seen]] = defaultdict(Counter)
    for component in occurrences(icalendar.Calendar.from_ical(body), day):
        uid = re.sub(r"^.*?(?=[0-9A-Z]{26}@)", "", str(component["UID"]))
        found[feed_of[uid]][seen(component, None)] += 1
    return found


def _theirs(day: str) -> dict[str, Counter[Seen]]:
    """What each feed of that day holds in the year."""
    found = {}
    for path in feeds_of(day):
        text = path.read_bytes().decode("utf-8", "replace")
        # icalendar refuses every Tockify calendar for this one line
        text = re.sub(r"(?m)^REFRESH-INTERVAL.*\r?\n", "", text)
        text = text.replace("X-WR-TIMEZONE:Eastern Time (US & Canada)", f"X-WR-TIMEZONE:{ZONE}")
        named = re.search(r"(?m)^X-WR-TIMEZONE:\s*(.+?)\s*$", text)
        zone = ZoneInfo(named[1] if named else ZONE)
        parsed = icalendar.Calendar.from_ical(text)
        found[_name(path)] = Counter(seen(each, zone) for each in occurrences(parsed, day))
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


def main() -> None:
    """Print what came of it."""
    known = reasons()
    with tempfile.TemporaryDirectory() as folder:
        walk = run(Path(folder) / "data")
    print(
        f"{walk.incoming} events in the inbox, {walk.events} approved; feeds that failed:"
        f" {list(walk.failed)}; rows written by a second round of polls: {walk.written_again};"
        f" invariants broken: {list(walk.broken)}"
    )
    for day in walk.days:
        print(f"{day.day}: {day.feeds} feeds, {day.occurrences} occurrences in the year after")
        for name, lines in day.differences.items():
            print(f"  {name}: {len(lines)} differences: {known.get(name, 'NO REASON GIVEN')}")
            for line in lines[:6]:
                print(f"    {line}")


if __name__ == "__main__":
    main()
