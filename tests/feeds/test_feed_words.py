"""Every code of the feeds room has a sentence, with the parameters that it is given."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import feeds
from words import feeds as of_feeds
from words import ical as of_ical
from words.say import sentences

SENTENCES = of_feeds.SENTENCES | of_ical.SENTENCES
SOURCES = sorted(Path(feeds.__path__[0]).rglob("*.py"))
_JARGON = re.compile("invalid|payload|sync|parse|exception|null", re.IGNORECASE)
_CODE = re.compile(r"[a-z]+\.[a-z_]+")
#: What makes a problem or an error, and which of its arguments is the code.
_MAKERS = {"Problem": 0, "RefusedError": 0, "LaterError": 0, "UnreadableError": 0, "RuleError": 0}
_MAKERS |= {"doubt": 0, "problem": 1}


def made() -> Iterator[tuple[str, ast.Call]]:
    """Each place where a problem or an error is made with its code written out."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = str(getattr(node.func, "id", getattr(node.func, "attr", "")))
            code = node.args[_MAKERS[name]] if len(node.args) > _MAKERS.get(name, 9) else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value, node


def literals() -> set[str]:
    """Every text of the sources that looks like a code."""
    found = set[str]()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if _CODE.fullmatch(node.value) else set()
    return found


def test_every_code_has_a_sentence() -> None:
    assert {code for code, _ in made()} <= SENTENCES.keys()
    rooms = {code.partition(".")[0] for code in SENTENCES}
    used = {text for text in literals() if text.partition(".")[0] in rooms}
    assert used - SENTENCES.keys() == set()


def test_every_sentence_is_of_use() -> None:
    assert SENTENCES.keys() - literals() == set()


def test_parameters_of_a_sentence_are_given_where_it_is_used() -> None:
    for code, call in made():
        wanted = set(re.findall(r"\{(\w+)\}", SENTENCES[code]))
        given = {keyword.arg for keyword in call.keywords} - {"wait"}
        if len(call.args) > 2 and isinstance(call.args[2], ast.Dict):
            given |= {getattr(key, "value", None) for key in call.args[2].keys}
        assert wanted <= given, code


def test_all_rooms_together_say_each_code_once() -> None:
    assert SENTENCES.keys() <= sentences().keys()


def test_sentences_are_plain() -> None:
    for code, sentence in SENTENCES.items():
        assert not _JARGON.search(sentence), code
        assert sentence.endswith((".", "…")), code
        assert "'" not in sentence, code
