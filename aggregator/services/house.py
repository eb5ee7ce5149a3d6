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
