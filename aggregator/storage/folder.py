"""The data folder: ours alone, and one running house in it at a time."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.storage.errors import FolderError, RunningError


def prepare(data_dir: Path) -> None:
    """Make the data folder (0700) if it is not there. Raises FolderError if we can't write."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise FolderError("folder.unwritable", path=data_dir, reason=error.strerror) from error


@contextmanager
def held(data_dir: Path) -> Iterator[int]:
    """Hold data/run.lock, with our pid inside, while the house runs or is changed from outside.

    The lock goes with the process, however it ends. It is the yielded file: a child that is
    forked has to close it. Raises RunningError when another process holds it.
    """
    prepare(data_dir)
    handle = os.open(data_dir / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise RunningError("folder.running", path=data_dir, pid=pid or "?") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield handle
    finally:
        os.close(handle)


def create_private(path: Path, content: bytes) -> None:
    """Write a new file that only we can read, whole or not at all. Raises FileExistsError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    finally:
        os.unlink(name)  # noqa: PTH108 (a name of the operating system's, not a path of ours)
