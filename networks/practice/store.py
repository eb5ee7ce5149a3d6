"""What the practice network remembers: a SQLite file of its own, since it stands for outside.

Every call opens and closes its own connection, so any number of threads and processes may share
the file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from networks.post import Clock, Image, Post, utc_now
from networks.practice.faults import WAYS, Fault

_TABLES = """
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, text TEXT NOT NULL,
  language TEXT NOT NULL, link TEXT, at REAL NOT NULL, listed_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS image (
  post_id INTEGER NOT NULL REFERENCES post, position INTEGER NOT NULL, mime TEXT NOT NULL,
  alt TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (post_id, position));
CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, times INTEGER NOT NULL,
  seconds REAL NOT NULL);
"""

#: Seconds to wait for another process that writes.
_BUSY = 10.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as the network shows it; `alts` are its pictures' descriptions, in order."""

    id: int
    key: str
    text: str
    language: str
    link: str | None
    at: datetime
    alts: tuple[str, ...] = ()


class Store:
    """The posts and the faults in one file.

    `deduplicates` makes a key that comes again give back the first post, as a network does that
    heeds keys; by default it is a new post, as on those that do not.
    """

    def __init__(self, path: Path, *, clock: Clock = utc_now, deduplicates: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._deduplicates = deduplicates
        with closing(self._open()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_TABLES)

    def add(
        self, post: Post, late: timedelta = timedelta(0), listed_late: timedelta = timedelta(0)
    ) -> Shown:
        """Make a post that appears that much later, and in the listing that much after that."""
        at = self._clock() + late
        with self._writing() as connection:
            if self._deduplicates and (row := _by_key(connection, post.key)):
                return _shown(connection, row)
            cursor = connection.execute(
                "INSERT INTO post (key, text, language, link, at, listed_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    post.key,
                    post.text,
                    post.language,
                    post.link,
                    at.timestamp(),
                    (at + listed_late).timestamp(),
                ),
            )
            connection.executemany(
                "INSERT INTO image (post_id, position, mime, alt, data) VALUES (?, ?, ?, ?, ?)",
                [
                    (cursor.lastrowid, position, image.mime, image.alt, image.data)
                    for position, image in enumerate(post.images)
                ],
            )
            [row] = connection.execute(f"{_POST} WHERE id = ?", (cursor.lastrowid,))
            return _shown(connection, row)

    def timeline(self, most: int = 50, before: int | None = None) -> Sequence[Shown]:
        """What people see now, newest first, from below that id."""
        return self._read(
            "at <= ? AND id < ? ORDER BY id DESC LIMIT ?",
            (self._now(), _below(before), most),
        )

    def listing(self, since: datetime, most: int = 40, before: int | None = None) -> list[Shown]:
        """What the interface lists of what was made at or after since, newest first."""
        return self._read(
            "at >= ? AND listed_at <= ? AND id < ? ORDER BY id DESC LIMIT ?",
            (since.timestamp(), self._now(), _below(before), most),
        )

    def post(self, post_id: int) -> Shown | None:
        """One post that people can see."""
        found = self._read("id = ? AND at <= ?", (post_id, self._now()))
        return found[0] if found else None

    def image(self, post_id: int, position: int) -> Image | None:
        """One picture of a post."""
        with closing(self._open()) as connection:
            row = connection.execute(
                "SELECT data, mime, alt FROM image WHERE post_id = ? AND position = ?",
                (post_id, position),
            ).fetchone()
        return Image(row["data"], row["mime"], row["alt"]) if row else None

    def ask_for(self, fault: Fault) -> None:
        """Put a fault last in the row."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO fault (name, times, seconds) VALUES (?, ?, ?)",
                (fault.name, fault.times, fault.seconds),
            )

    def faults(self) -> list[Fault]:
        """What is still to come, in order."""
        with closing(self._open()) as connection:
            rows = connection.execute("SELECT name, times, seconds FROM fault ORDER BY id")
            return [Fault(*row) for row in rows]

    def forget_faults(self) -> None:
        """From now on all is well."""
        with self._writing() as connection:
            connection.execute("DELETE FROM fault")

    def take_fault(self, *, listing: bool) -> Fault | None:
        """The fault that meets this request, used up by one; None if all is well."""
        with self._writing() as connection:
            for row in connection.execute("SELECT * FROM fault ORDER BY id").fetchall():
                if WAYS[row["name"]].listing == listing:
                    connection.execute("UPDATE fault SET times = times - 1 WHERE id = ?", row[:1])
                    connection.execute("DELETE FROM fault WHERE times <= 0")
                    return Fault(row["name"], row["times"], row["seconds"])
        return None

    def _now(self) -> float:
        return self._clock().timestamp()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_BUSY, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute(
            "PRAGMA synchronous = OFF"
        )  # safe from kills; practice may lose a blackout
        return connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the file's one writing lock from its beginning."""
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _read(self, where: str, values: Sequence[float]) -> list[Shown]:
        with closing(self._open()) as connection:
            rows = connection.execute(f"{_POST} WHERE {where}", values).fetchall()
            return [_shown(connection, row) for row in rows]


_POST = "SELECT id, key, text, language, link, at FROM post"


def _by_key(connection: sqlite3.Connection, key: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute(f"{_POST} WHERE key = ?", (key,)).fetchone()
    return found


def _shown(connection: sqlite3.Connection, row: sqlite3.Row) -> Shown:
    alts = connection.execute(
        "SELECT alt FROM image WHERE post_id = ? ORDER BY position", (row["id"],)
    )
    return Shown(
        row["id"],
        row["key"],
        row["text"],
        row["language"],
        row["link"],
        datetime.fromtimestamp(row["at"], UTC),
        tuple(alt for (alt,) in alts),
    )


def _below(before: int | None) -> int:
    return 2**62 if before is None else before
