"""What a house holds a little of: events of its own, a look-up, posts on the practice network."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from aggregator.services import entering, practice
from aggregator.services.house import House
from aggregator.storage.tables import lookup, lookup_link, note, report
from bench.web.towns import ZONE
from feeds.event import Event, Place
from networks.post import Image, Post
from networks.practice.store import Store

#: A look-up of a page with so many links.
LINKS = 40

#: The smallest picture there is.
_GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")


def add(house: House, event_id: int) -> None:
    """Add them; notes and reports are about the event with that id."""
    for number in range(3):
        start = datetime(2026, 12, 1 + number, 18, tzinfo=ZONE)
        place = Place("Library, Loft")
        told = Event(
            summary=f"Library talk {number}",
            start=start,
            end=start + timedelta(hours=1),
            zone=ZONE.key,
            location=place,
        )
        entering.enter(house, told, actor="Bo")
    store = Store(practice.store(house), clock=house.clock)
    for number in range(30):
        image = Image(_GIF, "image/gif", "A dot")
        store.add(
            Post(text=f"Come and see, number {number}", key=f"bench-{number}", images=(image,))
        )
    with house.database.writing() as tx:
        now = house.clock()
        number = tx.insert(
            insert(lookup).values(
                pid="01LOOKUP0000000000000000BN", kind="links", by="Bo", at=now, state="DONE"
            )
        )
        for position in range(LINKS):
            tx.run(
                insert(lookup_link).values(
                    lookup_id=number,
                    position=position,
                    url=f"https://club-{position}.example/",
                    title=f"Club {position}",
                    state="NOTHING",
                    outcome={"code": "look.nothing", "params": {}},
                )
            )
        for text in ("Ask whether the lift works.", "They said yes."):
            tx.run(insert(note).values(event_id=event_id, author_id=1, at=now, text=text))
            tx.run(insert(report).values(event_id=event_id, at=now, text=text))
