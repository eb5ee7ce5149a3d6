"""Every network on a stage: its real adapter, through the real door, against a real server.

A stage makes its server fail in the ways that the contract tells apart, and counts what stands on
the network in the end, past any fault.
"""

import html
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from networks.post import Adapter
from networks.registry import all_networks
from networks.webhook.signature import new_secret
from safehttp.door import Door
from tests.support.mastodon_server import TOKEN, MastodonServer
from tests.support.practice_server import PracticeServer, practice_server
from tests.support.proxy import Proxy
from tests.support.receiver import Receiver
from tests.support.scripted import Said, Trick

#: Nothing listens there (RFC 863: discard); loopback refuses at once.
NOBODY = "http://127.0.0.1:9"


def door(*ports: int) -> Door:
    """The real door, open to these ports of this machine."""
    allowed = [("127.0.0.1", port) for port in (*ports, 9)]
    return Door(user_agent="Townboard tests", allow_private=allowed)


class Stage(Protocol):
    """One network. Each fault meets the next request that publishes, once."""

    name: str
    adapter: Adapter
    nobody: Adapter  # the same network where no server is
    #: What its server does where nothing was done but that is not said: 500.
    searchable: bool

    def copies(self, text: str) -> int:
        """How many posts with this text stand there."""

    def refuse(self) -> None:
        """Say no."""

    def busy(self, seconds: int) -> None:
        """Ask to wait."""

    def error(self) -> None:
        """Fail before acting."""

    def act_then_error(self) -> None:
        """Act, then fail."""

    def act_then_cut(self) -> None:
        """Act, then break the connection."""

    def act_then_garble(self) -> None:
        """Act, then answer 200 with what can't be read."""

    def hang(self) -> None:
        """Do nothing and answer never."""

    def drip(self) -> None:
        """Act, then answer a byte at a time."""

    def list_short(self) -> None:
        """Let the listing not reach back."""


@dataclass(slots=True)
class PracticeStage:
    """Its server fails by itself."""

    server: PracticeServer
    adapter: Adapter
    nobody: Adapter
    name: str = "practice"
    searchable: bool = True

    def copies(self, text: str) -> int:
        return self.server.copies(text)

    def refuse(self) -> None:
        self.server.fail("refuse")

    def busy(self, seconds: int) -> None:
        self.server.fail("busy", seconds=seconds)

    def error(self) -> None:
        self.server.fail("error")

    def act_then_error(self) -> None:
        self.server.fail("act_then_error")

    def act_then_cut(self) -> None:
        self.server.fail("act_then_cut")

    def act_then_garble(self) -> None:
        self.server.fail("act_then_garble")

    def hang(self) -> None:
        self.server.fail("hang", seconds=3)

    def drip(self) -> None:
        self.server.fail("act_then_drip", seconds=3)

    def list_short(self) -> None:
        self.server.fail("list_short")


class ScriptedStage:
    """A network whose faults a scripted server of the tests plays."""

    name: str
    adapter: Adapter
    nobody: Adapter
    searchable: bool
    path = ""

    def __init__(self, scripted: Proxy | Receiver) -> None:
        self.scripted = scripted

    def refuse(self) -> None:
        self._play(Said(422, b'{"error": "Validation failed: Text is too long"}'))

    def busy(self, seconds: int) -> None:
        said = Said(429, b'{"error": "Too many requests"}', {"retry-after": str(seconds)})
        self._play(said)

    def error(self) -> None:
        self._play(Said(500, b"<h1>Sorry</h1>", {"content-type": "text/html"}))

    def act_then_error(self) -> None:
        self._play(Said(502, b"Bad gateway", {"content-type": "text/plain"}), acts=True)

    def act_then_cut(self) -> None:
        self.scripted.play(Trick("cut", path=self.path, acts=True))

    def act_then_garble(self) -> None:
        self._play(Said(200, b"<p>It works!</p>", {"content-type": "text/html"}), acts=True)

    def hang(self) -> None:
        self.scripted.play(Trick("hold", path=self.path))

    def drip(self) -> None:
        self.scripted.play(Trick("drip", path=self.path, acts=True))

    def _play(self, said: Said, *, acts: bool = False) -> None:
        self.scripted.play(Trick(said, path=self.path, acts=acts))


class MastodonStage(ScriptedStage):
    """mastodon_mock behind a proxy."""

    name = "mastodon"
    searchable = True
    path = "/api/v1/statuses"

    def __init__(self, proxy: Proxy, server: MastodonServer) -> None:
        super().__init__(proxy)
        self.proxy = proxy
        self.server = server
        connect = all_networks()["mastodon"].connect
        self.adapter = connect({"server": proxy.url, "token": TOKEN}, door(proxy.port))
        self.nobody = connect({"server": NOBODY, "token": TOKEN}, door())

    def copies(self, text: str) -> int:
        first = html.escape(text.splitlines()[0], quote=False)
        return sum(first in str(status["content"]) for status in self.server.statuses())

    def list_short(self) -> None:
        status = {"id": "9", "created_at": "2999-01-01T00:00:00Z", "content": "<p>Other</p>"}
        said = Said(200, json.dumps([status] * 40).encode())
        self.proxy.play(Trick(said, "GET", "/statuses?", times=1000))


class WebhookStage(ScriptedStage):
    """A receiver that keeps each message once."""

    name = "webhook"
    searchable = False

    def __init__(self, receiver: Receiver, secret: str) -> None:
        super().__init__(receiver)
        self.receiver = receiver
        connect = all_networks()["webhook"].connect
        url = f"{receiver.url}/town"
        self.adapter = connect({"url": url, "secret": secret}, door(receiver.port))
        self.nobody = connect({"url": NOBODY, "secret": secret}, door())

    def copies(self, text: str) -> int:
        messages = [message["data"] for message in self.receiver.kept.values()]
        return [data["text"] for data in messages if isinstance(data, dict)].count(text)

    def list_short(self) -> None:
        raise AssertionError("a receiver has no listing")


@contextmanager
def practice_stage(folder: Path) -> Iterator[PracticeStage]:
    """The practice network on its own server."""
    connect = all_networks()["practice"].connect
    with practice_server(folder) as server:
        adapter = connect(server.settings, door(server.port))
        nobody = connect({"server": NOBODY, "token": "none"}, door())
        yield PracticeStage(server, adapter, nobody)


@contextmanager
def webhook_stage() -> Iterator[WebhookStage]:
    """A webhook and its receiver, who share a fresh secret."""
    secret = new_secret()
    with Receiver(secret) as receiver:
        yield WebhookStage(receiver, secret)
