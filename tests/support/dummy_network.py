"""A network that exists in a test only: a folder, as somebody would add one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import networks
from networks.registry import all_networks

ADAPTER = '''
"""A network that a test made."""

from datetime import timedelta

from networks.post import Account, Limits, Network, Receipt, Setting, utc_now


class Dummy:
    """Takes everything and keeps nothing."""

    def __init__(self, settings, door, clock=utc_now):
        self._name = settings["name"]

    def check(self):
        return Account(self._name)

    def limits(self):
        return Limits(42)

    def publish(self, post, within):
        return Receipt("1")

    def find(self, post, since):
        return None


NETWORK = Network(
    "dummy", "Dummy network", (Setting("name"),), timedelta(0), Dummy, Limits(42)
)
'''


@contextmanager
def dummy_network(folder: Path, adapter: str = ADAPTER, name: str = "dummy") -> Iterator[None]:
    """Inside, folder/name is one more network's folder; adapter is its adapter.py."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").touch()
    (folder / name / "adapter.py").write_text(adapter, "utf-8")
    networks.__path__.append(str(folder))
    all_networks.cache_clear()
    try:
        yield
    finally:
        networks.__path__.remove(str(folder))
        _forget(f"networks.{name}")
        all_networks.cache_clear()


def _forget(package: str) -> None:
    for module in [each for each in sys.modules if f"{each}.".startswith(f"{package}.")]:
        del sys.modules[module]
