"""Tuesday Needles, a club: an Atom feed without dates. One entry’s page has one, one has none."""

from datetime import UTC, datetime, time, timedelta
from xml.sax.saxutils import escape

from demo.times import Moment
from demo.writing import page, schema_event

NAME, ROOM = "Tuesday Needles", "Back room of the Red Lion, Bridge Street"

#: Name of the page → title, what it says, weeks on (None: news without a date).
ENTRIES = {
    "open-table": ("Open knitting table", "Beginners sit by the window.", 0),
    "swap": ("Yarn swap", "Bring what you will never knit.", 2),
    "thanks": ("Ninety hats for the shelter", "Thank you to everybody who knitted.", None),
}


def feed(now: Moment) -> str:
    """The club's news."""
    day = datetime.combine(now.today - timedelta(days=2), time(9), tzinfo=UTC)
    entries = "".join(
        f"<entry><id>{now.site}/needles/{name}</id><title>{escape(title)}</title>"
        f'<link href="{now.site}/needles/{name}"/><summary>{escape(text)}</summary>'
        f"<updated>{day.isoformat()}</updated></entry>"
        for name, (title, text, _weeks) in ENTRIES.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{now.site}/needles</id><title>{NAME}</title>"
        f"<updated>{day.isoformat()}</updated>{entries}</feed>"
    )


def entry(now: Moment, name: str) -> str | None:
    """The page of one entry."""
    if name not in ENTRIES:
        return None
    title, text, weeks = ENTRIES[name]
    if weeks is None:
        return page(title, f"<p>{escape(text)}</p>")
    day, url = now.next(1, weeks), f"{now.site}/needles/{name}"
    told = schema_event(
        title, now.at(day, 18, 30), now.at(day, 20, 30), url, ROOM, description=text
    )
    return page(title, f"<p>{escape(text)}</p>", [told])
