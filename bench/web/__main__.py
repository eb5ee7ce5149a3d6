"""python -m bench.web FOLDER: how long the server takes for each page of staff's.

Prints the 95th percentile at 10,000 and at 1,000,000 events, on SQLite and on PostgreSQL, and
fails where a page takes longer than 100 ms, answers wrongly, or is not measured at all.
"""

import argparse
import gc
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient

from aggregator.services.house import House
from aggregator.storage import users
from aggregator.web import factory
from aggregator.web.fragments import HEADER
from bench.web import houses
from bench.web.pages import Page, pages

#: A page of staff's may take so long, in milliseconds.
LIMIT = 100.0

Times = dict[tuple[str, str], float]


def main() -> int:
    """Measure; 1 where something is slow, wrong or left out."""
    asked = _arguments()
    logging.disable()  # a page that fails is told by its address, not by a traceback a request
    asked.folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[int, Times]] = {}
    faults: list[str] = []
    for kind in asked.database:
        with _opened(kind, asked.folder) as make:
            for events in asked.events:
                house = make(events)
                found.setdefault(kind, {})[events] = _measure(house, asked, faults)
                house.database.close()
    for kind, by_size in found.items():
        faults += _table(kind, by_size)
    for each in sorted({*faults}):
        print(f"!! {each}", file=sys.stderr)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.web", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the houses are made, and found again")
    parser.add_argument("--events", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument(
        "--database", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"]
    )
    parser.add_argument("--times", type=int, default=40, help="how often a page is asked for")
    parser.add_argument("--only", default="", help="pages whose endpoint begins so")
    return parser.parse_args()


@contextmanager
def _opened(kind: str, folder: Path) -> Iterator[Callable[[int], House]]:
    if kind == "sqlite":
        yield lambda events: houses.sqlite(folder, events, print)
        return
    with houses.postgres_server(folder) as server:
        yield lambda events: houses.postgres(folder, server, events, print)


def _measure(house: House, asked: argparse.Namespace, faults: list[str]) -> Times:
    app = factory.web(house)
    wanted, missing = pages(app, house)
    faults += [f"not measured, no key for it in bench/web/pages.py: {each}" for each in missing]
    client = app.test_client()
    _log_in(client, house)
    found: Times = {}
    for page in wanted:
        if not page.endpoint.startswith(asked.only):
            continue
        status, milliseconds = _times(client, page, asked.times)
        if status != 200:
            faults.append(f"{page.addresses[0]} answers {status}")
        found[page.endpoint, page.query] = milliseconds
    return found


def _log_in(client: FlaskClient, house: House) -> None:
    with house.database.reading() as tx:
        bo = users.by_name(tx, "Bo")
    assert bo is not None
    with client.session_transaction() as session:
        session["user"], session["sessions"] = bo.id, bo.sessions


def _times(client: FlaskClient, page: Page, times: int) -> tuple[int, float]:
    """The worst status, and the 95th percentile in milliseconds; two rounds warm up."""
    taken, status = [], 200
    gc.collect()
    for number in range(times + 2):
        address = page.addresses[number % len(page.addresses)]
        began = time.perf_counter()
        answer = client.get(address, headers={HEADER: "partial"} if page.part else {})
        answer.get_data()
        if number >= 2:
            taken.append((time.perf_counter() - began) * 1000)
        status = max(status, answer.status_code)
    return status, sorted(taken)[int(len(taken) * 0.95)]


def _table(kind: str, by_size: Mapping[int, Times]) -> list[str]:
    """Print what was measured; what is too slow."""
    sizes = sorted(by_size)
    print(f"\n{kind}: server time in ms, 95th percentile")
    heads = "".join(f"{size:>12,}" for size in sizes)
    print(f"{'page':<64}{heads}{'ratio':>8}")
    slow = []
    for key in sorted(by_size[sizes[-1]]):
        each = [by_size[size].get(key, float("nan")) for size in sizes]
        name = "?".join(part for part in key if part)
        mark = " !" if each[-1] > LIMIT else ""
        numbers = "".join(f"{number:>12.1f}" for number in each)
        print(f"{name[:63]:<64}{numbers}{each[-1] / each[0]:>8.1f}{mark}")
        if each[-1] > LIMIT:
            slow.append(f"{kind}: {name} takes {each[-1]:.0f} ms")
    return slow


if __name__ == "__main__":
    sys.exit(main())
