"""A network is a folder: found when it is there, gone with it, and sound or no start at all."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from networks.errors import RefusedError
from networks.post import Limits
from networks.registry import all_networks, complete, drawing
from networks.webhook.signature import key_of
from tests.networks.stages import door
from tests.support.dummy_network import ADAPTER, dummy_network


def test_all_networks_are_the_folders_by_name() -> None:
    assert list(all_networks()) == ["by_hand", "mastodon", "practice", "webhook"]


def test_a_new_folder_is_one_more_network_and_gone_with_it(tmp_path: Path) -> None:
    with dummy_network(tmp_path):
        dummy = all_networks()["dummy"]
        adapter = dummy.connect({"name": "us"}, door())
        assert (dummy.label, adapter.check().name, adapter.limits()) == (
            "Dummy network",
            "us",
            Limits(42),
        )
    assert "dummy" not in all_networks()


@pytest.mark.parametrize(
    ("adapter", "words"),
    [
        ('"""Nothing here."""', "NETWORK is no Network"),
        ("NETWORK = 'dummy'", "NETWORK is no Network"),
        (ADAPTER.replace('"dummy"', '"other"'), "NETWORK is called other"),
        ("import nothing_of_that_name", "nothing_of_that_name"),
        (
            ADAPTER.replace("Limits(42)\n)", "Limits(42), Abilities(by_hand=True)\n)").replace(
                "import Account", "import Abilities, Account"
            ),
            "does not say how it is done by hand",
        ),
    ],
)
def test_a_broken_folder_stops_the_start(tmp_path: Path, adapter: str, words: str) -> None:
    with (
        dummy_network(tmp_path, adapter),
        pytest.raises((TypeError, ValueError, ImportError), match=words),
    ):
        all_networks()


def test_a_folder_without_adapter_stops_the_start(tmp_path: Path) -> None:
    with dummy_network(tmp_path):
        (tmp_path / "dummy" / "adapter.py").unlink()
        with pytest.raises(ModuleNotFoundError, match="dummy"):
            all_networks()


def test_every_network_has_a_drawn_icon_and_a_look() -> None:
    for name in all_networks():
        icon, look = drawing(name, "icon.svg"), drawing(name, "look.css")
        assert icon is not None
        assert look is not None
        assert ElementTree.parse(icon).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert f".net-{name}" in look.read_text("utf-8")


def test_drawing_of_a_network_without_one_is_none(tmp_path: Path) -> None:
    with dummy_network(tmp_path):
        assert drawing("dummy", "icon.svg") is None
    assert drawing("nobody", "icon.svg") is None


def test_complete_makes_what_is_not_given() -> None:
    webhook = all_networks()["webhook"]
    first = complete(webhook, {"url": " https://example.org/in ", "secret": "", "other": "x"})
    second = complete(webhook, {"url": "https://example.org/in"})
    assert set(first) == {"url", "secret"}
    assert first["url"] == "https://example.org/in"
    assert len(key_of(first["secret"])) == 32
    assert first["secret"] != second["secret"]


def test_complete_keeps_what_is_given() -> None:
    given = {"server": "town.example", "token": "t"}
    assert complete(all_networks()["mastodon"], given) == given


def test_complete_names_what_is_missing() -> None:
    with pytest.raises(RefusedError) as caught:
        complete(all_networks()["mastodon"], {"server": "town.example", "token": "  "})
    assert (caught.value.code, caught.value.detail) == ("network.setting", "token")


def test_complete_takes_only_a_choice_that_is_offered_and_leaves_the_optional_empty() -> None:
    by_hand = all_networks()["by_hand"]
    assert complete(by_hand, {"kind": "paper"}) == {
        "kind": "paper",
        "address": "",
        "mail": "",
        "length": "",
        "unit": "usual",
    }
    with pytest.raises(RefusedError, match="kind"):
        complete(by_hand, {"kind": "pigeon"})
