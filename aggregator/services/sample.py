"""The sample town: eight invented partners, loaded and taken away with one click each.

They publish on a path of our own web app. What they tell follows the day the town was loaded, so
that it does not change from one day to the next.
"""

from typing import Any

from aggregator.services import library, partners, pictures, reviews
from aggregator.services.house import House
from aggregator.storage import events, journal, sources
from aggregator.storage import house as settings
from aggregator.storage import partners as stored
from aggregator.storage.doors import Reader, Writer
from demo.pictures import PICTURES, picture
from demo.town import PARTNERS, Partner
from words.say import say

SETTING = "sample_town"


def since(tx: Reader) -> str | None:
    """The day (ISO) that the town's dates follow; None while it is not loaded."""
    found: str | None = settings.get(tx, SETTING)
    return found or None


def load(house: House, *, actor: str) -> int:
    """Load the town, or go on where that was interrupted; how many partners it has.

    Their pictures are drawn here, so that they need not be asked for one by one.
    """
    with house.database.writing() as tx:
        if since(tx) is None:
            today = house.clock().astimezone(library.zone(tx)).date()
            settings.put(tx, SETTING, today.isoformat())
    for name in PICTURES:
        drawn = picture(name)
        if drawn is not None:
            pictures.keep(house, drawn, f"{house.sample_site}/picture/{name}.png")
    for each in PARTNERS:
        _move_in(house, each, actor=actor)
    return len(PARTNERS)


def take_away(house: House, *, actor: str) -> int:
    """Take the town away: its partners leave, their events are declined. How many left."""
    with house.database.reading() as tx:
        ids = [row.id for row in stored.listed(tx) if row.sample]
    for partner_id in ids:
        partners.archive(house, partner_id, actor=actor)
        with house.database.writing() as tx:
            _decline(tx, house, partner_id, actor=actor)
    with house.database.writing() as tx:
        settings.put(tx, SETTING, "")
    return len(ids)


def _move_in(house: House, partner: Partner, *, actor: str) -> None:
    """One partner, new or back again with the events that left with it."""
    url = house.sample_site + partner.path
    with house.database.reading() as tx:
        known = sources.find(tx, url)
        source = sources.by_id(tx, known) if known is not None else None
        row = stored.by_id(tx, source.partner_id) if source is not None else None
    if row is None:
        url, host = partners.address(url)
        with house.database.writing() as tx:  # whole or not at all
            now = house.clock()
            partners.is_known(tx, now, url, host)
            partner_id = stored.add(tx, now, partner.name)
            stored.change(tx, partner_id, sample=True, contact=partner.contact)
            journal.add(tx, now, actor, "add_partner", f"partner:{partner_id}")
            partners.remember(tx, now, partner_id, url, host, actor=actor)
    elif row.archived_at is not None:
        partners.bring_back(house, row.id, actor=actor)
        with house.database.writing() as tx:
            _take_back(tx, house, row.id, actor=actor)


def _decline(tx: Writer, house: House, partner_id: int, *, actor: str) -> None:
    for row in _events(tx, partner_id):
        if row.state != "DECLINED":
            reviews.decide(
                tx,
                house.clock(),
                "decline",
                row.id,
                actor=actor,
                version=row.version,
                reason=say("sample.left"),
            )


def _take_back(tx: Writer, house: House, partner_id: int, *, actor: str) -> None:
    for row in _events(tx, partner_id):
        if row.state == "DECLINED" and row.reason == say("sample.left"):
            reviews.take_back(tx, house.clock(), row.id, actor=actor, version=row.version)


def _events(tx: Writer, partner_id: int) -> list[Any]:
    """All events of a partner, with their reviews."""
    found: list[Any] = []
    after = 0
    while rows := events.of_partner(tx, partner_id, after):
        found += rows
        after = rows[-1].id
    return found
