"""What services, pages and commands are given: made once by `aggregator.app`, passed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import MultiFernet

from aggregator.config import Settings
from aggregator.storage.doors import Database
from networks.post import Network
from safehttp.door import Door


@dataclass(frozen=True)
class House:
    """The wired house. `clock` is the only source of now; it answers an aware UTC datetime."""

    settings: Settings
    database: Database
    door: Door  # for feeds: what partners name
    network_door: Door  # for networks: what the administrator connected, our practice one too
    networks: Mapping[str, Network]
    clock: Callable[[], datetime]
    fernet: MultiFernet  # channel secrets at rest
    session_key: bytes  # signs the web's cookies

    @property
    def sample_site(self) -> str:
        """Where the sample town's partners publish: a part of our own web app."""
        return f"{self.settings.local_url}/sample-town"

    def feed_door(self, url: str) -> Door:
        """The door to a partner's address; to the sample town it leads to this very machine."""
        sample = url.startswith(f"{self.sample_site}/") and "/.." not in url
        return self.network_door if sample else self.door
