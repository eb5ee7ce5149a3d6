"""The contract of `python -m feeds`: keys, order, window, times, problems, exit codes."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pytest_httpserver import HTTPServer

from feeds.__main__ import main
from feeds.event import Event
from feeds.facts import to_facts

KEYS = [key for key in to_facts(Event()) if key != "vtimezone"]
SERIES_KEYS = {"rrule", "rdates", "exdates", "overrides"}
ROOT = Path(__file__).parents[2]


class Said(NamedTuple):
    """What one run of the command gave."""

    code: int
    lines: list[dict[str, Any]]
    problems: list[str]

    @property
    def names(self) -> list[str]:
        return [line["summary"] for line in self.lines]


Run = Callable[..., Said]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command; its output has to be UTF-8, one object a line."""

    def run(*arguments: str | Path) -> Said:
        code = main([str(each) for each in arguments])
        out, err = (text.decode("utf-8") for text in capsysbinary.readouterr())
        problems = err.splitlines()
        assert all(line.startswith("problem: ") and line.count(": ") >= 2 for line in problems)
        return Said(code, [json.loads(line) for line in out.splitlines()], problems)

    return run


def page(*events: dict[str, Any]) -> str:
    data = json.dumps([{"@type": "Event", **event} for event in events])
    return f'<html><script type="application/ld+json">{data}</script></html>'


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file with these events on a page."""

    def write(*events: dict[str, Any]) -> Path:
        file = tmp_path / "page.html"
        file.write_text(page(*events), "utf-8")
        return file

    return write


Write = Callable[..., Path]


def timed(name: str, start: str, end: str | None = None) -> dict[str, Any]:
    return {"name": name, "startDate": start, **({"endDate": end} if end else {})}


def test_event_has_every_key_in_order_and_nothing_absent_but_null(run: Run, written: Write) -> None:
    said = run(written({"name": "Chess “blitz”", "startDate": "2026-03-07"}))
    assert (said.code, said.problems) == (0, [])
    [line] = said.lines
    assert list(line) == KEYS
    assert (line["summary"], line["start"], line["end"]) == (
        "Chess “blitz”",
        "2026-03-07",
        "2026-03-08",
    )
    assert line["location"] is line["price"] is line["uid"] is None
    assert line["categories"] == line["rdates"] == []
    assert "" not in line.values()


def test_events_come_in_the_order_of_the_feed_and_no_window_filters_them(
    run: Run, written: Write
) -> None:
    file = written(timed("B", "2030-01-02"), timed("A", "2020-01-01"), {"name": "C"})
    assert run(file, "--from", "2026-01-01", "--to", "2026-01-02").names == ["B", "A", "C"]


def test_occurrences_come_in_order_of_start_without_keys_of_series_and_without_notices(
    run: Run, written: Write
) -> None:
    file = written(
        timed("evening", "2026-03-08T18:00:00-04:00"),
        timed("day", "2026-03-08"),
        timed("floating", "2026-03-08T01:00"),
        timed("same moment", "2026-03-08T05:00:00Z"),
        {"name": "no date"},
    )
    said = run(file, "--occurrences", "--now", "2026-03-08T12:00:00Z", "--zone", "America/New_York")
    assert said.names == ["day", "same moment", "floating", "evening"]
    all_day, _, floating, _ = said.lines
    assert list(all_day) == [key for key in KEYS if key not in SERIES_KEYS]
    assert [line["recurrence_id"] for line in said.lines] == [line["start"] for line in said.lines]
    assert floating["start"] == "2026-03-08T01:00:00-05:00"
    before = run(
        file, "--occurrences", "--from", "2026-03-08", "--to", "2026-03-09", "--zone", "UTC"
    )
    assert before.names == ["day", "floating", "same moment", "evening"]


def test_window_holds_what_overlaps_it_and_not_what_ends_as_it_begins(
    run: Run, written: Write
) -> None:
    file = written(
        timed("ends as it begins", "2026-03-07T22:00Z", "2026-03-08T00:00Z"),
        timed("reaches in", "2026-03-07T22:00Z", "2026-03-08T00:01Z"),
        timed("no length, at the edge", "2026-03-08T00:00Z", "2026-03-08T00:00Z"),
        timed("no end, before", "2026-03-07T23:59Z"),
        timed("begins as it ends", "2026-03-10T00:00Z"),
        timed("last day", "2026-03-09"),
        timed("day before", "2026-03-07"),
        timed("days around", "2026-03-01", "2026-03-31"),
    )
    said = run(file, "--occurrences", "--from", "2026-03-08", "--to", "2026-03-10")
    assert sorted(said.names) == sorted(
        ["reaches in", "no length, at the edge", "last day", "days around"]
    )


def test_window_is_the_local_day_of_now_and_400_days(run: Run, written: Write) -> None:
    file = written(
        timed("yesterday there", "2026-03-07"),
        timed("today there", "2026-03-08"),
        timed("last", "2027-04-11"),
        timed("after", "2027-04-12"),
    )
    now = "2026-03-07T12:00:00"  # in UTC, when it is the 8th in Kiritimati
    said = run(file, "--occurrences", "--now", now, "--zone", "Pacific/Kiritimati")
    assert said.names == ["today there", "last"]
    assert run(file, "--occurrences", "--now", "2026-03-07T23:30-05:00").names[0] == "today there"


def test_zone_serves_only_times_that_have_none(run: Run, written: Write) -> None:
    file = written(
        timed("floating", "2026-07-01T10:00"),
        timed("UTC", "2026-07-01T10:00Z"),
        timed("own offset", "2026-07-01T10:00+02:00"),
        timed("day", "2026-07-01"),
    )
    local = run(file, "--zone", "America/New_York").lines
    assert [(line["start"], line["zone"]) for line in local] == [
        ("2026-07-01T10:00:00-04:00", "America/New_York"),
        ("2026-07-01T06:00:00-04:00", "America/New_York"),
        ("2026-07-01T10:00:00+02:00", None),
        ("2026-07-01", None),
    ]
    assert [(line["start"], line["zone"]) for line in run(file).lines] == [
        ("2026-07-01T10:00:00", None),
        ("2026-07-01T10:00:00+00:00", "UTC"),
        ("2026-07-01T10:00:00+02:00", None),
        ("2026-07-01", None),
    ]


def test_cancelled_occurrence_is_kept(run: Run, written: Write) -> None:
    file = written({**timed("Chess", "2026-03-08"), "eventStatus": "EventCancelled"})
    [line] = run(file, "--occurrences", "--now", "2026-03-08").lines
    assert line["status"] == "CANCELLED"


def test_base_url_completes_links(run: Run, written: Write) -> None:
    file = written({**timed("Chess", "2026-03-08"), "url": "/chess?utm_source=x"})
    assert run(file).lines[0]["url"] is None
    assert (
        run(file, "--base-url", "https://a.example/x").lines[0]["url"] == "https://a.example/chess"
    )


def test_content_type_names_what_the_body_does_not_say(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "feed"
    file.write_bytes(
        b'<?xml version="1.0"?><!--'
        + b" " * 5000
        + b"--><rss><channel><item><title>A</title></item></channel></rss>"
    )
    assert run(file).code == 3
    assert run(file, "--content-type", "application/rss+xml; charset=utf-8").names == ["A"]


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    body = page(timed("Chess", "2026-03-08")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
    assert run("-").names == ["Chess"]


def test_feed_without_entries_is_a_success_with_one_problem(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.rss"
    file.write_text("<rss version='2.0'><channel><title>Quiet</title></channel></rss>")
    said = run(file)
    assert (said.code, said.lines, len(said.problems)) == (0, [], 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\x00",
        b"hello",
        b"<html><p>Moved</p></html>",
        b'{"error": "no"}',
        b"\x89PNG\r\n",
    ],
)
def test_what_is_no_feed_ends_with_3_and_its_reason(run: Run, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "what"
    file.write_bytes(body)
    said = run(file)
    assert (said.code, said.lines, len(said.problems)) == (3, [], 1)


def test_missing_file_or_folder_ends_with_3(run: Run, tmp_path: Path) -> None:
    for name in (tmp_path / "none", tmp_path, "a\0b"):
        said = run(name)
        assert (said.code, said.lines, len(said.problems)) == (3, [], 1)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x", "y"],
        ["x", "--zone", "Eastern"],
        ["x", "--zone", "../../etc/passwd"],
        ["x", "--from", "soon"],
        ["x", "--to", "2026-02-30"],
        ["x", "--from", "2026-03-02", "--to", "2026-03-01"],
        ["x", "--now", "noon"],
        ["x", "--from", "9999-12-31"],
        ["x", "--allow-private", "localhost:80"],
        ["x", "--allow-private", "127.0.0.1"],
        ["x", "--occ"],
        ["x", "--no-such"],
    ],
)
def test_bad_usage_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str]
) -> None:
    with pytest.raises(SystemExit) as told:
        main(arguments)
    assert told.value.code == 2
    assert capsys.readouterr().out == ""


def test_problem_is_one_line_whatever_stands_in_the_feed(run: Run, written: Write) -> None:
    said = run(written(timed("A\nproblem: fake: x\x1b[31m {count}", "never\n {text}")))
    assert said.code == 0
    [problem] = said.problems
    assert "\x1b" not in problem
    assert "“never {text}”" in problem


def test_address_is_asked_through_the_door_and_its_pages_too(
    run: Run, httpserver: HTTPServer
) -> None:
    private = f"{httpserver.host}:{httpserver.port}"
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid><link>/{name}?utm_source=rss</link></item>"
        for name in ("chess", "go", "secret")
    )
    feed = f"<rss version='2.0'><channel><title>Games</title>{items}</channel></rss>"
    httpserver.expect_request("/rss").respond_with_data(feed, content_type="application/rss+xml")
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /secret")
    httpserver.expect_request("/chess").respond_with_data(page(timed("Chess!", "2026-03-08")))
    httpserver.expect_request("/go").respond_with_data("<html>no data</html>")
    said = run(httpserver.url_for("/rss"), "--allow-private", private)
    assert said.code == 0
    assert [(line["uid"], line["kind"], line["summary"]) for line in said.lines] == [
        ("chess", "event", "Chess!"),
        ("go", "notice", "go"),
        ("secret", "notice", "secret"),
    ]
    assert said.lines[0]["url"] == httpserver.url_for("/chess")
    assert "/secret" not in [request.path for request, _ in httpserver.log]


def test_file_is_read_without_any_network(run: Run, tmp_path: Path, httpserver: HTTPServer) -> None:
    file = tmp_path / "feed.rss"
    link = httpserver.url_for("/chess")
    file.write_text(
        f"<rss version='2.0'><channel><item><title>A</title><link>{link}</link></item>"
        "</channel></rss>"
    )
    [line] = run(file, "--allow-private", f"{httpserver.host}:{httpserver.port}").lines
    assert line["kind"] == "notice"
    assert httpserver.log == []


def test_address_that_is_refused_or_fails_ends_with_3(run: Run, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/gone").respond_with_data("", status=410)
    address = httpserver.url_for("/gone")
    for arguments in (
        [address],  # a private address without its exception
        [address, "--allow-private", f"{httpserver.host}:{httpserver.port}"],
        ["http://user:secret@a.example/"],
        ["https:///"],
    ):
        said = run(*arguments)
        assert (said.code, said.lines, len(said.problems)) == (3, [], 1)


def command(*arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "feeds", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | environment,
    )


def test_output_is_utf8_whatever_the_locale_says(written: Write) -> None:
    file = written(timed("Café ☕", "2026-03-08"), timed("Žižkov", "kdysi"))
    process = command(str(file), LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Café ☕" in out.decode("utf-8")
    assert "“Žižkov”" in err.decode("utf-8")


def test_reader_that_closes_early_is_no_fault(written: Write) -> None:
    file = written(*(timed(f"{number}" * 50, "2026-03-08") for number in range(2000)))
    process = command(str(file))
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 0
