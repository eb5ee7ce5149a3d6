"""A wired house for tests: a real database, a real door, a clock that a test turns."""

import socket
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet

from aggregator import config
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage.doors import Database
from networks.post import Network
from networks.registry import all_networks
from safehttp.door import Door

#: A Tuesday, a winter day at noon in New York.
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


class Clock:
    """Answers the time that it was set to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Time passes."""
        self.now += timedelta(**by)


def only_here(host: Any, *more: Any, **options: Any) -> Any:
    """Names of other machines have no address: tests ask nobody outside."""
    if str(host) != "localhost" and not str(host).startswith("127.0.0."):
        raise socket.gaierror(socket.EAI_NONAME, "tests ask nobody outside")
    return socket.getaddrinfo(host, *more, **options)


def make_house(
    folder: Path,
    database_url: str,
    *,
    clock: Clock | None = None,
    allowed: Iterable[int] = (),
    at: Iterable[str] = (),
    networks: Mapping[str, Network] | None = None,
    zone: str = "America/New_York",
    **environment: str,
) -> House:
    """A house in folder; its doors may reach these ports on 127.0.0.1, and on those at `at`."""
    pairs = frozenset((each, port) for port in allowed for each in ("127.0.0.1", *at))
    wanted = config.load(
        {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "ALLOW_PRIVATE": " ".join(f"{address}:{port}" for address, port in pairs),
            **environment,
        }
    )
    house = House(
        settings=wanted,
        database=Database(wanted.database_url),
        door=Door(
            allow_private=pairs, user_agent="Townboard/test (it@library.example)", resolve=only_here
        ),
        network_door=Door(allow_private=pairs, user_agent="Townboard/test", resolve=only_here),
        networks=all_networks() if networks is None else networks,
        clock=clock or Clock(),
        fernet=MultiFernet([Fernet(Fernet.generate_key())]),
        session_key=b"a key for tests alone",
    )
    with house.database.writing() as tx:
        settings.put(tx, "zone", zone)
        settings.put(tx, "library", "Millbrook Public Library")
    return house
