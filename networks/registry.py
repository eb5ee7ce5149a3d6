"""Finds the networks: every folder here whose `adapter` module has the constant NETWORK.

Starting fails where one is broken; a folder that is deleted is gone.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import networks
from networks.errors import RefusedError
from networks.post import Network


@cache
def all_networks() -> dict[str, Network]:
    """Every network by name. Raises at once where a folder has no sound NETWORK."""
    found = {}
    for folder in sorted(pkgutil.iter_modules(networks.__path__), key=lambda each: each.name):
        if not folder.ispkg:
            continue
        module = importlib.import_module(f"{networks.__name__}.{folder.name}.adapter")
        network = getattr(module, "NETWORK", None)
        if not isinstance(network, Network):
            raise TypeError(f"{module.__name__}.NETWORK is no Network")
        if network.name != folder.name:
            raise ValueError(f"{module.__name__}.NETWORK is called {network.name}")
        if network.abilities.by_hand != (network.hand is not None):
            raise ValueError(f"{module.__name__}.NETWORK does not say how it is done by hand")
        found[network.name] = network
    return found


def drawing(name: str, file: str) -> Path | None:
    """The path of icon.svg or look.css of that network; None where it has none."""
    for root in networks.__path__:
        path = Path(root) / name / file
        if name in all_networks() and path.is_file():
            return path
    return None


def complete(network: Network, given: Mapping[str, str]) -> dict[str, str]:
    """The settings of a new channel: what is given, else defaults and made secrets.

    Unknown names are left out. Raises RefusedError network.setting for one that is missing, or is
    none of its choices, with its name as detail.
    """
    settings = {}
    for setting in network.settings:
        value = given.get(setting.name, "").strip() or setting.default
        if not value and setting.make is not None:
            value = setting.make()
        missing = not value and not setting.optional
        if missing or (value and setting.choices and value not in setting.choices):
            raise RefusedError("network.setting", setting.name)
        settings[setting.name] = value or ""
    return settings
