"""Every code that the door can raise has a sentence, and no sentence is left over."""

import re
from pathlib import Path

import safehttp
from words.door import SENTENCES


def test_every_code_of_the_door_has_a_sentence_and_none_is_left_over() -> None:
    sources = Path(safehttp.__path__[0]).glob("*.py")
    raised = {
        code
        for source in sources
        for code in re.findall(r'"(door\.\w+)"', source.read_text("utf-8"))
    }
    assert raised == SENTENCES.keys()
