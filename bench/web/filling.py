"""Fills a new house with a town's rows, in bulk: the rows that collecting would have made."""

import hashlib
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import psycopg

from aggregator.domain import twins
from aggregator.domain.tagging import Group
from bench.web import towns
from bench.web.towns import PARTNERS, ZONE, When

ROWS = 20_000
CHANNELS, PICTURES, DAYS = 3, 300, 60
#: Of events that are over, and of those to come: what staff decided.
_OVER = ("NEW",) * 25 + ("APPROVED",) * 44 + ("DECLINED",) * 30 + ("SNOOZED",)
_AHEAD = ("NEW",) * 29 + ("HELD",) + ("APPROVED",) * 50 + ("DECLINED",) * 15 + ("SNOOZED",) * 5
_VERBS = {"APPROVED": "calendar_only", "DECLINED": "decline", "SNOOZED": "snooze"}


class Bulk(Protocol):
    """Rows into a database as fast as it takes them."""

    def put(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Append rows."""

    def run(self, statement: str) -> None:
        """Execute one statement."""


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        named = ", ".join(f'"{each}"' for each in columns)
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({marks})', rows)

    def run(self, statement: str) -> None:
        self._connection.execute(statement)


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def put(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        named = ", ".join(f'"{each}"' for each in columns)
        copied = f'COPY "{table}" ({named}) FROM STDIN'.encode()
        with self._connection.cursor() as cursor, cursor.copy(copied) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, statement: str) -> None:
        self._connection.execute(statement.encode())


@contextmanager
def bulk(url: str) -> Iterator[Bulk]:
    """A way in, without foreign keys being looked at row by row; committed at the end."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in (
            "foreign_keys=OFF",
            "journal_mode=OFF",
            "synchronous=OFF",
            "cache_size=-400000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        yield _Sqlite(connection)
        connection.execute("COMMIT")
        connection.close()
        return
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain) as other:
        other.execute("SET session_replication_role = replica")
        other.execute("SET synchronous_commit = off")
        yield _Postgres(other)


@dataclass
class Filler:
    """One house being filled. Rows wait until there are enough of a table."""

    into: Bulk
    now: datetime
    groups: tuple[Group, ...]
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    waiting: dict[str, tuple[Sequence[str], list[tuple[Any, ...]]]] = field(default_factory=dict)
    posts: int = 0

    def add(self, table: str, **values: Any) -> None:
        """One row."""
        columns, rows = self.waiting.setdefault(table, (tuple(values), []))
        rows.append(tuple(values.values()))
        if len(rows) >= ROWS:
            self.into.put(table, columns, rows)
            rows.clear()

    def end(self) -> None:
        """Write what waits."""
        for table, (columns, rows) in self.waiting.items():
            self.into.put(table, columns, rows)
        self.waiting.clear()

    def fill(self, events: int) -> None:
        """Everything of a house with so many events."""
        self._partners()
        self._pictures()
        for number, (when, who) in enumerate(
            zip(towns.moments(events, self.now), towns.spread(events), strict=True), 1
        ):
            self._event(number, when, *who)
        self.end()

    def _partners(self) -> None:
        for who in range(PARTNERS):
            host = f"partner-{who}.example"
            name = towns.partner(who)
            self.add("partner", id=who + 1, pid=pid(who), name=name, slug=f"partner-{who}")
            self.add("host", name=host, next_at=stamp(self.now + timedelta(hours=1)))
            self.add(
                "source",
                id=who + 1,
                partner_id=who + 1,
                url=f"https://{host}/feed.ics",
                former_urls="[]",
                host=host,
                format="ical",
                enabled=1,
                rhythm_s=3600,
                due_at=stamp(self.now + timedelta(hours=1)),
                last_ok_at=stamp(self.now),
            )
            for hour in range(DAYS * 24):
                at = self.now - timedelta(hours=DAYS * 24 - hour)
                self._fetch(who + 1, at, "NEW_BODY" if hour % 12 == 0 else "NOT_MODIFIED")

    def _fetch(self, source: int, at: datetime, outcome: str) -> None:
        self.add(
            "fetch",
            source_id=source,
            at=stamp(at),
            outcome=outcome,
            params="{}",
            status=200,
            bytes=20_000,
            ms=80,
            n_new=1,
            n_changed=0,
            n_same=90,
            n_gone=0,
            problems="[]",
        )

    def _pictures(self) -> None:
        for number in range(PICTURES):
            self.add(
                "media", sha256=picture(number), mime="image/jpeg", width=900, height=600, bytes=9
            )

    def _event(self, number: int, when: When, who: int, place: int, title: int) -> None:
        made = towns.prototype(who, place, title, is_series=when.dates > 1, groups=self.groups)
        name = pid(number)
        facts, block = towns.texts(made, when.day, name)
        digest = hashlib.sha256(facts.encode()).hexdigest()
        first = datetime(when.day.year, when.day.month, when.day.day, made.hour, tzinfo=ZONE)
        length = timedelta(days=20) if when.is_long else timedelta(hours=2)
        last = None if when.dates > 1 else stamp(first + length)
        is_ahead = when.dates > 1 or first + length > self.now
        notice = number % 200 == 0
        state = self.dice.choice(_AHEAD if is_ahead else _OVER)
        if notice and state == "APPROVED":
            state = "DECLINED"
        kind = "notice" if notice else "event"
        start = first.astimezone(UTC).isoformat()
        self.add(
            "event",
            id=number,
            pid=name,
            kind=kind,
            partner_id=who + 1,
            facts=facts,
            facts_digest=digest,
            material_digest=digest,
            sequence=0,
            changed_at=stamp(when.arrived),
            first_start=None if notice else stamp(first),
            last_end=None if notice else last,
            expanded_until=stamp(self.now + timedelta(days=400)) if when.dates > 1 else None,
            ics_block=None if notice else block,
            ics_zones=made.zones,
            image=picture(title % PICTURES) if title % 3 == 0 else None,
            arrived_at=stamp(when.arrived),
            search_text=made.words,
            twin_key=twins.key({"kind": kind, "summary": made.title, "start": start}),
            weekly=int(when.dates > 1),
        )
        for tag, value in made.tags:
            self.add("event_tag", event_id=number, kind=tag, value=value)
        self.add(
            "sighting",
            id=number,
            source_id=who + 1,
            key=f"u:{name}",
            uid=name,
            facts=facts,
            facts_digest=digest,
            first_fetch=1,
            changed_fetch=1,
            presence="HERE",
            event_id=number,
        )
        if not notice:
            self._dates(number, when, first, length)
        self._review(number, when, state, kind, who, last, first, made.marks)
        if number % 10 == 0:
            self._change(number)
        if state == "APPROVED" and number % (40 if is_ahead else 16) == 0:
            self._post(number, name, digest, first, is_ahead=is_ahead)

    def _dates(self, number: int, when: When, first: datetime, length: timedelta) -> None:
        for week in range(when.dates):
            start = (first.replace(tzinfo=None) + timedelta(days=7 * week)).replace(tzinfo=ZONE)
            wall = start.replace(tzinfo=None).isoformat()
            self.add(
                "occurrence",
                event_id=number,
                rid=wall if when.dates > 1 else "",
                start_at=stamp(start),
                end_at=stamp(start + length),
                start_wall=wall,
                local_date=wall[:10],
                all_day=0,
                long=int(when.is_long),
            )

    def _review(
        self,
        number: int,
        when: When,
        state: str,
        kind: str,
        who: int,
        last: str | None,
        first: datetime,
        marks: str,
    ) -> None:
        decided = state not in {"NEW", "HELD"}
        until = stamp(self.now + timedelta(days=3)) if state == "SNOOZED" else None
        self.add(
            "review",
            event_id=number,
            state=state,
            until=until,
            version=int(decided),
            kind=kind,
            partner_id=who + 1,
            ends_at="9999-01-01 00:00:00.000000" if kind == "notice" or last is None else last,
            starts_at=None if kind == "notice" else stamp(first),
            is_series=int(when.dates > 1),
            unseen=int(number % 100 == 0),
            marks=marks,
        )
        if decided:
            self.add(
                "journal",
                at=stamp(when.arrived + timedelta(hours=5)),
                actor=f"Ana {number % 20}",
                verb=_VERBS[state],
                subject=f"event:{number}",
                before='{"decided_digest":null,"reason":null,"state":"NEW","until":null}',
                after=f'{{"decided_digest":null,"reason":null,"state":"{state}","until":null}}',
            )

    def _change(self, number: int) -> None:
        seen = None if number % 100 == 0 else stamp(self.now - timedelta(days=2))
        self.add(
            "change",
            event_id=number,
            rid="",
            at=stamp(self.now - timedelta(days=number % 20)),
            cause="fetch",
            field="location",
            before='{"name":"Hall 1"}',
            after='{"name":"Hall 2"}',
            material=1,
            seen_at=seen,
        )

    def _post(
        self, number: int, name: str, digest: str, first: datetime, *, is_ahead: bool
    ) -> None:
        self.posts += 1
        # of what is to come most is out by now; a hundred posts wait for the next two weeks
        waits = is_ahead and number % 600 == 0
        ago = timedelta(minutes=self.dice.randrange(150 * 1440))
        due = min(first, self.now) - ago
        if waits:
            due = self.now + timedelta(minutes=self.dice.randrange(14 * 1440))
        self.add(
            "post",
            id=self.posts,
            pid=pid(self.posts + 50_000_000),
            event_id=number,
            rid="",
            moment="announce",
            facts_digest=digest,
            created_at=stamp(due - timedelta(days=1)),
        )
        channel = self.posts % CHANNELS + 1
        text = f"Come to the library’s neighbours. https://partner.example/{name}"
        self.add(
            "delivery",
            id=self.posts,
            post_id=self.posts,
            channel_id=channel,
            action="CREATE",
            state="QUEUED" if waits else "SENT",
            live_key=f"{number}::announce:{channel}",
            due_at=stamp(due),
            not_after=stamp(due + timedelta(days=1)),
            frozen=f'{{"images":[],"language":"en","link":null,"text":"{text}"}}',
            frozen_digest=digest,
            looks=0,
            remote_id=None if waits else str(self.posts),
            remote_url=None if waits else f"https://practice.example/{self.posts}",
        )
        if not waits:
            deadline = stamp(due + timedelta(seconds=20))
            self.add(
                "attempt",
                delivery_id=self.posts,
                n=1,
                at=stamp(due),
                wire_deadline=deadline,
                outcome="SENT",
            )


def finish(into: Bulk, *, postgres: bool) -> None:
    """The index of words, from the texts; and where PostgreSQL counts on from."""
    if not postgres:
        into.run("INSERT INTO event_search (rowid, words) SELECT id, search_text FROM event")
        return
    into.run(
        "INSERT INTO event_search (event_id, words)"
        " SELECT id, array_to_tsvector(string_to_array(search_text, ' ')) FROM event"
    )
    for table in ("partner", "source", "event", "sighting", "post", "delivery"):
        into.run(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def pid(number: int) -> str:
    """A public name that is as long and as sorted as a ULID."""
    return f"01{number:024d}"


def picture(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """An instant as either database reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
