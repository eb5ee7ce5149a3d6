"""What commands get: the house is built only when a command asks, so `--help` needs nothing."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, cast

import click

from aggregator.config import SettingError, Settings
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.storage.doors import BusyError
from aggregator.storage.errors import StorageError
from words.say import say

ACTOR = "command line"


class Wiring(Protocol):
    """`aggregator.app`, as commands see it."""

    def settings(self) -> Settings: ...

    def build(self, wanted: Settings) -> House: ...


def wiring() -> Wiring:
    """The wiring place, handed in by `python -m aggregator`."""
    return cast("Wiring", click.get_current_context().find_root().obj)


def settings() -> Settings:
    """The settings of this call; a bad one ends it with its name."""
    with told():
        return wiring().settings()


def house() -> House:
    """The house of this call."""
    wanted = settings()
    with told():
        return wiring().build(wanted)


@contextmanager
def told() -> Iterator[None]:
    """Errors that have a sentence end the command with it, and exit code 1."""
    try:
        yield
    except SettingError as error:
        fail(error.code, {"name": error.name, "value": error.value})
    except (ServiceError, StorageError) as error:
        fail(error.code, error.params)
    except BusyError:
        fail("database.busy")


def fail(code: str, params: Mapping[str, object] | None = None) -> None:
    """End the command with one plain sentence."""
    raise click.ClickException(say(code, params))


def emit(value: Any) -> None:
    """One JSON value on a line of standard output, whatever the locale."""
    line = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
