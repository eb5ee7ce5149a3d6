"""Exactly once: deliveries go out, and what may have gone out is looked up before anything else.

Record, claim, then act. The decisions are `domain.delivering`'s; here they meet the database
and the network, and no transaction is open while a network is asked.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import structlog
from cryptography.fernet import InvalidToken

from aggregator.domain import delivering
from aggregator.domain.delivering import LEASE, WIRE, Attempt, Next
from aggregator.services import channels, pictures
from aggregator.services.house import House
from aggregator.services.owners import owner
from aggregator.storage import deliveries, events
from aggregator.storage.deliveries import Claimed
from networks.errors import LaterError, NetworkError, RefusedError, UnknownError
from networks.post import Adapter, Image, Post, Receipt

_log = structlog.get_logger()


def deliver(house: House, *, seconds: float = 60.0, in_flight: int = 4) -> int:
    """Send and look up what is due, until nothing is or the seconds are up. Returns how many.

    A few at a time, so that a network that hangs does not make the others wait.
    """
    end = time.monotonic() + seconds

    def run(_number: int) -> int:
        me, done = owner(), 0
        while time.monotonic() < end and step(house, me):
            done += 1
        return done

    with ThreadPoolExecutor(in_flight, thread_name_prefix="deliver") as pool:
        return sum(pool.map(run, range(in_flight)))


def step(house: House, me: str) -> bool:
    """Do the next thing that is due. False: nothing is."""
    tidy(house)
    with house.database.writing() as tx:
        now = house.clock()
        held = deliveries.claim(tx, me, now, now + LEASE)
    if held is None:
        return False
    try:
        adapter = channels.adapter(house, held.row.network, held.row.settings)
    except (InvalidToken, KeyError) as error:
        step = _doubted(house, held, Next("FAILED", code="channel.locked"))
        _end(house, held, step, str(error))
        return True
    if held.state == "UNKNOWN":
        _look(house, held, adapter)
    else:
        _send(house, held, adapter)
    return True


def tidy(house: House) -> None:
    """End what waited too long; what was being sent by somebody who vanished is UNKNOWN."""
    with house.database.reading() as tx:
        if not deliveries.untidy(tx, house.clock()):
            return
    with house.database.writing() as tx:
        now = house.clock()
        deliveries.expire(tx, now)
        for row in deliveries.lost(tx, now):
            past = deliveries.attempts(tx, row.id)
            deliveries.go(tx, row.id, delivering.after_lost_claim(past, now, _settle(house, row)))


def _send(house: House, held: Claimed, adapter: Adapter) -> None:
    """On record, claim and clock looked at again, then on the wire, once."""
    begun = _begin(house, held)
    if begun is None:
        return
    n, deadline = begun
    post = _post(house, held)
    with house.database.reading() as tx:
        ours = deliveries.still_ours(tx, held, house.clock())
    now = house.clock()  # after all that may take time: nothing is written past the deadline
    if not ours or now >= deadline:
        return  # whoever finds the claim lost looks it up
    try:
        receipt = adapter.publish(post, deadline - now)
    except NetworkError as error:
        _failed(house, held, n, error)
    else:
        _sent(house, held, n, receipt)


def _begin(house: House, held: Claimed) -> tuple[int, datetime] | None:
    """Commit the attempt, unless the claim, the clock or the event has moved on."""
    with house.database.writing() as tx:
        now = house.clock()
        if not deliveries.ours(tx, held, now):
            return None
        event = events.by_id(tx, held.row.event_id) if held.row.event_id else None
        if held.row.not_after is not None and now >= held.row.not_after:
            step = Next("EXPIRED")
        elif event is not None and event.state != "APPROVED":
            step = Next("CANCELLED")  # declined while it waited to be sent again
        elif event is not None and event.material_digest != held.row.facts_digest:
            step = Next("HELD", held.row.due_at, "delivery.changed")
        else:
            return deliveries.begin_attempt(tx, held.id, now, now + WIRE), now + WIRE
        deliveries.go(tx, held.id, _doubted(house, held, step))
        return None


def _sent(house: House, held: Claimed, n: int, receipt: Receipt) -> None:
    told = {"id": receipt.network_id, "url": receipt.url}
    with house.database.writing() as tx:
        now = house.clock()
        deliveries.end_attempt(tx, held.id, n, "SENT", told)
        if deliveries.ours(tx, held, now):
            deliveries.sent(tx, held.id, now, receipt.network_id, receipt.url)


def _failed(house: House, held: Claimed, n: int, error: NetworkError) -> None:
    outcome = {LaterError: "LATER", RefusedError: "REFUSED"}.get(type(error), "UNKNOWN")
    _log.info("delivery.not_sent", delivery=held.id, outcome=outcome, code=error.code)
    with house.database.writing() as tx:
        now = house.clock()
        deliveries.end_attempt(tx, held.id, n, outcome, {"code": error.code})
        if not deliveries.ours(tx, held, now):
            return
        past = deliveries.attempts(tx, held.id)
        step = _after(error, past, now, _settle(house, held.row))
        deliveries.go(tx, held.id, _doubted(house, held, step))
        deliveries.detail(tx, held.id, error.detail)


def _after(error: NetworkError, past: Sequence[Attempt], now: datetime, settle: timedelta) -> Next:
    match error:
        case LaterError():  # earlier attempts were found absent, or this one had not begun
            return delivering.after_later(past, now, error.wait, error.code)
        case UnknownError():
            return delivering.after_unknown(past, settle, error.code)
        case _:
            return Next("FAILED", code=error.code)


def _look(house: House, held: Claimed, adapter: Adapter) -> None:
    """Is it there? Only then, or when it surely is not, does it move on."""
    network = house.networks[held.row.network]
    with house.database.reading() as tx:
        past, told = deliveries.attempts(tx, held.id), deliveries.receipt(tx, held.id)
    now = house.clock()
    if told is not None:
        _found(house, held, Receipt(told.detail["id"], told.detail["url"]))
    elif delivering.since(past) is None:  # nothing was ever on the wire
        _end(house, held, Next("QUEUED", now, "delivery.again"))
    elif (ready := delivering.settled(past, network.settle)) is not None and now < ready:
        _end(house, held, Next("UNKNOWN", ready, "delivery.looking"))
    elif network.abilities.repeat_harmless:
        _repeat(house, held, adapter, past)
    else:
        _search(house, held, adapter, past, network.settle)


def _repeat(house: House, held: Claimed, adapter: Adapter, past: Sequence[Attempt]) -> None:
    """The same id once more, which does no harm. It stays UNKNOWN until the network has said so."""
    at = delivering.repeated_at(past)
    if at is not None and at <= house.clock():
        _send(house, held, adapter)
    else:
        _end(house, held, Next("UNKNOWN", at, "delivery.repeat" if at else "delivery.ask"))


def _search(
    house: House,
    held: Claimed,
    adapter: Adapter,
    past: Sequence[Attempt],
    settle: timedelta,
) -> None:
    looks = held.row.looks + 1
    try:
        receipt = adapter.find(_post(house, held), delivering.since(past) or house.clock())
    except LaterError as error:
        step = delivering.after_unseen(house.clock(), settle, error.wait)
        _end(house, held, Next(step.state, step.due_at, step.code, held.row.looks), error.detail)
    except NetworkError as error:
        step = delivering.after_no_search(looks, house.clock(), settle)
        _end(house, held, step, error.detail)
    else:
        if receipt is not None:
            _found(house, held, receipt)
            return
        now, ask = house.clock(), held.row.when_unknown
        _end(house, held, delivering.after_absence(past, looks, now, settle, ask))


def _found(house: House, held: Claimed, receipt: Receipt) -> None:
    with house.database.writing() as tx:
        now = house.clock()
        if deliveries.ours(tx, held, now):
            deliveries.sent(tx, held.id, now, receipt.network_id, receipt.url)


def _end(house: House, held: Claimed, step: Next, detail: str | None = None) -> None:
    """Move on from a claim that is still ours."""
    with house.database.writing() as tx:
        if deliveries.ours(tx, held, house.clock()):
            deliveries.go(tx, held.id, step)
            deliveries.detail(tx, held.id, detail)


def _doubted(house: House, held: Claimed, step: Next) -> Next:
    """The step, unless it is not known whether the post is out."""
    settle, looks = _settle(house, held.row), held.row.looks + 1
    return delivering.doubted(held.state, step, looks, house.clock(), settle)


def _settle(house: House, row: Any) -> timedelta:
    """How late a post may appear; a network whose folder is gone is not waited for."""
    network = house.networks.get(row.network)
    return network.settle if network else timedelta()


def _post(house: House, held: Claimed) -> Post:
    """The frozen words, with our copies of their pictures; one that is lost is left out."""
    frozen = held.row.frozen
    images = []
    for each in frozen["images"]:
        data = pictures.load(house, each["sha256"])
        if data is not None:
            mime = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
            images.append(Image(data, mime, each["alt"]))
    return Post(
        key=held.row.live_key,
        text=frozen["text"],
        link=frozen["link"],
        language=frozen["language"],
        images=tuple(images),
        facts=frozen["facts"],
    )
