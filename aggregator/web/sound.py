"""What no page of ours sends: a sign that no text holds, a number that no row has.

PostgreSQL refuses both and SQLite one of them, each in its own way; here they are answered before
a database is asked.
"""

from datetime import datetime
from itertools import chain

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter

#: The highest number of a row: both databases keep it in four bytes.
MOST = 2**31 - 1

#: Years that a moment may lie in: any zone's clock can be told there.
YEARS = range(1970, 2201)


class RowNumber(IntegerConverter):
    """A number in a path; a higher one leads nowhere."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{"max": MOST, **options})  # type: ignore[arg-type]


def install(app: Flask) -> None:
    """To be called before an address is registered, and after the gate."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_check)


def whole(text: str) -> int:
    """A number of a row, or a version. Raises ValueError."""
    number = int(text)
    if not -MOST <= number <= MOST:
        raise ValueError(f"no row has the number {number}")
    return number


def moment(text: str) -> datetime:
    """A date and a time as ISO 8601 writes them. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.year not in YEARS:
        raise ValueError(f"{found.year} is beyond our calendar")
    return found


def _check() -> None:
    told = [*(request.view_args or {}).values(), *_all(request.args)]
    if request.blueprint != "practice":  # its own rooms are larger, and it keeps no text of ours
        told += _all(request.form)
    if any("\0" in str(each) for each in told):
        raise BadRequest


def _all(values: object) -> list[str]:
    pairs = values.items(multi=True)  # type: ignore[attr-defined]
    return [*chain.from_iterable(pairs)]
