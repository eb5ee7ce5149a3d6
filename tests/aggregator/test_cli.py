"""The command line, as whoever installs it uses it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aggregator.cli.main import townboard
from aggregator.services.house import House
from networks.registry import all_networks
from tests.aggregator.test_collecting import ics, vevent
from tests.support.feed_server import FeedServer, feed_server
from tests.support.houses import make_house


@dataclass
class Wiring:
    """Hands commands the test's house."""

    house: House

    def settings(self) -> Any:
        return self.house.settings

    def build(self, _wanted: Any) -> House:
        return self.house


class Shell:
    """Runs a command, and expects it to go well unless told otherwise."""

    def __init__(self, house: House) -> None:
        self._wiring = Wiring(house)

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        done = CliRunner().invoke(townboard, arguments, obj=self._wiring, catch_exceptions=False)
        assert (done.exit_code != 0) == fails, done.output
        return done.output


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


@pytest.fixture
def shell(tmp_path: Path, sqlite_url: str, server: FeedServer) -> Iterator[Shell]:
    house = make_house(tmp_path, sqlite_url, allowed=[server.port])
    yield Shell(house)
    house.database.close()


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*each, id=" ".join(each[0])) for each in commands(townboard)]
)
def test_every_command_says_what_it_does_without_a_house(path: Any, command: Any) -> None:
    assert command.help
    done = CliRunner().invoke(townboard, [*path, "--help"], obj=None, catch_exceptions=False)
    assert done.exit_code == 0


def test_a_source_is_previewed_paused_and_resumed(shell: Shell, server: FeedServer) -> None:
    url = server.put("/a.ics", ics(vevent("a", start="20991201T100000")))
    assert shell("source", "preview", url).startswith(f"ical\t{url}\tevents to come: 1")
    assert shell("source", "list") == ""
    assert "nothing at this address" in shell("source", "preview", server.url("/b"), fails=True)
    shell("partner", "add", "Millbrook Museum")
    shell("partner", "trust", "1", "list")
    assert "no such partner" in shell("partner", "trust", "Nobody", "list", fails=True)
    shell("source", "add", "1", url)
    shell("source", "pause", "1")
    assert "It is paused." in shell("source", "poll", "1", fails=True)
    shell("source", "resume", "1")
    assert "1 new" in shell("source", "poll", "1")
    assert "BEGIN:VEVENT" in shell("calendar", "export")  # it went straight up


def test_a_partner_and_a_source_are_added_read_and_listed(shell: Shell, server: FeedServer) -> None:
    assert shell("partner", "add", "Millbrook Museum").strip() == "1"
    assert shell("partner", "list") == "1\tMillbrook Museum\t0\n"
    url = server.put("/a.ics", ics(vevent("a")))
    assert shell("source", "add", "Millbrook Museum", url).strip() == "1"
    assert "not read yet" in shell("source", "list")
    assert "1 new, 0 changed, 0 as before, 0 gone" in shell("source", "poll", "1")
    assert shell("source", "list").endswith("just now: read\n")
    [event] = [json.loads(line) for line in shell("events", "list", "--json").splitlines()]
    assert (event["state"], event["facts"]["summary"]) == ("NEW", "Story hour")


def test_an_event_is_shared_and_stands_in_the_queue_and_in_the_calendar(
    shell: Shell, server: FeedServer
) -> None:
    shell("partner", "add", "Museum")
    shell("source", "add", "1", server.put("/a.ics", ics(vevent("a"))))
    shell("source", "poll", "--all")
    pid = shell("events", "list").partition("\t")[0]
    assert "No channel is connected yet" in shell("share", pid, fails=True)
    assert "whsec_" in shell(
        "channel", "add", "webhook", "Town", "--set", "url=https://hook.example/"
    )
    assert "webhook\tTown\tCONNECTED" in shell("channel", "list")
    assert shell("share", pid).startswith("Town: Tue 24 Nov, 12:30 pm")
    assert "Story hour" in shell("queue", "list")
    assert "SUMMARY:Story hour" in shell("calendar", "export")
    assert shell("events", "list", "--state", "NEW") == ""


def test_mistakes_end_in_one_sentence(shell: Shell) -> None:
    assert "no such partner" in shell("source", "add", "Nobody", "x.example", fails=True)
    shell("partner", "add", "Museum")
    assert "is not a web address" in shell("source", "add", "1", "ftp://x.example", fails=True)
    assert "no such source" in shell("source", "poll", "9", fails=True)
    assert "Name the NUMBERS" in shell("source", "poll", fails=True)
    assert "no such partner" in shell("source", "add", "²", "x.example", fails=True)
    assert "'--state'" in shell("events", "list", "--state", "LOST", fails=True)
    assert "no such event" in shell("share", "nothing", fails=True)
    assert "no network called" in shell("channel", "add", "carrier-pigeon", "Bird", fails=True)
    assert "no time zone called" in shell("partner", "add", "X", "--zone", "Mars", fails=True)


@pytest.mark.parametrize("network", sorted(all_networks()))
def test_a_channel_without_its_settings_names_the_missing_one(shell: Shell, network: str) -> None:
    needed = [
        each
        for each in all_networks()[network].settings
        if each.default is None and each.make is None and not each.optional
    ]
    if needed and network != "practice":  # of which the house knows all
        said = shell("channel", "add", network, "X", fails=True)
        assert f"“{needed[0].name}” is needed" in said


def test_people_are_let_in_and_get_another_password(shell: Shell) -> None:
    shell("user", "add", "ben", "--password", "four words are easy")
    assert "Somebody is called ben" in shell(
        "user", "add", "ben", "--password", "four words are easy", fails=True
    )
    shell("user", "passwd", "ben", "--password", "five words are easier")
    assert "Nobody here is called" in shell(
        "user", "passwd", "eve", "--password", "five words are easier", fails=True
    )


def test_the_calendars_window_is_a_setting(shell: Shell, server: FeedServer) -> None:
    shell("partner", "add", "Museum")
    shell("source", "add", "1", server.put("/a.ics", ics(vevent("a", start="20261101T100000"))))
    shell("source", "poll", "--all")
    pid = shell("events", "list").partition("\t")[0]
    shell("channel", "add", "webhook", "Town", "--set", "url=https://hook.example/")
    assert "is over" in shell("share", pid, fails=True)
    assert shell("calendar", "keep").strip() == "30"
    assert shell("calendar", "keep", "10").strip() == "10"
    assert shell("calendar", "keep").strip() == "10"


def test_the_practice_network_fails_on_command(shell: Shell) -> None:
    assert shell("practice", "fail", "act_then_cut", "--times", "2") == "act_then_cut\t2\t5\n"
    shell("practice", "fail", "explode", fails=True)
    shell("practice", "behave")
    assert shell("practice", "fail", "busy").startswith("busy\t1")


def test_the_doctor_says_what_is_missing_and_that_nothing_is_broken(shell: Shell) -> None:
    said = shell("doctor")
    assert "CONTACT is not set" in said
    assert said.endswith("Nothing is broken.\n")
