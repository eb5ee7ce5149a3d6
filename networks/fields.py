"""Typed getters for what a server sent: what is missing or of another type is absent."""

from collections.abc import Mapping
from datetime import UTC, datetime


def text(found: Mapping[str, object], *path: str) -> str | None:
    """The text at that path; None where there is none or a blank one."""
    value = _at(found, path)
    return value if isinstance(value, str) and value.strip() else None


def integer(found: Mapping[str, object], *path: str, default: int) -> int:
    """The whole number at that path, if it is one above 0; else default."""
    value = _at(found, path)
    return value if type(value) is int and value > 0 else default


def moment(found: Mapping[str, object], *path: str) -> datetime | None:
    """The instant at that path (ISO 8601), aware; one without an offset is UTC."""
    try:
        value = datetime.fromisoformat(text(found, *path) or "")
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _at(found: Mapping[str, object], path: tuple[str, ...]) -> object:
    value: object = found
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
