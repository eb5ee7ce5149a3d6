"""Each pair in tests/specimens/<format>/ is a test: NAME.json is what NAME.<any> must yield.

NAME.json holds `zone` (the reader's, or null) and optionally `base_url`; `events`, each with
only the keys that the feed gave; and `problems`.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feeds.event import Event, Problem
from feeds.facts import from_facts, to_facts
from feeds.registry import Context, all_formats, read

PAIRS = sorted(Path(__file__).parents[1].glob("specimens/*/*.json"))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ABSENT = to_facts(Event())


def told(event: Event) -> dict[str, Any]:
    """The facts of an event, without what the feed left out."""
    return {name: value for name, value in to_facts(event).items() if value != ABSENT[name]}


def plainly(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "where": problem.where, "params": dict(problem.params)}


@pytest.mark.parametrize("expected", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_specimen_reads_as_recorded(expected: Path) -> None:
    recorded = json.loads(expected.read_text("utf-8"))
    [source] = {*expected.parent.glob(f"{expected.stem}.*")} - {expected}
    zone = ZoneInfo(recorded["zone"]) if recorded["zone"] else None
    reading = read(source.read_bytes(), Context(NOW, zone, recorded.get("base_url")))
    assert reading.format == expected.parent.name
    assert [told(event) for event in reading.events] == recorded["events"]
    assert [plainly(problem) for problem in reading.problems] == recorded["problems"]
    assert [from_facts(to_facts(event)) for event in reading.events] == list(reading.events)


def test_every_format_has_a_specimen() -> None:
    assert {path.parent.name for path in PAIRS} == set(all_formats())
