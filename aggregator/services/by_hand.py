"""What a person puts up: laid out when it is due, and what they say came of it."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from cryptography.fernet import InvalidToken
from PIL import Image, ImageOps

from aggregator.domain import sheets
from aggregator.domain.correcting import told
from aggregator.services import channels, correcting, library, pictures, queueing
from aggregator.services.correcting import Setting, Words
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.house import House
from aggregator.services.queueing import Moved
from aggregator.storage import deliveries, events, lanes
from aggregator.storage.deliveries import WAITING
from aggregator.storage.doors import Reader, Writer
from feeds.facts import digest
from networks.post import Hand

Later = Literal["hour", "slot", "tomorrow"]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do by hand.

    `before` is what stands there now, of a correction; `changes` what of the event differs: code,
    before and after. `fields` are those of a form, with their values. `digest` names all that is
    shown, so that what somebody says they did is what they saw.
    """

    row: Any
    hand: Hand
    said: Words
    before: str | None
    changes: Sequence[tuple[str, str, str]]
    fields: Mapping[str, str]

    @property
    def digest(self) -> str:
        return digest([self.said.text, dict(self.said.parts)])


def tasks(house: House, tx: Reader, limit: int = 30) -> list[Task]:
    """What is due by now, longest due first."""
    made = correcting.setting(house, tx)
    found = (_task(house, made, row) for row in lanes.tasks(tx, made.now, limit))
    return [each for each in found if each is not None]


def done(
    house: House,
    delivery_id: int,
    *,
    actor: str,
    url: str | None = None,
    shown: str | None = None,
    theirs: bool = False,
) -> str:
    """A person put it up, or corrected it; `theirs`: the partner has it, at `url`. The verb.

    Raises ConflictError where the post has moved on, or where a correction would be another by
    now than was shown; ServiceError for the partner's without an address.
    """
    if theirs and url is None:
        raise ServiceError("hand.address")
    with house.database.writing() as tx:
        now, event_id = house.clock(), _lock_event(tx, delivery_id)
        queueing.held(tx, delivery_id, *WAITING)
        row = lanes.one(tx, delivery_id)
        made = None if row is None else _task(house, correcting.setting(house, tx), row)
        if row is None or made is None:
            raise MissingError("delivery.missing")
        if row.action == "EDIT" and shown is not None and shown != made.digest:
            raise ConflictError("hand.changed")
        verb = "theirs" if theirs else "corrected" if row.action == "EDIT" else "done"
        where = url or (row.remote_url if row.action == "EDIT" else None)
        values = {"state": "SENT", "due_at": now, "remote_url": where, "error_code": None}
        values |= correcting.put_up(row, made.said, theirs=theirs)
        queueing.record(tx, now, actor, verb, row, values)
        if event_id is not None:
            correcting.tell(tx, now, {event_id: row.material_digest})
        return verb


def later(house: House, delivery_id: int, choice: Later | datetime, *, actor: str) -> Moved:
    """Bring it back in an hour, at the next slot, tomorrow, or at that time.

    Raises ServiceError when its event has begun by then.
    """
    if isinstance(choice, datetime):
        at = choice
    elif choice == "hour":
        at = house.clock() + timedelta(hours=1)
    else:
        with house.database.reading() as tx:
            row = lanes.one(tx, delivery_id)
            if row is None:
                raise MissingError("delivery.missing")
            at = _next(house, tx, row, tomorrow=choice == "tomorrow")
    return queueing.move(house, delivery_id, at, actor=actor, verb="later")


def skip(house: House, delivery_id: int, *, actor: str) -> None:
    """It is not put up, or not corrected."""
    with house.database.writing() as tx:
        row = queueing.held(tx, delivery_id, *WAITING)
        queueing.record(tx, house.clock(), actor, "skip", row, queueing.ENDED)


def cover(house: House, delivery_id: int) -> bytes:
    """The post's picture, cut to what its place asks for, as JPEG. Raises MissingError."""
    with house.database.reading() as tx:
        row = lanes.one(tx, delivery_id)
    hand = None if row is None else hand_of(house, row)
    images = row.frozen["images"] if row is not None else ()
    data = pictures.load(house, images[0]["sha256"]) if images else None
    if hand is None or hand.cover is None or data is None:
        raise MissingError("hand.picture")
    cut = ImageOps.fit(Image.open(io.BytesIO(data)).convert("RGB"), hand.cover)
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def hand_of(house: House, row: Any) -> Hand | None:
    """How the post of a row with `network` and sealed `settings` is put up; None: by itself.

    None, too, where the settings can't be opened: the doctor says so.
    """
    network = house.networks.get(row.network)
    if network is None or network.hand is None:
        return None
    try:
        return network.hand(channels.unseal(house, row.settings))
    except InvalidToken:
        return None


def _task(house: House, made: Setting, row: Any) -> Task | None:
    hand = hand_of(house, row)
    if hand is None:
        return None
    said = correcting.words(house, made, row)
    is_edit = row.action == "EDIT"
    old = told(row.frozen) if is_edit else {}
    return Task(
        row=row,
        hand=hand,
        said=said,
        before=row.frozen["text"] if is_edit else None,
        changes=[*_of_interest(sheets.differences(old, said.parts), hand)] if old else (),
        fields={code: said.parts[code] for code in hand.fields if code in said.parts},
    )


def _of_interest(
    changes: Iterable[tuple[str, str, str]], hand: Hand
) -> Iterator[tuple[str, str, str]]:
    """Of a form its fields; of a text what it tells."""
    wanted = hand.fields or ("name", "when", "place")
    return (each for each in changes if each[0] in wanted)


def _next(house: House, tx: Reader, row: Any, *, tomorrow: bool) -> datetime:
    """The channel's next free slot, from tomorrow on if that is wanted; the same time tomorrow
    where it has none."""
    now, zone = house.clock(), library.zone(tx)
    today = now.astimezone(zone).date()
    for slot in queueing.choices(house, tx, row, 12):
        if not tomorrow or slot.astimezone(zone).date() > today:
            return slot
    return now + (timedelta(days=1) if tomorrow else timedelta(hours=1))


def _lock_event(tx: Writer, delivery_id: int) -> int | None:
    """The post's event, held before the post itself, as everywhere; None: it has none."""
    row = deliveries.by_id(tx, delivery_id)
    if row is None:
        raise MissingError("delivery.missing")
    if row.event_id is None:
        return None
    events.lock(tx, row.event_id)
    return int(row.event_id)
