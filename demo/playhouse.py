"""Millbrook Playhouse: a JSON Feed of news, whose pages carry the dates."""

import html
import json

from demo.times import Moment
from demo.writing import page, schema_event

NAME, HALL = "Millbrook Playhouse", "Millbrook Playhouse, 31 Bridge Street"

#: Name of the page → title, weekday, weeks on, hours from and to, price, what it says.
SHOWS = {
    "comedy": (
        "A midwinter comedy",
        (4, 1, 19, 22),
        "12.00",
        "Six short plays, one cold theatre, hot punch in the foyer. From 12 years.",
    ),
    "puppets": (
        "The tin bear: puppets for children from four",
        (6, 1, 15, 16),
        "6.00",
        "Forty minutes without a word.",
    ),
    "open-stage": (
        "Open stage",
        (2, 0, 20, 22),
        "0",
        "Five minutes each. Put your name on the list at the door.",
    ),
}


def feed(now: Moment) -> str:
    """The theatre's news."""
    items = [
        {
            "id": f"{now.site}/playhouse/{name}",
            "url": f"{now.site}/playhouse/{name}",
            "title": title,
            "content_text": text,
            "image": f"{now.site}/picture/stage.png",
        }
        for name, (title, _when, _price, text) in SHOWS.items()
    ]
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": NAME,
            "home_page_url": f"{now.site}/playhouse",
            "items": items,
        }
    )


def show(now: Moment, name: str) -> str | None:
    """The page of one show."""
    if name not in SHOWS:
        return None
    title, (weekday, weeks, begin, end), price, text = SHOWS[name]
    day = now.next(weekday, weeks)
    offer = {"@type": "Offer", "price": price, "priceCurrency": "USD"}
    told = schema_event(
        title,
        now.at(day, begin),
        now.at(day, end),
        f"{now.site}/playhouse/{name}",
        HALL,
        description=text,
        offers=offer,
        image=f"{now.site}/picture/stage.png",
    )
    return page(title, f"<p>{html.escape(text)}</p>", [told])
