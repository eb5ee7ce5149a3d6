"""Real and hostile feeds and pages of the public corpus: read, in time, never a traceback."""

import json
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feeds.__main__ import main
from feeds.errors import UnreadableError
from feeds.event import Event, Reading
from feeds.registry import Context, read
from feeds.text import clean_url, line

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")

NOW = datetime(2026, 3, 26, tzinfo=UTC)
#: What one file of the corpus may take, in seconds of this process.
ENOUGH = 2.0


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((CORPUS / folder).rglob("*")) if path.is_file())


def reading(path: Path, zone: str | None = None) -> Reading:
    return read(path.read_bytes(), Context(NOW, ZoneInfo(zone) if zone else None))


def printed(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    """The exit code of the command, its lines and its problems."""
    out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8")
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    for stream in (out, err):
        stream.flush()
    lines, problems = (stream.buffer.getvalue().decode() for stream in (out, err))
    return code, [json.loads(each) for each in lines.splitlines()], problems


@pytest.mark.parametrize("folder", ["rss", "html", "hostile"])
@pytest.mark.parametrize(
    "mode", [(), ("--occurrences", "--now", "2026-03-26")], ids=["all", "dates"]
)
def test_every_file_is_read_or_refused_with_words_and_in_time(
    folder: str, mode: tuple[str, ...]
) -> None:
    for path in files(folder):
        begin = time.process_time()
        code, lines, problems = printed(str(path), *mode)
        assert time.process_time() - begin < ENOUGH, path
        assert code in {0, 3}, path
        assert lines or problems or mode, path
        assert code == 0 or (not lines and problems.count("\n") == 1), path


def test_nothing_that_could_run_comes_out_of_a_hostile_feed() -> None:
    for path in files("hostile/feed-sanitize", "hostile/xml", "hostile/html-fuzz"):
        _, lines, _ = printed(str(path))
        text = json.dumps(lines).lower()
        assert not any(word in text for word in ("<script", "javascript:", "onload=", "alert(")), (
            path
        )


def test_feed_reads_as_an_independent_parser_reads_it() -> None:
    expected = [path for path in files("rss/feed-rs") if path.name.endswith(".serde.json")]
    assert len(expected) > 50
    for path in expected:
        told = json.loads(path.read_text("utf-8"))
        stem = path.name.removesuffix(".serde.json")
        [source] = {*path.parent.glob(f"{stem}.*")} - {path}
        found = reading(source)
        assert found.name == line((told["title"] or {}).get("content")), source
        assert len(found.events) == len(told["entries"]), source
        for event, entry in zip(found.events, told["entries"], strict=True):
            assert event.kind == "notice", source  # none of these carries the date of an event
            agrees(event, entry, source)


def agrees(event: Event, entry: dict[str, Any], source: Path) -> None:
    assert event.summary == line((entry["title"] or {}).get("content")), source
    links = [clean_url(link["href"]) for link in entry["links"]]
    if any(links):  # that parser also lowers hosts and adds a slash to them
        assert (event.url or "").rstrip("/").lower() in {
            (link or "").rstrip("/").lower() for link in links
        }, source
    if entry["published"] and event.published:
        assert event.published == datetime.fromisoformat(entry["published"]), source


def test_localist_writes_the_day_of_the_event_into_pubdate() -> None:
    found = reading(CORPUS / "rss/event-feeds/localist-oregonstate-academic-calendar.rss")
    first = found.events[0]
    assert (first.start, first.end, first.all_day) == (date(2020, 1, 5), date(2020, 1, 6), True)
    assert first.published is None
    assert {event.kind for event in found.events} == {"event"}


def test_feed_that_collects_from_others_has_no_dates_of_events() -> None:
    found = reading(CORPUS / "rss/event-feeds/community-calendar-raleighdurham-latest.xml")
    assert len(found.events) > 20
    assert {event.kind for event in found.events} == {"notice"}
    assert all(event.published for event in found.events)


def events_of(page: Path) -> tuple[Event, ...]:
    """The events of a page; none where it has no event data."""
    try:
        return reading(page, "America/Chicago").events
    except UnreadableError:
        return ()


def test_pages_of_public_bodies_say_what_people_found_on_them() -> None:
    """Only pages with JSON-LD: their start is sure; a page without invents no event."""
    checked = 0
    for group in json.loads((CORPUS / "html/city-scrapers-labels.json").read_text("utf-8")):
        for name in (name for name in group["files"] if name.endswith(".html")):
            structured = "jsonld_event" in group["structured"].get(name, "")
            events = events_of(CORPUS / name)
            assert bool(events) == structured, name
            labels = (each for each in group["expect"] if each["file"] == name and events)
            for label in (each for each in labels if each["index"] is not None):
                event = events[label["index"]]
                if label["field"] == "start":
                    assert isinstance(event.start, datetime)
                    assert event.start.replace(tzinfo=None).isoformat() == label["value"]
                    checked += 1
                elif label["field"] == "title":
                    assert event.summary == label["value"]
    assert checked


def test_examples_of_schema_org_are_read_as_their_own_texts_say() -> None:
    folder = CORPUS / "html/schema.org-examples"
    [story] = reading(folder / "eg-0014-jsonld.html").events
    assert (story.attendance, story.online_url) == (
        "ONLINE",
        "https://stream.storytimereadings.com/",
    )
    assert story.price is not None
    assert (story.price.free, story.price.currency, story.registration) == (True, "USD", "OPEN")
    [opera] = reading(folder / "eg-0170-jsonld.html").events
    assert (opera.attendance, opera.status) == ("MIXED", "CONFIRMED")
    assert opera.location is not None
    assert opera.location.address == "100 West Snickerpark Dr, Snickertown, PA 19019, US"
    assert opera.online_url == "https://operaonline.stream5.com/"
    [shoes] = reading(folder / "eg-0349-jsonld.html").events
    assert (shoes.start, shoes.end) == (date(2015, 6, 13), date(2016, 2, 1))
    [blues] = reading(folder / "eg-0202-jsonld.html").events
    assert blues.previous_start == datetime.fromisoformat("2013-09-30T19:30")
    assert (blues.status, blues.age and blues.age.min) == ("CONFIRMED", 18)


def test_page_without_events_says_so() -> None:
    for name in ("eg-0097-jsonld.html", "eg-0172-jsonld.html", "eg-0189-microdata.html"):
        with pytest.raises(UnreadableError) as told:
            reading(CORPUS / "html/schema.org-examples" / name)
        assert told.value.code == "page.no_events"
