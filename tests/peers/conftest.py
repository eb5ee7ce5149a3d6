"""Peers are made ready once; one that cannot be had is said loudly, and its tests are skipped."""

import os

import pytest

from tests.peers.readers import READERS, MissingError, Reader

_missing: dict[str, str] = {}
_ready: dict[str, list[str]] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, reason in _missing.items():
        terminalreporter.write_line(f"PEER NOT CHECKED: {name}: {reason}", red=True, bold=True)


@pytest.fixture(params=READERS, ids=lambda reader: reader.name)
def peer(request: pytest.FixtureRequest) -> list[str]:
    """The command of one peer."""
    reader: Reader = request.param
    if not os.environ.get("PEERS"):
        pytest.skip("peers are checked by make test-peers")
    if reader.name not in _ready and reader.name not in _missing:
        try:
            _ready[reader.name] = reader.prepare()
        except MissingError as error:
            _missing[reader.name] = str(error)
    if reader.name in _missing:
        pytest.skip(f"{reader.name} is missing: {_missing[reader.name]}")
    return _ready[reader.name]
