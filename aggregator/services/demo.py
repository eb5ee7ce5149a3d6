"""What `make demo` begins with: an administrator, the sample town and the practice network."""

import secrets

from aggregator.services import accounts, practice, sample
from aggregator.services.house import House
from aggregator.storage import channels as stored_channels
from aggregator.storage import house as settings
from aggregator.storage import users
from aggregator.storage.folder import create_private

LIBRARY, TOWN, ZONE = "Millbrook Public Library", "Millbrook", "America/New_York"
USER, ACTOR = "ana", "demo"


def furnish(house: House) -> tuple[str, str]:
    """Furnish an empty house; the administrator's name and password.

    A furnished house is left as it is; one that was begun and killed is finished. The password
    lies in the demo's own data folder, so that a second start can tell it again.
    """
    note = house.settings.data_dir / "demo-password"
    with house.database.reading() as tx:
        if settings.get(tx, "demo"):
            return USER, note.read_text("utf-8").strip()
        begun, connected = users.is_taken(tx, USER), bool(stored_channels.listed(tx))
    password = secrets.token_urlsafe(9)
    note.unlink(missing_ok=True)
    create_private(note, password.encode())
    if begun:
        accounts.set_password(house, USER, password, actor=ACTOR)
    else:
        accounts.add_user(house, USER, password, "administrator", actor=ACTOR)
    with house.database.writing() as tx:
        for name, value in (("library", LIBRARY), ("town", TOWN), ("zone", ZONE)):
            settings.put(tx, name, value)
    if not connected:
        practice.connect(house, actor=ACTOR)
    sample.load(house, actor=ACTOR)
    with house.database.writing() as tx:
        settings.put(tx, "demo", True)
    return USER, password
