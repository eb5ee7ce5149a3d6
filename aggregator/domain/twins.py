"""Events that two partners tell alike: equal title and equal start ask whether they are one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aggregator.domain.searching import words
from feeds.facts import digest

Facts = Mapping[str, Any]


def key(facts: Facts) -> str | None:
    """Equal for events of equal normalised title and equal start; None: nothing to compare."""
    title, start = " ".join(words(facts.get("summary") or "")), facts.get("start")
    if facts.get("kind") == "notice" or not title or not start:
        return None
    return digest([title, _start(start)])[:32]


def _start(text: str) -> str:
    """A day as it is; a time as an instant, since two feeds may name it from two zones."""
    if "T" not in text:
        return text
    time = datetime.fromisoformat(text)
    return (time.astimezone(UTC) if time.tzinfo else time).isoformat()
