"""Channels: connecting an account, and what its network says fits."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aggregator.domain.schedule import Plan
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.storage import channels, journal
from networks.errors import LaterError, NetworkError, RefusedError
from networks.post import Account, Adapter, Limits, Network
from networks.registry import complete

#: The network that every house has, for trying things.
PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Connected:
    """A new channel: who we are there (None: it did not answer now), and what was made for it.

    `made` is shown once: the other side needs it too, and it is never shown again.
    """

    id: int
    account: Account | None
    made: Mapping[str, str]


def add(
    house: House, network: str, name: str, settings: Mapping[str, str], *, actor: str
) -> Connected:
    """Connect an account after asking the network who we are there; nothing is posted.

    Raises ServiceError when a setting is missing, the name is taken or the network says no.
    """
    kind = house.networks.get(network)
    if kind is None:
        raise ServiceError("channel.network", network=network)
    given = {name: value.strip() for name, value in settings.items()}
    try:
        full = complete(kind, given)
    except RefusedError as error:
        raise ServiceError("channel.setting", setting=error.detail or "") from error
    made = {
        each.name: full[each.name]
        for each in kind.settings
        if each.make is not None and not given.get(each.name)
    }
    account, limits = _ask(kind.connect(full, house.network_door, house.clock), kind)
    return Connected(_store(house, kind, name, full, account, limits, actor=actor), account, made)


def _ask(adapter: Adapter, kind: Network) -> tuple[Account | None, Limits]:
    try:
        return adapter.check(), adapter.limits()
    except LaterError:
        return None, kind.limits
    except NetworkError as error:
        raise ServiceError(error.code, **error.params) from error


def _store(
    house: House,
    kind: Network,
    name: str,
    settings: Mapping[str, str],
    account: Account | None,
    limits: Limits,
    *,
    actor: str,
) -> int:
    plan = Plan()
    with house.database.writing() as tx:
        if channels.find(tx, name) is not None:
            raise ServiceError("channel.name", name=name)
        channel_id = channels.add(
            tx,
            network=kind.name,
            name=name,
            settings=seal(house, settings),
            slots=plan.slots_json(),
            quiet=plan.quiet_json(),
            limits=asdict(limits),
            account=asdict(account) if account else None,
            way="by_hand" if kind.abilities.by_hand else "automatic",
            state="CONNECTED",
            when_unknown="send" if can_settle(kind) else "ask",
        )
        journal.add(tx, house.clock(), actor, "connect", f"channel:{channel_id}")
    return channel_id


def can_settle(kind: Network) -> bool:
    """Whether an unknown outcome can be settled without a person."""
    return kind.abilities.searchable or kind.abilities.repeat_harmless


def adapter(house: House, network: str, sealed: str) -> Adapter:
    """The account behind a channel's row."""
    return house.networks[network].connect(unseal(house, sealed), house.network_door, house.clock)


def seal(house: House, settings: Mapping[str, str]) -> str:
    """Settings, encrypted for the database."""
    return house.fernet.encrypt(json.dumps(dict(settings)).encode()).decode()


def unseal(house: House, sealed: str) -> dict[str, str]:
    """Settings, back from the database. Raises InvalidToken when the key is another one."""
    return dict(json.loads(house.fernet.decrypt(sealed.encode())))


def limits_of(channel: Any) -> Limits:
    """What fits, as the network last said."""
    return Limits(**channel.limits)
