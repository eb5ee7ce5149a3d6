"""Codes → sentences. The only place where problems, errors and verdicts become words.

A room's sentences stand in words/<room>.py as SENTENCES; templates and CLI call `say`.
"""

import gettext
import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import words

_LOCALES = Path(__file__).parent / "locales"
_CATALOGUE = gettext.translation("townboard", _LOCALES, languages=["en"], fallback=True)


def _(text: str) -> str:
    """The sentence in the reader's language (English only for now)."""
    return _CATALOGUE.gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for that number."""
    return _CATALOGUE.ngettext(one, many, number)


translate = _


def say(code: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence for code, filled with params. A code without one says so, and never fails."""
    sentence = sentences().get(code)
    if sentence is None:
        return _("Something went wrong ({code}).").format(code=code)
    return _(sentence).format_map(_Missing(params or {}))


@cache
def sentences() -> Mapping[str, str]:
    """Every sentence by its code. Raises ValueError where two rooms use one code."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(words.__path__, "words."):
        room: Mapping[str, str] = getattr(importlib.import_module(module.name), "SENTENCES", {})
        if double := found.keys() & room.keys():
            raise ValueError(f"{module.name} says {sorted(double)} again")
        found |= room
    return found


class _Missing(dict[str, object]):
    """A parameter that did not come leaves a gap that can be read, not a traceback."""

    def __missing__(self, key: str) -> str:
        return "…"
