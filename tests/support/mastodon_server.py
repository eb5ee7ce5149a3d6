"""A real Mastodon-compatible server (mastodon_mock from PyPI) on a loopback port."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import Request, urlopen

TOKEN = "mock_token"

#: Seconds that it may take to answer for the first time.
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class MastodonServer:
    """A running one."""

    url: str

    def statuses(self) -> list[dict[str, object]]:
        """Our account's newest posts, as the server itself tells them."""
        me = self._get("v1/accounts/verify_credentials")
        found = self._get(f"v1/accounts/{me['id']}/statuses?limit=40")
        assert isinstance(found, list)
        return found

    def _get(self, path: str) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with urlopen(Request(f"{self.url}/api/{path}", headers=headers), timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
            return found


@contextmanager
def mastodon_server() -> Iterator[MastodonServer]:
    """Start one with an empty database in memory and one account; stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield MastodonServer(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"mastodon_mock ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("mastodon_mock did not answer")
