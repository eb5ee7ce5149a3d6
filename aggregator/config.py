"""Settings from the environment, read once at the start.

Each NAME may also come from a file named by NAME_FILE (for secrets of a container). A bad value
stops the start with its name: a library's calendar must not run on a guess.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
Address = tuple[str, int]


class SettingError(ValueError):
    """One setting can't be used. `name` is the variable, `code` the reason (words/house.py)."""

    def __init__(self, name: str, code: str, value: str = "") -> None:
        super().__init__(name, code, value)
        self.name = name
        self.code = code
        self.value = value


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person who installs Townboard may decide."""

    data_dir: Path
    port: int
    workers: int
    database_url: str
    redis_url: str | None  # None: the embedded Valkey in data_dir
    public_url: str | None  # where residents reach us, without a closing slash
    allow_private: frozenset[Address]
    contact: str | None  # goes into the User-Agent, so that partners can reach the library

    @property
    def media_dir(self) -> Path:
        """Pictures, by the digest of their bytes."""
        return self.data_dir / "media"

    @property
    def local_url(self) -> str:
        """Where the web app answers on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket(self) -> Path:
        """The embedded Valkey's unix socket."""
        return self.data_dir / "valkey.sock"

    @property
    def queue_url(self) -> str:
        """The Valkey or Redis that wakes the workers."""
        return self.redis_url or f"unix://{self.socket}"

    @property
    def postgres(self) -> bool:
        """Whether the database is PostgreSQL; else it is our own SQLite file."""
        return self.database_url.startswith("postgresql")


def load(environ: Mapping[str, str]) -> Settings:
    """Read Settings. Raises SettingError for the first value that can't be used."""

    def read(name: str, make: Callable[[str], T], default: T) -> T:
        text = _text(environ, name)
        if text is None:
            return default
        try:
            return make(text)
        except ValueError as error:
            raise SettingError(name, str(error) or "setting.bad", text) from error

    data_dir = read(
        "DATA_DIR", lambda text: Path(text).expanduser().resolve(), Path("data").resolve()
    )
    return Settings(
        data_dir=data_dir,
        port=read("PORT", _port, 8000),
        workers=read("WORKERS", _workers, 2),
        database_url=read("DATABASE_URL", _database, f"sqlite:///{data_dir / 'townboard.sqlite'}"),
        redis_url=read("REDIS_URL", _redis, None),
        public_url=read("PUBLIC_URL", _public, None),
        allow_private=read("ALLOW_PRIVATE", addresses, frozenset[Address]()),
        contact=read("CONTACT", _contact, None),
    )


def addresses(text: str) -> frozenset[Address]:
    """Exact address:port pairs, separated by commas or spaces; IPv6 in brackets."""
    found = set()
    for item in text.replace(",", " ").split():
        host, _, port = item.rpartition(":")
        try:
            found.add((str(ipaddress.ip_address(host.strip("[]"))), _port(port)))
        except ValueError as error:
            raise ValueError("setting.address") from error
    return frozenset(found)


def _text(environ: Mapping[str, str], name: str) -> str | None:
    """The setting's text; None when unset or blank. A file wins nothing: both set is a mistake."""
    direct, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if direct and path:
        raise SettingError(name, "setting.both")
    if not path:
        return direct or None
    try:
        return Path(path).read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}_FILE", "setting.file", path) from error


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("setting.port")
    return int(text)


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise ValueError("setting.workers")
    return int(text)


def _database(text: str) -> str:
    """SQLite files and PostgreSQL servers; the driver is ours to choose."""
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return text
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and urlsplit(text).hostname:
        return f"postgresql+psycopg://{rest}"
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and "host=" in rest:
        return f"postgresql+psycopg://{rest}"  # a unix socket, as libpq spells it
    raise ValueError("setting.database")


def _redis(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("setting.redis")
    return text


def _public(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("setting.public_url")
    return text.rstrip("/")


def _contact(text: str) -> str:
    """An e-mail or web address; it travels in a header, so one printable line."""
    if not text.isprintable() or not text.isascii() or not ("@" in text or "://" in text):
        raise ValueError("setting.contact")
    return text
