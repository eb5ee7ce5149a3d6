"""What `make demo` begins with: a library, an administrator, two partners, the practice network."""

import secrets

from aggregator.services import accounts, channels, partners, practice
from aggregator.services.house import House
from aggregator.storage import channels as stored_channels
from aggregator.storage import house as settings
from aggregator.storage import partners as stored_partners
from aggregator.storage import sources, users
from aggregator.storage.folder import create_private

LIBRARY, ZONE, USER, ACTOR = "Millbrook Public Library", "America/New_York", "ana", "demo"
PARTNERS = (
    ("Millbrook Museum", "/museum/events.ics"),
    ("Harbour Community Centre", "/centre"),
)


def furnish(house: House, site: str) -> tuple[str, str]:
    """Furnish an empty house with what `site` publishes; the administrator's name and password.

    A furnished house is left as it is; one that was begun and killed is finished. The password
    lies in the demo's own data folder, so that a second start can tell it again.
    """
    note = house.settings.data_dir / "demo-password"
    with house.database.reading() as tx:
        if settings.get(tx, "demo"):
            return USER, note.read_text("utf-8").strip()
        begun, connected = users.is_taken(tx, USER), bool(stored_channels.listed(tx))
        left = [each for each in PARTNERS if sources.find(tx, site + each[1]) is None]
    password = secrets.token_urlsafe(9)
    note.unlink(missing_ok=True)
    create_private(note, password.encode())
    if begun:
        accounts.set_password(house, USER, password, actor=ACTOR)
    else:
        accounts.add_user(house, USER, password, "administrator", actor=ACTOR)
    with house.database.writing() as tx:
        settings.put(tx, "library", LIBRARY)
        settings.put(tx, "zone", ZONE)
    if not connected:
        known = practice.known(house, channels.PRACTICE)
        channels.add(house, channels.PRACTICE, "Practice", known, actor=ACTOR)
    for name, path in left:
        partners.add_source(house, _partner(house, name), site + path, actor=ACTOR)
    with house.database.writing() as tx:
        settings.put(tx, "demo", True)
    return USER, password


def _partner(house: House, name: str) -> int:
    with house.database.reading() as tx:
        found = stored_partners.find(tx, name)
    return partners.add(house, name, actor=ACTOR) if found is None else found
