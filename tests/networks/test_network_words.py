"""Every code that this room can raise has a sentence, and every setting a name."""

import re
from pathlib import Path

import pytest

import networks
from networks.errors import RefusedError
from networks.registry import all_networks
from words.networks import SENTENCES
from words.say import say, sentences

SOURCES = sorted(Path(networks.__path__[0]).rglob("*.py"))
CODES = {
    code
    for source in SOURCES
    for code in re.findall(r'"(network\.[a-z_]+)"', source.read_text("utf-8"))
}


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    assert CODES
    assert {code for code in SENTENCES if code.count(".") == 1} == CODES


def test_every_setting_has_a_name_and_a_hint_and_words_for_each_choice() -> None:
    wanted = {
        f"network.{network.name}.{setting.name}{end}"
        for network in all_networks().values()
        for setting in network.settings
        for end in ("", ".hint", *(f".{choice}" for choice in setting.choices))
    }
    assert {code for code in SENTENCES if code.count(".") > 1} == wanted


def test_an_error_fills_its_own_sentence() -> None:
    error = RefusedError("network.refused", "422 Text is too long")
    assert say(error.code, error.params).endswith("It says: 422 Text is too long")


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_reached_by_say_and_ask_for_nothing_but_the_detail(code: str) -> None:
    assert code in sentences()
    assert set(re.findall(r"{(.*?)}", SENTENCES[code])) <= {"detail"}
