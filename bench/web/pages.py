"""Which addresses are measured: every page of staff's in the table of access, with real keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Select, select
from werkzeug.routing import Rule

from aggregator import access
from aggregator.services.house import House
from aggregator.storage.tables import channel, delivery, event, lookup, partner, review, source

#: So many keys of each kind: one page is asked for with all of them.
KEYS = 12

#: What staff ask of a list beside the page itself.
QUERIES: Mapping[str, Sequence[str]] = {
    "inbox.listing": (
        "",
        "view=soon",
        "view=changed",
        "view=calendar",
        "view=snoozed",
        "view=declined",
        "view=dateless",
        "view=all",
        "partner={partner}",
        "partner={small}",
        "audience=2",
        "tag=Music",
        "access=wheelchair",
        "access=free&audience=4&when=weekend",
        "view=calendar&audience=2&tag=Music",
        "view=declined&partner={small}",
        "place={place}",
        "when=weekend",
        "from=2026-12-01&to=2026-12-31",
        "q=chess",
        "q=st",
        "q=story+ti",
        "view=all&q=main",
        "view=all&q=chess+river+mus",
        "view=all&q=zz",
        "view=calendar&q=jazz&partner={small}",
        "view=snoozed&q=story",
    ),
    "calendar.listing": ("", "when=weekend", "access=free", "audience=2", "q=jazz"),
}


#: Endpoints that answer htmx with a part, and anybody else with another address.
PARTS = frozenset({"sharing.posts", "partners.progress"})


#: Pictures: files that are read, not pages.
PICTURES = frozenset({"by_hand.cover", "practice.image"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and the addresses that it is asked for with.

    `part` is whether it is asked for as htmx asks: what gives a part alone has no page.
    """

    endpoint: str
    query: str
    addresses: tuple[str, ...]
    part: bool


def pages(app: Flask, house: House) -> tuple[list[Page], list[str]]:
    """Every page, and the endpoints for which nobody has said a real key yet."""
    found, missing = [], []
    keys = _keys(house)
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.endpoint):
        if "GET" not in (rule.methods or ()) or not _is_staffs(rule.endpoint):
            continue
        if rule.endpoint in PICTURES:
            continue
        if (made := _addresses(app, rule, keys)) is None:
            missing.append(f"{rule.endpoint} {rule.rule}")
            continue
        for query in QUERIES.get(rule.endpoint, ("",)):
            filled = query.format(**keys["words"])
            found.append(
                Page(
                    rule.endpoint,
                    filled,
                    tuple(f"{each}?{filled}" if filled else each for each in made),
                    rule.endpoint in PARTS,
                )
            )
    return found, missing


def _is_staffs(endpoint: str) -> bool:
    """Pages of staff, and the public list, which stands on the same rows."""
    return access.ENDPOINTS.get(endpoint) in access.ROLES or endpoint == "calendar.listing"


def _addresses(app: Flask, rule: Rule, keys: Mapping[str, Any]) -> tuple[str, ...] | None:
    if not rule.arguments:
        with app.test_request_context():
            return (app.url_map.bind("bench").build(rule.endpoint),)
    room = rule.endpoint.partition(".")[0]
    values = [keys.get(f"{room}.{name}", keys.get(name)) for name in sorted(rule.arguments)]
    if not all(values):
        return None
    adapter = app.url_map.bind("bench")
    return tuple(
        adapter.build(rule.endpoint, dict(zip(sorted(rule.arguments), some, strict=True)))
        for some in zip(*values, strict=False)
    )


def _keys(house: House) -> dict[str, Any]:
    """Real keys by the name of the argument, or by blueprint and name where rooms differ."""
    with house.database.reading() as tx:

        def ask(statement: Select[Any]) -> list[Any]:
            return [row[0] for row in tx.all(statement)]

        ahead = review.c.ends_at > house.clock()
        joined = select(event.c.pid).join(review, review.c.event_id == event.c.id)

        def newest(state: str) -> Select[Any]:
            wanted = review.c.state == state, ahead, event.c.kind == "event"
            return joined.where(*wanted).order_by(event.c.id.desc()).limit(KEYS // 2)

        partners = ask(select(partner.c.pid).order_by(partner.c.id))
        ids = ask(select(partner.c.id).order_by(partner.c.id).limit(KEYS))
        pids = ask(newest("NEW")) + ask(newest("APPROVED"))
        place = ask(select(event.c.facts).order_by(event.c.id.desc()).limit(1))[0]
        return {
            "pid": pids,
            "event_pid": pids,
            "partners.pid": partners[:KEYS],
            "partner_id": ids,
            "source_id": ask(select(source.c.id).order_by(source.c.id).limit(KEYS)),
            "lookups.pid": ask(select(lookup.c.pid)),
            "entering.pid": ask(
                joined.join(partner, partner.c.id == event.c.partner_id).where(partner.c.ours)
            ),
            "delivery_id": ask(select(delivery.c.id).order_by(delivery.c.id.desc()).limit(KEYS)),
            "post_id": [1, 2, 3],
            "channel_id": ask(select(channel.c.id).order_by(channel.c.id).limit(KEYS)),
            "network": ["practice", "mastodon", "webhook"],
            "words": {
                "partner": partners[0],
                "small": partners[-1],
                "place": place["location"]["name"],
            },
        }
