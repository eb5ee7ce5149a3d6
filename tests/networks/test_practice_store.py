"""The practice network's memory: one file, many hands, posts that may come late."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from networks.post import Image, Post
from networks.practice.faults import Fault
from networks.practice.store import Store

START = datetime(2026, 12, 5, 12, tzinfo=UTC)
PICTURE = Image(b"\x89PNG", "image/png", "A fireplace")


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def _texts(store: Store) -> list[str]:
    return [post.text for post in store.timeline()]


def test_posts_come_newest_first_with_their_pictures(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.sqlite")
    first = store.add(Post("a", "One", "https://example.org", "fr", (PICTURE, PICTURE)))
    store.add(Post("b", "Two"))
    assert _texts(store) == ["Two", "One"]
    assert store.post(first.id) == first
    assert (first.link, first.language) == ("https://example.org", "fr")
    assert first.alts == ("A fireplace", "A fireplace")
    assert store.image(first.id, 1) == PICTURE
    assert store.image(first.id, 2) is None


def test_a_second_store_on_the_file_sees_the_same(tmp_path: Path) -> None:
    Store(tmp_path / "practice.sqlite").add(Post("a", "One"))
    assert _texts(Store(tmp_path / "practice.sqlite")) == ["One"]


def test_the_same_key_is_another_post_by_default(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.sqlite")
    assert store.add(Post("a", "One")).id != store.add(Post("a", "One")).id
    assert _texts(store) == ["One", "One"]


def test_the_same_key_is_the_same_post_where_keys_are_heeded(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.sqlite", deduplicates=True)
    assert store.add(Post("a", "One")).id == store.add(Post("a", "One")).id
    assert _texts(store) == ["One"]


def test_a_late_post_is_nowhere_until_then(tmp_path: Path) -> None:
    watch = Watch()
    store = Store(tmp_path / "practice.sqlite", clock=watch)
    late = store.add(Post("a", "One"), late=timedelta(seconds=4))
    assert (_texts(store), store.post(late.id), store.listing(START)) == ([], None, [])
    watch.now += timedelta(seconds=4)
    assert _texts(store) == ["One"]
    assert [post.at for post in store.listing(START)] == [START + timedelta(seconds=4)]


def test_a_post_that_is_listed_late_is_seen_at_once(tmp_path: Path) -> None:
    watch = Watch()
    store = Store(tmp_path / "practice.sqlite", clock=watch)
    store.add(Post("a", "One"), listed_late=timedelta(seconds=4))
    assert (_texts(store), store.listing(START)) == (["One"], [])
    watch.now += timedelta(seconds=4)
    assert [post.at for post in store.listing(START)] == [START]


def test_the_listing_begins_at_since(tmp_path: Path) -> None:
    watch = Watch()
    store = Store(tmp_path / "practice.sqlite", clock=watch)
    store.add(Post("a", "One"))
    watch.now += timedelta(hours=1)
    store.add(Post("b", "Two"))
    assert [post.text for post in store.listing(START + timedelta(minutes=1))] == ["Two"]


def test_faults_are_used_up_in_order_and_by_their_kind(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.sqlite")
    for fault in (Fault("list_short"), Fault("refuse", 2), Fault("busy", seconds=9)):
        store.ask_for(fault)
    taken = [store.take_fault(listing=False) for _ in range(4)]
    assert [fault and fault.name for fault in taken] == ["refuse", "refuse", "busy", None]
    assert store.faults() == [Fault("list_short")]
    store.forget_faults()
    assert store.take_fault(listing=True) is None


def _add(path: Path, number: int) -> None:
    store = Store(path)
    for each in range(25):
        store.add(Post(f"{number}.{each}", f"{number}.{each}"))
        store.take_fault(listing=False)


def test_threads_and_processes_share_the_file_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "practice.sqlite"
    store = Store(path)
    store.ask_for(Fault("refuse", times=60))
    processes = [multiprocessing.Process(target=_add, args=(path, number)) for number in (0, 1)]
    for process in processes:
        process.start()
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda number: _add(path, number), (2, 3)))
    for process in processes:
        process.join(20)
    assert sorted(post.text for post in store.timeline(most=1000)) == sorted(
        f"{number}.{each}" for number in range(4) for each in range(25)
    )
    assert store.faults() == []
