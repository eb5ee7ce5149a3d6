"""The options of `python -m feeds`; a wrong one ends the program with exit code 2."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import UTC, date, datetime
from ipaddress import ip_address
from zoneinfo import ZoneInfo

from feeds.timezones import names


def parse(arguments: Sequence[str] | None) -> Namespace:
    """source, first, last, occurrences, base_url, content_type, zone, now, allow_private.

    Raises SystemExit for what can't be right.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    options.now = options.now or datetime.now(UTC)
    if options.first and options.last and options.last < options.first:
        parser.error("--to is before --from")
    return options


def _parser() -> ArgumentParser:
    options = ArgumentParser(
        prog="python -m feeds",
        description="Print the events of a feed or page, one JSON object a line.",
        allow_abbrev=False,
    )
    add = options.add_argument
    add("source", metavar="ADDRESS|FILE|-", help="what to read; - is the standard input")
    add("--from", dest="first", type=_day, metavar="DATE", help="first day of the window (today)")
    add("--to", dest="last", type=_day, metavar="DATE", help="day after the window (400 days on)")
    add("--occurrences", action="store_true", help="a line for each date within the window")
    add("--base-url", metavar="URL", help="the address that relative links start from")
    add("--content-type", metavar="TYPE", help="the media type, where it is known")
    add("--zone", type=_zone, metavar="IANA", help="the zone of times that name none")
    add("--now", type=_moment, metavar="DATETIME", help="ISO 8601; UTC unless it has an offset")
    add(
        "--allow-private",
        type=_private,
        action="append",
        default=[],
        metavar="ADDR:PORT",
        help="a private address and port that may be asked all the same; can be repeated",
    )
    return options


def _day(text: str) -> date:
    """A day far enough from the ends of the calendar to reckon with."""
    day = date.fromisoformat(text)
    if not 2 <= day.year <= 9990:
        raise ArgumentTypeError(f"{text} is too far away")
    return day


def _zone(text: str) -> ZoneInfo:
    if text not in names():
        raise ArgumentTypeError(f"{text!r} is no IANA time zone")
    return ZoneInfo(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    _day(moment.date().isoformat())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _private(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return str(ip_address(host.removeprefix("[").removesuffix("]"))), int(port)
