"""The practice network that every house has: where it keeps posts, and how we are let in."""

import hashlib
import hmac
from pathlib import Path

from aggregator.services import channels
from aggregator.services.channels import PRACTICE
from aggregator.services.house import House

PATH = "/practice"


def token(house: House) -> str:
    """What lets us in: as secret as the session key that it comes from, and as lasting."""
    return hmac.new(house.session_key, b"practice network", hashlib.sha256).hexdigest()


def store(house: House) -> Path:
    """The file of its posts: a server of its own, so no table of ours."""
    return house.settings.data_dir / "practice.sqlite"


def connect(house: House, *, actor: str) -> None:
    """Connect it, with the times that any channel begins with. Raises ServiceError."""
    name = house.networks[PRACTICE].label
    channels.add(house, PRACTICE, name, known(house, PRACTICE), actor=actor)


def known(house: House, network: str) -> dict[str, str]:
    """The settings of a channel that nobody has to type: all of the practice network's."""
    if network != PRACTICE:
        return {}
    return {"server": house.settings.local_url + PATH, "token": token(house)}
