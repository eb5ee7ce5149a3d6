"""A house with something on every page, and the address of every page that there is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from aggregator.services import (
    accounts,
    by_hand,
    channels,
    entering,
    lookups,
    people,
    practice,
    scouting,
)
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage import lanes, partners
from feeds.event import Age, Event, Problem
from tests.aggregator.web.town import ZONE, Town, a_notice, an_event, knitting
from tests.support.houses import Clock

#: Longer than most, so that nothing is made for short names.
LIBRARY = "The Public Library of Millbrook and the Villages around it"

#: Where a person puts things up: a form of many fields, and a place that takes an e-mail.
PLACES = {
    "Our events on Facebook": {"kind": "event"},
    "Weekly": {"kind": "paper", "mail": "a@b.de"},
}


class Paths(NamedTuple):
    """Every page, by who opens it."""

    nobody: tuple[str, ...]
    ana: tuple[str, ...]  # an administrator


def fill(town: Town, clock: Clock) -> Paths:
    """Everything that a house can hold; what shows it."""
    house = town.house
    link = accounts.set_up_link(house) or ""
    town.user("Ana", "administrator")
    welcome = people.invite(house, "Priya", "staff", actor="Ana")
    _connect(town)
    pids = _tell(town)
    clock.forward(minutes=5)
    pids["held"] = _change(town)
    moved = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    tea = Event(summary="Tea and books", start=moved, zone=ZONE.key, rrule="FREQ=WEEKLY;COUNT=30")
    pids["ours"] = entering.enter(house, tea, actor="Ana")
    with house.database.reading() as tx:
        waiting = [row.id for row in lanes.in_order(tx)][:1]
        due = [each.row.id for each in by_hand.tasks(house, tx)]
    assert len(due) > 2, "nothing is to be put up or corrected by hand"
    nobody = (*_nobody(pids), f"/begin/{_last(link)}", f"/welcome/{_last(welcome)}")
    posts = tuple(f"/queue/{each}" for each in (*waiting, due[0]))
    return Paths(nobody, (*_decided(pids), *posts, *_house(town)))


def _last(address: str) -> str:
    return address.rpartition("/")[2]


def _connect(town: Town) -> None:
    """A channel of each kind, and a long name over everything."""
    town.connect()
    with town.house.database.writing() as tx:
        settings.put(tx, "library", LIBRARY)
    known = practice.known(town.house, "practice")
    channels.add(town.house, "practice", "Practice", known, actor="Ana")
    blank = {"address": "", "mail": "", "length": "", "unit": "usual"}
    for name, place in PLACES.items():
        channels.add(town.house, "by_hand", name, blank | place, actor="Ana")


def _tell(town: Town) -> dict[str, str]:
    """Events in every state: what we call them → their public names."""
    whole = an_event(
        "whole", summary="Rivers", start=date(2026, 11, 20), end=date(2026, 12, 20), all_day=True
    )
    new, _, shared, off, _, notice = town.tell(
        an_event(),
        an_event("science", summary="Snowflake Science", age=Age(6, 10)),
        an_event("shared", summary="Lantern Walk along the Mill Race"),
        an_event("off", summary="Holiday Craft Market", status="CANCELLED"),
        replace(whole, zone=None),
        a_notice(),
        problems=(Problem("feed.unheard", "line 3"),),
    )
    repeated, snoozed, declined = town.tell(
        knitting(), an_event("s"), an_event("d"), partner="Tuesday Needles"
    )
    town.share(shared, now=True)
    town.decide(off, "calendar_only")
    town.decide(repeated, "calendar_only")
    town.decide(snoozed, "snooze", datetime(2026, 12, 5, tzinfo=UTC))
    town.decide(declined, "decline")
    town.deliver()
    town.fail("door.timeout", partner="Playhouse")
    names = {"new": new, "shared": shared, "off": off, "notice": notice}
    return names | {"repeated": repeated, "declined": declined}


def _change(town: Town) -> str:
    """An event that is held on one channel, and to be corrected by hand on another."""
    moved = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    [held] = town.tell(an_event("held", summary="Night walk"), partner="Night Sky Club")
    town.share(held)
    with town.house.database.reading() as tx:
        [row, *_] = lanes.tasks_to_come(tx, town.house.clock())
    by_hand.done(town.house, row.id, actor="Ana")
    later = an_event("held", summary="Night walk", start=moved, end=moved + timedelta(hours=1))
    town.tell(later, partner="Night Sky Club")
    return held


def _nobody(pids: dict[str, str]) -> tuple[str, ...]:
    """What residents see."""
    return (
        "/calendar",
        "/calendar?when=week&access=free",
        "/calendar?q=nothing+of+that+kind",
        "/calendar/week",
        f"/event/{pids['repeated']}",
        f"/event/{pids['off']}",
        f"/event/{pids['off']}/wrong",
        f"/event/{pids['off']}/wrong?sent=1",
        "/login",
        "/nothing",
    )


def _decided(pids: dict[str, str]) -> tuple[str, ...]:
    """Every day's pages."""
    views = ("new", "changed", "calendar", "snoozed", "declined", "dateless")
    return (
        "/today",
        *(f"/inbox?view={view}" for view in views),
        *(f"/inbox/{pids[name]}" for name in ("new", "held", "notice", "declined")),
        f"/inbox/{pids['new']}/share",
        f"/inbox/{pids['new']}/edit",
        f"/inbox/{pids['held']}/history",
        "/inbox?view=all&q=lantern&when=month",
        "/inbox?q=nowhere",
        "/inbox/filter",
        "/inbox/views",
        f"/inbox/bulk?like={pids['new']}",
        "/inbox/bulk",
        "/new",
        "/new/form",
        f"/ours/{pids['ours']}",
        "/write?start=service",
        "/queue",
        "/by-hand",
    )


def _house(town: Town) -> tuple[str, ...]:
    """What is seldom touched."""
    with town.house.database.reading() as tx:
        row = partners.by_id(tx, partners.find(tx, "Playhouse") or 0)
    assert row is not None
    return (
        "/partners",
        "/partners/add",
        f"/partners/{row.pid}",
        *(f"/partners/look/{pid}" for pid in _lookups(town.house)),
        "/channels",
        "/channels/1",
        "/channels/add/mastodon",
        "/channels/add/by_hand",
        "/settings",
        "/settings/library",
        "/people",
        "/practice/",
        "/practice/posts/1",
    )


def _lookups(house: House) -> list[str]:
    """Of our own pages: a feed, a page without one, a list, and one that nobody has looked at."""
    ours = house.settings.local_url
    feed, page, gone = (f"{ours}/{path}" for path in ("calendar.ics", "login", "nothing"))
    pids = [lookups.begin(house, text, by="Ana") for text in (feed, page, gone)]
    pids.append(lookups.begin(house, f"{feed} {page} {gone}", by="Ana"))
    scouting.look(house, pause=0)
    return [*pids, lookups.begin(house, feed, by="Ana")]
