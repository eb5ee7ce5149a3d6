"""The house's two secrets, made on first use into data/keys, readable by us alone."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

from aggregator.config import Settings
from aggregator.storage.errors import FolderError
from aggregator.storage.folder import create_private, prepare

#: The files below data/, which a backup holds too.
FOLDER, NAMES = "keys", ("session.key", "fernet.key")


@dataclass(frozen=True, slots=True)
class Keys:
    """`session` signs the web's cookies; `fernet` encrypts channel secrets at rest."""

    session: bytes
    fernet: MultiFernet


def load(settings: Settings) -> Keys:
    """Read the keys; make what is missing. Raises FolderError when that can't be done.

    fernet.key holds one key a line: the first encrypts, the others still decrypt.
    """
    folder = settings.data_dir / FOLDER
    prepare(settings.data_dir)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        session, fernet = (
            _read(folder / name, make)
            for name, make in zip(NAMES, (_session, Fernet.generate_key), strict=True)
        )
        return Keys(session.strip(), MultiFernet([Fernet(line) for line in fernet.split()]))
    except OSError as error:
        raise FolderError("folder.unwritable", path=folder, reason=error.strerror) from error
    except ValueError as error:
        raise FolderError("keys.unreadable", path=folder / NAMES[1]) from error


def _session() -> bytes:
    return secrets.token_hex(32).encode()


def _read(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content. Two processes that come first at once end with the same key."""
    if not path.exists():
        with suppress(FileExistsError):
            create_private(path, make() + b"\n")
    return path.read_bytes()
