"""What can stop the house before it opens: each with a code and what fills its sentence."""

from collections.abc import Mapping


class StorageError(Exception):
    """The data folder or the database can't be used. A person has to do what the words say."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, object] = params


class FolderError(StorageError):
    """The data folder can't be made, read or written."""


class RunningError(StorageError):
    """Another Townboard runs on this data folder; `params["pid"]` is its process."""


class MigrationError(StorageError):
    """The database is not one that this version can bring up to date; it was left as it is."""


class BackupError(StorageError):
    """A backup could not be written, or an archive not restored; nothing was changed."""
